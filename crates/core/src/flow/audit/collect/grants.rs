//! Grants, app roles and what is inherited.

use super::agents::Agents;
use super::gather::{gather, gather_rows};
use crate::ObjectId;
use crate::flow::audit::snapshot::{AppRoles, BlueprintOf, GrantOf, HeldAppRole, InheritanceOf};
use crate::flow::audit::table::Table;
use crate::flow::audit::text::Text;
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
use std::collections::BTreeMap;

/// The principals of all blueprints.
pub(super) async fn principals(graph: &Graph) -> Result<Table<BlueprintOf>, Problem> {
    gather(graph, graph::list_blueprint_principals(graph.endpoint()), |one: ServicePrincipal| {
        Some(BlueprintOf {
            id: one.app_id()?,
            object_id: one.id()?,
            display_name: one.display_name().map(Text::from),
        })
    })
    .await
}

/// All grants of a tenant, those by which no agent acts included. Most have one of few texts of permissions.
pub(super) struct Grants {
    rows: Vec<Grant>,
    scopes: Vec<Vec<String>>,
}

struct Grant {
    client_id: ObjectId,
    principal_id: Option<ObjectId>,
    resource_id: Option<ObjectId>,
    /// The place of its permissions.
    scopes: usize,
}

impl Grants {
    /// Those by which agents act, or that are for an agent user.
    pub(super) fn of(self, agents: Agents<'_>) -> Vec<GrantOf> {
        let is_ours = |one: &Grant| {
            agents.has_principal(one.client_id) || one.principal_id.is_some_and(|id| agents.has_user(id))
        };
        let ours = self.rows.into_iter().filter(is_ours).map(|one| GrantOf {
            client_id: one.client_id,
            principal_id: one.principal_id,
            resource_id: one.resource_id,
            scopes: self.scopes.get(one.scopes).cloned().unwrap_or_default(),
        });
        let mut grants: Vec<GrantOf> = ours.collect();
        grants.sort_by_key(|one| (one.client_id, one.principal_id, one.resource_id));
        grants
    }
}

/// The grants of the tenant.
pub(super) async fn grants(graph: &Graph) -> Result<Grants, Problem> {
    let key = |grant: &PermissionGrant| text_key(grant.id().unwrap_or_default());
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut scopes: Vec<Vec<String>> = Vec::new();
    let rows = gather_rows(graph, graph::list_all_permission_grants(graph.endpoint()), key, |grant| {
        let place = *places.entry(grant.scope().unwrap_or_default().to_owned()).or_insert_with(|| {
            scopes.push(grant.scopes().map(str::to_owned).collect());
            scopes.len() - 1
        });
        Some(Grant {
            client_id: grant.client_id()?,
            principal_id: grant.principal_id(),
            resource_id: grant.resource_id(),
            scopes: place,
        })
    })
    .await?;
    Ok(Grants { rows, scopes })
}

/// The app roles of Microsoft Graph, with all principals that have one.
pub(super) struct Holders {
    resource: Resource,
    resource_id: ObjectId,
    /// Principals, each with the id of the app role.
    rows: Vec<(ObjectId, ObjectId)>,
}

impl Holders {
    /// Those that agents have.
    pub(super) fn of(self, agents: Agents<'_>) -> AppRoles {
        let name = |id: ObjectId| {
            let role = self.resource.app_roles().iter().find(|role| role.id == Some(id));
            role.and_then(|role| role.value.clone()).unwrap_or_else(|| id.to_string())
        };
        let ours = self.rows.iter().filter(|(principal_id, _)| agents.has(*principal_id));
        let mut held: Vec<HeldAppRole> = ours
            .map(|(principal_id, role)| HeldAppRole { principal_id: *principal_id, name: name(*role) })
            .collect();
        held.sort_by(|one, other| (one.principal_id, &one.name).cmp(&(other.principal_id, &other.name)));
        AppRoles { resource_id: self.resource_id, held }
    }
}

/// The app roles of Microsoft Graph that anybody has.
pub(super) async fn app_roles(graph: &Graph) -> Result<Holders, Problem> {
    let found: Vec<Resource> = all(graph, graph::find_resource(graph.endpoint(), GRAPH_APP_ID)).await?;
    let resource = found.into_iter().find(|one| one.app_id() == Some(GRAPH_APP_ID));
    let of = resource.and_then(|resource| Some((resource.id()?, resource)));
    let (resource_id, resource) = of.ok_or_else(|| {
        Problem::new(
            Code::ResourceNotFound,
            "The tenant does not have the service principal of Microsoft Graph.",
        )
    })?;
    let key = |one: &AppRoleAssignment| text_key(one.id().unwrap_or_default());
    let first = graph::list_app_role_holders(graph.endpoint(), resource_id);
    let rows = gather_rows(graph, first, key, |one| Some((one.principal_id()?, one.app_role_id()?))).await?;
    Ok(Holders { resource, resource_id, rows })
}

/// The permissions that the agent identities of each blueprint inherit.
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
