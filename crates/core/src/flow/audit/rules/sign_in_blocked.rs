//! An agent user whose sign-in Conditional Access blocks, by Graph's own What-If (docs/graph.md#conditional-access).

use super::super::facts::Facts;
use super::super::snapshot::EvaluatedSignIn;
use crate::ObjectId;
use std::collections::BTreeMap;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::thresholds::Thresholds;
use super::super::missing::Missing;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "sign-in-blocked",
    Severity::Medium,
    "Conditional Access blocks the sign-in of an agent user.",
    &[Section::WhatIf, Section::Roles],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    let all = match facts.snapshot.what_if.get() {
        Ok(all) => by_user(all),
        Err(unread) => return verdicts.unread(facts, unread),
    };
    verdicts.each_user(facts, |user| {
        // Policies may tell users apart by their roles.
        facts.snapshot.roles.get()?;
        judge(all.get(&user.id).ok_or_else(|| Missing::unlisted("sign-ins"))?)
    });
}

/// The sign-ins that were evaluated, by agent user.
fn by_user(all: &[EvaluatedSignIn]) -> BTreeMap<ObjectId, &EvaluatedSignIn> {
    all.iter().flat_map(|one| one.users.iter().map(move |id| (*id, one))).collect()
}

fn judge(one: &EvaluatedSignIn) -> Verdict<'_> {
    let applied = one.applied.get().map_err(Missing::of)?;
    let blocks = applied.iter().filter(|policy| {
        policy.state.as_deref() == Some("enabled") && policy.controls.iter().any(|control| control == "block")
    });
    let names: Vec<String> =
        blocks.map(|policy| policy.display_name.clone().unwrap_or_else(|| policy.id.clone())).collect();
    if names.is_empty() {
        return Ok(None);
    }
    let list = names.join(", ");
    let message = format!("Conditional Access blocks its sign-in to Microsoft Graph, by: {list}.");
    Ok(Some(Found::new(message).with("policies", list)))
}
