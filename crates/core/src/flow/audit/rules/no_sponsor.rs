//! An agent user without a sponsor: nobody is answerable for it (docs/graph.md#relationships).

use super::super::facts::Facts;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::User;
use super::super::thresholds::Thresholds;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "no-sponsor",
    Severity::Medium,
    "An agent user has no sponsor.",
    &[Section::Sponsors],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, user));
}

fn judge<'a>(facts: &Facts<'a>, user: &User) -> Verdict<'a> {
    if !facts.sponsors(user)?.is_empty() {
        return Ok(None);
    }
    let found = Found::new("It has no sponsor: nobody is answerable for it.");
    Ok(Some(found.fixed_by(format!("agentuser sponsor add {} SPONSOR", user.name()))))
}
