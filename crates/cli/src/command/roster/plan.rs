//! A plan as text.

use crate::output::plain;
use agentuser::{Outcome, Report};

/// The rows, and the changes that each needs.
pub(super) fn text(reports: &[Report]) -> String {
    reports.iter().map(row).collect()
}

fn row(report: &Report) -> String {
    let place = report.row.map(|row| format!("row {row}  ")).unwrap_or_default();
    let name = plain(&report.user_principal_name);
    let parent = report.identity_parent_id.map(|parent| format!("  of {parent}")).unwrap_or_default();
    let changes = report.changes.iter().map(|change| format!("  {}\n", plain(&change.change.to_string())));
    let changes = match (report.outcome, report.changes.is_empty()) {
        (Outcome::Failed, _) => "  failed, see below\n".to_owned(),
        (Outcome::Cancelled, _) => "  cancelled\n".to_owned(),
        (_, true) => "  nothing to change\n".to_owned(),
        (_, false) => changes.collect(),
    };
    let remarks: String =
        report.remarks.iter().map(|remark| format!("  note: {}\n", plain(&remark.message))).collect();
    format!("{place}{name}{parent}\n{changes}{remarks}")
}
