//! An agent with a permission of Microsoft Graph that Microsoft blocks for agents (docs/graph.md#not-allowed).

use super::super::facts::Facts;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::table::{by_id, places_of};
use super::super::snapshot::User;
use crate::ObjectId;
use crate::flow::read::Unread;
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
    let blocked = blocked(facts);
    verdicts.each_user(facts, |user| judge(facts, &blocked, user));
}

/// The blocked permissions that agents have.
struct Blocked<'a> {
    /// The user for whom alone an agent acts by one, none where it may act for all; and its name.
    all: Vec<(Option<ObjectId>, &'a str)>,
    /// The agents, each with the place of one that it has.
    of: Vec<(ObjectId, usize)>,
}

fn blocked<'a>(facts: &Facts<'a>) -> Result<Blocked<'a>, &'a Unread> {
    let (grants, app_roles) = (facts.snapshot.grants.get()?, facts.snapshot.app_roles.get()?);
    let of_graph = grants.iter().filter(|grant| grant.resource_id == Some(app_roles.resource_id));
    let granted = of_graph.flat_map(|grant| {
        grant.scopes.iter().map(|name| (grant.client_id, grant.principal_id, name.as_str()))
    });
    let held = app_roles.held.iter().map(|held| (held.principal_id, None, held.name.as_str()));
    let all: Vec<_> = granted.chain(held).filter(|(_, _, name)| is_blocked(name)).collect();
    let of = by_id(all.iter().map(|(agent, ..)| *agent));
    Ok(Blocked { all: all.into_iter().map(|(_, only_for, name)| (only_for, name)).collect(), of })
}

fn judge<'a>(facts: &Facts<'a>, blocked: &Result<Blocked<'a>, &'a Unread>, user: &User) -> Verdict<'a> {
    let (identities, principals) = (facts.snapshot.identities.get()?, facts.snapshot.principals.get()?);
    let blocked = blocked.as_ref().map_err(|unread| *unread)?;
    let parent = user.identity_parent_id.ok_or_else(|| Missing::unshown("identityParentId"))?;
    // Agent identities may inherit the permissions of their blueprint's principal.
    let blueprint = identities.get(parent).and_then(|one| one.agent_identity_blueprint_id);
    let blueprint = blueprint.and_then(|app_id| principals.get(app_id)).map(|one| one.object_id);
    let mut names: Vec<&str> = Vec::new();
    for agent in [Some(parent), Some(user.id), blueprint].into_iter().flatten() {
        let own = places_of(&blocked.of, agent).filter_map(|place| blocked.all.get(place));
        let for_it = own.filter(|(only_for, _)| only_for.is_none_or(|id| id == user.id));
        names.extend(for_it.map(|(_, name)| *name));
    }
    if names.is_empty() {
        return Ok(None);
    }
    names.sort_unstable();
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
