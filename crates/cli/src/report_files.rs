//! Reports into files, in the forms that their names tell.

use agentuser::core::report::{Document, Format, Head, Options, Writer};
use agentuser::core::token::TokenFacts;
use agentuser::core::validate::{RuleCode, Violation};
use agentuser::{Code, Problem, Workbook, plain_reason};
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, ValueHint};
use serde_json::Value;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Debug, Args)]
#[command(next_help_heading = "Reports")]
pub(crate) struct ReportOptions {
    /// Write a report into a file; the end of its name tells the form: .html, .csv, .xlsx or .json, for findings also .sarif and .xml (JUnit). May be repeated
    #[arg(long = "report", value_name = "FILE", value_hint = ValueHint::FilePath)]
    files: Vec<PathBuf>,
    /// The form of the reports whose names do not tell it
    #[arg(
        long,
        value_name = "FORMAT",
        requires = "files",
        ignore_case = true,
        value_parser = PossibleValuesParser::new(Format::ALL.map(Format::name))
            .try_map(|name| Format::find(&name).ok_or("This is not a form of a report."))
    )]
    format: Option<Format>,
}

impl ReportOptions {
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The files with their forms; every name that tells none is an error.
    pub(crate) fn formats(&self) -> Result<Vec<(&Path, Format)>, Problem> {
        let (mut formats, mut broken) = (Vec::new(), Vec::new());
        for path in &self.files {
            match Format::of_file(&path.to_string_lossy()).or(self.format) {
                Some(format) => formats.push((path.as_path(), format)),
                None => {
                    let message = format!("The name {} does not tell a form.", path.display());
                    let fix =
                        "End the name with .html, .csv, .xlsx, .json, .sarif or .xml, or give --format.";
                    broken.push(Violation::new(RuleCode::NotUsable, "report", message, fix));
                }
            }
        }
        if broken.is_empty() { Ok(formats) } else { Err(Problem::from_violations(broken)) }
    }

    /// Begins the reports of a document. Whether the files can be written shows before anything is read.
    pub(crate) fn start(&self, document: &Document, options: &Options) -> Result<ReportFiles, Problem> {
        let begin = |(path, format)| ReportFile::start(path, format, document.clone(), options.clone());
        let files = self.formats()?.into_iter().map(begin).collect::<Result<_, _>>()?;
        Ok(ReportFiles { files })
    }
}

/// The head of a report that is made now, by the owner of this token.
pub(crate) fn head_of(token: &str, links: bool) -> Head {
    let facts = TokenFacts::read(token);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Head {
        tenant: facts.tenant().map(str::to_owned),
        author: facts.account().map(str::to_owned),
        links,
        ..Head::made_at(i64::try_from(now.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Reports on their way into files.
#[derive(Debug)]
pub(crate) struct ReportFiles {
    files: Vec<ReportFile>,
}

impl ReportFiles {
    /// Adds a record to each.
    pub(crate) fn row(&mut self, row: &Value) -> Result<(), Problem> {
        self.files.iter_mut().try_for_each(|file| file.row(row))
    }

    /// Ends each. `took_ms` is how long the records took to read, where their heads did not tell it. The files' names.
    pub(crate) fn end(self, took_ms: Option<u64>) -> Result<Vec<PathBuf>, Problem> {
        self.files.into_iter().map(|file| file.end(took_ms)).collect()
    }
}

/// One report. A file that does not come to its end is removed.
#[derive(Debug)]
struct ReportFile {
    path: PathBuf,
    file: io::BufWriter<File>,
    form: Option<Form>,
    /// The text since the last write.
    text: String,
}

#[derive(Debug)]
enum Form {
    Text(Writer),
    Workbook(Box<Workbook>),
}

impl ReportFile {
    fn start(path: &Path, format: Format, document: Document, options: Options) -> Result<Self, Problem> {
        let mut text = String::new();
        let form = match format {
            Format::Xlsx => Form::Workbook(Box::new(Workbook::start(document)?)),
            format => Form::Text(Writer::start(format, document, options, &mut text)?),
        };
        let file = File::create(path).map_err(|error| unwritable(path, &error))?;
        Ok(Self { path: path.to_owned(), file: io::BufWriter::new(file), form: Some(form), text })
    }

    fn row(&mut self, row: &Value) -> Result<(), Problem> {
        match &mut self.form {
            Some(Form::Text(writer)) => {
                writer.row(row, &mut self.text);
                let written = self.file.write_all(self.text.as_bytes());
                self.text.clear();
                written.map_err(|error| unwritable(&self.path, &error))
            }
            Some(Form::Workbook(book)) => book.row(row),
            None => Ok(()),
        }
    }

    fn end(mut self, took_ms: Option<u64>) -> Result<PathBuf, Problem> {
        let bytes = match self.form.take() {
            Some(Form::Workbook(book)) => book.end()?,
            Some(Form::Text(writer)) => {
                writer.end(took_ms, &mut self.text);
                std::mem::take(&mut self.text).into_bytes()
            }
            None => Vec::new(),
        };
        let written = self.file.write_all(&bytes).and_then(|()| self.file.flush());
        if let Err(error) = written {
            remove(&self.path);
            return Err(unwritable(&self.path, &error));
        }
        Ok(std::mem::take(&mut self.path))
    }
}

impl Drop for ReportFile {
    fn drop(&mut self) {
        if self.form.is_some() {
            remove(&self.path);
        }
    }
}

/// Removes a report that was cut short. A pipe or a device stays.
fn remove(path: &Path) {
    if path.metadata().is_ok_and(|file| file.is_file()) {
        // A file that can't be removed stays as it is: the command ends with the reason why it is not whole.
        let _ = std::fs::remove_file(path);
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Problem {
    let message = format!("The report {} can't be written: {}.", path.display(), plain_reason(error));
    Problem::new(Code::OutputUnwritable, message)
}
