//! What Graph has and this simulator does not.

use crate::spelling::Version;
use agentuser_core::http::Method;

/// The first segments of v1.0: the entity sets, singletons and imports of its metadata (docs/graph.md#spellings).
#[rustfmt::skip]
const V1: &[&str] = &[
    "", "$batch", "$metadata", "admin", "agreementAcceptances", "agreements", "appCatalogs",
    "appRoleAssignments", "applicationTemplates", "applications", "auditLogs",
    "authenticationMethodConfigurations", "authenticationMethodsPolicy", "certificateBasedAuthConfiguration",
    "chats", "communications", "compliance", "connections", "contacts", "contracts", "copilot",
    "dataPolicyOperations", "deviceAppManagement", "deviceManagement", "devices", "directory",
    "directoryObjects", "directoryRoleTemplates", "directoryRoles", "domainDnsRecords", "domains", "drive",
    "drives", "education", "employeeExperience", "external", "filterOperators", "functions",
    "groupLifecyclePolicies", "groupSettingTemplates", "groupSettings", "groups", "identity",
    "identityGovernance", "identityProtection", "identityProviders", "informationProtection", "invitations",
    "me", "oauth2PermissionGrants", "organization", "permissionGrants", "places", "planner", "policies",
    "print", "privacy", "reports", "roleManagement", "schemaExtensions", "scopedRoleMemberships", "search",
    "security", "servicePrincipals", "shares", "sites", "solutions", "storage", "subscribedSkus",
    "subscriptions", "teams", "teamsTemplates", "teamwork", "tenantRelationships", "users",
];

/// First segments that beta does not have either (docs/graph.md#spellings).
const NOWHERE: &[&str] = &["agentUsers"];

/// Methods that Graph takes on a path that is simulated for others, by the contract (`tests/contract`).
const LACKING: &[(Method, &str)] = &[
    (Method::Post, "/domains"),
    (Method::Post, "/organization"),
    (Method::Post, "/subscribedSkus"),
    (Method::Post, "/users/{id}/licenseDetails"),
];

/// Whether Graph may have a path that begins with this segment. The list of v1.0 is whole; beta has more.
pub(super) fn graph_has(version: Version, first: &str) -> bool {
    // `servicePrincipals(appId='…')`
    let name = first.split('(').next().unwrap_or_default();
    let is_it = |known: &&str| known.eq_ignore_ascii_case(name);
    match version {
        Version::V1 => V1.iter().any(is_it),
        Version::Beta => !NOWHERE.iter().any(is_it),
    }
}

/// Whether Graph takes the method on this template, although the simulator does not.
pub(super) fn graph_takes(method: Method, template: &str) -> bool {
    LACKING.contains(&(method, template))
}
