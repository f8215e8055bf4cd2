//! An agent user in a group to which roles can be assigned, which Microsoft rules out (docs/graph.md#group-members).

use super::super::facts::Facts;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::{RoleGroup, User};
use crate::flow::read::Unread;
use super::super::thresholds::Thresholds;
use super::super::missing::Missing;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "role-group",
    Severity::High,
    "An agent user is in a group to which roles can be assigned.",
    &[Section::RoleGroups],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    let unread = unread(facts);
    verdicts.each_user(facts, |user| judge(facts, unread, user));
}

/// Why the members of a group are not known.
fn unread<'a>(facts: &Facts<'a>) -> Option<&'a Unread> {
    facts.snapshot.role_groups.get().ok()?.iter().find_map(|group| group.members.get().err())
}

fn judge<'a>(facts: &Facts<'a>, unread: Option<&Unread>, user: &User) -> Verdict<'a> {
    facts.snapshot.role_groups.get()?;
    unread.map_or(Ok(()), |unread| Err(Missing::of(unread)))?;
    let name = |group: &RoleGroup| group.display_name.clone().unwrap_or_else(|| group.id.to_string());
    let groups: Vec<String> = facts.role_groups(user).map(name).collect();
    if groups.is_empty() {
        return Ok(None);
    }
    let list = groups.join(", ");
    let message = format!("It is in groups to which roles can be assigned: {list}. A change of the roles of such a group is one of its own roles.");
    Ok(Some(Found::new(message).with("groups", list)))
}
