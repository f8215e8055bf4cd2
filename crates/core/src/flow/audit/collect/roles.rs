//! Directory roles and risk.

use super::agents::Agents;
use super::gather::{gather, gather_rows};
use crate::ObjectId;
use crate::flow::audit::snapshot::{HeldRole, RiskOf, RoleGroup, RoleOf, User};
use crate::flow::audit::table::Table;
use crate::flow::pages::{Pages, Turn};
use crate::flow::read::Read;
use crate::graph::{self, Ask};
use crate::hash::text_key;
use crate::model::{DirectoryObject, Group, Page, RiskyAgent, RoleAssignment, RoleDefinition};
use crate::operation::Graph;
use crate::problem::Problem;
use futures_util::stream::{FuturesUnordered, StreamExt as _};

/// The roles of a list, whichever principals hold them.
pub(super) async fn held(
    graph: &Graph,
    first: Ask<Page<Vec<RoleAssignment>>>,
) -> Result<Vec<HeldRole>, Problem> {
    let key = |one: &RoleAssignment| text_key(one.id.as_deref().unwrap_or_default());
    let mut held = gather_rows(graph, first, key, |one| {
        Some(HeldRole {
            principal_id: one.principal_id?,
            role_definition_id: one.role_definition_id?,
            directory_scope_id: one.directory_scope_id,
        })
    })
    .await?;
    held.sort_by_key(|one| (one.principal_id, one.role_definition_id));
    Ok(held)
}

/// Leaves the roles of agent users, and those of groups in which agent users are.
pub(super) fn keep_agents(
    roles: &mut Read<Vec<HeldRole>>,
    users: &Table<User>,
    groups: &Read<Table<RoleGroup>>,
) {
    let Read::Known(held) = roles else { return };
    let is_group = |id: ObjectId| groups.get().is_ok_and(|groups| groups.get(id).is_some());
    held.retain(|one| users.get(one.principal_id).is_some() || is_group(one.principal_id));
}

pub(super) async fn definitions(graph: &Graph) -> Result<Table<RoleOf>, Problem> {
    gather(graph, graph::list_role_definitions(graph.endpoint()), |one: RoleDefinition| {
        Some(RoleOf { id: one.id?, display_name: one.display_name, is_built_in: one.is_built_in })
    })
    .await
}

/// Leaves the groups in which agent users are, with those alone.
pub(super) fn keep_agent_members(groups: &mut Read<Table<RoleGroup>>, users: &Table<User>) {
    let Read::Known(groups) = groups else { return };
    groups.retain(|group| {
        let Read::Known(members) = &mut group.members else { return true };
        members.retain(|id| users.get(*id).is_some());
        !members.is_empty()
    });
}

/// Leaves the risks of agents.
pub(super) fn keep_agents_at_risk(risks: &mut Read<Table<RiskOf>>, agents: Agents<'_>) {
    if let Read::Known(risks) = risks {
        risks.retain(|risk| agents.has(risk.id));
    }
}

/// The groups to which roles can be assigned, with their members.
pub(super) async fn groups(graph: &Graph) -> Result<Table<RoleGroup>, Problem> {
    struct Found(ObjectId, Option<String>);
    let key = |one: &Group| one.id().map_or(0, |id| text_key(&id.to_string()));
    let found = gather_rows(graph, graph::list_role_groups(graph.endpoint()), key, |group| {
        Some(Found(group.id()?, group.display_name().map(str::to_owned)))
    })
    .await?;
    let rows = found.into_iter().map(|Found(id, display_name)| {
        Box::pin(async move {
            let members = Read::of(members(graph, id).await)?;
            Ok::<_, Problem>(RoleGroup { id, display_name, members })
        })
    });
    let mut rows: FuturesUnordered<_> = rows.collect();
    let mut groups = Vec::new();
    while let Some(row) = rows.next().await {
        groups.push(row?);
    }
    Ok(groups.into_iter().collect())
}

/// The members of a group, directly or by another group.
pub(super) async fn members(graph: &Graph, group: ObjectId) -> Result<Vec<ObjectId>, Problem> {
    let mut pages = Pages::new(graph, graph::list_transitive_members(graph.endpoint(), group)).or_smaller();
    let mut found = std::collections::BTreeSet::new();
    loop {
        match pages.turn().await? {
            Turn::Page(page) => {
                pages.brought(page.len());
                found.extend(page.iter().filter_map(DirectoryObject::id));
            }
            Turn::Again => {}
            Turn::End => return Ok(found.into_iter().collect()),
        }
    }
}

/// The agents at risk.
pub(super) async fn risks(graph: &Graph) -> Result<Table<RiskOf>, Problem> {
    gather(graph, graph::list_risky_agents(graph.endpoint()), |one: RiskyAgent| {
        Some(RiskOf {
            id: one.id?,
            identity_type: one.identity_type,
            risk_level: one.risk_level,
            risk_state: one.risk_state,
        })
    })
    .await
}
