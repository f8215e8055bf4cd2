//! The access of an agent user, each part with its source (docs/graph.md#access).

use super::app_role::app_roles_of;
use super::holder::Principal;
use super::list::{AssignedAppRole, DelegatedPermission, InheritedResource, Resources, grants_of, inherited};
use crate::ObjectId;
use crate::flow::blueprint::blueprint;
use crate::flow::find::resolve;
use crate::flow::membership::read_memberships;
use crate::flow::pages::all;
use crate::flow::parent;
use crate::flow::read::{Read, Unread};
use crate::graph::{self, Ask, Endpoint};
use crate::model::{
    ALL_PRINCIPALS, AgentUser, Group, ObjectKind, Page, RoleAssignment, RoleDefinition, ServicePrincipal,
    UserRef,
};
use crate::operation::Graph;
use crate::problem::{Code, Problem};
use futures_util::future::{join, join_all, join4};
use serde::Serialize;

/// The access of an agent user. A part that could not be read says why: it is not empty.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Access {
    /// Its object id.
    pub id: ObjectId,
    /// Its user principal name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
    /// Its agent identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity_parent_id: Option<ObjectId>,
    /// The groups that it is in, directly or by another group.
    pub groups: Read<Vec<Sourced<AccessGroup>>>,
    /// The directory roles that it has. Those of groups are among them where its groups were read.
    pub roles: Read<Vec<Sourced<AccessRole>>>,
    /// The directory roles that it may activate, as far as `roles`.
    pub eligible_roles: Read<Vec<Sourced<AccessRole>>>,
    /// The delegated permissions by which its agent identity acts for it.
    pub delegated: Read<Vec<Sourced<DelegatedPermission>>>,
    /// The app roles that are assigned to it or to its groups.
    pub app_roles: Read<Vec<Sourced<AssignedAppRole>>>,
    /// The permissions that the blueprint lets its agent identities inherit, by resource. Graph v1.0 does not
    /// show what is inherited: that is in tokens alone.
    pub inheritable: Read<Vec<Sourced<InheritedResource>>>,
}

/// A group, role or permission of an agent user, and its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "camelCase")]
pub struct Sourced<T> {
    /// Where it comes from.
    pub source: AccessSource,
    /// The group, role or permission.
    pub access: T,
}

/// Where access comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AccessSource {
    /// The kind of the source.
    pub kind: AccessSourceKind,
    /// The object id of the group, or the application id of the blueprint, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<ObjectId>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
}

/// The kind of source that access comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum AccessSourceKind {
    /// The agent user has it by itself.
    Itself,
    /// A group that it is in.
    Group,
    /// All users have it.
    AllUsers,
    /// The blueprint of its agent identity.
    Blueprint,
}

/// A group of an agent user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AccessGroup {
    /// Its object id.
    pub id: ObjectId,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Whether directory roles can be assigned to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_assignable_to_role: Option<bool>,
}

/// A directory role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AccessRole {
    /// The id of its definition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_definition_id: Option<ObjectId>,
    /// Its name, where the caller may read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// `/` for the whole tenant, else what it is confined to, such as an administrative unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directory_scope_id: Option<String>,
}

impl AccessSource {
    const fn of(kind: AccessSourceKind) -> Self {
        Self { kind, id: None, display_name: None }
    }

    /// The group, by its name where that is known.
    fn group(id: ObjectId, groups: &[Sourced<AccessGroup>]) -> Self {
        let found = groups.iter().find(|group| group.access.id == id);
        let display_name = found.and_then(|group| group.access.display_name.clone());
        Self { kind: AccessSourceKind::Group, id: Some(id), display_name }
    }
}

