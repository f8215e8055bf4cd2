//! An agent with a permission of Microsoft Graph that Microsoft blocks for agents (docs/graph.md#not-allowed).

use super::super::facts::Facts;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::User;
use super::super::thresholds::Thresholds;
use super::super::missing::Missing;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "blocked-permission",
    Severity::High,
    "An agent has a permission that Microsoft blocks for agents.",
    &[Section::Identities, Section::Principals, Section::Grants, Section::AppRoles],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, user));
}

fn judge<'a>(facts: &Facts<'a>, user: &User) -> Verdict<'a> {
    let snapshot = facts.snapshot;
    let (identities, principals) = (snapshot.identities.get()?, snapshot.principals.get()?);
    let (grants, app_roles) = (snapshot.grants.get()?, snapshot.app_roles.get()?);
    let parent = user.identity_parent_id.ok_or_else(|| Missing::unshown("identityParentId"))?;
    // Agent identities may inherit the permissions of their blueprint's principal.
    let blueprint = identities.get(parent).and_then(|one| one.agent_identity_blueprint_id);
    let blueprint = blueprint.and_then(|app_id| principals.get(app_id)).map(|one| one.object_id);
    let is_of = |id| id == parent || id == user.id || Some(id) == blueprint;
    let mut names: Vec<String> = Vec::new();
    let of_graph = grants.iter().filter(|grant| grant.resource_id == Some(app_roles.resource_id));
    let for_it = of_graph.filter(|grant| {
        is_of(grant.client_id) && grant.principal_id.is_none_or(|id| id == user.id)
    });
    names.extend(for_it.flat_map(|grant| grant.scopes.iter()).filter(|name| is_blocked(name)).cloned());
    let held = app_roles.held.iter().filter(|held| is_of(held.principal_id) && is_blocked(&held.name));
    names.extend(held.map(|held| held.name.clone()));
    if names.is_empty() {
        return Ok(None);
    }
    names.sort();
    names.dedup();
    let list = names.join(", ");
    let message = format!("It, its parent or its blueprint has permissions that Microsoft blocks for agents: {list}.");
    let found = Found::new(message).with("permissions", list);
    Ok(Some(found.fixed_by(format!("agentuser permission list {}", user.name()))))
}

fn is_blocked(name: &str) -> bool {
    BLOCKED.iter().any(|blocked| blocked.eq_ignore_ascii_case(name))
}

/// Those that Microsoft's page names; it says that there are more.
const BLOCKED: &[&str] = &[
    "Application.ReadWrite.All",
    "Directory.AccessAsUser.All",
    "Directory.ReadWrite.All",
    "Group.ReadWrite.All",
    "RoleManagement.ReadWrite.Directory",
    "User.DeleteRestore.All",
    "User.EnableDisableAccount.All",
    "User.ReadWrite.All",
];
