//! Two agent users under one parent, which may have one (docs/graph.md#one-per-parent).

use super::super::facts::Facts;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::snapshot::User;
use super::super::thresholds::Thresholds;
use super::super::missing::Missing;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "shared-parent",
    Severity::High,
    "A parent has more than one agent user.",
    &[],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, user));
}

fn judge<'a>(facts: &Facts<'a>, user: &User) -> Verdict<'a> {
    let Some(parent) = user.identity_parent_id else { return Err(Missing::unshown("identityParentId")) };
    let others = facts.children(parent).iter().filter(|other| other.id != user.id);
    let names: Vec<String> = others.map(|other| other.name()).collect();
    if names.is_empty() {
        return Ok(None);
    }
    let list = names.join(", ");
    let message = format!("Its parent {parent} has other agent users, too, and may have one: {list}.");
    Ok(Some(Found::new(message).with("identityParentId", parent.to_string()).with("others", list)))
}
