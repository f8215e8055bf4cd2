//! Reports and summaries as text.

use super::text::{paragraph, plain};
use super::width;
use agentuser::{Applied, Change, ObjectKind, Outcome, ProblemKind, Remark, Report, Stage, Summary};

/// The kind of command, for the line that tells its outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    /// It changes agent users.
    Change,
    /// It only waits.
    Wait,
}

/// A report: a line for the agent user, and one for each change.
pub(super) fn text(report: &Report, verb: Verb) -> String {
    let id = report.id.map(|id| format!(" ({id})")).unwrap_or_default();
    let name = plain(&own_name(report));
    let outcome = match (report.outcome, verb) {
        (Outcome::Unchanged, Verb::Wait) => "ready".to_owned(),
        (Outcome::Created, _) if report.is_unanswered() => "exists now".to_owned(),
        (Outcome::Created, _) => "created".to_owned(),
        (Outcome::Changed, _) => changed(&report.changes).to_owned(),
        (Outcome::Unchanged, _) => "nothing to change".to_owned(),
        (Outcome::Planned, _) => "would be changed".to_owned(),
        (Outcome::Cancelled, _) => format!("cancelled{}", reached(report.stage)),
        _ if is_unknown(report) => format!("not known whether it was changed{}", reached(report.stage)),
        _ => format!("failed{}", reached(report.stage)),
    };
    let mut text = paragraph(&format!("{name}{id}: {outcome}"), width::stdout(), "  ");
    for change in &report.changes {
        text.push_str(&line(change, report.outcome));
    }
    for remark in &report.remarks {
        text.push_str(&note(remark));
    }
    text
}

/// The name of what a report is about, with its kind, where others are of agent users.
pub(crate) fn name(report: &Report) -> String {
    let kind = match report.kind {
        Some(ObjectKind::Blueprint) => " (blueprint)",
        Some(ObjectKind::BlueprintPrincipal) => " (principal)",
        Some(ObjectKind::AgentIdentity) => " (agent identity)",
        Some(ObjectKind::Leaver) => " (leaver)",
        _ => "",
    };
    format!("{}{kind}", own_name(report))
}

/// The name of what a report is about. An agent identity and a principal have no user principal name.
fn own_name(report: &Report) -> String {
    match (report.user_principal_name.as_str(), &report.display_name, report.id) {
        ("", Some(name), _) if !name.is_empty() => name.clone(),
        ("", _, Some(id)) => id.to_string(),
        (name, ..) => name.to_owned(),
    }
}

/// A remark, as a line of a report.
pub(crate) fn note(remark: &Remark) -> String {
    paragraph(&format!("  note   {}", plain(&remark.message)), width::stdout(), "         ")
}

/// Whether nobody knows what became of a change.
fn is_unknown(report: &Report) -> bool {
    report.problem.as_ref().is_some_and(|problem| problem.kind() == ProblemKind::OutcomeUnknown)
}

/// The furthest stage, of a report that ended early.
fn reached(stage: Stage) -> String {
    match stage {
        Stage::NotStarted => String::new(),
        _ => format!("; it came as far as: {}", self::stage(stage)),
    }
}

/// A stage in words.
pub(crate) fn stage(stage: Stage) -> String {
    let split = |c: char| if c.is_ascii_uppercase() { vec![' ', c.to_ascii_lowercase()] } else { vec![c] };
    stage.as_str().chars().flat_map(split).collect()
}

/// The name of an outcome with changes.
fn changed(changes: &[Applied]) -> &'static str {
    match changes {
        [Applied { change: Change::Delete, .. }] => "deleted; it can be restored within 30 days",
        [.., Applied { change: Change::RevokeSessions, .. }, Applied { change: Change::Delete, .. }] => {
            "retired; it can be restored within 30 days"
        }
        [.., Applied { change: Change::Delete, .. }, Applied { change: Change::Purge, .. }] => {
            "retired, and deleted for ever"
        }
        [Applied { change: Change::Attest, .. }] => "attested",
        [Applied { change: Change::Restore, .. }] => "restored",
        [Applied { change: Change::Purge, .. }] => "deleted for ever",
        _ => "changed",
    }
}

/// A change, and whether it was made.
pub(crate) fn line(change: &Applied, outcome: Outcome) -> String {
    let mark = match (change.applied, outcome) {
        (true, _) => "done ",
        (false, Outcome::Planned) => "would",
        (false, _) => "left ",
    };
    paragraph(&format!("  {mark}  {}", plain(&change.change.to_string())), width::stdout(), "         ")
}

/// The numbers, in one line; `one` and `many` are the words for what is counted.
pub(crate) fn summary(summary: &Summary, (one, many): (&str, &str), dry_run: bool) -> String {
    let rows = format!("{} {}", summary.rows, if summary.rows == 1 { one } else { many });
    if summary.unchanged == summary.rows {
        return format!("{rows}: nothing to change");
    }
    let counts = [
        (summary.created.saturating_sub(summary.unanswered), "created"),
        (summary.unanswered, "there after a create without an answer"),
        (summary.changed, "changed"),
        (summary.planned, "to change"),
        (summary.unchanged, if dry_run { "as declared" } else { "unchanged" }),
        (summary.failed, "failed"),
        (summary.cancelled, "cancelled"),
    ];
    let counts = counts.iter().filter(|(number, _)| *number > 0);
    format!(
        "{rows}: {}",
        counts.map(|(number, what)| format!("{number} {what}")).collect::<Vec<_>>().join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries() {
        const ROWS: (&str, &str) = ("row", "rows");
        let mut numbers = Summary { rows: 24, created: 24, ..Summary::default() };
        assert_eq!(summary(&numbers, ROWS, false), "24 rows: 24 created");
        numbers.unanswered = 2;
        assert_eq!(
            summary(&numbers, ROWS, false),
            "24 rows: 22 created, 2 there after a create without an answer"
        );
        numbers = Summary { rows: 1, unchanged: 1, ..Summary::default() };
        assert_eq!(summary(&numbers, ROWS, false), "1 row: nothing to change");
        numbers = Summary { rows: 3, unchanged: 1, planned: 1, failed: 1, ..Summary::default() };
        assert_eq!(summary(&numbers, ROWS, true), "3 rows: 1 to change, 1 as declared, 1 failed");
    }
}
