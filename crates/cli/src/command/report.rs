//! `agentuser report`.

use crate::exit::{CommandResult, Exit};
use crate::input;
use crate::output::{Column, Output, Table, plain};
use crate::report_files::ReportOptions;
use agentuser::core::report::{Findings, Head, Options, Places};
use agentuser::{Code, Problem, plain_reason};
use clap::{Args, ValueHint};
use serde_json::Value;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  agentuser report findings.json
  agentuser report findings.json --report findings.html --report findings.xlsx
  agentuser report findings.json --report findings.sarif --located-in roster.csv

In CSV and workbooks of findings, no cell is taken for a formula: in CSV, what begins with =, +, -, @, a tab or a return has \
an apostrophe before it.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The findings, as `agentuser audit --json` has written them; - for stdin
    #[arg(value_name = "FINDINGS", value_hint = ValueHint::FilePath)]
    findings: PathBuf,
    #[command(flatten)]
    options: FindingsReports,
}

/// The reports of findings.
#[derive(Debug, Args)]
pub(crate) struct FindingsReports {
    #[command(flatten)]
    reports: ReportOptions,
    /// The roster or the snapshot in whose lines SARIF and JUnit locate findings
    #[arg(long, value_name = "FILE", requires = "files", value_hint = ValueHint::FilePath, help_heading = "Reports")]
    located_in: Option<PathBuf>,
}

pub(super) fn run(output: &Output, arguments: &Arguments) -> CommandResult {
    let findings = Findings::parse(&input::findings(&arguments.findings)?)?;
    let reports = &arguments.options;
    if reports.reports.is_empty() {
        show(output, &findings)?;
    } else {
        reports.write(output, &findings, Head { links: true, ..Head::default() })?;
    }
    Ok(Exit::Done)
}

/// Findings on standard output.
pub(super) fn show(output: &Output, findings: &Findings) -> Result<(), Problem> {
    if output.is_json() {
        return output.json(findings.rows());
    }
    let mut table = Table::new([
        Column::needed("Severity"),
        Column::needed("Rule"),
        Column::needed("About"),
        Column::prose("Finding"),
        Column::prose("Fix"),
    ]);
    let text =
        |row: &Value, pointer: &str| plain(row.pointer(pointer).and_then(Value::as_str).unwrap_or_default());
    for row in findings.rows() {
        let user = text(row, "/user/userPrincipalName");
        let about = if user.is_empty() { text(row, "/subject/name") } else { user };
        let group = agentuser::core::report::group(row).title().to_lowercase();
        table.row([group, text(row, "/rule"), about, text(row, "/message"), text(row, "/fix")]);
    }
    if !table.is_empty() {
        output.text(&table.to_text());
    }
    let number = findings.rows().count();
    let what = if number == 1 { "finding" } else { "findings" };
    output.remark(&format!("{number} {what}"));
    Ok(())
}

impl FindingsReports {
    /// Whether no report is asked for.
    pub(super) fn is_empty(&self) -> bool {
        self.reports.is_empty()
    }

    /// Whether the names of the files tell their forms, and the file that findings are located in can be read: shows before the
    /// tenant is read.
    pub(super) fn check(&self) -> Result<(), Problem> {
        self.reports.formats()?;
        self.located_in.as_deref().map_or(Ok(()), |path| places(path).map(drop))
    }

    /// Writes the reports that are asked for.
    pub(super) fn write(&self, output: &Output, findings: &Findings, head: Head) -> Result<(), Problem> {
        let places = self.located_in.as_deref().map(places).transpose()?;
        let options = Options { formula_safe: true, places };
        let mut files = self.reports.start(&findings.document(head), &options)?;
        findings.rows().try_for_each(|row| files.row(row))?;
        for path in files.end(None)? {
            output.remark(&format!("Report written to {}", path.display()));
        }
        Ok(())
    }
}

fn places(path: &Path) -> Result<Places, Problem> {
    let file = std::fs::read(path).map_err(|error| {
        let message = format!("{} can't be read: {}.", path.display(), plain_reason(&error));
        Problem::new(Code::Invalid, message).with_field("located-in")
    })?;
    Ok(Places::of(&path.to_string_lossy(), &file))
}
