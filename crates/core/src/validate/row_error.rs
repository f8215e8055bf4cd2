//! A broken rule of a roster.

use super::{RuleCode, Violation};
use serde::Serialize;
use std::borrow::Cow;
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
    /// The broken rule.
    #[serde(flatten)]
    pub violation: Violation,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row {
            write!(f, "Row {row}, ")?;
        }
        self.violation.fmt(f)
    }
}

/// How often a rule is broken in a column of a roster with more errors than are listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RowErrorCount {
    /// The rule.
    pub code: RuleCode,
    /// The column as the file writes it, or `roster`.
    pub field: Cow<'static, str>,
    /// How many errors there are.
    pub count: usize,
    /// The first row with one.
    pub first_row: usize,
}
