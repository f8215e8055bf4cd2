//! One change to an agent user, or to the permissions of an agent, as reports and plans have it.

use super::{Member, MemberName};
use serde::Serialize;
use serde_json::Value;
use std::fmt;

/// One change to make.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "change", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Change {
    /// Create the agent user.
    Create {
        /// Its sign-in name.
        user_principal_name: String,
        /// Its display name.
        display_name: String,
    },
    /// Set a member.
    Set {
        /// The member.
        member: MemberName,
        /// The value it has.
        from: Value,
        /// The value it gets.
        to: Value,
    },
    /// Add a sponsor.
    AddSponsor {
        /// As it was named.
        sponsor: String,
    },
    /// Remove a sponsor.
    RemoveSponsor {
        /// As it was named.
        sponsor: String,
    },
    /// Add it to a group.
    AddToGroup {
        /// As it was named.
        group: String,
    },
    /// Remove it from a group.
    RemoveFromGroup {
        /// As it was named.
        group: String,
    },
    /// Assign a license.
    AddLicense {
        /// The SKU's part number, or its id where it has none.
        sku: String,
        /// The names of the service plans that are off in it.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        disabled_plans: Vec<String>,
    },
    /// Switch service plans of a license off or on.
    SetDisabledPlans {
        /// The SKU's part number, or its id where it has none.
        sku: String,
        /// The names of the service plans that are off.
        from: Vec<String>,
        /// The names of those that will be.
        to: Vec<String>,
    },
    /// Take a license away.
    RemoveLicense {
        /// The SKU's part number, or its id where it has none.
        sku: String,
    },
    /// Set the manager.
    SetManager {
        /// As it was named.
        manager: String,
    },
    /// Remove the manager.
    ClearManager,
    /// End the sign-in sessions.
    RevokeSessions,
    /// Grant a delegated permission.
    AddScope {
        /// Its name.
        scope: String,
        /// The name of the resource that defines it.
        resource: String,
    },
    /// Revoke a delegated permission.
    RemoveScope {
        /// Its name.
        scope: String,
        /// The name of the resource that defines it.
        resource: String,
    },
    /// Assign an app role.
    AssignAppRole {
        /// Its name.
        app_role: String,
        /// The name of the resource that defines it.
        resource: String,
    },
    /// Take an app role away.
    RemoveAppRole {
        /// Its name.
        app_role: String,
        /// The name of the resource that defines it.
        resource: String,
    },
    /// Set what the agent identities of a blueprint inherit.
    SetInheritance {
        /// `inheritableScopes` or `inheritableRoles`.
        member: &'static str,
        /// The name of the resource that defines the permissions.
        resource: String,
        /// The kind that it has; none where there is no entry of the resource.
        from: Option<String>,
        /// The kind that it gets: `allAllowed` or `none`.
        to: &'static str,
    },
    /// Attest the agent identity.
    Attest,
    /// Move it to the recycle bin.
    Delete,
    /// Bring it back from the recycle bin.
    Restore,
    /// Delete it for ever.
    Purge,
}

impl Change {
    /// Whether it lets an object sign in, or keeps it from that.
    pub(crate) fn sets_enabled(&self) -> bool {
        matches!(self, Self::Set { member, .. } if *member == Member::AccountEnabled)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create { user_principal_name, display_name } => {
                write!(f, "create {user_principal_name} ({display_name})")
            }
            Self::Set { member, from: Value::Null, to } => write!(f, "set {member} to {to}"),
            Self::Set { member, from, to } => write!(f, "set {member} from {from} to {to}"),
            Self::AddSponsor { sponsor } => write!(f, "add sponsor {sponsor}"),
            Self::RemoveSponsor { sponsor } => write!(f, "remove sponsor {sponsor}"),
            Self::AddToGroup { group } => write!(f, "add to group {group}"),
            Self::RemoveFromGroup { group } => write!(f, "remove from group {group}"),
            Self::AddLicense { sku, disabled_plans } if disabled_plans.is_empty() => {
                write!(f, "assign license {sku}")
            }
            Self::AddLicense { sku, disabled_plans } => {
                write!(f, "assign license {sku} without {}", disabled_plans.join(", "))
            }
            Self::SetDisabledPlans { sku, from, to } => {
                let new = |of: &[String], in_: &[String]| {
                    of.iter().filter(|plan| !in_.contains(plan)).cloned().collect::<Vec<_>>().join(", ")
                };
                match (new(to, from), new(from, to)) {
                    (off, on) if on.is_empty() => write!(f, "switch off {off} of license {sku}"),
                    (off, on) if off.is_empty() => write!(f, "switch on {on} of license {sku}"),
                    (off, on) => write!(f, "switch off {off} and switch on {on} of license {sku}"),
                }
            }
            Self::RemoveLicense { sku } => write!(f, "remove license {sku}"),
            Self::SetManager { manager } => write!(f, "set manager to {manager}"),
            Self::ClearManager => f.write_str("remove the manager"),
            Self::RevokeSessions => f.write_str("end its sign-in sessions"),
            Self::AddScope { scope, resource } => write!(f, "grant {scope} of {resource}"),
            Self::RemoveScope { scope, resource } => write!(f, "revoke {scope} of {resource}"),
            Self::AssignAppRole { app_role, resource } => {
                write!(f, "assign app role {app_role} of {resource}")
            }
            Self::RemoveAppRole { app_role, resource } => {
                write!(f, "remove app role {app_role} of {resource}")
            }
            Self::SetInheritance { member, resource, from: None, to } => {
                write!(f, "set {member} of {resource} to {to}")
            }
            Self::SetInheritance { member, resource, from: Some(from), to } => {
                write!(f, "set {member} of {resource} from {from} to {to}")
            }
            Self::Attest => f.write_str("attest"),
            Self::Delete => f.write_str("delete"),
            Self::Restore => f.write_str("restore"),
            Self::Purge => f.write_str("delete for ever"),
        }
    }
}
