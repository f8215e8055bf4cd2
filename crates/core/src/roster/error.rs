//! Problems of a whole roster.

use super::limits::RosterLimits;
use crate::problem::{Code, Problem};
use crate::short;
use crate::validate::{RowError, RowErrorCount, RuleCode, Violation};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The most characters of a message, a fix or a field: a cell may hold a whole book.
const LONGEST: usize = 1_000;
/// The most counts by rule and field: every member of a JSON object may have a name of its own.
const COUNTS: usize = 200;

/// A roster that can't be read at all.
pub(super) fn unreadable(message: impl Into<String>, fix: impl Into<String>) -> Problem {
    Problem::new(Code::RosterUnreadable, message).with_fix(fix)
}

/// A roster without a single row.
pub(super) fn without_rows(message: impl Into<String>, fix: impl Into<String>) -> Problem {
    unreadable(message, fix)
        .with_cause("It is another file than was meant, or the export that wrote it found nothing.")
}

/// The errors of a roster: the first of them, and counts of all.
#[derive(Debug)]
pub(super) struct RowErrors {
    first: Vec<RowError>,
    most: usize,
    all: usize,
    rows: usize,
    last_row: Option<usize>,
    counts: BTreeMap<(RuleCode, Cow<'static, str>), RowErrorCount>,
}

impl RowErrors {
    pub(super) fn new(limits: &RosterLimits) -> Self {
        Self {
            first: Vec::new(),
            most: limits.errors,
            all: 0,
            rows: 0,
            last_row: None,
            counts: BTreeMap::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all == 0
    }

    /// Adds an error of a row, in the order of the file.
    pub(super) fn push(&mut self, row: usize, violation: Violation) {
        self.all += 1;
        if self.last_row != Some(row) {
            self.rows += 1;
            self.last_row = Some(row);
        }
        let violation = shortened(violation);
        let mut key = (violation.code, violation.field.clone());
        if self.counts.len() >= COUNTS && !self.counts.contains_key(&key) {
            key.1 = "roster".into();
        }
        let field = key.1.clone();
        let count = self.counts.entry(key).or_insert_with(|| RowErrorCount {
            code: violation.code,
            field,
            count: 0,
            first_row: row,
        });
        count.count += 1;
        if self.first.len() < self.most {
            self.first.push(RowError { row: Some(row), violation });
        }
    }

    pub(super) fn extend(&mut self, row: usize, violations: impl IntoIterator<Item = Violation>) {
        violations.into_iter().for_each(|violation| self.push(row, violation));
    }

    /// The roster's problem.
    pub(super) fn into_problem(self) -> Problem {
        let count = |number: usize, one: &str, many: &str| {
            format!("{number} {}", if number == 1 { one } else { many })
        };
        let (errors, rows) = (count(self.all, "error", "errors"), count(self.rows, "row", "rows"));
        let mut message = format!("The roster has {errors} in {rows}.");
        let cut = self.first.len() < self.all;
        if cut {
            message.push_str(&match self.first.len() {
                0 => " They are counted by rule and field.".to_owned(),
                first => format!(" The first {first} are listed, and all are counted by rule and field."),
            });
        }
        let mut counts: Vec<RowErrorCount> =
            if cut { self.counts.into_values().collect() } else { Vec::new() };
        // The most frequent first; equal ones by their first row.
        short::sort(&mut counts, |a, b| (b.count, a.first_row) < (a.count, b.first_row));
        Problem::new(Code::RosterInvalid, message).with_row_errors(self.first, counts)
    }
}

/// The same with long texts cut.
fn shortened(mut violation: Violation) -> Violation {
    let cut = |text: &str| {
        text.char_indices().nth(LONGEST).map(|(at, _)| format!("{}…", text.get(..at).unwrap_or_default()))
    };
    if let Some(message) = cut(&violation.message) {
        violation.message = message;
    }
    if let Some(fix) = cut(&violation.fix) {
        violation.fix = fix;
    }
    if let Some(field) = cut(&violation.field) {
        violation.field = field.into();
    }
    violation
}
