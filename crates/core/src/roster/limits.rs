//! How large a roster may be.

use crate::problem::{Code, Problem};

/// The most that is read of a roster, and the most of its errors that are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RosterLimits {
    /// The most bytes of the file; 64 MiB by default.
    pub bytes: usize,
    /// The most rows; 200,000 by default.
    pub rows: usize,
    /// The most errors that are listed; 1,000 by default. More are counted by rule and field.
    pub errors: usize,
}

impl Default for RosterLimits {
    fn default() -> Self {
        Self { bytes: 64 << 20, rows: 200_000, errors: 1_000 }
    }
}

impl RosterLimits {
    /// The defaults, where none is given.
    #[must_use]
    pub fn of(bytes: Option<usize>, rows: Option<usize>, errors: Option<usize>) -> Self {
        let usual = Self::default();
        Self {
            bytes: bytes.unwrap_or(usual.bytes),
            rows: rows.unwrap_or(usual.rows),
            errors: errors.unwrap_or(usual.errors),
        }
    }

    /// The problem of a file with more bytes. Programs that read files stop there, too.
    #[must_use]
    pub fn too_large(&self) -> Problem {
        Problem::new(Code::InputTooLarge, format!("The roster has more than {} bytes.", self.bytes))
            .with_field("maxBytes")
            .with_fix(
                "Check that it is the right file; split it, or raise the most bytes that are read: maxBytes, --max-bytes or \
                 -MaxBytes.",
            )
    }

    pub(super) fn too_many_rows(&self) -> Problem {
        Problem::new(Code::InputTooLarge, format!("The roster has more than {} rows.", self.rows))
            .with_field("maxRows")
            .with_fix("Split it, or raise the most rows that are read: maxRows, --max-rows or -MaxRows.")
    }
}
