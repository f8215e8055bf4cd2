//! An agent user whose name is under a domain that the tenant has not verified (docs/graph.md#names).

use super::super::facts::Facts;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::User;
use super::super::thresholds::Thresholds;
use super::super::missing::Missing;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "domain-unverified",
    Severity::Medium,
    "The domain of an agent user's name is not verified.",
    &[Section::Domains],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, user));
}

fn judge<'a>(facts: &Facts<'a>, user: &User) -> Verdict<'a> {
    let domain = user.domain().ok_or_else(|| Missing::unshown("userPrincipalName"))?;
    if facts.domain(domain)?.is_some() {
        return Ok(None);
    }
    let message = format!("Its name is under {domain}, which is not a verified domain of the tenant.");
    Ok(Some(Found::new(message).with("domain", domain).fixed_by(rename(user))))
}

fn rename(user: &User) -> String {
    format!("agentuser update {} --set userPrincipalName=NAME", user.name())
}
