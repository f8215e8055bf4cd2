//! An agent user whose parent is to be attested (docs/graph.md#lifecycle-policies).

use super::super::facts::Facts;
use super::super::fix::Fix;
use crate::flow::lifecycle::ATTESTATION;
use crate::problem::shown;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::User;
use super::super::thresholds::Thresholds;
use super::super::missing::Missing;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "attestation-due",
    Severity::Medium,
    "The parent of an agent user is to be attested.",
    &[Section::Lifecycle],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, user));
}

fn judge<'a>(facts: &Facts<'a>, user: &User) -> Verdict<'a> {
    let Some(parent) = user.identity_parent_id else { return Err(Missing::unshown("identityParentId")) };
    for (policy, subject) in facts.subjects(user)? {
        if subject.compliance.as_deref() != Some("nonCompliant") {
            continue;
        }
        let Some(rules) = &policy.rules else { return Err(Missing::unshown("the rules of a lifecycle policy")) };
        if !rules.iter().any(|rule| rule == ATTESTATION) {
            continue;
        }
        let name = policy.display_name.as_deref().map_or_else(|| policy.policy.clone(), shown);
        let others: Vec<&str> = rules.iter().map(String::as_str).filter(|rule| *rule != ATTESTATION).collect();
        let others = others.join(", ");
        let message = if others.is_empty() {
            format!("The attestation of its parent is due, by the policy {name}.")
        } else {
            format!(
                "Its parent is not compliant with the policy {name}: its attestation is due, or one of these rules is broken: {others}."
            )
        };
        let found = Found::new(message).with("policy", policy.policy.clone()).with("otherRules", others);
        return Ok(Some(found.mended(Fix::attest(user, parent))));
    }
    Ok(None)
}
