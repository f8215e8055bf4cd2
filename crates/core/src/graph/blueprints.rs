//! Blueprints and the permissions that their agent identities inherit (docs/graph.md#inheritable-permissions).

use super::ask::{Ask, nothing};
use super::cloud::Endpoint;
use super::service_principals::{BLUEPRINT_PRINCIPAL, SELECT_BLUEPRINT_PRINCIPAL};
use super::url::{Url, starts_with};
use crate::ObjectId;
use crate::call::Call;
use crate::http::Method;
use crate::model::{Blueprint, InheritablePermission, Inheritance, Page, ServicePrincipal};
use serde::Serialize;

const SELECT: &str = "id,appId,displayName,description,createdDateTime,disabledByMicrosoftStatus";

fn blueprints(endpoint: &Endpoint) -> Url {
    Url::new(endpoint).word("applications").word("microsoft.graph.agentIdentityBlueprint")
}

fn inheritable(endpoint: &Endpoint, blueprint: ObjectId) -> Url {
    blueprints(endpoint).key(&blueprint.to_string()).word("inheritablePermissions")
}

/// The first page of all blueprints, or of those whose display name begins so.
#[must_use]
pub fn list_blueprints(
    endpoint: &Endpoint,
    display_name_starts_with: Option<&str>,
) -> Ask<Page<Vec<Blueprint>>> {
    let condition = display_name_starts_with.map(|start| starts_with("displayName", start));
    Ask::get(Call::ListBlueprints, blueprints(endpoint).select(SELECT).filter(condition).done())
}

/// The principal of a blueprint, by the path that needs no permission to read other service principals.
#[must_use]
pub fn find_blueprint_principal(endpoint: &Endpoint, app_id: ObjectId) -> Ask<Page<Vec<ServicePrincipal>>> {
    let url = Url::new(endpoint)
        .word("servicePrincipals")
        .word(BLUEPRINT_PRINCIPAL)
        .select(SELECT_BLUEPRINT_PRINCIPAL)
        .query("$filter", &format!("appId eq '{app_id}'"));
    Ask::get(Call::FindBlueprintPrincipal, url.done())
}

/// The principals of all blueprints.
#[must_use]
pub fn list_blueprint_principals(endpoint: &Endpoint) -> Ask<Page<Vec<ServicePrincipal>>> {
    let url = Url::new(endpoint)
        .word("servicePrincipals")
        .word("microsoft.graph.agentIdentityBlueprintPrincipal")
        .select("id,appId,displayName");
    Ask::get(Call::ListBlueprintPrincipals, url.done())
}

/// A blueprint, by the object id of its application.
#[must_use]
pub fn get_blueprint(endpoint: &Endpoint, id: ObjectId) -> Ask<Blueprint> {
    let url = blueprints(endpoint).key(&id.to_string()).select(SELECT).done();
    Ask::get(Call::GetBlueprint, url)
}

/// The blueprint of an application id.
#[must_use]
pub fn find_blueprint_by_app_id(endpoint: &Endpoint, app_id: ObjectId) -> Ask<Page<Vec<Blueprint>>> {
    let url = blueprints(endpoint).select(SELECT).query("$filter", &format!("appId eq '{app_id}'")).done();
    Ask::get(Call::FindBlueprintByAppId, url)
}

/// The permissions that the agent identities of a blueprint inherit, an entry for each resource.
#[must_use]
pub fn list_inheritable_permissions(
    endpoint: &Endpoint,
    blueprint: ObjectId,
) -> Ask<Page<Vec<InheritablePermission>>> {
    Ask::get(Call::ListInheritablePermissions, inheritable(endpoint, blueprint).done())
}

/// The wanted inheritance of a resource's permissions; `None` leaves it as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InheritanceChange {
    /// Its delegated permissions.
    pub scopes: Option<Inheritance>,
    /// Its app roles.
    pub roles: Option<Inheritance>,
}

#[derive(Serialize)]
struct Pattern {
    #[serde(rename = "@odata.type")]
    odata_type: &'static str,
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_app_id: Option<ObjectId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inheritable_scopes: Option<Pattern>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inheritable_roles: Option<Pattern>,
}

impl InheritanceChange {
    fn body(self, resource_app_id: Option<ObjectId>) -> Body {
        let pattern = |wanted: Option<Inheritance>, all, none| {
            let odata_type = |wanted| if wanted == Inheritance::AllAllowed { all } else { none };
            wanted.map(|wanted| Pattern { odata_type: odata_type(wanted), kind: wanted.as_str() })
        };
        Body {
            resource_app_id,
            inheritable_scopes: pattern(
                self.scopes,
                "#microsoft.graph.allAllowedScopes",
                "#microsoft.graph.noScopes",
            ),
            inheritable_roles: pattern(
                self.roles,
                "#microsoft.graph.allAllowedRoles",
                "#microsoft.graph.noRoles",
            ),
        }
    }
}

/// Adds the entry of a resource. Answers 201; 409 where there is one.
#[must_use]
pub fn add_inheritable_permission(
    endpoint: &Endpoint,
    blueprint: ObjectId,
    resource_app_id: ObjectId,
    change: InheritanceChange,
) -> Ask<()> {
    let url = inheritable(endpoint, blueprint).done();
    Ask::new(Call::AddInheritablePermission, Method::Post, url, nothing)
        .with_body(&change.body(Some(resource_app_id)))
}

/// Changes the entry of a resource. Answers 200 with it, or 204.
#[must_use]
pub fn update_inheritable_permission(
    endpoint: &Endpoint,
    blueprint: ObjectId,
    resource_app_id: ObjectId,
    change: InheritanceChange,
) -> Ask<()> {
    let url = inheritable(endpoint, blueprint).key(&resource_app_id.to_string()).done();
    Ask::new(Call::UpdateInheritablePermission, Method::Patch, url, nothing).with_body(&change.body(None))
}
