//! The rules, checked before anything is sent.

use serde::Serialize;
use std::fmt;

/// One broken rule: stable code, the place, and the fix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Violation {
    /// Stable code, such as `UpnTooLong`.
    pub code: &'static str,
    /// Graph's property name, or the roster's column.
    pub field: &'static str,
    /// Zero-based position of the offending character, counted in characters, where one can be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub fix: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}
