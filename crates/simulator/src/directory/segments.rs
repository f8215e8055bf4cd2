//! The parts of Graph that this simulator lacks.

use super::schema::MODEL;
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
    (Method::Post, "/directory/administrativeUnits"),
    (Method::Delete, "/directory/administrativeUnits/{id}"),
    (Method::Patch, "/directory/administrativeUnits/{id}"),
    (Method::Post, "/directory/administrativeUnits/{id}/members"),
    (Method::Delete, "/domains/{id}"),
    (Method::Patch, "/domains/{id}"),
    (Method::Delete, "/directoryObjects/{id}"),
    (Method::Patch, "/directoryObjects/{id}"),
    (Method::Delete, "/organization/{id}"),
    (Method::Patch, "/organization/{id}"),
    (Method::Delete, "/subscribedSkus/{id}"),
    (Method::Patch, "/subscribedSkus/{id}"),
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

/// Actions and functions of users and service principals that stand in the place of a property: those of the metadata of v1.0.
#[rustfmt::skip]
const OPERATIONS: &[&str] = &[
    "addKey", "addPassword", "addTokenSigningCertificate", "assignLicense", "changePassword", "checkMemberGroups",
    "checkMemberObjects", "delta", "exportDeviceAndAppManagementData", "exportPersonalData", "findMeetingTimes",
    "getMailTips", "getManagedAppDiagnosticStatuses", "getManagedAppPolicies", "getManagedDevicesWithAppFailures",
    "getMemberGroups", "getMemberObjects", "reminderView", "removeAllDevicesFromManagement", "removeKey",
    "removePassword", "reprocessLicenseAssignment", "restore", "retryServiceProvisioning", "revokeSignInSessions",
    "sendMail", "translateExchangeIds", "wipeManagedAppRegistrationsByDeviceTag",
];

/// Actions and functions of sets, which stand in the place of an id.
const OPERATIONS_OF_SETS: &[&str] = &[
    "delta",
    "getAvailableExtensionProperties",
    "getByIds",
    "getUserOwnedObjects",
    "validatePassword",
    "validateProperties",
];

/// Whether a segment in the place of an id is an action or function of the set, or a type.
pub(super) fn is_no_id(segment: &str) -> bool {
    OPERATIONS_OF_SETS.iter().any(|name| name.eq_ignore_ascii_case(segment))
        || segment.starts_with("microsoft.graph.") && !segment.contains('@')
}

/// The segment below a user or service principal that v1.0 does not have. Beta has more, and is not known here.
pub(super) fn missing_below(version: Version, path: &str) -> Option<&str> {
    let mut segments = path.split('/').skip(1);
    let of = match segments.next()? {
        "users" => "user",
        "servicePrincipals" => "servicePrincipal",
        _ => return None,
    };
    let mut segments = segments.filter(|segment| !segment.starts_with("microsoft.graph."));
    let (_, below) = (segments.next()?, segments.next()?);
    let name = below.split('(').next().unwrap_or_default();
    let is_known = name.starts_with('$')
        || name.contains('%')
        || MODEL.member(of, name).is_some()
        || ["agentIdentity", "agentIdentityBlueprintPrincipal"]
            .iter()
            .any(|of| MODEL.member(of, name).is_some())
        || OPERATIONS.iter().any(|known| known.eq_ignore_ascii_case(name));
    (version == Version::V1 && !is_known).then_some(below)
}

/// Whether Graph takes, or may take, the method on this template, although the simulator does not. Any set of references can be
/// read, and one of them be deleted by `?@id=`. The methods of beta are not known here.
pub(super) fn graph_takes(version: Version, method: Method, template: &str) -> bool {
    let on_references = template.ends_with("/$ref") && matches!(method, Method::Get | Method::Delete);
    version == Version::Beta || on_references || LACKING.contains(&(method, template))
}
