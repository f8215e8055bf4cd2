//! Permissions: delegated permission grants, app role assignments, the resources that define both, and blueprints
//! (docs/graph.md#permissions-of-agents).

use super::open::open_type;
use super::service_principal::is_disabled;
use crate::ObjectId;
use serde::{Deserialize, Serialize};

/// The application id of Microsoft Graph, which is the same in every tenant and cloud.
pub const GRAPH_APP_ID: ObjectId = ObjectId::from_u128(0x0000_0003_0000_0000_c000_0000_0000_0000);

/// The app role by which a blueprint may create agent users for its agent identities.
pub const CREATE_AGENT_USERS: &str = "AgentIdUser.ReadWrite.IdentityParentedBy";

/// `consentType` of a grant for one user.
pub const PRINCIPAL: &str = "Principal";

/// `consentType` of a grant for all users.
pub const ALL_PRINCIPALS: &str = "AllPrincipals";

open_type! {
    /// A delegated permission grant (`oAuth2PermissionGrant`).
    PermissionGrant {
        /// Its id, which is not a GUID.
        id: Option<String> = "id",
        /// The object id of the service principal that acts.
        client_id: Option<ObjectId> = "clientId",
        /// `Principal` for one user, `AllPrincipals` for all.
        consent_type: Option<String> = "consentType",
        /// The user, of a grant for one.
        principal_id: Option<ObjectId> = "principalId",
        /// The object id of the resource's service principal.
        resource_id: Option<ObjectId> = "resourceId",
        /// The names of the delegated permissions, with blanks between them.
        scope: Option<String> = "scope",
    }
}

impl PermissionGrant {
    /// The names of the delegated permissions.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope().unwrap_or_default().split_whitespace()
    }

    /// Whether the delegated permission is among them, in either letter case.
    #[must_use]
    pub fn has(&self, scope: &str) -> bool {
        self.scopes().any(|own| own.eq_ignore_ascii_case(scope))
    }
}

open_type! {
    /// An app role of a principal.
    AppRoleAssignment {
        /// Its id, which is not a GUID.
        id: Option<String> = "id",
        /// The id of the role, by which the resource tells its name.
        app_role_id: Option<ObjectId> = "appRoleId",
        /// The principal that has it.
        principal_id: Option<ObjectId> = "principalId",
        /// The object id of the resource's service principal.
        resource_id: Option<ObjectId> = "resourceId",
        /// The resource's name.
        resource_display_name: Option<String> = "resourceDisplayName",
    }
}

open_type! {
    /// The service principal of an API, with the permissions that it defines.
    Resource {
        /// The object id.
        id: Option<ObjectId> = "id",
        /// The application id.
        app_id: Option<ObjectId> = "appId",
        /// The name people see.
        display_name: Option<String> = "displayName",
        /// Its application permissions.
        app_roles: Vec<AppRole> = "appRoles",
        /// Its delegated permissions.
        scopes: Vec<PermissionScope> = "oauth2PermissionScopes",
    }
}

/// An app role that a resource defines.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AppRole {
    /// Its id.
    pub id: Option<ObjectId>,
    /// Its name in tokens, such as `User.Read.All`.
    pub value: Option<String>,
    /// Whether it can be assigned.
    pub is_enabled: Option<bool>,
    /// `Application` where service principals can have it, `User` where users and groups can.
    pub allowed_member_types: Vec<String>,
}

/// A delegated permission that a resource defines.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PermissionScope {
    /// Its name in tokens, such as `User.Read`.
    pub value: Option<String>,
    /// Whether it can be granted.
    pub is_enabled: Option<bool>,
}

open_type! {
    /// A blueprint: the application that agent identities are made from.
    Blueprint {
        /// The object id of the application.
        id: Option<ObjectId> = "id",
        /// The application (client) id.
        app_id: Option<ObjectId> = "appId",
        /// The name people see.
        display_name: Option<String> = "displayName",
        /// Its description.
        description: Option<String> = "description",
        /// When it was created.
        created_date_time: Option<String> = "createdDateTime",
        /// `NotDisabled`, or why Microsoft disabled it.
        disabled_by_microsoft_status: Option<String> = "disabledByMicrosoftStatus",
        /// When it came into the recycle bin.
        deleted_date_time: Option<String> = "deletedDateTime",
    }
}

impl Blueprint {
    /// Whether Microsoft disabled it.
    #[must_use]
    pub fn is_disabled_by_microsoft(&self) -> bool {
        is_disabled(self.disabled_by_microsoft_status())
    }
}

/// The permissions of a resource that the agent identities of a blueprint inherit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct InheritablePermission {
    /// The application id of the resource.
    pub resource_app_id: Option<ObjectId>,
    /// The delegated permissions.
    pub inheritable_scopes: Option<InheritancePattern>,
    /// The app roles.
    pub inheritable_roles: Option<InheritancePattern>,
}

/// The pattern by which permissions are inherited.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct InheritancePattern {
    /// The type, such as `#microsoft.graph.allAllowedScopes`.
    #[serde(rename = "@odata.type")]
    pub odata_type: Option<String>,
    /// `allAllowed`, `enumerated` or `none`. Some answers have the type alone.
    pub kind: Option<String>,
}

impl InheritancePattern {
    /// Its kind, told by its type where the answer does not name it.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        let of_type = || {
            let name = self.odata_type.as_deref()?.rsplit('.').next()?;
            match name {
                "allAllowedScopes" | "allAllowedRoles" => Some("allAllowed"),
                "enumeratedScopes" | "enumeratedRoles" => Some("enumerated"),
                "noScopes" | "noRoles" => Some("none"),
                _ => None,
            }
        };
        self.kind.as_deref().or_else(of_type)
    }
}

/// The wanted inheritance of a resource's delegated permissions, or of its app roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Inheritance {
    /// All permissions that are granted to the blueprint's principal, now and later.
    AllAllowed,
    /// No permissions.
    None,
}

impl Inheritance {
    /// Its name, as Graph's `kind` has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AllAllowed => "allAllowed",
            Self::None => "none",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_tells_its_kind_by_itself_or_by_its_type() {
        for (json, kind) in [
            (
                r##"{"@odata.type":"#microsoft.graph.allAllowedScopes","kind":"allAllowed"}"##,
                Some("allAllowed"),
            ),
            (r#"{"@odata.type":"microsoft.graph.noScopes"}"#, Some("none")),
            (r#"{"@odata.type":"microsoft.graph.enumeratedRoles","scopes":["a"]}"#, Some("enumerated")),
            (r#"{"@odata.type":"microsoft.graph.other"}"#, None),
            ("{}", None),
        ] {
            let pattern: InheritancePattern = serde_json::from_str(json).unwrap();
            assert_eq!(pattern.kind(), kind, "{json}");
        }
    }

    #[test]
    fn the_scopes_of_a_grant_are_told_apart() {
        let grant: PermissionGrant = serde_json::from_str(r#"{"scope":" User.Read  Mail.Send "}"#).unwrap();
        assert_eq!(grant.scopes().collect::<Vec<_>>(), ["User.Read", "Mail.Send"]);
        assert!(grant.has("user.read") && !grant.has("User"));
        assert_eq!(PermissionGrant::default().scopes().count(), 0);
    }
}
