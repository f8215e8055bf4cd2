//! The permissions that an agent has.

use super::app_role::app_roles_of;
use super::holder::{Principal, client, identity_of};
use crate::ObjectId;
use crate::flow::blueprint::blueprint;
use crate::flow::find::resolve;
use crate::flow::pages::all;
use crate::graph;
use crate::model::{
    ALL_PRINCIPALS, AppRoleAssignment, InheritablePermission, InheritancePattern, PermissionClient,
    PermissionGrant, PermissionHolder, Resource,
};
use crate::operation::Graph;
use crate::problem::Problem;
use serde::Serialize;

/// The permissions that an agent identity, a blueprint's principal or an agent user has.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Permissions {
    /// Its object id.
    pub id: ObjectId,
    /// Its display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The delegated permissions by which it acts. An agent user acts by those of its agent identity: these are the ones for
    /// it, and those for all users.
    pub delegated: Vec<DelegatedPermission>,
    /// The app roles that are assigned to it.
    pub app_roles: Vec<AssignedAppRole>,
    /// The permissions that the agent identities of a blueprint inherit; empty for others. Graph v1.0 does
    /// not show what an agent identity has inherited: that is in its tokens alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inheritable: Vec<InheritedResource>,
}

/// A delegated permission grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DelegatedPermission {
    /// The grant's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_id: Option<String>,
    /// The object id of the service principal that acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ObjectId>,
    /// `Principal` for one user, `AllPrincipals` for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent_type: Option<String>,
    /// The user, of a grant for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal_id: Option<ObjectId>,
    /// The object id of the resource's service principal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<ObjectId>,
    /// The resource's application id, where the caller may read the resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_app_id: Option<ObjectId>,
    /// The resource's name, where the caller may read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_display_name: Option<String>,
    /// The names of the permissions.
    pub scopes: Vec<String>,
}

/// An app role that is assigned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AssignedAppRole {
    /// The assignment's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignment_id: Option<String>,
    /// The role's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_role_id: Option<ObjectId>,
    /// The role's name, where the caller may read the resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_role: Option<String>,
    /// The object id of the resource's service principal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<ObjectId>,
    /// The resource's application id, where the caller may read the resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_app_id: Option<ObjectId>,
    /// The resource's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_display_name: Option<String>,
}

/// The permissions of one resource that agent identities inherit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct InheritedResource {
    /// The application id of the resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_app_id: Option<ObjectId>,
    /// `allAllowed`, `enumerated` or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inheritable_scopes: Option<String>,
    /// `allAllowed`, `enumerated` or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inheritable_roles: Option<String>,
}

/// The permissions of an agent user, an agent identity, or a blueprint's principal.
///
/// # Errors
/// When it is not found; and refusals of Graph.
pub async fn list_permissions(graph: &Graph, of: &PermissionHolder) -> Result<Permissions, Problem> {
    let (principal, grants) = match of {
        PermissionHolder::User(user) => {
            let (id, found) = resolve(graph, user).await?;
            let principal = Principal::of_user(&found)?;
            let identity = identity_of(graph, &found).await?;
            let mut grants = grants_of(graph, &identity).await?;
            grants.retain(|grant| {
                grant.principal_id() == Some(id) || grant.consent_type() == Some(ALL_PRINCIPALS)
            });
            (principal, grants)
        }
        PermissionHolder::Client(one) => {
            let principal = client(graph, *one).await?;
            let grants = grants_of(graph, &principal).await?;
            (principal, grants)
        }
    };
    let assigned = all(graph, app_roles_of(graph, &principal)).await?;
    let inheritable = match of {
        PermissionHolder::Client(PermissionClient::Blueprint(id)) => {
            let (blueprint, _) = blueprint(graph, *id).await?;
            all(graph, graph::list_inheritable_permissions(graph.endpoint(), blueprint)).await?
        }
        _ => Vec::new(),
    };
    let resources = Resources::read(graph, &grants, &assigned).await?;
    Ok(Permissions {
        id: principal.id,
        display_name: principal.display_name,
        delegated: grants.iter().map(|grant| resources.delegated(grant)).collect(),
        app_roles: assigned.iter().map(|one| resources.assigned(one)).collect(),
        inheritable: inheritable.iter().map(inherited).collect(),
    })
}

pub(super) async fn grants_of(graph: &Graph, client: &Principal) -> Result<Vec<PermissionGrant>, Problem> {
    let mut grants = all(graph, graph::permission_grants_of(graph.endpoint(), client.id)).await?;
    grants.retain(|grant| grant.client_id() == Some(client.id));
    Ok(grants)
}

pub(super) fn inherited(entry: &InheritablePermission) -> InheritedResource {
    let kind =
        |of: &Option<InheritancePattern>| of.as_ref().and_then(InheritancePattern::kind).map(str::to_owned);
    InheritedResource {
        resource_app_id: entry.resource_app_id,
        inheritable_scopes: kind(&entry.inheritable_scopes),
        inheritable_roles: kind(&entry.inheritable_roles),
    }
}

/// The resources that grants and assignments name by id, as far as the caller may read them.
pub(super) struct Resources(Vec<Resource>);

impl Resources {
    pub(super) async fn read(
        graph: &Graph,
        grants: &[PermissionGrant],
        assigned: &[AppRoleAssignment],
    ) -> Result<Self, Problem> {
        let of_grants = grants.iter().filter_map(PermissionGrant::resource_id);
        let mut ids: Vec<ObjectId> = Vec::new();
        for id in of_grants.chain(assigned.iter().filter_map(AppRoleAssignment::resource_id)) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let mut found = Vec::new();
        for id in ids {
            match graph.look(graph::get_resource(graph.endpoint(), id)).await {
                Ok(resource) => found.extend(resource),
                // Without the permission for their names, ids are told.
                Err(problem) if problem.answered() == Some(403) => break,
                Err(problem) => return Err(problem),
            }
        }
        Ok(Self(found))
    }

    fn of(&self, id: Option<ObjectId>) -> Option<&Resource> {
        self.0.iter().find(|resource| resource.id() == id)
    }

    fn name(&self, id: Option<ObjectId>) -> Option<String> {
        self.of(id)?.display_name().map(str::to_owned)
    }

    fn app_id(&self, id: Option<ObjectId>) -> Option<ObjectId> {
        self.of(id)?.app_id()
    }

    pub(super) fn delegated(&self, grant: &PermissionGrant) -> DelegatedPermission {
        DelegatedPermission {
            grant_id: grant.id().map(str::to_owned),
            client_id: grant.client_id(),
            consent_type: grant.consent_type().map(str::to_owned),
            principal_id: grant.principal_id(),
            resource_id: grant.resource_id(),
            resource_app_id: self.app_id(grant.resource_id()),
            resource_display_name: self.name(grant.resource_id()),
            scopes: grant.scopes().map(str::to_owned).collect(),
        }
    }

    pub(super) fn assigned(&self, one: &AppRoleAssignment) -> AssignedAppRole {
        let role = self.of(one.resource_id()).and_then(|resource| {
            resource.app_roles().iter().find(|role| role.id == one.app_role_id())?.value.clone()
        });
        AssignedAppRole {
            assignment_id: one.id().map(str::to_owned),
            app_role_id: one.app_role_id(),
            app_role: role,
            resource_id: one.resource_id(),
            resource_app_id: self.app_id(one.resource_id()),
            resource_display_name: self
                .name(one.resource_id())
                .or_else(|| one.resource_display_name().map(str::to_owned)),
        }
    }
}
