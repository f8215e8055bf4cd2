//! Delegated permission grants, app role assignments, and the resources that define permissions
//! (docs/graph.md#permissions-of-agents).

use super::ask::{Ask, nothing};
use super::cloud::Endpoint;
use super::url::Url;
use crate::ObjectId;
use crate::call::Call;
use crate::http::Method;
use crate::model::{ALL_PRINCIPALS, AppRoleAssignment, PRINCIPAL, Page, PermissionGrant, Resource};
use serde::Serialize;

const GRANT: &str = "id,clientId,consentType,principalId,resourceId,scope";
const APP_ROLE: &str = "id,appRoleId,principalId,resourceId,resourceDisplayName";
const RESOURCE: &str = "id,appId,displayName,appRoles,oauth2PermissionScopes";

/// The client, user and resource of a delegated permission grant. Graph has at most one grant for each key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrantKey {
    /// The object id of the service principal that acts.
    pub client: ObjectId,
    /// The user that it acts for; none: all users.
    pub user: Option<ObjectId>,
    /// The object id of the resource's service principal.
    pub resource: ObjectId,
}

impl GrantKey {
    /// `consentType`.
    #[must_use]
    pub const fn consent_type(&self) -> &'static str {
        if self.user.is_some() { PRINCIPAL } else { ALL_PRINCIPALS }
    }

    /// Whether a grant is for it: that the server filtered is checked, because a grant that is found is changed.
    #[must_use]
    pub fn is_of(&self, grant: &PermissionGrant) -> bool {
        grant.client_id() == Some(self.client)
            && grant.resource_id() == Some(self.resource)
            && grant.consent_type() == Some(self.consent_type())
            && grant.principal_id() == self.user
    }
}

fn grants(endpoint: &Endpoint) -> Url {
    Url::new(endpoint).word("oauth2PermissionGrants")
}

/// The grant for this, of which there is at most one.
#[must_use]
pub fn list_permission_grants(endpoint: &Endpoint, key: &GrantKey) -> Ask<Page<Vec<PermissionGrant>>> {
    let GrantKey { client, user, resource } = key;
    let user = user.map(|user| format!(" and principalId eq '{user}'")).unwrap_or_default();
    let consent = key.consent_type();
    let filter =
        format!("clientId eq '{client}' and resourceId eq '{resource}' and consentType eq '{consent}'{user}");
    Ask::get(Call::ListPermissionGrants, grants(endpoint).select(GRANT).query("$filter", &filter).done())
}

/// Every grant by which a service principal acts.
#[must_use]
pub fn permission_grants_of(endpoint: &Endpoint, client: ObjectId) -> Ask<Page<Vec<PermissionGrant>>> {
    let filter = format!("clientId eq '{client}'");
    Ask::get(Call::ListPermissionGrants, grants(endpoint).select(GRANT).query("$filter", &filter).done())
}

/// Every grant of the tenant.
#[must_use]
pub fn list_all_permission_grants(endpoint: &Endpoint) -> Ask<Page<Vec<PermissionGrant>>> {
    Ask::get(Call::ListAllPermissionGrants, grants(endpoint).select(GRANT).query("$top", "999").done())
}

/// Everybody who has an app role of a resource.
#[must_use]
pub fn list_app_role_holders(endpoint: &Endpoint, resource: ObjectId) -> Ask<Page<Vec<AppRoleAssignment>>> {
    let url = Url::new(endpoint).word("servicePrincipals").key(&resource.to_string());
    let url = url.word("appRoleAssignedTo").select(APP_ROLE).query("$top", "999");
    Ask::get(Call::ListAppRoleHolders, url.done())
}