/// Reads the access of an agent user.
///
/// # Errors [`Code::NotFound`], [`Code::NotAnAgentUser`], and the early end. A part that may not be read says
/// so in the result.
pub async fn read_access(graph: &Graph, user: &UserRef) -> Result<Access, Problem> {
    let (id, user) = resolve(graph, user).await?;
    // No part waits for one that it does not need: they are read side by side.
    let graph = &graph.with_batches();
    let of_user = Box::pin(async {
        let (groups, roles, eligible, assigned) = join4(
            groups_of(graph, id),
            held_by(graph, &[id], graph::role_assignments_of),
            held_by(graph, &[id], graph::eligible_roles_of),
            assigned_to(graph, &user),
        )
        .await;
        let groups = Read::of(groups)?;
        let known = groups.get().map_or(&[][..], Vec::as_slice);
        let (roles, eligible) = join(
            with_groups(graph, id, roles, known, graph::role_assignments_of),
            with_groups(graph, id, eligible, known, graph::eligible_roles_of),
        )
        .await;
        let (mut roles, mut eligible) = (Read::of(roles)?, Read::of(eligible)?);
        name_roles(graph, [&mut roles, &mut eligible]).await?;
        let app_roles = Read::of(assigned)?.map(|(own, assigned)| sourced(own, assigned, known));
        Ok::<_, Problem>((groups, roles, eligible, app_roles))
    });
    let of_parent = Box::pin(async {
        match Read::of(parent_of(graph, &user).await)? {
            Read::Known(parent) => {
                let parts = join(delegated_of(graph, id, &parent), inherited_by(graph, &parent)).await;
                Ok::<_, Problem>((Read::of(parts.0)?, Read::of(parts.1)?))
            }
            Read::Unknown(unread) => Ok((Read::Unknown(unread.clone()), Read::Unknown(unread))),
        }
    });
    let (of_user, of_parent) = join(of_user, of_parent).await;
    let (groups, roles, eligible_roles, app_roles) = of_user?;
    let (delegated, inheritable) = of_parent?;
    Ok(Access {
        id,
        user_principal_name: user.user_principal_name().map(str::to_owned),
        identity_parent_id: user.identity_parent_id(),
        groups,
        roles,
        eligible_roles,
        delegated,
        app_roles,
        inheritable,
    })
}

/// The groups, with which of them it is in by another group.
async fn groups_of(graph: &Graph, id: ObjectId) -> Result<Vec<Sourced<AccessGroup>>, Problem> {
    let transitive = all(graph, graph::list_transitive_memberships(graph.endpoint(), id));
    let (direct, found) = join(read_memberships(graph, id), transitive).await;
    let (direct, mut found) = (direct?, found?);
    // Replicas differ: what one of the lists has counts.
    for one in &direct {
        if !found.iter().any(|other| other.id() == one.id()) {
            found.push(one.clone());
        }
    }
    let groups = found.iter().filter(|one| one.is_group()).filter_map(|group: &Group| {
        let is_direct = direct.iter().any(|one| one.id() == group.id());
        let kind = if is_direct { AccessSourceKind::Itself } else { AccessSourceKind::Group };
        let access = AccessGroup {
            id: group.id()?,
            display_name: group.display_name().map(str::to_owned),
            is_assignable_to_role: group.is_assignable_to_role(),
        };
        Some(Sourced { source: AccessSource::of(kind), access })
    });
    Ok(groups.collect())
}

/// The roles of an object, with the object that has each.
type Held = Vec<(ObjectId, RoleAssignment)>;

/// The roles of these objects, in their order.
async fn held_by(
    graph: &Graph,
    holders: &[ObjectId],
    list: fn(&Endpoint, ObjectId) -> Ask<Page<Vec<RoleAssignment>>>,
) -> Result<Held, Problem> {
    let reads = holders.iter().map(|holder| {
        Box::pin(async move {
            let found = all(graph, list(graph.endpoint(), *holder)).await?;
            // The server's filter is checked, so that one user's roles are never shown as another's.
            let own = found.into_iter().filter(|one| one.principal_id == Some(*holder));
            Ok::<Held, Problem>(own.map(|one| (*holder, one)).collect())
        })
    });
    let mut held = Vec::new();
    for of_one in join_all(reads).await {
        held.extend(of_one?);
    }
    Ok(held)
}

/// The roles of the user, and of its groups that can have roles.
async fn with_groups(
    graph: &Graph,
    user: ObjectId,
    own: Result<Held, Problem>,
    groups: &[Sourced<AccessGroup>],
    list: fn(&Endpoint, ObjectId) -> Ask<Page<Vec<RoleAssignment>>>,
) -> Result<Vec<Sourced<AccessRole>>, Problem> {
    let mut held = own?;
    let holding = groups.iter().filter(|group| group.access.is_assignable_to_role == Some(true));
    let holding: Vec<ObjectId> = holding.map(|group| group.access.id).collect();
    held.extend(held_by(graph, &holding, list).await?);
    let roles = held.into_iter().map(|(holder, one)| Sourced {
        source: if holder == user {
            AccessSource::of(AccessSourceKind::Itself)
        } else {
            AccessSource::group(holder, groups)
        },
        access: AccessRole {
            role_definition_id: one.role_definition_id,
            display_name: None,
            directory_scope_id: one.directory_scope_id,
        },
    });
    Ok(roles.collect())
}

