//! Grants, app roles and what is inherited.

use super::agents::Agents;
use super::gather::{gather, gather_rows};
use crate::ObjectId;
use crate::flow::audit::snapshot::{AppRoles, BlueprintOf, GrantOf, HeldAppRole, InheritanceOf};
use crate::flow::audit::table::Table;
use crate::flow::pages::all;
use crate::flow::read::Read;
use crate::graph;
use crate::hash::text_key;
use crate::model::{
    AppRoleAssignment, GRAPH_APP_ID, InheritablePermission, InheritancePattern, PermissionGrant, Resource,
    ServicePrincipal,
};
use crate::operation::Graph;
use crate::problem::{Code, Problem};
use crate::short;
use futures_util::stream::{FuturesUnordered, StreamExt as _};

/// The principals of all blueprints.
pub(super) async fn principals(graph: &Graph) -> Result<Table<BlueprintOf>, Problem> {
    gather(graph, graph::list_blueprint_principals(graph.endpoint()), |one: ServicePrincipal| {
        Some(BlueprintOf {
            id: one.app_id()?,
            object_id: one.id()?,
            display_name: one.display_name().map(str::to_owned),
        })
    })
    .await
}

/// The grants by which agents act, or that are for an agent user.
pub(super) async fn grants(graph: &Graph, agents: Agents<'_>) -> Result<Vec<GrantOf>, Problem> {
    let key = |grant: &PermissionGrant| text_key(grant.id().unwrap_or_default());
    let mut grants = gather_rows(graph, graph::list_all_permission_grants(graph.endpoint()), key, |grant| {
        let client_id = grant.client_id()?;
        let is_ours =
            agents.has_principal(client_id) || grant.principal_id().is_some_and(|id| agents.has_user(id));
        is_ours.then(|| GrantOf {
            client_id,
            principal_id: grant.principal_id(),
            resource_id: grant.resource_id(),
            scopes: grant.scopes().map(str::to_owned).collect(),
        })
    })
    .await?;
    let key = |one: &GrantOf| (one.client_id, one.principal_id, one.resource_id);
    short::sort(&mut grants, |one, other| key(one) < key(other));
    Ok(grants)
}

/// The app roles of Microsoft Graph that agents have.
pub(super) async fn app_roles(graph: &Graph, agents: Agents<'_>) -> Result<AppRoles, Problem> {
    let found: Vec<Resource> = all(graph, graph::find_resource(graph.endpoint(), GRAPH_APP_ID)).await?;
    let resource = found.into_iter().find(|one| one.app_id() == Some(GRAPH_APP_ID));
    let of = resource.as_ref().and_then(|resource| Some((resource, resource.id()?)));
    let (resource, resource_id) = of.ok_or_else(|| {
        Problem::new(
            Code::ResourceNotFound,
            "The tenant does not have the service principal of Microsoft Graph.",
        )
    })?;
    let name = |id: ObjectId| {
        let role = resource.app_roles().iter().find(|role| role.id == Some(id));
        role.and_then(|role| role.value.clone()).unwrap_or_else(|| id.to_string())
    };
    let key = |one: &AppRoleAssignment| text_key(one.id().unwrap_or_default());
    let mut held =
        gather_rows(graph, graph::list_app_role_holders(graph.endpoint(), resource_id), key, |one| {
            let principal_id = one.principal_id().filter(|id| agents.has(*id))?;
            Some(HeldAppRole { principal_id, name: name(one.app_role_id()?) })
        })
        .await?;
    short::sort(&mut held, |one, other| (one.principal_id, &one.name) < (other.principal_id, &other.name));
    Ok(AppRoles { resource_id, held })
}

/// What the agent identities of each blueprint inherit.
pub(super) async fn inheritance(
    graph: &Graph,
    blueprints: &Read<Table<BlueprintOf>>,
) -> Result<Table<InheritanceOf>, Problem> {
    let rows = blueprints.get().into_iter().flat_map(Table::iter).map(|one| {
        Box::pin(async move {
            let found =
                all(graph, graph::list_inheritable_permissions(graph.endpoint(), one.object_id)).await;
            let all_allowed = Read::of(found.map(|entries| all_allowed(&entries)))?;
            Ok::<_, Problem>(InheritanceOf { id: one.id, all_allowed })
        })
    });
    let mut rows: FuturesUnordered<_> = rows.collect();
    let mut read = Vec::new();
    while let Some(row) = rows.next().await {
        read.push(row?);
    }
    Ok(read.into_iter().collect())
}

fn all_allowed(entries: &[InheritablePermission]) -> Vec<ObjectId> {
    let is_all = |pattern: &Option<InheritancePattern>| {
        pattern.as_ref().and_then(InheritancePattern::kind) == Some("allAllowed")
    };
    let all = entries.iter().filter(|one| is_all(&one.inheritable_scopes) || is_all(&one.inheritable_roles));
    let mut resources: Vec<ObjectId> = all.filter_map(|one| one.resource_app_id).collect();
    short::sort(&mut resources, |one, other| one < other);
    resources
}
