//! An agent user whose sign-in Conditional Access blocks, by Graph's own What-If (docs/graph.md#conditional-access).

use super::super::facts::Facts;
use super::super::snapshot::EvaluatedSignIn;
use crate::ObjectId;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::table::{by_id, places_of};
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
        Ok(all) => all,
        Err(unread) => return verdicts.unread(facts, unread),
    };
    let listed: Vec<(ObjectId, &EvaluatedSignIn)> =
        all.iter().flat_map(|one| one.users.iter().map(move |id| (*id, one))).collect();
    let by_user = by_id(listed.iter().map(|(id, _)| *id));
    verdicts.each_user(facts, |user| {
        // Policies may tell users apart by their roles.
        facts.snapshot.roles.get()?;
        let of = places_of(&by_user, user.id).next_back().and_then(|place| listed.get(place));
        judge(of.ok_or_else(|| Missing::unlisted("sign-ins"))?.1)
    });
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
