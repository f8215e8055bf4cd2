//! The reports of rows as a table.

use crate::output::Table;
use agentuser::{Outcome, Report};

/// A line per row.
pub(super) fn text(reports: &[Report]) -> String {
    let mut table = Table::new(["Row", "User principal name", "Outcome", "Stage", "Done", "Problem"]);
    for report in reports {
        let done = report.changes.iter().filter(|change| change.applied).count();
        table.row([
            report.row.map(|row| row.to_string()).unwrap_or_default(),
            report.user_principal_name.clone(),
            outcome(report.outcome).to_owned(),
            report.stage.to_string(),
            match report.changes.len() {
                0 => String::new(),
                all => format!("{done} of {all}"),
            },
            report.problem.as_ref().map(|problem| problem.code().as_str().to_owned()).unwrap_or_default(),
        ]);
    }
    table.to_text()
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "created",
        Outcome::Changed => "changed",
        Outcome::Unchanged => "unchanged",
        Outcome::Planned => "to change",
        Outcome::Cancelled => "cancelled",
        _ => "failed",
    }
}
