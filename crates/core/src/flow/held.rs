//! The licenses that a user has, and where each comes from (docs/graph.md#licenses-from-groups).

use crate::ObjectId;
use crate::model::{AgentUser, LicenseAssignmentState};

/// The assignments of a SKU, direct and by groups, in any state.
pub(super) fn assignments(user: &AgentUser, sku: ObjectId) -> impl Iterator<Item = &LicenseAssignmentState> {
    user.license_assignment_states().iter().filter(move |state| state.sku_id == Some(sku))
}

/// The group of an assignment; none for a direct one.
pub(super) fn group_of(assignment: &LicenseAssignmentState) -> Option<&str> {
    assignment.assigned_by_group.as_deref().filter(|group| !group.is_empty())
}

/// The groups that assign a SKU.
pub(super) fn groups(user: &AgentUser, sku: ObjectId) -> impl Iterator<Item = &str> {
    assignments(user, sku).filter_map(group_of)
}

/// Whether the user has the SKU, from wherever it comes.
pub(super) fn has(user: &AgentUser, sku: ObjectId) -> bool {
    user.assigned_licenses().iter().any(|license| license.sku_id == Some(sku)) || direct(user, sku).is_some()
}

/// The plans that the direct assignment of a SKU switches off; none where it is not assigned directly.
pub(super) fn direct(user: &AgentUser, sku: ObjectId) -> Option<&[ObjectId]> {
    let mut states = assignments(user, sku).peekable();
    if states.peek().is_some() {
        return states.find(|state| group_of(state).is_none()).map(|state| &*state.disabled_plans);
    }
    // An answer without states does not tell groups apart.
    let license = user.assigned_licenses().iter().find(|license| license.sku_id == Some(sku));
    license.map(|license| &*license.disabled_plans)
}

pub(super) fn is_active(assignment: &LicenseAssignmentState) -> bool {
    matches!(assignment.state.as_deref(), Some("Active" | "ActiveWithError"))
}

/// Whether a license of the user is known to be active.
pub(super) fn has_active(user: &AgentUser, sku: ObjectId) -> bool {
    assignments(user, sku).any(is_active)
}

/// The error of an assignment that has one.
pub(super) fn error_of(assignment: &LicenseAssignmentState) -> Option<&str> {
    let error = assignment.error.as_deref().filter(|error| !error.is_empty() && *error != "None");
    match assignment.state.as_deref() {
        Some("Error" | "Disabled") => Some(error.unwrap_or("Other")),
        Some("ActiveWithError") => error.or(Some("Other")),
        _ => None,
    }
}
