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
        /// Whether roles can be assigned to it.
        is_assignable_to_role: Option<bool> = "isAssignableToRole",
        /// The licenses that it assigns to its members.
        assigned_licenses: Vec<AssignedLicense> = "assignedLicenses",
    }
}
