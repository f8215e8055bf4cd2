//! Groups, as far as licenses and memberships need them.

use super::license::AssignedLicense;
use super::open::open_type;
use crate::ObjectId;

open_type! {
    /// A group, or another object that a user is a member of.
    Group {
        /// `#microsoft.graph.group`, or the type of the other object.
        odata_type: Option<String> = "@odata.type",
        /// The object id.
        id: Option<ObjectId> = "id",
        /// The name people see.
        display_name: Option<String> = "displayName",
        /// `Unified` for a Microsoft 365 group, `DynamicMembership` for a dynamic one.
        group_types: Vec<String> = "groupTypes",
        /// Whether it has a mail address.
        mail_enabled: Option<bool> = "mailEnabled",
        /// Whether it can be given access.
        security_enabled: Option<bool> = "securityEnabled",
        /// Whether directory roles can be assigned to it.
        is_assignable_to_role: Option<bool> = "isAssignableToRole",
        /// Whether it is synced from on-premises.
        on_premises_sync_enabled: Option<bool> = "onPremisesSyncEnabled",
        /// Whether administrators of an administrative unit alone may change it.
        is_management_restricted: Option<bool> = "isManagementRestricted",
        /// The licenses that it assigns to its members.
        assigned_licenses: Vec<AssignedLicense> = "assignedLicenses",
    }
}

/// Why the members of a group can't be changed through Graph (docs/graph.md#group-members).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FixedMembers {
    /// It is synced from on-premises, and changed there.
    OnPremises,
    /// It is a distribution group or a mail-enabled security group, which Exchange keeps.
    Exchange,
    /// Roles can be assigned to it: no agent user may be in it.
    Roles,
    /// A rule decides who is a member.
    Dynamic,
}

impl Group {
    fn is_of(&self, kind: &str) -> bool {
        self.group_types().iter().any(|one| one.eq_ignore_ascii_case(kind))
    }

    /// Whether it is a group, and not a directory role or an administrative unit.
    pub(crate) fn is_group(&self) -> bool {
        self.odata_type().is_none_or(|kind| kind.eq_ignore_ascii_case("#microsoft.graph.group"))
    }

    /// Why no agent user can be added to it or removed from it.
    pub(crate) fn fixed_members(&self) -> Option<FixedMembers> {
        if self.on_premises_sync_enabled() == Some(true) {
            Some(FixedMembers::OnPremises)
        } else if self.mail_enabled() == Some(true) && !self.is_of("Unified") {
            Some(FixedMembers::Exchange)
        } else if self.is_assignable_to_role() == Some(true) {
            Some(FixedMembers::Roles)
        } else if self.is_of("DynamicMembership") {
            Some(FixedMembers::Dynamic)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_fixed_by_the_kind_of_group() {
        let fixed = |json: &str| serde_json::from_str::<Group>(json).unwrap().fixed_members();
        for (json, expected) in [
            (r#"{"securityEnabled": true, "mailEnabled": false}"#, None),
            (r#"{"groupTypes": ["Unified"], "mailEnabled": true}"#, None),
            (r#"{"mailEnabled": true, "securityEnabled": true}"#, Some(FixedMembers::Exchange)),
            (r#"{"mailEnabled": true, "onPremisesSyncEnabled": true}"#, Some(FixedMembers::OnPremises)),
            (r#"{"isAssignableToRole": true}"#, Some(FixedMembers::Roles)),
            (
                r#"{"groupTypes": ["Unified", "DynamicMembership"], "mailEnabled": true}"#,
                Some(FixedMembers::Dynamic),
            ),
            ("{}", None),
        ] {
            assert_eq!(fixed(json), expected, "{json}");
        }
    }
}
