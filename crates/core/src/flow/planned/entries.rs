//! From the report of an agent user that was planned for to the entries of its plan.

use crate::flow::report::{Change, Outcome, Report};
use crate::flow::sessions::valid_from;
use crate::model::{AgentUser, Member};
use crate::plan::{Expected, PlannedChange};

/// The entries for an agent user that was found.
pub(super) fn of_user(report: &Report, user: &AgentUser) -> Vec<PlannedChange> {
    let mut expects = Expected {
        identity_parent_id: user.identity_parent_id(),
        account_enabled: user.account_enabled(),
        deleted_date_time: user.deleted_date_time().map(str::to_owned),
        sign_in_sessions_valid_from_date_time: None,
    };
    let sessions = valid_from(user);
    let entry = |entry: &crate::flow::report::Applied| {
        // What the plan changes by itself is no state to expect.
        if matches!(&entry.change, Change::Set { member, .. } if *member == Member::AccountEnabled) {
            expects.account_enabled = None;
        }
        PlannedChange {
            row: None,
            id: report.id,
            user_principal_name: report.user_principal_name.clone(),
            change: entry.change.clone(),
            expects: Expected {
                sign_in_sessions_valid_from_date_time: sessions
                    .clone()
                    .filter(|_| entry.change == Change::RevokeSessions),
                ..expects.clone()
            },
        }
    };
    if report.outcome == Outcome::Planned { report.changes.iter().map(entry).collect() } else { Vec::new() }
}

/// The entries for a row of a roster.
pub(super) fn of_row(report: &Report) -> Vec<PlannedChange> {
    let expects = Expected { identity_parent_id: report.identity_parent_id, ..Expected::default() };
    let entry = |entry: &crate::flow::report::Applied| PlannedChange {
        row: report.row,
        id: report.id,
        user_principal_name: report.user_principal_name.clone(),
        change: entry.change.clone(),
        expects: expects.clone(),
    };
    if report.outcome == Outcome::Planned { report.changes.iter().map(entry).collect() } else { Vec::new() }
}
