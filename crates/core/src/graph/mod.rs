//! One builder per Graph call, with its parser beside it.
//!
//! Every request sends an explicit `$select`, percent-encodes what it is given and stays on the configured endpoint.

mod ask;

mod audit;
mod blueprints;
mod cloud;
mod deleted;
mod governance;
mod groups;
mod identities;
mod licenses;
mod lifecycle;
mod organization;
mod permissions;
mod probe;
mod references;
mod service_principals;
mod url;
mod users;

pub use crate::call::Call;
pub use ask::Ask;
pub(crate) use audit::in_smaller_pages;
pub use audit::{
    get_person, list_all_agent_users, list_all_sponsors, list_leave_dates, list_managers,
    list_sign_in_activity, list_sign_in_activity_between,
};
pub use blueprints::{
    InheritanceChange, add_inheritable_permission, find_blueprint_by_app_id, find_blueprint_principal,
    get_blueprint, list_blueprint_principals, list_blueprints, list_inheritable_permissions,
    update_inheritable_permission,
};
pub use cloud::{Cloud, Endpoint, InvalidEndpoint};
pub use deleted::{
    RestoreOptions, delete_deleted_item, get_deleted_item, list_deleted_applications,
    list_deleted_service_principals, list_deleted_users, restore_deleted_item,
};
pub use governance::{
    eligible_roles_of, find_applied_policies, list_access_policies, list_eligible_roles, list_risky_agents,
    list_role_assignments, list_role_definitions, list_role_groups, role_assignments_of,
};
pub use groups::{
    add_group_member, find_groups, find_groups_by_name, get_group, list_memberships, list_transitive_members,
    list_transitive_memberships, remove_group_member,
};
pub use identities::{
    IdentityQuery, add_identity_sponsor, enable_agent_identity, get_whole_agent_identity,
    list_agent_identities, list_agent_identities_by_app_id, list_identity_owners, list_identity_sponsors,
    remove_identity_sponsor,
};
pub use licenses::{LicenseChange, assign_license, get_drive, list_license_details, list_subscribed_skus};
pub use lifecycle::{
    attest_identity, find_lifecycle_subject, list_lifecycle_policies, list_lifecycle_subjects,
};
pub use organization::list_verified_domains;
pub use permissions::{
    GrantKey, assign_app_role, create_permission_grant, delete_permission_grant, find_resource, get_resource,
    list_all_permission_grants, list_app_role_holders, list_app_roles, list_permission_grants,
    list_user_app_roles, permission_grants_of, remove_app_role, update_permission_grant,
};
pub(crate) use probe::{probe, probe_with, user_path};
pub use references::{
    add_sponsor, find_users, get_manager, list_direct_reports, list_own_sponsored, list_sponsored,
    list_sponsors, remove_manager, remove_sponsor, set_manager,
};
pub use service_principals::{
    enable_blueprint_principal, find_service_principal_by_app_id, get_agent_identity,
    get_blueprint_principal, get_service_principal,
};
pub use url::Url;
pub use users::{
    Detail, Filter, FilteredMember, ListQuery, ListedMember, create_agent_user, delete_agent_user,
    find_agent_user_by_parent, get_user, list_agent_users, list_agent_users_briefly,
    list_agent_users_with_sessions, next_page, revoke_sessions, update_agent_user,
};
pub(crate) use users::{LEAVE_DATE, SECURITY_ATTRIBUTES, SESSIONS};
