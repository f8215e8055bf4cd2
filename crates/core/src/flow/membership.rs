//! The groups of an agent user (docs/graph.md#group-members).

use super::ensure::{ensure, ensure_strictly};
use super::find::resolve;
use super::pages::all;
use super::poller::{Poller, may_be_lag};
use super::report::{Change, Report};
use super::single::Single;
use crate::ObjectId;
use crate::graph::{self, Detail};
use crate::model::{FixedMembers, Group, GroupRef, Page, UserRef};
use crate::operation::{Graph, Waiting};
use crate::problem::{Code, Problem};

const FIELD: &str = "group";

/// The groups that an agent user is a direct member of.
///
/// # Errors
/// [`Code::NotFound`], [`Code::NotAnAgentUser`], and refusals of Graph.
pub async fn list_groups(graph: &Graph, user: &UserRef) -> Result<Vec<Group>, Problem> {
    let (id, _) = resolve(graph, user).await?;
    let mut found = read_memberships(graph, id).await?;
    found.retain(Group::is_group);
    Ok(found)
}

/// The groups that an existing user is a direct member of. Graph may not find the user yet, which is lag.
pub(super) async fn read_memberships(graph: &Graph, user: ObjectId) -> Result<Vec<Group>, Problem> {
    let mut poller = Poller::replication(graph);
    loop {
        match all(graph, graph::list_memberships(graph.endpoint(), user)).await {
            Err(problem)
                if may_be_lag(&problem)
                    && poller.again_after(Waiting::Replication, Some(&problem)).await? => {}
            other => return other,
        }
    }
}

/// The one group of that id or display name. `field` names where it was given.
///
/// # Errors
/// [`Code::GroupNotFound`], [`Code::GroupAmbiguous`], and refusals of Graph.
pub(super) async fn find_group(
    graph: &Graph,
    wanted: &GroupRef,
    field: &str,
) -> Result<(ObjectId, Group), Problem> {
    let found = match wanted {
        GroupRef::Id(id) => {
            graph.look(graph::get_group(graph.endpoint(), *id)).await?.into_iter().collect::<Vec<_>>()
        }
        GroupRef::Name(name) => {
            let groups = all(graph, graph::find_groups_by_name(graph.endpoint(), name)).await?;
            let is_it =
                |group: &Group| group.display_name().is_some_and(|other| other.eq_ignore_ascii_case(name));
            groups.into_iter().filter(is_it).collect()
        }
    };
    let mut found: Vec<(ObjectId, Group)> =
        found.into_iter().filter_map(|group| Some((group.id()?, group))).collect();
    if found.len() > 1 {
        let ids: Vec<String> = found.iter().map(|(id, _)| id.to_string()).collect();
        let message = format!("The tenant has {} groups named {wanted}: {}.", ids.len(), ids.join(", "));
        return Err(Problem::new(Code::GroupAmbiguous, message).with_field(field));
    }
    found.pop().ok_or_else(|| {
        let message = format!("The tenant has no group {wanted}.");
        Problem::new(Code::GroupNotFound, message).with_field(field)
    })
}

/// A group as messages name it: by its name and its id, or by its id alone.
pub(super) fn called(id: &str, name: Option<&str>) -> String {
    name.map_or_else(|| id.to_owned(), |name| format!("{name} ({id})"))
}

/// Refuses a group whose members Graph does not change, before anything is written. `field` names where it was given.
pub(super) fn require_changeable(id: ObjectId, group: &Group, field: &str) -> Result<(), Problem> {
    let Some(fixed) = group.fixed_members() else { return Ok(()) };
    let name = called(&id.to_string(), group.display_name());
    let (code, message) = match fixed {
        FixedMembers::OnPremises => {
            (Code::GroupKeptOnPremises, format!("The group {name} is synced from on-premises."))
        }
        FixedMembers::Exchange => {
            let kind = match group.security_enabled() {
                Some(true) => "a mail-enabled security group",
                _ => "a distribution group",
            };
            (Code::GroupKeptByExchange, format!("The group {name} is {kind}, whose members Exchange keeps."))
        }
        FixedMembers::Roles => {
            (Code::GroupForRoles, format!("Directory roles can be assigned to the group {name}."))
        }
        FixedMembers::Dynamic => {
            (Code::GroupIsDynamic, format!("The members of the group {name} follow from its rule."))
        }
    };
    Err(Problem::new(code, message).with_field(field))
}

