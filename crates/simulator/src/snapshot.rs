//! The whole state of a tenant as canonical JSON, to compare end states.

use crate::directory::{Blueprint, Directory, Group, Life, ServicePrincipal, User};
use agentuser_core::ObjectId;
use serde_json::{Value, json};

impl Directory {
    /// Everything that requests can change, without times and without what is gone for good. Two runs that reached
    /// the same state, in whatever order, have equal snapshots.
    #[must_use]
    pub fn snapshot(&self) -> Value {
        let users: Vec<Value> = self.all_users().filter(|user| user.life != Life::Gone).map(user).collect();
        let principals: Vec<Value> =
            self.all_principals().filter(|one| one.life != Life::Gone).map(principal).collect();
        let blueprints = self.blueprints.values().filter(|one| one.life != Life::Gone);
        let groups = self.groups.values().filter(|one| one.life != Life::Gone);
        json!({
            "users": users,
            "servicePrincipals": principals,
            "applications": blueprints.map(blueprint).collect::<Vec<_>>(),
            "groups": groups.map(group).collect::<Vec<_>>(),
            "administrativeUnits": self.units.values().map(|unit| {
                json!({"id": unit.id.to_string(), "members": texts(&unit.members)})
            }).collect::<Vec<_>>(),
            "oauth2PermissionGrants": self.grants.iter().map(|(id, grant)| {
                json!({"id": id.to_string(), "scope": grant.scope})
            }).collect::<Vec<_>>(),
            "appRoleAssignments": texts(self.assignments.keys()),
        })
    }
}

fn user(user: &User) -> Value {
    let licenses: Vec<Value> = user
        .licenses
        .iter()
        .map(|(sku, license)| {
            json!({
                "skuId": sku.to_string(),
                "disabledPlans": texts(&license.disabled_plans),
                "error": license.error,
            })
        })
        .collect();
    json!({
        "id": user.id.to_string(),
        "identityParentId": user.parent.map(|id| id.to_string()),
        "userPrincipalName": user.user_principal_name,
        "displayName": user.display_name,
        "mailNickname": user.mail_nickname,
        "accountEnabled": user.account_enabled,
        "usageLocation": user.usage_location,
        "others": user.extras,
        "manager": user.manager.map(|id| id.to_string()),
        "sponsors": texts(&user.sponsors),
        "licenses": licenses,
        "deleted": user.life.is_deleted(),
    })
}

fn principal(principal: &ServicePrincipal) -> Value {
    json!({
        "id": principal.id.to_string(),
        "appId": principal.app_id.to_string(),
        "agentIdentityBlueprintId": principal.blueprint().map(|id| id.to_string()),
        "displayName": principal.display_name,
        "accountEnabled": principal.account_enabled,
        "disabledByMicrosoft": principal.disabled_by_microsoft,
        "owners": texts(&principal.owners),
        "sponsors": texts(&principal.sponsors),
        "others": principal.extras,
        "deleted": principal.life.is_deleted(),
    })
}

fn blueprint(blueprint: &Blueprint) -> Value {
    json!({
        "id": blueprint.id.to_string(),
        "appId": blueprint.app_id.to_string(),
        "displayName": blueprint.display_name,
        "owners": texts(&blueprint.owners),
        "sponsors": texts(&blueprint.sponsors),
        "secrets": texts(blueprint.secrets.iter().map(|secret| &secret.key_id)),
        "federatedIdentityCredentials": blueprint.federated.values().collect::<Vec<_>>(),
        "inheritablePermissions": blueprint.inheritable.values().collect::<Vec<_>>(),
        "others": blueprint.extras,
        "deleted": blueprint.life.is_deleted(),
    })
}

fn group(group: &Group) -> Value {
    json!({
        "id": group.id.to_string(),
        "displayName": group.display_name,
        "members": texts(&group.members),
        "owners": texts(&group.owners),
        "others": group.extras,
        "deleted": group.life.is_deleted(),
    })
}

fn texts<'a>(ids: impl IntoIterator<Item = &'a ObjectId>) -> Vec<String> {
    ids.into_iter().map(ObjectId::to_string).collect()
}
