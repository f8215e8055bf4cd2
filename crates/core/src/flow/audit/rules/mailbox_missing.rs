//! An agent user whose mailbox was never provisioned (docs/graph.md#licenses-and-readiness).

use super::super::facts::Facts;
use crate::flow::ready::is_mailbox_plan;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::User;
use super::super::thresholds::Thresholds;
use super::super::missing::Missing;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "mailbox-missing",
    Severity::Medium,
    "The mailbox of an agent user was never provisioned.",
    &[Section::Skus],
    check,
);

fn check(facts: &Facts<'_>, thresholds: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, thresholds, user));
}

fn judge<'a>(facts: &Facts<'a>, thresholds: &Thresholds, user: &User) -> Verdict<'a> {
    if user.mail.is_some() || user.assigned_licenses.is_empty() {
        return Ok(None);
    }
    if !facts.enabled_plans(user)?.iter().any(|plan| is_mailbox_plan(plan)) {
        return Ok(None);
    }
    let since = user.licensed_since.as_deref().or(user.created_date_time.as_deref());
    let since = since.ok_or_else(|| Missing::unshown("createdDateTime"))?;
    let hours = facts.hours_since(since).ok_or_else(|| Missing::unreadable("a date"))?;
    if hours < i64::from(thresholds.mailbox_hours) {
        return Ok(None);
    }
    let message = format!("It has a license for a mailbox since {hours} hours, and has no mail address.");
    let found = Found::new(message).with("since", since).with("hours", hours);
    Ok(Some(found.fixed_by(format!("agentuser wait {} --for mailbox", user.name()))))
}
