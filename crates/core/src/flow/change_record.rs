//! Changes as their records tell them.

use crate::model::Change;
use crate::operation::{ChangeOutcome, Changed};
use serde_json::Value;

impl Change {
    /// It as its record tells it: the member, and its value before and after.
    pub(super) fn to_record(
        &self,
        outcome: ChangeOutcome,
        object: Option<String>,
        user_principal_name: Option<String>,
    ) -> Changed {
        let text = |text: &String| Value::from(text.as_str());
        let (change, member, before, after) = match self {
            Self::Create { user_principal_name, .. } => {
                ("create", None, Value::Null, text(user_principal_name))
            }
            Self::Set { member, from, to } => ("set", Some(member.to_string()), from.clone(), to.clone()),
            Self::AddSponsor { sponsor } => {
                ("addSponsor", Some("sponsors".to_owned()), Value::Null, text(sponsor))
            }
            Self::RemoveSponsor { sponsor } => {
                ("removeSponsor", Some("sponsors".to_owned()), text(sponsor), Value::Null)
            }
            Self::AddToGroup { group } => ("addToGroup", Some("groups".to_owned()), Value::Null, text(group)),
            Self::RemoveFromGroup { group } => {
                ("removeFromGroup", Some("groups".to_owned()), text(group), Value::Null)
            }
            Self::AddLicense { sku, .. } => {
                ("addLicense", Some("licenses".to_owned()), Value::Null, text(sku))
            }
            Self::SetDisabledPlans { sku, from, to } => (
                "setDisabledPlans",
                Some(format!("licenses/{sku}/disabledPlans")),
                Value::from(from.clone()),
                Value::from(to.clone()),
            ),
            Self::RemoveLicense { sku } => {
                ("removeLicense", Some("licenses".to_owned()), text(sku), Value::Null)
            }
            Self::SetManager { manager } => {
                ("setManager", Some("manager".to_owned()), Value::Null, text(manager))
            }
            Self::ClearManager => ("clearManager", Some("manager".to_owned()), Value::Null, Value::Null),
            Self::RevokeSessions => ("revokeSessions", None, Value::Null, Value::Null),
            Self::AddScope { scope, resource } => {
                ("addScope", Some(format!("scopes/{resource}")), Value::Null, text(scope))
            }
            Self::RemoveScope { scope, resource } => {
                ("removeScope", Some(format!("scopes/{resource}")), text(scope), Value::Null)
            }
            Self::AssignAppRole { app_role, resource } => {
                ("assignAppRole", Some(format!("appRoles/{resource}")), Value::Null, text(app_role))
            }
            Self::RemoveAppRole { app_role, resource } => {
                ("removeAppRole", Some(format!("appRoles/{resource}")), text(app_role), Value::Null)
            }
            Self::SetInheritance { member, resource, from, to } => (
                "setInheritance",
                Some(format!("{member}/{resource}")),
                from.clone().into(),
                Value::from(*to),
            ),
            Self::Attest => ("attest", None, Value::Null, Value::Null),
            Self::Delete => ("delete", None, Value::Null, Value::Null),
            Self::Restore => ("restore", None, Value::Null, Value::Null),
            Self::Purge => ("purge", None, Value::Null, Value::Null),
        };
        Changed { object, user_principal_name, change, outcome, member, before, after }
    }
}
