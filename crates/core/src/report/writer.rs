//! Writing a document, record by record.

use super::csv::Csv;
use super::document::Document;
use super::format::Format;
use super::html::Html;
use super::junit::Junit;
use super::place::Places;
use super::sarif::Sarif;
use crate::problem::{Code, Problem};
use serde_json::Value;

/// How a report is written.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// In CSV, an apostrophe stands before what a spreadsheet would take for a formula. Findings always have it.
    pub formula_safe: bool,
    /// The file in which findings are located.
    pub places: Option<Places>,
}

/// Writes a document as text: takes one record at a time, and gives the text so far whenever it is asked.
#[derive(Debug)]
pub struct Writer {
    form: Form,
}

#[derive(Debug)]
enum Form {
    Json { has_rows: bool, is_enclosed: bool },
    Csv(Csv),
    Html(Box<Html>),
    Sarif(Box<Sarif>),
    Junit(Box<Junit>),
}

impl Writer {
    /// A writer of this document, and the beginning of its text.
    ///
    /// # Errors
    /// When the format is not text, or is not for lists.
    pub fn start(
        format: Format,
        document: Document,
        options: Options,
        out: &mut String,
    ) -> Result<Self, Problem> {
        let is_findings = document.main.group.is_some();
        if format.is_of_findings() && !is_findings {
            let message = format!("A list of agent users has no form in {format}.");
            return Err(Problem::new(Code::Invalid, message)
                .with_field("format")
                .with_fix("Use json, csv, html or xlsx."));
        }
        let Options { formula_safe, places } = options;
        let mut form = match format {
            Format::Json => {
                out.push_str(document.envelope.as_deref().unwrap_or_default());
                Form::Json { has_rows: false, is_enclosed: document.envelope.is_some() }
            }
            Format::Csv => Form::Csv(Csv::new(document.main, formula_safe || is_findings)),
            Format::Html => Form::Html(Box::new(Html::new(document))),
            Format::Sarif => Form::Sarif(Box::new(Sarif::new(document, places))),
            Format::Junit => Form::Junit(Box::new(Junit::new(document, places))),
            Format::Xlsx => {
                let message = "A workbook is not text: the command line and the native library write it.";
                return Err(Problem::new(Code::Invalid, message)
                    .with_field("format")
                    .with_fix("Use json, csv or html."));
            }
        };
        match &mut form {
            Form::Json { .. } => out.push('['),
            Form::Csv(csv) => csv.start(out),
            Form::Html(html) => html.start(out),
            Form::Sarif(sarif) => sarif.start(out),
            Form::Junit(junit) => junit.start(out),
        }
        Ok(Self { form })
    }

    /// Adds the text of the next record of the main sheet.
    pub fn row(&mut self, row: &Value, out: &mut String) {
        match &mut self.form {
            Form::Json { has_rows, .. } => {
                if std::mem::replace(has_rows, true) {
                    out.push(',');
                }
                out.push('\n');
                out.push_str(&row.to_string());
            }
            Form::Csv(csv) => csv.row(row, out),
            Form::Html(html) => html.row(row, out),
            Form::Sarif(sarif) => sarif.row(row, out),
            Form::Junit(junit) => junit.row(row, out),
        }
    }

    /// Adds the end of the text. `took_ms` is how long the records took to read, where that was not known before.
    pub fn end(mut self, took_ms: Option<u64>, out: &mut String) {
        match &mut self.form {
            Form::Json { is_enclosed, .. } => out.push_str(if *is_enclosed { "\n]}\n" } else { "\n]\n" }),
            Form::Csv(_) => {}
            Form::Html(html) => html.end(took_ms, out),
            Form::Sarif(sarif) => sarif.end(out),
            Form::Junit(junit) => junit.end(out),
        }
    }
}
