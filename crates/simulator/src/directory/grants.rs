//! Permissions that were granted: delegated permission grants, and app role assignments.

use super::bodies::{required_id, required_text, spelled};
use super::errors::{Answer, Refusal, Reply};
use super::permissions::{
    GET_ASSIGNMENTS, GET_GRANTS, GET_USER_ASSIGNMENTS, WRITE_ASSIGNMENTS, WRITE_GRANTS,
};
use super::query::Set;
use super::route::{Endpoint, Route};
use super::sets::Objects;
use super::views::View;
use super::{Assignment, Call, Directory, Grant, id_in_path};
use crate::behaviours::Label::Documented;
use crate::clock;
use crate::hash::Hash;
use agentuser_core::ObjectId;
use agentuser_core::http::Method::{Delete, Get, Patch, Post};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The endpoints of delegated permission grants and app role assignments.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(Get, "/oauth2PermissionGrants", Documented("api/oauth2permissiongrant-list"), |d, c, _| {
        d.require(c, GET_GRANTS)?;
        d.answer_set(c, Set::grants, "oauth2PermissionGrants", &[], d.live_grants(c, |_| true))
    }),
    Endpoint::new(
        Post,
        "/oauth2PermissionGrants",
        Documented("api/oauth2permissiongrant-post"),
        |d, c, _| d.create_grant(c),
    ),
    Endpoint::new(
        Get,
        "/oauth2PermissionGrants/{id}",
        Documented("api/oauth2permissiongrant-get"),
        |d, c, r| d.get_grant(c, r.key()),
    ),
    Endpoint::new(
        Patch,
        "/oauth2PermissionGrants/{id}",
        Documented("api/oauth2permissiongrant-update"),
        |d, c, r| d.update_grant(c, r.key()),
    ),
    Endpoint::new(
        Delete,
        "/oauth2PermissionGrants/{id}",
        Documented("api/oauth2permissiongrant-delete"),
        |d, c, r| d.delete_grant(c, r.key()),
    ),
    Endpoint::new(
        Get,
        "/servicePrincipals/{id}/oauth2PermissionGrants",
        Documented("api/serviceprincipal-list-oauth2permissiongrants"),
        |d, c, r| d.list_grants_of(c, r, End::Principal),
    ),
    Endpoint::new(
        Get,
        "/users/{id}/oauth2PermissionGrants",
        Documented("api/user-list-oauth2permissiongrants"),
        |d, c, r| d.list_grants_of(c, r, End::User),
    ),
    Endpoint::new(
        Get,
        "/servicePrincipals/{id}/appRoleAssignments",
        Documented("api/serviceprincipal-list-approleassignments"),
        |d, c, r| d.list_assignments(c, r, End::Principal),
    ),
    Endpoint::new(
        Post,
        "/servicePrincipals/{id}/appRoleAssignments",
        Documented("api/serviceprincipal-post-approleassignments"),
        |d, c, r| d.assign_role(c, r, End::Principal),
    ),
    Endpoint::new(
        Get,
        "/servicePrincipals/{id}/appRoleAssignments/{assignment}",
        Documented("api/serviceprincipal-list-approleassignments"),
        |d, c, r| d.get_assignment(c, r, End::Principal),
    ),
    Endpoint::new(
        Delete,
        "/servicePrincipals/{id}/appRoleAssignments/{assignment}",
        Documented("api/serviceprincipal-delete-approleassignments"),
        |d, c, r| d.unassign_role(c, r, End::Principal),
    ),
    Endpoint::new(
        Get,
        "/servicePrincipals/{id}/appRoleAssignedTo",
        Documented("api/serviceprincipal-list-approleassignedto"),
        |d, c, r| d.list_assignments(c, r, End::Resource),
    ),
    Endpoint::new(
        Post,
        "/servicePrincipals/{id}/appRoleAssignedTo",
        Documented("api/serviceprincipal-post-approleassignedto"),
        |d, c, r| d.assign_role(c, r, End::Resource),
    ),
    Endpoint::new(
        Get,
        "/servicePrincipals/{id}/appRoleAssignedTo/{assignment}",
        Documented("api/serviceprincipal-list-approleassignedto"),
        |d, c, r| d.get_assignment(c, r, End::Resource),
    ),
    Endpoint::new(
        Delete,
        "/servicePrincipals/{id}/appRoleAssignedTo/{assignment}",
        Documented("api/serviceprincipal-delete-approleassignedto"),
        |d, c, r| d.unassign_role(c, r, End::Resource),
    ),
    Endpoint::new(
        Get,
        "/users/{id}/appRoleAssignments",
        Documented("api/user-list-approleassignments"),
        |d, c, r| d.list_assignments(c, r, End::User),
    ),
    Endpoint::new(
        Post,
        "/users/{id}/appRoleAssignments",
        Documented("api/user-post-approleassignments"),
        |d, c, r| d.assign_role(c, r, End::User),
    ),
    Endpoint::new(
        Get,
        "/users/{id}/appRoleAssignments/{assignment}",
        Documented("api/user-list-approleassignments"),
        |d, c, r| d.get_assignment(c, r, End::User),
    ),
    Endpoint::new(
        Delete,
        "/users/{id}/appRoleAssignments/{assignment}",
        Documented("api/user-delete-approleassignments"),
        |d, c, r| d.unassign_role(c, r, End::User),
    ),
];

