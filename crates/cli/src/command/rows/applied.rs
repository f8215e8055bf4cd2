//! The reports of several agent users as a table.

use crate::output::{Column, Table, name, stage};
use agentuser::{Outcome, Report};

/// A line for each row, except rows that were cancelled before anything was changed.
pub(super) fn text(reports: &[Report]) -> String {
    let all_users = reports.iter().all(|report| report.kind.is_none());
    let numbered = reports.iter().any(|report| report.row.is_some());
    let row = numbered.then(|| Column::needed("Row"));
    let mut table = Table::new(row.into_iter().chain([
        Column::needed(if all_users { "User principal name" } else { "Name" }),
        Column::needed("Outcome"),
        Column::optional("Stage", 2),
        Column::optional("Done", 1),
        Column::needed("Problem"),
    ]));
    let untouched = |report: &&Report| {
        report.outcome == Outcome::Cancelled && report.changes.iter().all(|change| !change.applied)
    };
    for report in reports.iter().filter(|report| !untouched(report)) {
        let done = report.changes.iter().filter(|change| change.applied).count();
        let row = numbered.then(|| report.row.map(|row| row.to_string()).unwrap_or_default());
        table.row(row.into_iter().chain([
            name(report),
            outcome(report).to_owned(),
            stage(report.stage),
            match report.changes.len() {
                0 => String::new(),
                all => format!("{done} of {all}"),
            },
            problem(report).unwrap_or_default().to_owned(),
        ]));
    }
    if table.is_empty() { String::new() } else { table.to_text() }
}

/// The code of the problem that ended a row. That it was cancelled is its outcome.
fn problem(report: &Report) -> Option<&'static str> {
    let problem = report.problem.as_ref().filter(|_| report.outcome != Outcome::Cancelled)?;
    Some(problem.code().as_str())
}

fn outcome(report: &Report) -> &'static str {
    match report.outcome {
        Outcome::Created if report.is_unanswered() => "exists now",
        Outcome::Created => "created",
        Outcome::Changed => "changed",
        Outcome::Unchanged => "unchanged",
        Outcome::Planned => "to change",
        Outcome::Cancelled => "cancelled",
        _ => "failed",
    }
}