/// Names the roles, as far as the caller may read their definitions.
async fn name_roles(graph: &Graph, lists: [&mut Read<Vec<Sourced<AccessRole>>>; 2]) -> Result<(), Problem> {
    let mut roles: Vec<&mut AccessRole> = Vec::new();
    for list in lists {
        if let Read::Known(known) = list {
            roles.extend(known.iter_mut().map(|role| &mut role.access));
        }
    }
    if roles.is_empty() {
        return Ok(());
    }
    let names = Read::of(all(graph, graph::list_role_definitions(graph.endpoint())).await)?;
    let Read::Known(names) = names else { return Ok(()) };
    for role in roles {
        let of = |one: &&RoleDefinition| one.id.is_some() && one.id == role.role_definition_id;
        role.display_name = names.iter().find(of).and_then(|one| one.display_name.clone());
    }
    Ok(())
}

/// The app roles, each with the object to which it is assigned; and the object of the user itself.
async fn assigned_to(
    graph: &Graph,
    user: &AgentUser,
) -> Result<(ObjectId, Vec<(Option<ObjectId>, AssignedAppRole)>), Problem> {
    let principal = Principal::of_user(user)?;
    let assigned = all(graph, app_roles_of(graph, &principal)).await?;
    let resources = Resources::read(graph, &[], &assigned).await?;
    let with_holder = assigned.iter().map(|one| (one.principal_id(), resources.assigned(one)));
    Ok((principal.id, with_holder.collect()))
}

/// The same with the group to which each is assigned.
fn sourced(
    user: ObjectId,
    assigned: Vec<(Option<ObjectId>, AssignedAppRole)>,
    groups: &[Sourced<AccessGroup>],
) -> Vec<Sourced<AssignedAppRole>> {
    let source = |holder: Option<ObjectId>| match holder {
        Some(holder) if holder != user => AccessSource::group(holder, groups),
        _ => AccessSource::of(AccessSourceKind::Itself),
    };
    assigned.into_iter().map(|(holder, access)| Sourced { source: source(holder), access }).collect()
}

async fn parent_of(graph: &Graph, user: &AgentUser) -> Result<ServicePrincipal, Problem> {
    let parent = user.identity_parent_id().ok_or_else(|| {
        Problem::new(Code::BadAnswer, "Graph answered with an agent user that names no parent.")
    })?;
    parent::agent_identity(graph, parent).await
}

/// The grants by which the agent identity acts for the user: for it alone, and for all users.
async fn delegated_of(
    graph: &Graph,
    user: ObjectId,
    parent: &ServicePrincipal,
) -> Result<Vec<Sourced<DelegatedPermission>>, Problem> {
    let grants = grants_of(graph, &Principal::of(parent, ObjectKind::AgentIdentity)?).await?;
    let resources = Resources::read(graph, &grants, &[]).await?;
    let sourced = grants.iter().filter_map(|grant| {
        let kind = if grant.consent_type() == Some(ALL_PRINCIPALS) {
            AccessSourceKind::AllUsers
        } else if grant.principal_id() == Some(user) {
            AccessSourceKind::Itself
        } else {
            return None;
        };
        Some(Sourced { source: AccessSource::of(kind), access: resources.delegated(grant) })
    });
    Ok(sourced.collect())
}

/// The permissions that the agent identity may inherit from its blueprint.
async fn inherited_by(
    graph: &Graph,
    parent: &ServicePrincipal,
) -> Result<Vec<Sourced<InheritedResource>>, Problem> {
    let app_id = parent.agent_identity_blueprint_id().ok_or_else(|| {
        Problem::new(Code::BadAnswer, "Graph answered with an agent identity that names no blueprint.")
    })?;
    let (id, blueprint) = blueprint(graph, app_id).await?;
    let entries = all(graph, graph::list_inheritable_permissions(graph.endpoint(), id)).await?;
    let source = AccessSource {
        kind: AccessSourceKind::Blueprint,
        id: Some(app_id),
        display_name: blueprint.display_name().map(str::to_owned),
    };
    Ok(entries.iter().map(|one| Sourced { source: source.clone(), access: inherited(one) }).collect())
}

impl Access {
    /// The parts that were not read: the name of each, and why. Where the groups were not, the roles that it has by them are
    /// not known either.
    #[must_use]
    pub fn unread(&self) -> Vec<(&'static str, &Unread)> {
        let groups = self.groups.get().err();
        [
            ("groups", groups),
            ("roles", self.roles.get().err()),
            ("roles by groups", groups.filter(|_| self.roles.get().is_ok())),
            ("eligibleRoles", self.eligible_roles.get().err()),
            ("eligibleRoles by groups", groups.filter(|_| self.eligible_roles.get().is_ok())),
            ("delegated", self.delegated.get().err()),
            ("appRoles", self.app_roles.get().err()),
            ("inheritable", self.inheritable.get().err()),
        ]
        .into_iter()
        .filter_map(|(part, unread)| Some((part, unread?)))
        .collect()
    }
}