/// The end of a grant or an assignment that a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    User,
    Principal,
    Resource,
}

/// The role of an API that declares none.
const DEFAULT_ROLE: ObjectId = ObjectId::from_u128(0);

impl Directory {
    fn live_grants(&self, call: &Call<'_>, is_wanted: impl Fn(&Grant) -> bool) -> Objects {
        let is_there = |id| self.live_principal(id, call.now, View::Master).is_some();
        let live = self.grants.iter().filter(|(_, grant)| {
            let user = grant.principal;
            is_there(grant.client)
                && is_there(grant.resource)
                && user.is_none_or(|user| self.live_user(user, call.now, View::Master).is_some())
        });
        let wanted = live.filter(|(_, grant)| is_wanted(grant));
        wanted.map(|(id, grant)| (*id, render_grant(*id, grant))).collect()
    }

    fn grant_in_path(&self, call: &Call<'_>, key: &str) -> Result<(ObjectId, Map<String, Value>), Refusal> {
        let id = id_in_path(key)?;
        let found = self.live_grants(call, |_| true).into_iter().find(|(known, _)| *known == id);
        found.ok_or_else(|| Refusal::not_found(key))
    }

    fn get_grant(&mut self, call: &Call<'_>, key: &str) -> Answer {
        self.require(call, GET_GRANTS)?;
        let (_, grant) = self.grant_in_path(call, key)?;
        self.answer_object(call, "oauth2PermissionGrants", &[], grant)
    }

    fn list_grants_of(&mut self, call: &Call<'_>, route: &Route, end: End) -> Answer {
        self.require(call, GET_GRANTS)?;
        let id = self.end_in_path(call, route, end)?;
        let grants = self.live_grants(call, |grant| match end {
            End::User => grant.principal == Some(id),
            End::Principal | End::Resource => grant.client == id,
        });
        self.answer_set(call, Set::grants, "oauth2PermissionGrants", &[], grants)
    }

    fn create_grant(&mut self, call: &Call<'_>) -> Answer {
        self.require(call, WRITE_GRANTS)?;
        let body = spelled("oAuth2PermissionGrant", call.object()?);
        let client = required_id(&body, "clientId")?;
        let resource = required_id(&body, "resourceId")?;
        let principal = match required_text(&body, "consentType")? {
            "AllPrincipals" => None,
            "Principal" => Some(required_id(&body, "principalId")?),
            _ => return Err(Refusal::invalid("consentType")),
        };
        let scope = required_text(&body, "scope")?.to_owned();
        for id in [client, resource] {
            self.live_principal(id, call.now, View::Master).ok_or_else(|| Refusal::not_found(id))?;
        }
        if let Some(user) = principal {
            self.live_user(user, call.now, View::Master).ok_or_else(|| Refusal::not_found(user))?;
        }
        let id = Self::grant_id(self.seed, client, resource, principal);
        if self.grants.contains_key(&id) {
            // https://github.com/hashicorp/terraform-provider-azuread/issues/690
            let words = "Permission entry already exists.";
            return Err(Refusal::new(409, "Request_MultipleObjectsWithSameKeyValue", words));
        }
        let grant = Grant { client, principal, resource, scope };
        let object = render_grant(id, &grant);
        self.changes += 1;
        self.grants.insert(id, grant);
        Ok(Reply::created(self.entity(call.version, "oauth2PermissionGrants", None, object)))
    }

    /// `scope` alone can be changed (<https://learn.microsoft.com/graph/api/oauth2permissiongrant-update>).
    fn update_grant(&mut self, call: &Call<'_>, key: &str) -> Answer {
        self.require(call, WRITE_GRANTS)?;
        let (id, before) = self.grant_in_path(call, key)?;
        let body = spelled("oAuth2PermissionGrant", call.object()?);
        let other = |(name, value): &(&String, &Value)| {
            *name != "scope" && !name.contains('@') && before.get(*name) != Some(*value)
        };
        if let Some((name, _)) = body.iter().find(other) {
            return Err(Refusal::read_only(name));
        }
        let scope = required_text(&body, "scope")?.to_owned();
        if let Some(grant) = self.grants.get_mut(&id) {
            self.changes += u64::from(grant.scope != scope);
            grant.scope = scope;
        }
        Ok(Reply::no_content())
    }

