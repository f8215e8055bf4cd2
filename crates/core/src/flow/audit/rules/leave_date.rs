//! An agent user whose leave date has passed or is near (docs/graph.md#properties).

use super::super::facts::Facts;
use super::super::fix::Fix;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::User;
use super::super::thresholds::Thresholds;
use super::super::missing::Missing;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "leave-date",
    Severity::Medium,
    "The leave date of an agent user has passed or is near.",
    &[Section::LeaveDates],
    check,
);

fn check(facts: &Facts<'_>, thresholds: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, thresholds, user));
}

fn judge<'a>(facts: &Facts<'a>, thresholds: &Thresholds, user: &User) -> Verdict<'a> {
    let dates = facts.snapshot.leave_dates.get()?;
    let of = dates.get(user.id).ok_or_else(|| Missing::unlisted("leave dates"))?;
    let Some(date) = of.date.as_deref() else { return Ok(None) };
    let days = facts.days_until(date).ok_or_else(|| Missing::unreadable("employeeLeaveDateTime"))?;
    if days > i64::from(thresholds.leave_days) || days < 0 && user.account_enabled == Some(false) {
        return Ok(None);
    }
    let message = match days {
        0.. => format!("Its leave date is in {days} days: {date}."),
        _ => format!("Its leave date has passed, and it can still sign in: {date}."),
    };
    let found = Found::new(message).with("employeeLeaveDateTime", date).with("days", days);
    Ok(Some(if days < 0 { found.mended(Fix::disable(user)) } else { found }))
}
