//! An agent user whose licenses give neither a mailbox nor Teams (docs/graph.md#licenses-and-readiness).

use super::super::facts::Facts;
use crate::flow::ready::{is_mailbox_plan, is_teams_plan};
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::User;
use super::super::thresholds::Thresholds;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "license-without-mailbox",
    Severity::Low,
    "The licenses of an agent user give neither a mailbox nor Teams.",
    &[Section::Skus],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, user));
}

fn judge<'a>(facts: &Facts<'a>, user: &User) -> Verdict<'a> {
    if user.assigned_licenses.is_empty() {
        return Ok(None);
    }
    let plans = facts.enabled_plans(user)?;
    if plans.iter().any(|plan| is_mailbox_plan(plan) || is_teams_plan(plan)) {
        return Ok(None);
    }
    let names = facts.license_names(user)?.join(", ");
    let found = Found::new(format!("No enabled service plan of its licenses gives a mailbox or Teams: {names}."));
    Ok(Some(found.with("licenses", names).with("enabledPlans", plans.join(", "))))
}