    fn delete_grant(&mut self, call: &Call<'_>, key: &str) -> Answer {
        self.require(call, WRITE_GRANTS)?;
        let (id, _) = self.grant_in_path(call, key)?;
        self.changes += 1;
        self.grants.remove(&id);
        Ok(Reply::no_content())
    }

    fn end_in_path(&self, call: &Call<'_>, route: &Route, end: End) -> Result<ObjectId, Refusal> {
        let key = route.key();
        let found = match end {
            End::User => self.live_user_by_key(key, call.now, View::Master).map(|user| user.id),
            End::Principal | End::Resource => {
                let id = self.principal_key(call, key, View::Master)?;
                self.live_principal(id, call.now, View::Master).map(|principal| principal.id)
            }
        };
        found.ok_or_else(|| Refusal::not_found(key))
    }

    fn assignments_of(&self, call: &Call<'_>, id: ObjectId, end: End) -> Objects {
        let of_end = self.assignments.iter().filter(|(_, one)| match end {
            End::User | End::Principal => one.principal == id,
            End::Resource => one.resource == id,
        });
        of_end.filter_map(|(id, one)| Some((*id, self.render_assignment(call, *id, one)?))).collect()
    }

    /// Nothing is shown of what is not there any more.
    fn render_assignment(
        &self,
        call: &Call<'_>,
        id: ObjectId,
        one: &Assignment,
    ) -> Option<Map<String, Value>> {
        let resource = self.live_principal(one.resource, call.now, View::Master)?;
        let user = self.live_user(one.principal, call.now, View::Master).map(|user| &user.display_name);
        let group = self.group(one.principal).map(|group| &group.display_name);
        let principal = self.live_principal(one.principal, call.now, View::Master);
        let principal = principal.map(|principal| &principal.display_name);
        let (kind, name) = match (user, group) {
            (Some(name), _) => ("User", name),
            (_, Some(name)) => ("Group", name),
            _ => ("ServicePrincipal", principal?),
        };
        json!({
            "id": id.to_string(),
            "deletedDateTime": null,
            "appRoleId": one.role.to_string(),
            "createdDateTime": clock::iso(one.created.unix_ms),
            "principalDisplayName": name,
            "principalId": one.principal.to_string(),
            "principalType": kind,
            "resourceDisplayName": resource.display_name,
            "resourceId": one.resource.to_string(),
        })
        .as_object()
        .cloned()
    }

    fn list_assignments(&mut self, call: &Call<'_>, route: &Route, end: End) -> Answer {
        self.require(call, if end == End::User { GET_USER_ASSIGNMENTS } else { GET_ASSIGNMENTS })?;
        let id = self.end_in_path(call, route, end)?;
        self.answer_set(call, Set::assignments, &context(route, id), &[], self.assignments_of(call, id, end))
    }

    fn assignment_in_path(
        &self,
        call: &Call<'_>,
        route: &Route,
        end: End,
    ) -> Result<(ObjectId, ObjectId, Map<String, Value>), Refusal> {
        let of = self.end_in_path(call, route, end)?;
        let id = id_in_path(route.second())?;
        let found = self.assignments_of(call, of, end).into_iter().find(|(known, _)| *known == id);
        found.map(|(id, one)| (of, id, one)).ok_or_else(|| Refusal::not_found(route.second()))
    }

    fn get_assignment(&mut self, call: &Call<'_>, route: &Route, end: End) -> Answer {
        self.require(call, if end == End::User { GET_USER_ASSIGNMENTS } else { GET_ASSIGNMENTS })?;
        let (of, _, one) = self.assignment_in_path(call, route, end)?;
        self.answer_object(call, &context(route, of), &[], one)
    }

