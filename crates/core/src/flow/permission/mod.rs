//! Permissions of agents: delegated permission grants, app role assignments, and what agent identities inherit from their
//! blueprint (docs/graph.md#permissions-of-agents).

mod access;
mod app_role;
mod grant;
mod holder;
mod inherit;
mod list;
mod report;
mod resource;
mod token;

pub use access::{Access, AccessGroup, AccessRole, AccessSource, AccessSourceKind, Sourced, read_access};
pub use app_role::{allow_creation, assign_app_role, remove_app_role};
pub use grant::{grant_permission, revoke_permission};
pub use inherit::inherit_permissions;
pub use list::{AssignedAppRole, DelegatedPermission, InheritedResource, Permissions, list_permissions};
pub use report::PermissionReport;
pub use token::{TokenPermission, TokenState, wait_permission};
