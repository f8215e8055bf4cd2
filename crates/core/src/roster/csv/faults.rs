//! Messages about damaged quotes.

use super::reader::{Damage, Fault};
use crate::problem::Problem;
use crate::roster::error::unreadable;
use crate::validate::{RuleCode, Violation};

/// The problem of a quote that leaves in doubt which rows there are.
pub(super) fn damaged(damage: Damage, column: &str) -> Problem {
    let Damage { row, closed_after, .. } = damage;
    let closed = match closed_after {
        None => "and never closed".to_owned(),
        Some(1) => "and closed only in the next line, in the middle of text".to_owned(),
        Some(lines) => format!("and closed only {lines} lines below, in the middle of text"),
    };
    let message =
        format!("The CSV can't be read: a quote is opened in row {row}, column {column}, {closed}.");
    let fix = format!(
        "Close the quote in row {row}, column {column}. A quote that belongs to a quoted text is written twice."
    );
    unreadable(message, fix)
        .with_cause("A quote is missing or is one too many, so that the rows after it can't be told apart.")
        .with_field(column)
}

/// The violation for a fault of one cell.
pub(super) fn fault_of_cell(fault: Fault, column: String, text: &str) -> Violation {
    let message = match fault {
        Fault::QuoteInside => "The cell holds a quote but does not begin with one.",
        Fault::TextAfterQuote => "The cell goes on after its closing quote.",
    };
    let fix = format!(
        "Put the whole cell in quotes and write each quote inside it twice: \"{}\".",
        text.replace('"', "\"\"")
    );
    Violation::new(RuleCode::DamagedQuotes, column, message, fix)
}
