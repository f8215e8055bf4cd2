//! Service principals: agent identities, and principals that are mistaken for them (docs/graph.md#agent-identities).

use super::open::open_type;
use crate::ObjectId;

/// Whether `@odata.type` says agent identity.
pub(crate) fn is_agent_identity_type(kind: &str) -> bool {
    kind.trim_start_matches('#').eq_ignore_ascii_case("microsoft.graph.agentIdentity")
}

open_type! {
    /// A service principal of any kind, as `GET /servicePrincipals/{id}` shows it.
    ServicePrincipal {
        /// `#microsoft.graph.agentIdentity` for an agent identity. Answers to cast paths may omit it.
        odata_type: Option<String> = "@odata.type",
        /// The object id.
        id: Option<ObjectId> = "id",
        /// The application (client) id.
        app_id: Option<ObjectId> = "appId",
        /// The name people see.
        display_name: Option<String> = "displayName",
        /// Whether it can be used.
        account_enabled: Option<bool> = "accountEnabled",
        /// `ServiceIdentity` for an agent identity.
        service_principal_type: Option<String> = "servicePrincipalType",
        /// The blueprint's application id; on agent identities only.
        agent_identity_blueprint_id: Option<ObjectId> = "agentIdentityBlueprintId",
        /// `NotDisabled`, or why Microsoft disabled it.
        disabled_by_microsoft_status: Option<String> = "disabledByMicrosoftStatus",
        /// When it was created; read of agent identities.
        created_date_time: Option<String> = "createdDateTime",
        /// The application id of the program that created it; read of agent identities.
        created_by_app_id: Option<String> = "createdByAppId",
        /// When it came into the recycle bin.
        deleted_date_time: Option<String> = "deletedDateTime",
        /// Its tags; read of agent identities.
        tags: Vec<String> = "tags",
    }
}

/// The kind of a service principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// An agent identity: the one kind that can be the parent of an agent user.
    AgentIdentity,
    /// The principal of a blueprint: the parent of agent identities.
    BlueprintPrincipal,
    /// Anything else: an application, a managed identity.
    Plain,
}

impl ServicePrincipal {
    /// Its kind: by its type where the answer names one, else by its members (docs/graph.md#verifying-a-parent).
    #[must_use]
    pub fn kind(&self) -> Kind {
        let named = self.odata_type().map(|kind| kind.trim_start_matches('#'));
        let service_identity = self.service_principal_type() == Some("ServiceIdentity")
            && self.agent_identity_blueprint_id.is_some();
        match named {
            Some(kind) if is_agent_identity_type(kind) => Kind::AgentIdentity,
            Some("microsoft.graph.agentIdentityBlueprintPrincipal") => Kind::BlueprintPrincipal,
            _ if service_identity => Kind::AgentIdentity,
            _ => Kind::Plain,
        }
    }

    /// Whether Microsoft disabled it.
    #[must_use]
    pub fn is_disabled_by_microsoft(&self) -> bool {
        is_disabled(self.disabled_by_microsoft_status())
    }
}

/// Whether `disabledByMicrosoftStatus` says so.
pub(super) fn is_disabled(status: Option<&str>) -> bool {
    status.is_some_and(|status| !matches!(status, "NotDisabled" | "null" | ""))
}