/// A refusal of a change of a group, which restricted management may explain.
fn explained(group: &Group, problem: Problem) -> Problem {
    let is_restricted = group.is_management_restricted() == Some(true);
    if !is_restricted || problem.code() != Code::PermissionMissing {
        return problem;
    }
    Problem::new(Code::ManagementRestricted, problem.message().to_owned()).about(&problem)
}

/// Whether a group is in the list, as far as its first page shows that.
fn among(page: Option<&Page<Vec<Group>>>, group: ObjectId) -> Option<bool> {
    let page = page?;
    let found = page.value.iter().any(|entry| entry.id() == Some(group));
    // Only a list that was seen to its end shows that an entry is missing.
    if found { Some(true) } else { page.next_link.is_none().then_some(false) }
}

/// Adds a user to a group that was found.
pub(super) async fn write_member(
    graph: &Graph,
    id: ObjectId,
    group: &Group,
    user: ObjectId,
) -> Result<(), Problem> {
    let written = ensure(
        graph,
        || graph::add_group_member(graph.endpoint(), id, user),
        || graph::list_memberships(graph.endpoint(), user),
        |seen| among(seen, id) == Some(true),
    );
    written.await.map_err(|problem| explained(group, problem))
}

/// Removes a user from a group that was found.
pub(super) async fn remove_member(
    graph: &Graph,
    id: ObjectId,
    group: &Group,
    user: ObjectId,
) -> Result<(), Problem> {
    let written = ensure_strictly(
        graph,
        || graph::remove_group_member(graph.endpoint(), id, user),
        || graph::list_memberships(graph.endpoint(), user),
        |seen| among(seen, id) == Some(false),
    );
    written.await.map_err(|problem| explained(group, problem))
}

/// Adds an agent user to a group, unless it is a member already.
///
/// # Errors
/// [`Code::GroupNotFound`], [`Code::GroupAmbiguous`], a group whose members Graph does not change, [`Code::NotFound`],
/// [`Code::NotAnAgentUser`], and refusals of Graph.
pub async fn add_to_group(
    graph: &Graph,
    user: &UserRef,
    group: &GroupRef,
    dry_run: bool,
) -> Result<Report, Problem> {
    let (graph, mut single) = Single::find(graph, user, &Detail::USUAL, dry_run).await?;
    let (id, found) = find_group(&graph, group, FIELD).await?;
    require_changeable(id, &found, FIELD)?;
    if !read_memberships(&graph, single.id).await?.iter().any(|entry| entry.id() == Some(id)) {
        let change = Change::AddToGroup { group: group.to_string() };
        single.make([change], write_member(&graph, id, &found, single.id)).await?;
    }
    Ok(single.done())
}

/// Removes an agent user from a group, if it is a direct member.
///
/// # Errors
/// As [`add_to_group`].
pub async fn remove_from_group(
    graph: &Graph,
    user: &UserRef,
    group: &GroupRef,
    dry_run: bool,
) -> Result<Report, Problem> {
    let (graph, mut single) = Single::find(graph, user, &Detail::USUAL, dry_run).await?;
    let (id, found) = find_group(&graph, group, FIELD).await?;
    // An agent user that is in such a group already may leave it.
    if found.fixed_members() != Some(FixedMembers::Roles) {
        require_changeable(id, &found, FIELD)?;
    }
    let member = single.id;
    if read_memberships(&graph, member).await?.iter().any(|entry| entry.id() == Some(id)) {
        let write = remove_member(&graph, id, &found, member);
        single.make([Change::RemoveFromGroup { group: group.to_string() }], write).await?;
    }
    Ok(single.done())
}
