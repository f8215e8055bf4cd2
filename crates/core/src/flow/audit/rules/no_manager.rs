//! An agent user without a manager (docs/graph.md#relationships).

use super::super::facts::Facts;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::User;
use super::super::thresholds::Thresholds;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "no-manager",
    Severity::Low,
    "An agent user has no manager.",
    &[Section::Managers],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, user));
}

fn judge<'a>(facts: &Facts<'a>, user: &User) -> Verdict<'a> {
    if facts.manager(user)?.is_some() {
        return Ok(None);
    }
    let found = Found::new("It has no manager, so that it is in no organization chart.");
    Ok(Some(found.fixed_by(format!("agentuser manager set {} MANAGER", user.name()))))
}
