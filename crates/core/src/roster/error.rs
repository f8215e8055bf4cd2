//! Problems of a whole roster.

use crate::problem::{Code, Problem};
use crate::validate::RowError;

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
