//! A plan as text.

use crate::output::{name, paragraph, plain, width};
use agentuser::{Change, Outcome, Report};

/// The rows that have something to change, or all of them, and the changes that each needs.
pub(super) fn text(reports: &[Report], all: bool) -> String {
    let shown = |report: &&Report| all || report.outcome != Outcome::Unchanged || !report.remarks.is_empty();
    reports.iter().filter(shown).map(row).collect()
}

fn row(report: &Report) -> String {
    let place = report.row.map(|row| format!("row {row}  ")).unwrap_or_default();
    let name = plain(&name(report));
    let parent = report.identity_parent_id.map(|parent| format!("  of {parent}")).unwrap_or_default();
    let line = |text: &str, indent: &str| paragraph(text, width::stdout(), indent);
    let changes =
        report.changes.iter().map(|change| line(&format!("  {}", plain(&change.change.to_string())), "    "));
    let changes = match (report.outcome, report.changes.is_empty()) {
        (Outcome::Failed, _) => "  failed, see below\n".to_owned(),
        (Outcome::Cancelled, _) => "  cancelled\n".to_owned(),
        (_, true) => "  nothing to change\n".to_owned(),
        (_, false) => changes.collect(),
    };
    let remarks: String = report
        .remarks
        .iter()
        .map(|remark| line(&format!("  note: {}", plain(&remark.message)), "    "))
        .collect();
    format!("{}{changes}{remarks}", line(&format!("{place}{name}{parent}"), "    "))
}

/// How many changes of each kind there are.
pub(super) fn totals(reports: &[Report]) -> String {
    let mut totals: Vec<(String, usize)> = Vec::new();
    let changes = reports.iter().filter(|report| report.outcome == Outcome::Planned);
    for change in changes.flat_map(|report| &report.changes) {
        let kind = kind(&change.change);
        match totals.iter_mut().find(|(name, _)| *name == kind) {
            Some((_, number)) => *number += 1,
            None => totals.push((kind, 1)),
        }
    }
    let digits = totals.iter().map(|(_, number)| number.to_string().len()).max().unwrap_or_default();
    totals.iter().map(|(kind, number)| format!("  {number:>digits$}  {kind}\n")).collect()
}

/// The kind of a change, as the plan words it.
fn kind(change: &Change) -> String {
    match change {
        Change::Create { .. } => "create".to_owned(),
        Change::Set { member, .. } => format!("set {member}"),
        Change::AddSponsor { .. } => "add sponsor".to_owned(),
        Change::AddToGroup { .. } => "add to group".to_owned(),
        Change::AddLicense { sku, .. } => format!("assign license {}", plain(sku)),
        Change::RemoveLicense { sku, .. } => format!("remove license {}", plain(sku)),
        Change::SetManager { .. } => "set manager".to_owned(),
        other => plain(&other.to_string()),
    }
}