/// Grants delegated permissions. Answers 201; 409 where there is such a grant.
#[must_use]
pub fn create_permission_grant(endpoint: &Endpoint, key: &GrantKey, scope: &str) -> Ask<()> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Body<'a> {
        client_id: ObjectId,
        consent_type: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        principal_id: Option<ObjectId>,
        resource_id: ObjectId,
        scope: &'a str,
    }
    Ask::new(Call::CreatePermissionGrant, Method::Post, grants(endpoint).done(), nothing).with_body(&Body {
        client_id: key.client,
        consent_type: key.consent_type(),
        principal_id: key.user,
        resource_id: key.resource,
        scope,
    })
}

/// Replaces the delegated permissions of a grant. Answers 204.
#[must_use]
pub fn update_permission_grant(endpoint: &Endpoint, id: &str, scope: &str) -> Ask<()> {
    #[derive(Serialize)]
    struct Body<'a> {
        scope: &'a str,
    }
    let url = grants(endpoint).key(id).done();
    Ask::new(Call::UpdatePermissionGrant, Method::Patch, url, nothing).with_body(&Body { scope })
}

/// Deletes a grant. Answers 204.
#[must_use]
pub fn delete_permission_grant(endpoint: &Endpoint, id: &str) -> Ask<()> {
    Ask::new(Call::DeletePermissionGrant, Method::Delete, grants(endpoint).key(id).done(), nothing)
}

/// The app roles that a service principal has.
#[must_use]
pub fn list_app_roles(endpoint: &Endpoint, principal: ObjectId) -> Ask<Page<Vec<AppRoleAssignment>>> {
    let url = Url::new(endpoint).word("servicePrincipals").key(&principal.to_string());
    Ask::get(Call::ListAppRoles, url.word("appRoleAssignments").select(APP_ROLE).done())
}

/// The app roles that a user has.
#[must_use]
pub fn list_user_app_roles(endpoint: &Endpoint, user: ObjectId) -> Ask<Page<Vec<AppRoleAssignment>>> {
    let url = Url::new(endpoint).word("users").key(&user.to_string());
    Ask::get(Call::ListUserAppRoles, url.word("appRoleAssignments").select(APP_ROLE).done())
}

/// Assigns an app role of a resource to a user or a service principal, through the resource, as Microsoft advises. Answers
/// 201.
#[must_use]
pub fn assign_app_role(
    endpoint: &Endpoint,
    resource: ObjectId,
    principal: ObjectId,
    app_role: ObjectId,
) -> Ask<()> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Body {
        principal_id: ObjectId,
        resource_id: ObjectId,
        app_role_id: ObjectId,
    }
    let url = Url::new(endpoint).word("servicePrincipals").key(&resource.to_string());
    Ask::new(Call::AssignAppRole, Method::Post, url.word("appRoleAssignedTo").done(), nothing)
        .with_body(&Body { principal_id: principal, resource_id: resource, app_role_id: app_role })
}

/// Takes an app role of a resource away from whoever has it by this assignment. Answers 204.
#[must_use]
pub fn remove_app_role(endpoint: &Endpoint, resource: ObjectId, assignment: &str) -> Ask<()> {
    let url = Url::new(endpoint).word("servicePrincipals").key(&resource.to_string());
    let url = url.word("appRoleAssignedTo").key(assignment).done();
    Ask::new(Call::RemoveAppRole, Method::Delete, url, nothing)
}

/// The resource of an application id.
#[must_use]
pub fn find_resource(endpoint: &Endpoint, app_id: ObjectId) -> Ask<Page<Vec<Resource>>> {
    let url = Url::new(endpoint).word("servicePrincipals").select(RESOURCE);
    let url = url.query("$filter", &format!("appId eq '{app_id}'")).done();
    Ask::get(Call::FindServicePrincipalByAppId, url)
}

/// The resource of an object id.
#[must_use]
pub fn get_resource(endpoint: &Endpoint, id: ObjectId) -> Ask<Resource> {
    let url = Url::new(endpoint).word("servicePrincipals").key(&id.to_string()).select(RESOURCE).done();
    Ask::get(Call::GetServicePrincipal, url)
}
