//! An agent user whose parent Microsoft's lifecycle policies will disable or delete soon (docs/graph.md#lifecycle-policies).

use super::super::facts::Facts;
use crate::problem::shown;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::User;
use super::super::thresholds::Thresholds;
use super::super::missing::Missing;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "lifecycle-action",
    Severity::High,
    "A lifecycle policy will soon disable or delete the parent of an agent user.",
    &[Section::Lifecycle],
    check,
);

fn check(facts: &Facts<'_>, thresholds: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, thresholds, user));
}

fn judge<'a>(facts: &Facts<'a>, thresholds: &Thresholds, user: &User) -> Verdict<'a> {
    let mut next: Option<(i64, &str, &str, String)> = None;
    for (policy, subject) in facts.subjects(user)? {
        let (Some(action), Some(date)) = (&subject.next_action, &subject.next_action_date_time) else { continue };
        let days = facts.days_until(date).ok_or_else(|| Missing::unreadable("nextActionDateTime"))?;
        let is_soon = matches!(&**action, "disable" | "delete") && days <= i64::from(thresholds.action_days);
        if is_soon && next.as_ref().is_none_or(|(first, ..)| days < *first) {
            let name = policy.display_name.as_deref().map_or_else(|| policy.policy.clone(), shown);
            next = Some((days, &**action, &**date, name));
        }
    }
    let Some((days, action, date, policy)) = next else { return Ok(None) };
    let message = format!("Microsoft will {action} its parent on {date}, by the policy {policy}.");
    let found = Found::new(message).with("nextAction", action).with("nextActionDateTime", date).with("days", days);
    Ok(Some(match user.identity_parent_id {
        Some(parent) => found.fixed_by(format!("agentuser identity lifecycle {parent}")),
        None => found,
    }))
}
