//! An agent user whose parent is not an agent identity (docs/graph.md#verifying-a-parent).

use super::super::facts::{Facts, Parent};
use crate::problem::shown;
use super::super::fix::Fix;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::{OtherParentKind, User};
use super::super::thresholds::Thresholds;
use super::super::missing::Missing;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "parent-not-identity",
    Severity::High,
    "The parent of an agent user is not an agent identity.",
    &[Section::Identities, Section::DeletedIdentities, Section::OtherParents],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, user));
}

fn judge<'a>(facts: &Facts<'a>, user: &User) -> Verdict<'a> {
    let (id, Parent::Other(parent)) = facts.parent(user)? else { return Ok(None) };
    let kind = match parent.kind.get().map_err(Missing::of)? {
        OtherParentKind::BlueprintPrincipal => "the principal of a blueprint",
        OtherParentKind::ServicePrincipal => "another service principal",
        OtherParentKind::AgentIdentity | OtherParentKind::Missing => return Ok(None),
    };
    let name = parent.display_name.as_deref().map_or_else(|| id.to_string(), shown);
    let found = Found::new(format!("Its parent {name} is not an agent identity but {kind}."));
    let found = found.with("identityParentId", id.to_string()).with("parentKind", kind);
    Ok(Some(found.mended(Fix::delete(user))))
}
