//! Microsoft Graph's own service principal, where every script that grants permissions begins.

use crate::hash::Hash;
use agentuser_core::ObjectId;
use serde_json::{Value, json};

/// Its appId, which is the same in every tenant (docs/graph.md#operations).
pub(crate) const APP_ID: ObjectId = ObjectId::from_u128(0x0000_0003_0000_0000_c000_0000_0000_0000);

/// Permissions of applications, with their ids where a page prints one (docs/graph.md#operations). The other ids are drawn: an assumption.
const APP_ROLES: &[(&str, Option<&str>)] = &[
    ("AdministrativeUnit.Read.All", None),
    ("AdministrativeUnit.ReadWrite.All", None),
    ("AgentIdentity.Create.All", None),
    ("AgentIdentity.CreateAsManager", None),
    ("AgentIdentity.DeleteRestore.All", None),
    ("AgentIdentity.EnableDisable.All", None),
    ("AgentIdentity.Read.All", None),
    ("AgentIdentity.ReadWrite.All", None),
    ("AgentIdentity.UpdateSponsors.All", None),
    ("AgentIdentityBlueprint.AddRemoveCreds.All", None),
    ("AgentIdentityBlueprint.Create", None),
    ("AgentIdentityBlueprint.DeleteRestore.All", None),
    ("AgentIdentityBlueprint.Read.All", None),
    ("AgentIdentityBlueprint.ReadWrite.All", None),
    ("AgentIdentityBlueprint.UpdateAuthProperties.All", None),
    ("AgentIdentityBlueprint.UpdateBranding.All", None),
    ("AgentIdentityBlueprint.UpdateSponsors.All", None),
    ("AgentIdentityBlueprintPrincipal.Create", None),
    ("AgentIdentityBlueprintPrincipal.DeleteRestore.All", None),
    ("AgentIdentityBlueprintPrincipal.EnableDisable.All", None),
    ("AgentIdentityBlueprintPrincipal.Read.All", None),
    ("AgentIdentityBlueprintPrincipal.ReadWrite.All", None),
    ("AgentIdUser.ReadWrite.All", Some("b782c9ad-6f2b-4894-a21b-72bf22417f0a")),
    ("AgentIdUser.ReadWrite.IdentityParentedBy", Some("4aa6e624-eee0-40ab-bdd8-f9639038a614")),
    ("Application.Read.All", None),
    ("Application.ReadWrite.All", None),
    ("AppRoleAssignment.ReadWrite.All", None),
    ("AuditLog.Read.All", None),
    ("CustomSecAttributeAssignment.Read.All", None),
    ("CustomSecAttributeAssignment.ReadWrite.All", None),
    ("DelegatedPermissionGrant.ReadWrite.All", None),
    ("Directory.Read.All", None),
    ("Directory.ReadWrite.All", None),
    ("Domain.Read.All", None),
    ("Files.Read.All", None),
    ("Group.Create", None),
    ("Group.Read.All", None),
    ("Group.ReadBasic.All", None),
    ("Group.ReadWrite.All", None),
    ("GroupMember.Read.All", None),
    ("GroupMember.ReadBasic.All", None),
    ("GroupMember.ReadWrite.All", None),
    ("IdentityRiskyAgent.Read.All", None),
    ("IdentityRiskyAgent.ReadWrite.All", None),
    ("LicenseAssignment.Read.All", None),
    ("LicenseAssignment.ReadWrite.All", None),
    ("LifecyclePolicies-AgentId.Read.All", None),
    ("LifecyclePolicies-AgentId.ReadWrite.All", None),
    ("Organization.Read.All", None),
    ("Policy.Read.All", None),
    ("Policy.Read.ConditionalAccess", None),
    ("RoleEligibilitySchedule.Read.Directory", None),
    ("RoleManagement.Read.Directory", None),
    ("Sites.Read.All", None),
    ("Sites.ReadWrite.All", None),
    ("User-LifeCycleInfo.Read.All", None),
    ("User-LifeCycleInfo.ReadWrite.All", None),
    ("User.DeleteRestore.All", None),
    ("User.EnableDisableAccount.All", None),
    ("User.Read.All", None),
    ("User.ReadBasic.All", None),
    ("User.ReadWrite.All", None),
    ("User.RevokeSessions.All", None),
];

/// Permissions on behalf of a user.
const SCOPES: &[(&str, Option<&str>)] = &[
    ("AgentIdUser.ReadWrite.All", Some("ad57fb88-4658-4fd6-ab7d-e43184b08e4e")),
    ("AgentIdUser.ReadWrite.IdentityParentedBy", Some("52a417d9-0b3c-4466-9a3b-66960de73d74")),
    ("Calendars.ReadWrite", None),
    ("Chat.ReadWrite", None),
    ("Directory.AccessAsUser.All", None),
    ("Directory.Read.All", None),
    ("Directory.ReadWrite.All", None),
    ("Files.ReadWrite.All", None),
    ("Mail.Read", None),
    ("Mail.Send", None),
    ("User.Read", None),
    ("User.Read.All", None),
    ("User.ReadBasic.All", None),
    ("User.ReadWrite.All", None),
    ("email", None),
    ("offline_access", None),
    ("openid", None),
    ("profile", None),
];

/// The permissions to which a person may consent without an admin
/// (<https://learn.microsoft.com/graph/permissions-reference>).
const USERS_MAY: [&str; 2] = ["User.Read", "User.ReadBasic.All"];

fn id_of(kind: &str, value: &str, id: Option<&str>) -> String {
    id.map_or_else(|| Hash::new(0).text(kind).text(value).guid().to_string(), str::to_owned)
}

/// `appRoles`.
pub(super) fn app_roles() -> Value {
    let role = |(value, id): &(&str, Option<&str>)| {
        json!({
            "allowedMemberTypes": ["Application"],
            "description": value,
            "displayName": value,
            "id": id_of("app role", value, *id),
            "isEnabled": true,
            "origin": "Application",
            "value": value,
        })
    };
    APP_ROLES.iter().map(role).collect()
}

/// `oauth2PermissionScopes`.
pub(super) fn scopes() -> Value {
    let scope = |(value, id): &(&str, Option<&str>)| {
        json!({
            "adminConsentDescription": value,
            "adminConsentDisplayName": value,
            "id": id_of("scope", value, *id),
            "isEnabled": true,
            "type": if USERS_MAY.contains(value) { "User" } else { "Admin" },
            "userConsentDescription": null,
            "userConsentDisplayName": null,
            "value": value,
        })
    };
    SCOPES.iter().map(scope).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use agentuser_core::graph::Call;

    #[test]
    fn every_permission_of_a_call_can_be_granted() {
        let has = |all: &[(&str, Option<&str>)], name: &str| all.iter().any(|(value, _)| *value == name);
        for call in Call::ALL {
            let unknown = |name: &&&str| !has(APP_ROLES, name) && !has(SCOPES, name);
            let unknown: Vec<_> = call.permissions().iter().filter(unknown).collect();
            assert!(unknown.is_empty(), "{} names {unknown:?}", call.name());
        }
    }
}
