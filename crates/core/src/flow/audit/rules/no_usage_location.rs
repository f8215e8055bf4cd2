//! An agent user without a usage location, to whom no license can be assigned (docs/graph.md#licenses-and-readiness).

use super::super::facts::Facts;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::snapshot::User;
use super::super::thresholds::Thresholds;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "no-usage-location",
    Severity::Low,
    "An agent user has no usage location.",
    &[],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, user));
}

fn judge<'a>(_: &Facts<'a>, user: &User) -> Verdict<'a> {
    if user.usage_location.is_some() {
        return Ok(None);
    }
    let found = Found::new("It has no usage location, so that no license can be assigned to it.");
    Ok(Some(found.fixed_by(format!("agentuser update {} --set usageLocation=COUNTRY", user.name()))))
}
