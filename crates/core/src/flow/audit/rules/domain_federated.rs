//! An agent user whose name is under a federated domain (docs/graph.md#names).

use super::super::facts::Facts;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::User;
use super::super::thresholds::Thresholds;
use super::super::missing::Missing;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "domain-federated",
    Severity::Low,
    "The domain of an agent user's name is federated.",
    &[Section::Domains],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, user));
}

fn judge<'a>(facts: &Facts<'a>, user: &User) -> Verdict<'a> {
    let domain = user.domain().ok_or_else(|| Missing::unshown("userPrincipalName"))?;
    let Some(known) = facts.domain(domain)? else { return Ok(None) };
    match known.kind.as_deref() {
        Some(kind) if kind.eq_ignore_ascii_case("Federated") => {}
        Some(_) => return Ok(None),
        None => return Err(Missing::unshown("the type of its domain")),
    }
    let message = format!("Its name is under {domain}, which is federated: Graph asks for an immutable id to create users there.");
    let found = Found::new(message).with("domain", domain);
    Ok(Some(found.fixed_by(format!("agentuser update {} --set userPrincipalName=NAME", user.name()))))
}
