//! The objects of Graph as types, and the state that is wanted of them.

mod agent_user;
mod change;
mod desired_user;
mod directory_object;
mod governance;
mod group;
mod license;
mod lifecycle;
mod member;
mod member_name;
mod member_value;
mod named_agent;
mod new_agent_user;
mod object_kind;
mod open;
mod open_column;
mod open_member;
mod page;
mod patch;
mod permission;
mod permission_name;
mod product_names;
mod reference;
mod row_names;
mod service_principal;
mod stage;
mod user_links;
mod wanted_license;

pub use agent_user::AgentUser;
pub(crate) use agent_user::{former_name, is_agent_user_type};
pub use change::Change;
pub use desired_user::DesiredUser;
pub use directory_object::{DirectoryObject, Organization, VerifiedDomain};
pub use governance::{
    AccessConditions, AccessPolicy, AccessUsers, GrantControls, RiskyAgent, RoleAssignment, RoleDefinition,
};
pub(crate) use group::FixedMembers;
pub use group::Group;
pub use license::{
    AssignedLicense, AssignedPlan, Drive, LicenseAssignmentState, LicenseDetails, PrepaidUnits, ServicePlan,
    SubscribedSku,
};
pub use lifecycle::{Compliance, Enforcement, EnforcementAction, LifecyclePolicy, PolicyRule, PolicySubject};
pub use member::{Member, Shape, UnknownMember};
pub use member_name::MemberName;
pub use member_value::MemberValue;
pub use named_agent::NamedAgent;
pub use new_agent_user::{Draft, NewAgentUser};
pub use object_kind::ObjectKind;
pub use open_column::OpenColumn;
pub use open_member::OpenMember;
pub(crate) use open_member::{OPEN_PROPERTIES, at, is_open, is_schema_extension, property};
pub(crate) use page::read_bounded;
pub use page::{Entries, MOST_ENTRIES, Page};
pub use patch::AgentUserPatch;
pub use permission::{
    ALL_PRINCIPALS, AppRole, AppRoleAssignment, Blueprint, CREATE_AGENT_USERS, GRAPH_APP_ID,
    InheritablePermission, Inheritance, InheritancePattern, PRINCIPAL, PermissionGrant, PermissionScope,
    Resource,
};
pub use permission_name::{Consent, PermissionClient, PermissionHolder, PermissionName};
pub use product_names::product_name;
pub(crate) use reference::manager_is_self;
pub use reference::{SkuRef, SponsorRef, UserRef};
pub(crate) use row_names::RowNames;
pub(crate) use service_principal::is_agent_identity_type;
pub use service_principal::{Kind, ServicePrincipal};
pub use stage::Stage;
pub use user_links::{SignInActivity, UserLinks};
pub(crate) use wanted_license::WrittenLicense;
pub use wanted_license::{DirectLicense, GroupRef, PlanRef, WantedLicense, contradiction};
