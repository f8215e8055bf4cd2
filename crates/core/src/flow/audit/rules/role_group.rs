//! An agent user in a group to which roles can be assigned, which Microsoft rules out (docs/graph.md#group-members).

use super::super::facts::Facts;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::User;
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
    verdicts.each_user(facts, |user| judge(facts, user));
}

fn judge<'a>(facts: &Facts<'a>, user: &User) -> Verdict<'a> {
    let mut groups = Vec::new();
    for group in facts.snapshot.role_groups.get()?.iter() {
        if group.members.get().map_err(Missing::of)?.contains(&user.id) {
            groups.push(group.display_name.clone().unwrap_or_else(|| group.id.to_string()));
        }
    }
    if groups.is_empty() {
        return Ok(None);
    }
    let list = groups.join(", ");
    let message = format!("It is in groups to which roles can be assigned: {list}. A change of the roles of such a group is one of its own roles.");
    Ok(Some(Found::new(message).with("groups", list)))
}
