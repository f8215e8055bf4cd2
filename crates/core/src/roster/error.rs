//! What is wrong with a roster, row by row.

use crate::problem::{Code, Problem};
use crate::validate::Violation;
use serde::Serialize;
use std::fmt;

/// A broken rule and its place in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RowError {
    /// The row, as a spreadsheet numbers it: the header is row 1, the first agent user row 2. In JSON, the first
    /// object is row 1. None when it is about the file as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// The column, as the file names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The broken rule.
    #[serde(flatten)]
    pub violation: Violation,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.row, &self.column) {
            (Some(row), Some(column)) => write!(f, "row {row}, {column}: ")?,
            (Some(row), None) => write!(f, "row {row}: ")?,
            (None, Some(column)) => write!(f, "column {column}: ")?,
            (None, None) => {}
        }
        f.write_str(&self.violation.message)
    }
}

/// A roster that can't be read at all.
pub(super) fn unreadable(message: impl Into<String>, fix: impl Into<String>) -> Problem {
    Problem::new(Code::RosterUnreadable, message).with_fix(fix)
}

/// A roster with errors: the problem carries every one of them, in the order of the file.
pub(super) fn invalid(mut errors: Vec<RowError>) -> Problem {
    errors.sort_by_key(|error| error.row);
    let mut rows: Vec<usize> = errors.iter().filter_map(|error| error.row).collect();
    rows.dedup();
    let count =
        |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    let message = match rows.len() {
        0 => format!("The roster has {}.", count(errors.len(), "error", "errors")),
        rows => format!(
            "The roster has {} in {}.",
            count(errors.len(), "error", "errors"),
            count(rows, "row", "rows")
        ),
    };
    Problem::new(Code::RosterInvalid, message).with_row_errors(errors)
}
