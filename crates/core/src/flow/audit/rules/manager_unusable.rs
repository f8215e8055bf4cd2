//! An agent user whose manager is disabled or deleted.

use super::super::facts::Facts;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::User;
use super::super::thresholds::Thresholds;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "manager-unusable",
    Severity::Medium,
    "The manager of an agent user is disabled or deleted.",
    &[Section::Managers, Section::People],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, user));
}

fn judge<'a>(facts: &Facts<'a>, user: &User) -> Verdict<'a> {
    let Some(manager) = facts.manager(user)? else { return Ok(None) };
    let Some(what) = facts.wrong_with(manager)? else { return Ok(None) };
    let found = Found::new(format!("Its manager can't act for it: {what}")).with("manager", manager.to_string());
    Ok(Some(found.fixed_by(format!("agentuser manager set {} MANAGER", user.name()))))
}