    fn assign_role(&mut self, call: &Call<'_>, route: &Route, end: End) -> Answer {
        self.require(call, WRITE_ASSIGNMENTS)?;
        let of = self.end_in_path(call, route, end)?;
        let body = spelled("appRoleAssignment", call.object()?);
        let principal = required_id(&body, "principalId")?;
        let resource = required_id(&body, "resourceId")?;
        let role = required_id(&body, "appRoleId")?;
        if of != if end == End::Resource { resource } else { principal } {
            // https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/1407
            return Err(Refusal::bad_request("Not a valid reference update."));
        }
        let api = self
            .live_principal(resource, call.now, View::Master)
            .ok_or_else(|| Refusal::not_found(resource))?;
        let roles = api.extras.get("appRoles").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let is_it =
            |one: &Value| one.get("id").and_then(Value::as_str).is_some_and(|id| id == role.to_string());
        if role != DEFAULT_ROLE && !roles.iter().any(is_it) {
            // The words are an assumption.
            let app = api.app_id;
            return Err(Refusal::bad_request(format!(
                "Permission being assigned was not found on application '{app}'."
            )));
        }
        let id = self.assignment_id(principal, resource, role);
        if self.assignments.contains_key(&id) {
            // The words are observed (https://github.com/microsoftgraph/msgraph-bicep-types/issues/161), the status is not.
            return Err(Refusal::bad_request("EntitlementGrant entry already exists."));
        }
        let one = Assignment { principal, resource, role, created: call.now };
        let object = self.render_assignment(call, id, &one).ok_or_else(|| Refusal::not_found(principal))?;
        self.changes += 1;
        self.assignments.insert(id, one);
        Ok(Reply::created(self.entity(call.version, &context(route, of), None, object)))
    }

    fn unassign_role(&mut self, call: &Call<'_>, route: &Route, end: End) -> Answer {
        self.require(call, WRITE_ASSIGNMENTS)?;
        let (_, id, _) = self.assignment_in_path(call, route, end)?;
        self.changes += 1;
        self.assignments.remove(&id);
        Ok(Reply::no_content())
    }

    /// The delegated permissions by which a client acts for a user, or for all users, as the write master has them.
    #[must_use]
    pub fn granted_scopes(&self, client: ObjectId, user: Option<ObjectId>) -> BTreeSet<&str> {
        let own = self.grants.values().filter(|grant| grant.client == client && grant.principal == user);
        own.flat_map(|grant| grant.scope.split_whitespace()).collect()
    }

    /// The ids of the app roles that a principal has, as the write master has them.
    #[must_use]
    pub fn assigned_roles(&self, principal: ObjectId) -> BTreeSet<ObjectId> {
        self.assignments.values().filter(|one| one.principal == principal).map(|one| one.role).collect()
    }

    fn assignment_id(&self, principal: ObjectId, resource: ObjectId, role: ObjectId) -> ObjectId {
        Hash::new(self.seed).text("assignment").id(principal).id(resource).id(role).guid()
    }

    /// Assigns the app role of Graph with this value. One that Graph does not have is left out.
    pub(crate) fn assign_graph_role(&mut self, principal: ObjectId, value: &str) {
        let graph = self.principals_of_app(crate::tenant::GRAPH_APP).next();
        let Some(graph) = graph else { return };
        let roles = graph.extras.get("appRoles").and_then(Value::as_array);
        let is_it = |role: &&Value| role.get("value").and_then(Value::as_str) == Some(value);
        let role =
            roles.into_iter().flatten().find(is_it).and_then(|role| role.get("id")?.as_str()?.parse().ok());
        let (Some(role), resource) = (role, graph.id) else { return };
        let created = graph.created;
        let id = self.assignment_id(principal, resource, role);
        self.assignments.insert(id, Assignment { principal, resource, role, created });
    }

    /// The permissions of Graph that an application has by its roles.
    pub(crate) fn roles_on_graph(&self, principal: ObjectId) -> Vec<String> {
        let own = self.assignments.values().filter(|one| one.principal == principal);
        own.filter_map(|one| {
            let api =
                self.find_principal(one.resource).filter(|api| api.app_id == crate::tenant::GRAPH_APP)?;
            let roles = api.extras.get("appRoles")?.as_array()?;
            let role = roles.iter().find(|role| {
                role.get("id").and_then(Value::as_str).is_some_and(|id| id == one.role.to_string())
            })?;
            role.get("value")?.as_str().map(str::to_owned)
        })
        .collect()
    }
}

/// `servicePrincipals('{id}')/appRoleAssignments`.
fn context(route: &Route, id: ObjectId) -> String {
    let mut segments = route.pattern().split('/').skip(1);
    let set = segments.next().unwrap_or_default();
    let relationship = segments.nth(1).unwrap_or_default();
    format!("{set}('{id}')/{relationship}")
}

fn render_grant(id: ObjectId, grant: &Grant) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("id".into(), id.to_string().into());
    object.insert("clientId".into(), grant.client.to_string().into());
    let consent = if grant.principal.is_some() { "Principal" } else { "AllPrincipals" };
    object.insert("consentType".into(), consent.into());
    object.insert("principalId".into(), grant.principal.map(|id| id.to_string()).into());
    object.insert("resourceId".into(), grant.resource.to_string().into());
    object.insert("scope".into(), grant.scope.as_str().into());
    object
}
