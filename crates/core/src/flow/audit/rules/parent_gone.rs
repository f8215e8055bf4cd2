//! An agent user whose parent does not exist any more: no token is issued for it (docs/graph.md#delete-and-cascade).

use super::super::facts::{Facts, Parent};
use super::super::fix::Fix;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::{OtherParentKind, User};
use super::super::thresholds::Thresholds;
use super::super::missing::Missing;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "parent-gone",
    Severity::High,
    "The parent of an agent user does not exist, not even in the recycle bin.",
    &[Section::Identities, Section::DeletedIdentities, Section::OtherParents],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, user));
}

fn judge<'a>(facts: &Facts<'a>, user: &User) -> Verdict<'a> {
    let (id, Parent::Other(parent)) = facts.parent(user)? else { return Ok(None) };
    if *parent.kind.get().map_err(Missing::of)? != OtherParentKind::Missing {
        return Ok(None);
    }
    let message = format!("Its parent {id} does not exist, not even in the recycle bin: nothing can act as it any more.");
    let found = Found::new(message).with("identityParentId", id.to_string());
    Ok(Some(found.mended(Fix::delete(user))))
}
