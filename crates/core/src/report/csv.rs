//! A report's main sheet as CSV (RFC 4180): flat, a row for each record, and lines that end with CR and LF.

use super::document::Sheet;
use crate::roster::guarded;
use serde_json::Value;
use std::fmt::Write as _;

/// Writes CSV.
#[derive(Debug)]
pub(super) struct Csv {
    sheet: Sheet,
    formula_safe: bool,
}

impl Csv {
    pub(super) fn new(sheet: Sheet, formula_safe: bool) -> Self {
        Self { sheet, formula_safe }
    }

    pub(super) fn start(&self, out: &mut String) {
        let headings: Vec<&str> = self.sheet.of_data().map(|column| column.path.as_str()).collect();
        record(headings, out);
    }

    pub(super) fn row(&self, row: &Value, out: &mut String) {
        let cells: Vec<String> =
            self.sheet.of_data().map(|column| column.cell(row, false).to_text()).collect();
        record(cells.iter().map(|cell| guarded(cell, self.formula_safe)), out);
    }
}

fn record(cells: impl IntoIterator<Item = impl AsRef<str>>, out: &mut String) {
    let start = out.len();
    for cell in cells {
        let cell = cell.as_ref();
        if out.len() > start {
            out.push(',');
        }
        // A line without anything would not be a record.
        let quoted = cell.contains([',', '"', '\r', '\n']) || cell.is_empty() && out.len() == start;
        // Writing to a string can't fail.
        let _ = if quoted { write!(out, "\"{}\"", cell.replace('"', "\"\"")) } else { write!(out, "{cell}") };
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_quoted_where_they_must_be() {
        let written = |cells: &[&str]| {
            let mut out = String::new();
            record(cells, &mut out);
            out
        };
        assert_eq!(written(&["a", "", "b c"]), "a,,b c\r\n");
        assert_eq!(written(&["a,b", "c\"d", "e\r\nf"]), "\"a,b\",\"c\"\"d\",\"e\r\nf\"\r\n");
        assert_eq!(written(&[""]), "\"\"\r\n");
        assert_eq!(written(&["", "a"]), "\"\",a\r\n");
    }
}
