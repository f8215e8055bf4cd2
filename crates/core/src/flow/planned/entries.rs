//! From the report of an agent user that was planned for to the entries of its plan.

use crate::flow::report::{Applied, Change, Outcome, Report};
use crate::flow::sessions::valid_from;
use crate::model::AgentUser;
use crate::plan::{Expected, PlannedChange};

/// The entries for an agent user that was found.
pub(super) fn of_user(report: &Report, user: &AgentUser) -> Vec<PlannedChange> {
    let mut expects = Expected {
        identity_parent_id: user.identity_parent_id(),
        account_enabled: user.account_enabled(),
        deleted_date_time: user.deleted_date_time().map(str::to_owned),
        ..Expected::default()
    };
    let sessions = valid_from(user);
    of_report(report, |entry| {
        // The plan changes it by itself, so that it is not a state to expect.
        if entry.change.sets_enabled() {
            expects.account_enabled = None;
        }
        let sessions = sessions.clone().filter(|_| entry.change == Change::RevokeSessions);
        Expected { sign_in_sessions_valid_from_date_time: sessions, ..expects.clone() }
    })
}

/// The entries for an agent user or another object, with the state that each change expects.
pub(in crate::flow) fn of_report(
    report: &Report,
    mut expects: impl FnMut(&Applied) -> Expected,
) -> Vec<PlannedChange> {
    let entry = |entry: &Applied| PlannedChange {
        row: None,
        kind: report.kind,
        id: report.id,
        user_principal_name: report.user_principal_name.clone(),
        display_name: report.display_name.clone(),
        change: entry.change.clone(),
        expects: expects(entry),
    };
    if report.outcome == Outcome::Planned { report.changes.iter().map(entry).collect() } else { Vec::new() }
}

/// The entries for a row of a roster.
pub(super) fn of_row(report: &Report) -> Vec<PlannedChange> {
    let expects = Expected { identity_parent_id: report.identity_parent_id, ..Expected::default() };
    let entries = of_report(report, |_| expects.clone());
    entries.into_iter().map(|entry| PlannedChange { row: report.row, ..entry }).collect()
}
