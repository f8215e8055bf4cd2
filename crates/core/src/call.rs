//! Every call to Microsoft Graph that the library makes, with what it needs.

use crate::http::Method;
use serde::Serialize;

/// The permissions that write agent users of the calling blueprint only, of any blueprint, or any user at all.
const WRITE: &[&str] =
    &["AgentIdUser.ReadWrite.IdentityParentedBy", "AgentIdUser.ReadWrite.All", "User.ReadWrite.All"];

/// The permissions that read users, down to basic properties.
const READ_BASIC: &[&str] = &[
    "User.ReadBasic.All",
    "User.Read.All",
    "AgentIdUser.ReadWrite.IdentityParentedBy",
    "AgentIdUser.ReadWrite.All",
    "User.ReadWrite.All",
];

/// The permissions that read users in full.
const READ: &[&str] = &[
    "User.Read.All",
    "AgentIdUser.ReadWrite.IdentityParentedBy",
    "AgentIdUser.ReadWrite.All",
    "User.ReadWrite.All",
];

/// The permissions that read groups and memberships.
const READ_GROUPS: &[&str] = &["GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"];

/// The permissions that change the members of groups.
const WRITE_MEMBERS: &[&str] =
    &["GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"];

/// The application permissions that read the memberships of a user: `GroupMember.Read.All` is a delegated one
/// alone (docs/permissions.md#sources).
const READ_MEMBERSHIPS: &[&str] = &["Directory.Read.All", "GroupMember.ReadBasic.All", "Group.ReadBasic.All"];

/// The permissions that read delegated permission grants.
const READ_GRANTS: &[&str] =
    &["Directory.Read.All", "DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"];

/// The permissions that write delegated permission grants.
const WRITE_GRANTS: &[&str] = &["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"];

/// The permission that assigns app roles. Reading the resource needs Application.Read.All beside it.
const WRITE_APP_ROLES: &[&str] = &["AppRoleAssignment.ReadWrite.All"];

/// The permissions that list agent identities.
const READ_IDENTITIES: &[&str] = &["AgentIdentity.Read.All", "AgentIdentity.ReadWrite.All"];

/// The permissions that read lifecycle policies of agent identities and their reports.
const READ_POLICIES: &[&str] =
    &["LifecyclePolicies-AgentId.Read.All", "LifecyclePolicies-AgentId.ReadWrite.All"];

/// The permissions that read directory roles.
const READ_ROLES: &[&str] = &["RoleManagement.Read.Directory", "Directory.Read.All"];

/// The permissions that read blueprints.
const READ_BLUEPRINTS: &[&str] =
    &["AgentIdentityBlueprint.Read.All", "AgentIdentityBlueprint.ReadWrite.All", "Application.Read.All"];

/// The permissions that read the principals of blueprints.
const READ_BLUEPRINT_PRINCIPALS: &[&str] = &[
    "AgentIdentityBlueprintPrincipal.Read.All",
    "AgentIdentityBlueprintPrincipal.ReadWrite.All",
    "Application.Read.All",
];

/// The permissions that write the sponsors of agent identities: the permission map names the first, the page the second
/// (docs/graph.md#handing-over).
const WRITE_IDENTITY_SPONSORS: &[&str] = &["AgentIdentity.UpdateSponsors.All", "AgentIdentity.ReadWrite.All"];

/// The permissions that write inheritable permissions. Microsoft's pages name different ones
/// (docs/graph.md#inheritable-permissions).
const WRITE_INHERITABLE: &[&str] =
    &["AgentIdentityBlueprint.UpdateAuthProperties.All", "AgentIdentityBlueprint.ReadWrite.All"];

macro_rules! calls {
    ($($variant:ident $name:literal {
        what: $what:literal, method: $method:ident, path: $path:literal,
        permissions: $permissions:expr, $(application: $application:expr,)? role: $role:expr, page: $page:literal $(,)?
    })*) => {
        /// One call to Microsoft Graph.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "camelCase")]
        #[non_exhaustive]
        pub enum Call {
            $(#[doc = concat!("To ", $what, ": `", $path, "`.")] $variant,)*
        }

        impl Call {
            /// Every call, in the order of docs/errors.md.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in camelCase, which never changes.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Its effect, as words that follow "to".
            #[must_use]
            pub const fn what(self) -> &'static str {
                match self { $(Self::$variant => $what,)* }
            }

            /// The HTTP method.
            #[must_use]
            pub const fn method(self) -> Method {
                match self { $(Self::$variant => Method::$method,)* }
            }

            /// The path below the version root, with the variable parts in braces.
            #[must_use]
            pub const fn path(self) -> &'static str {
                match self { $(Self::$variant => $path,)* }
            }

            /// The permissions that allow it, delegated or application, least privileged first.
            #[must_use]
            pub const fn permissions(self) -> &'static [&'static str] {
                match self { $(Self::$variant => $permissions,)* }
            }

            /// The permissions of an application, where they differ from the rest of [`Self::permissions`].
            pub(crate) const fn own_of_application(self) -> &'static [&'static [&'static str]] {
                match self { $(Self::$variant => &[$($application)?],)* }
            }

            /// The least Entra role that a signed-in admin needs, where Microsoft names one.
            #[must_use]
            pub const fn role(self) -> Option<&'static str> {
                match self { $(Self::$variant => $role,)* }
            }

            /// Microsoft's page about it.
            #[must_use]
            pub const fn page(self) -> &'static str {
                match self { $(Self::$variant => concat!("https://learn.microsoft.com/graph/", $page),)* }
            }
        }
    };
}

calls! {
    GetServicePrincipal "getServicePrincipal" {
        what: "read a service principal", method: Get, path: "/servicePrincipals/{id}",
        permissions: &["Application.Read.All"], role: None, page: "api/serviceprincipal-get",
    }
    GetAgentIdentity "getAgentIdentity" {
        what: "read an agent identity", method: Get, path: "/servicePrincipals/microsoft.graph.agentIdentity/{id}",
        permissions: &["AgentIdentity.Read.All", "AgentIdentity.ReadWrite.All", "Application.Read.All"], role: None,
        page: "api/agentidentity-get",
    }
    ListAgentIdentities "listAgentIdentities" {
        what: "list the agent identities", method: Get, path: "/servicePrincipals/microsoft.graph.agentIdentity",
        permissions: READ_IDENTITIES, role: None, page: "api/agentidentity-list",
    }
    ListIdentitySponsors "listIdentitySponsors" {
        what: "list the sponsors of the agent identity", method: Get,
        path: "/servicePrincipals/{id}/microsoft.graph.agentIdentity/sponsors",
        permissions: &["AgentIdentity.ReadWrite.All", "Application.Read.All"], role: None,
        page: "api/agentidentity-list-sponsors",
    }
    AddIdentitySponsor "addIdentitySponsor" {
        what: "add a sponsor to the agent identity", method: Post,
        path: "/servicePrincipals/{id}/microsoft.graph.agentIdentity/sponsors/$ref",
        permissions: WRITE_IDENTITY_SPONSORS, role: Some("Agent ID Administrator"),
        page: "api/agentidentity-post-sponsors",
    }
    RemoveIdentitySponsor "removeIdentitySponsor" {
        what: "remove a sponsor from the agent identity", method: Delete,
        path: "/servicePrincipals/{id}/microsoft.graph.agentIdentity/sponsors/{sponsorId}/$ref",
        permissions: WRITE_IDENTITY_SPONSORS, role: Some("Agent ID Administrator"),
        page: "api/agentidentity-delete-sponsors",
    }
    UpdateAgentIdentity "updateAgentIdentity" {
        what: "enable or disable the agent identity", method: Patch,
        path: "/servicePrincipals/{id}/microsoft.graph.agentIdentity",
        permissions: &["AgentIdentity.EnableDisable.All", "AgentIdentity.ReadWrite.All"],
        role: Some("Agent ID Administrator"), page: "api/agentidentity-update",
    }
    ListIdentityOwners "listIdentityOwners" {
        what: "list the owners of the agent identity", method: Get,
        path: "/servicePrincipals/{id}/microsoft.graph.agentIdentity/owners",
        permissions: &["AgentIdentity.Read.All", "Application.Read.All"], role: None,
        page: "api/agentidentity-list-owners",
    }
    ListLifecyclePolicies "listLifecyclePolicies" {
        what: "list the lifecycle policies", method: Get,
        path: "/identityGovernance/lifecycleWorkflows/lifecyclePolicies",
        permissions: READ_POLICIES, role: None,
        page: "api/identitygovernance-lifecycleworkflowscontainer-list-lifecyclepolicies",
    }
    ListLifecycleSubjects "listLifecycleSubjects" {
        what: "list what a lifecycle policy says of agent identities", method: Get,
        path: "/identityGovernance/lifecycleWorkflows/lifecyclePolicies/{id}/report/subjects",
        permissions: READ_POLICIES, role: None,
        page: "api/identitygovernance-lifecyclepolicyreport-list-subjects",
    }
    FindLifecycleSubject "findLifecycleSubject" {
        what: "find what a lifecycle policy says of the agent identity", method: Get,
        path: "/identityGovernance/lifecycleWorkflows/lifecyclePolicies/{id}/report/subjects?$filter=id eq '{agentIdentityId}'",
        permissions: READ_POLICIES, role: None,
        page: "api/identitygovernance-lifecyclepolicyreport-list-subjects",
    }
    AttestIdentity "attestIdentity" {
        what: "attest the agent identity", method: Post,
        path: "/servicePrincipals/{id}/microsoft.graph.agentIdentity/attest",
        permissions: &["AgentIdentity.ReadWrite.All"], role: Some("Agent Identity Administrator"),
        page: "api/agentidentity-attest",
    }
    FindServicePrincipalByAppId "findServicePrincipalByAppId" {
        what: "find a service principal by its app id", method: Get,
        path: "/servicePrincipals?$filter=appId eq '{appId}'",
        permissions: &["Application.Read.All"], role: None, page: "api/serviceprincipal-list",
    }
    ListAgentUsers "listAgentUsers" {
        what: "list the agent users", method: Get, path: "/users/microsoft.graph.agentUser",
        permissions: READ_BASIC, role: None, page: "api/agentuser-list",
    }
    ListManagers "listManagers" {
        what: "list the agent users with their managers", method: Get,
        path: "/users/microsoft.graph.agentUser?$expand=manager",
        permissions: READ, role: None, page: "api/agentuser-list",
    }
    ListAllSponsors "listAllSponsors" {
        what: "list the agent users with their sponsors", method: Get,
        path: "/users/microsoft.graph.agentUser?$expand=sponsors",
        permissions: READ, role: None, page: "api/agentuser-list",
    }
    ListLeaveDates "listLeaveDates" {
        what: "list the agent users with their leave dates", method: Get,
        path: "/users/microsoft.graph.agentUser?$select=employeeLeaveDateTime",
        permissions: &["User-LifeCycleInfo.Read.All", "User-LifeCycleInfo.ReadWrite.All"], role: None,
        page: "api/agentuser-list",
    }
    ListSignInActivity "listSignInActivity" {
        what: "list the agent users with their sign-in activity", method: Get,
        path: "/users/microsoft.graph.agentUser?$select=signInActivity",
        permissions: &["AuditLog.Read.All"], role: Some("Reports Reader"), page: "api/agentuser-list",
    }
    FindAgentUserByParent "findAgentUserByParent" {
        what: "find the agent user of an agent identity", method: Get,
        path: "/users/microsoft.graph.agentUser?$filter=identityParentId eq '{id}'",
        permissions: READ_BASIC, role: None, page: "api/agentuser-list",
    }
    GetUser "getUser" {
        what: "read a user", method: Get, path: "/users/{id}",
        permissions: READ_BASIC, role: None, page: "api/user-get",
    }
    FindUsers "findUsers" {
        what: "find users by the start of a name", method: Get,
        path: "/users?$filter=startsWith(userPrincipalName,'{start}') or startsWith(displayName,'{start}')",
        permissions: READ_BASIC, role: None, page: "api/user-list",
    }
    CreateAgentUser "createAgentUser" {
        what: "create the agent user", method: Post, path: "/users/microsoft.graph.agentUser",
        permissions: WRITE, role: Some("Agent ID Administrator"), page: "api/agentuser-post",
    }
    UpdateAgentUser "updateAgentUser" {
        what: "change the agent user", method: Patch, path: "/users/microsoft.graph.agentUser/{id}",
        permissions: WRITE, role: None, page: "api/agentuser-update",
    }
    DeleteAgentUser "deleteAgentUser" {
        what: "delete the agent user", method: Delete, path: "/users/microsoft.graph.agentUser/{id}",
        permissions: &[
            "AgentIdUser.ReadWrite.IdentityParentedBy", "AgentIdUser.ReadWrite.All", "User.DeleteRestore.All",
            "User.ReadWrite.All",
        ],
        role: Some("Agent ID Administrator"), page: "api/agentuser-delete",
    }
    GetManager "getManager" {
        what: "read the manager of the agent user", method: Get, path: "/users/{id}/manager",
        permissions: READ, role: None, page: "api/agentuser-list-manager",
    }
    SetManager "setManager" {
        what: "set the manager of the agent user", method: Put, path: "/users/{id}/manager/$ref",
        permissions: WRITE, role: Some("Agent ID Administrator"), page: "api/agentuser-post-manager",
    }
    RemoveManager "removeManager" {
        what: "remove the manager of the agent user", method: Delete, path: "/users/{id}/manager/$ref",
        permissions: WRITE, role: Some("Agent ID Administrator"), page: "api/agentuser-delete-manager",
    }
    ListSponsors "listSponsors" {
        what: "list the sponsors of the agent user", method: Get, path: "/users/{id}/sponsors",
        permissions: &[
            "User.Read", "User.Read.All", "AgentIdUser.ReadWrite.IdentityParentedBy", "AgentIdUser.ReadWrite.All",
            "User.ReadWrite.All",
        ],
        role: None, page: "api/agentuser-list-sponsors",
    }
    AddSponsor "addSponsor" {
        what: "add a sponsor to the agent user", method: Post, path: "/users/{id}/sponsors/$ref",
        permissions: WRITE, role: Some("Directory Writers"), page: "api/agentuser-post-sponsors",
    }
    RemoveSponsor "removeSponsor" {
        what: "remove a sponsor from the agent user", method: Delete, path: "/users/{id}/sponsors/{sponsorId}/$ref",
        permissions: WRITE, role: Some("Directory Writers"), page: "api/agentuser-delete-sponsors",
    }
    ListDirectReports "listDirectReports" {
        what: "list those whose manager the agent user is", method: Get, path: "/users/{id}/directReports",
        permissions: READ, role: None, page: "api/user-list-directreports",
    }
    ListSponsored "listSponsored" {
        what: "list what the user sponsors", method: Get, path: "/users/{id}/sponsorOf",
        permissions: &["User.Read", "User.Read.All", "User.ReadWrite.All"], role: None,
        page: "api/user-list-sponsorof",
    }
    ListOwnSponsored "listOwnSponsored" {
        what: "list what the signed-in person sponsors", method: Get, path: "/me/sponsorOf",
        permissions: &["User.Read", "User.Read.All", "User.ReadWrite.All"], application: &[], role: None,
        page: "api/user-list-sponsorof",
    }
    RevokeSessions "revokeSessions" {
        what: "end the sign-in sessions of the agent user", method: Post, path: "/users/{id}/revokeSignInSessions",
        permissions: &[
            "User.RevokeSessions.All", "AgentIdUser.ReadWrite.IdentityParentedBy", "AgentIdUser.ReadWrite.All",
            "User.ReadWrite.All",
        ],
        role: None, page: "api/user-revokesigninsessions",
    }
    ListSubscribedSkus "listSubscribedSkus" {
        what: "list the licenses of the tenant", method: Get, path: "/subscribedSkus",
        permissions: &["LicenseAssignment.Read.All", "Organization.Read.All", "Directory.Read.All"],
        role: None, page: "api/subscribedsku-list",
    }
    AssignLicense "assignLicense" {
        what: "change the licenses of the agent user", method: Post, path: "/users/{id}/assignLicense",
        permissions: &[
            "LicenseAssignment.ReadWrite.All", "AgentIdUser.ReadWrite.IdentityParentedBy",
            "AgentIdUser.ReadWrite.All", "User.ReadWrite.All", "Directory.ReadWrite.All",
        ],
        role: None, page: "api/user-assignlicense",
    }
    ListLicenseDetails "listLicenseDetails" {
        what: "list the licenses of the agent user", method: Get, path: "/users/{id}/licenseDetails",
        permissions: &[
            "LicenseAssignment.Read.All", "AgentIdUser.ReadWrite.IdentityParentedBy", "AgentIdUser.ReadWrite.All",
            "User.Read.All",
        ],
        role: None, page: "api/user-list-licensedetails",
    }
    GetGroup "getGroup" {
        what: "read a group", method: Get, path: "/groups/{id}",
        permissions: READ_GROUPS, role: None, page: "api/group-get",
    }
    FindGroupByName "findGroupByName" {
        what: "find a group by its name", method: Get, path: "/groups?$filter=displayName eq '{name}'",
        permissions: READ_GROUPS, role: None, page: "api/group-list",
    }
    FindGroups "findGroups" {
        what: "find groups by the start of their names", method: Get,
        path: "/groups?$filter=startsWith(displayName,'{start}')",
        permissions: READ_GROUPS, role: None, page: "api/group-list",
    }
    ListTransitiveMembers "listTransitiveMembers" {
        what: "list the members of a group and of the groups in it", method: Get,
        path: "/groups/{id}/transitiveMembers",
        permissions: READ_GROUPS, role: None, page: "api/group-list-transitivemembers",
    }
    ListTransitiveMemberships "listTransitiveMemberships" {
        what: "list the groups of the agent user, and those that these are in", method: Get,
        path: "/users/{id}/transitiveMemberOf",
        permissions: READ_GROUPS, role: None, page: "api/user-list-transitivememberof",
    }
    ListMemberships "listMemberships" {
        what: "list the groups of the agent user", method: Get, path: "/users/{id}/memberOf",
        permissions: READ_GROUPS, application: READ_MEMBERSHIPS, role: None, page: "api/user-list-memberof",
    }
    AddGroupMember "addGroupMember" {
        what: "add the agent user to the group", method: Post, path: "/groups/{id}/members/$ref",
        permissions: WRITE_MEMBERS, role: Some("Groups Administrator"), page: "api/group-post-members",
    }
    RemoveGroupMember "removeGroupMember" {
        what: "remove the agent user from the group", method: Delete, path: "/groups/{id}/members/{memberId}/$ref",
        permissions: WRITE_MEMBERS, role: Some("Groups Administrator"), page: "api/group-delete-members",
    }
    GetDrive "getDrive" {
        what: "read the OneDrive of the agent user", method: Get, path: "/users/{id}/drive",
        permissions: &["Files.Read.All", "Files.ReadWrite.All", "Sites.Read.All", "Sites.ReadWrite.All"],
        role: None, page: "api/drive-get",
    }
    ListVerifiedDomains "listVerifiedDomains" {
        what: "read the verified domains of the tenant", method: Get, path: "/organization?$select=verifiedDomains",
        permissions: &["User.Read", "Organization.Read.All", "Directory.Read.All"], role: None,
        page: "api/organization-list",
    }
    ListDeletedUsers "listDeletedUsers" {
        what: "list the deleted users", method: Get, path: "/directory/deletedItems/microsoft.graph.user",
        permissions: &["User.Read.All"], role: None, page: "api/directory-deleteditems-list",
    }
    GetDeletedItem "getDeletedItem" {
        what: "read a deleted user", method: Get, path: "/directory/deletedItems/{id}",
        permissions: &["User.Read.All"], role: None, page: "api/directory-deleteditems-get",
    }
    RestoreDeletedItem "restoreDeletedItem" {
        what: "restore the deleted agent user", method: Post, path: "/directory/deletedItems/{id}/restore",
        permissions: &[
            "User.DeleteRestore.All", "AgentIdUser.ReadWrite.IdentityParentedBy", "AgentIdUser.ReadWrite.All",
            "User.ReadWrite.All",
        ],
        role: None, page: "api/directory-deleteditems-restore",
    }
    PurgeDeletedItem "purgeDeletedItem" {
        what: "delete the agent user permanently", method: Delete, path: "/directory/deletedItems/{id}",
        permissions: &["User.ReadWrite.All"], role: None, page: "api/directory-deleteditems-delete",
    }
    ListAllPermissionGrants "listAllPermissionGrants" {
        what: "list the delegated permission grants of the tenant", method: Get, path: "/oauth2PermissionGrants",
        permissions: READ_GRANTS, role: None, page: "api/oauth2permissiongrant-list",
    }
    ListAppRoleHolders "listAppRoleHolders" {
        what: "list those who have an app role of a resource", method: Get,
        path: "/servicePrincipals/{id}/appRoleAssignedTo",
        permissions: &["Application.Read.All", "Directory.Read.All"], role: None,
        page: "api/serviceprincipal-list-approleassignedto",
    }
    ListPermissionGrants "listPermissionGrants" {
        what: "list the delegated permission grants", method: Get,
        path: "/oauth2PermissionGrants?$filter=clientId eq '{id}'",
        permissions: READ_GRANTS, role: None, page: "api/oauth2permissiongrant-list",
    }
    CreatePermissionGrant "createPermissionGrant" {
        what: "create the delegated permission grant", method: Post, path: "/oauth2PermissionGrants",
        permissions: WRITE_GRANTS, role: Some("Cloud Application Administrator"),
        page: "api/oauth2permissiongrant-post",
    }
    UpdatePermissionGrant "updatePermissionGrant" {
        what: "change the delegated permission grant", method: Patch, path: "/oauth2PermissionGrants/{id}",
        permissions: WRITE_GRANTS, role: Some("Cloud Application Administrator"),
        page: "api/oauth2permissiongrant-update",
    }
    DeletePermissionGrant "deletePermissionGrant" {
        what: "delete the delegated permission grant", method: Delete, path: "/oauth2PermissionGrants/{id}",
        permissions: WRITE_GRANTS, role: Some("Cloud Application Administrator"),
        page: "api/oauth2permissiongrant-delete",
    }
    ListAppRoles "listAppRoles" {
        what: "list the app roles of a service principal", method: Get,
        path: "/servicePrincipals/{id}/appRoleAssignments",
        permissions: &["Application.Read.All", "Directory.Read.All"], role: None,
        page: "api/serviceprincipal-list-approleassignments",
    }
    ListUserAppRoles "listUserAppRoles" {
        what: "list the app roles of a user", method: Get, path: "/users/{id}/appRoleAssignments",
        permissions: &["Directory.Read.All", "AppRoleAssignment.ReadWrite.All"], role: None,
        page: "api/user-list-approleassignments",
    }
    AssignAppRole "assignAppRole" {
        what: "assign the app role", method: Post, path: "/servicePrincipals/{id}/appRoleAssignedTo",
        permissions: WRITE_APP_ROLES, role: Some("Privileged Role Administrator"),
        page: "api/serviceprincipal-post-approleassignedto",
    }
    RemoveAppRole "removeAppRole" {
        what: "remove the app role", method: Delete,
        path: "/servicePrincipals/{id}/appRoleAssignedTo/{assignmentId}",
        permissions: WRITE_APP_ROLES, role: Some("Privileged Role Administrator"),
        page: "api/serviceprincipal-delete-approleassignedto",
    }
    GetBlueprint "getBlueprint" {
        what: "read a blueprint", method: Get, path: "/applications/microsoft.graph.agentIdentityBlueprint/{id}",
        permissions: READ_BLUEPRINTS, role: None, page: "api/agentidentityblueprint-get",
    }
    ListBlueprints "listBlueprints" {
        what: "list the blueprints", method: Get, path: "/applications/microsoft.graph.agentIdentityBlueprint",
        permissions: READ_BLUEPRINTS, role: None, page: "api/agentidentityblueprint-list",
    }
    ListBlueprintPrincipals "listBlueprintPrincipals" {
        what: "list the principals of blueprints", method: Get,
        path: "/servicePrincipals/microsoft.graph.agentIdentityBlueprintPrincipal",
        permissions: &[
            "AgentIdentityBlueprintPrincipal.Read.All", "AgentIdentityBlueprintPrincipal.ReadWrite.All",
            "Application.Read.All",
        ],
        role: None, page: "api/agentidentityblueprintprincipal-list",
    }
    ListRoleAssignments "listRoleAssignments" {
        what: "list the directory roles that are assigned", method: Get,
        path: "/roleManagement/directory/roleAssignments",
        permissions: READ_ROLES, role: Some("Directory Readers"), page: "api/rbacapplication-list-roleassignments",
    }
    FindRoleAssignments "findRoleAssignments" {
        what: "find the directory roles that are assigned to one principal", method: Get,
        path: "/roleManagement/directory/roleAssignments?$filter=principalId eq '{id}'",
        permissions: READ_ROLES, role: Some("Directory Readers"), page: "api/rbacapplication-list-roleassignments",
    }
    ListEligibleRoles "listEligibleRoles" {
        what: "list the directory roles that may be activated", method: Get,
        path: "/roleManagement/directory/roleEligibilityScheduleInstances",
        permissions: &["RoleEligibilitySchedule.Read.Directory", "RoleManagement.Read.Directory"], role: None,
        page: "api/rbacapplication-list-roleeligibilityscheduleinstances",
    }
    FindEligibleRoles "findEligibleRoles" {
        what: "find the directory roles that one principal may activate", method: Get,
        path: "/roleManagement/directory/roleEligibilityScheduleInstances?$filter=principalId eq '{id}'",
        permissions: &["RoleEligibilitySchedule.Read.Directory", "RoleManagement.Read.Directory"], role: None,
        page: "api/rbacapplication-list-roleeligibilityscheduleinstances",
    }
    ListRoleDefinitions "listRoleDefinitions" {
        what: "list the directory roles that there are", method: Get,
        path: "/roleManagement/directory/roleDefinitions",
        permissions: READ_ROLES, role: Some("Directory Readers"), page: "api/rbacapplication-list-roledefinitions",
    }
    ListRoleGroups "listRoleGroups" {
        what: "list the groups to which roles can be assigned", method: Get,
        path: "/groups?$filter=isAssignableToRole eq true",
        permissions: READ_GROUPS, role: None, page: "api/group-list",
    }
    ListAccessPolicies "listAccessPolicies" {
        what: "list the Conditional Access policies", method: Get, path: "/identity/conditionalAccess/policies",
        permissions: &["Policy.Read.ConditionalAccess", "Policy.Read.All"], role: Some("Security Reader"),
        page: "api/conditionalaccessroot-list-policies",
    }
    FindAppliedPolicies "findAppliedPolicies" {
        what: "evaluate the sign-in of the agent user", method: Post, path: "/identity/conditionalAccess/evaluate",
        permissions: &["Policy.Read.ConditionalAccess"], role: Some("Security Reader"),
        page: "api/conditionalaccessroot-evaluate",
    }
    ListRiskyAgents "listRiskyAgents" {
        what: "list the agents at risk", method: Get, path: "/identityProtection/riskyAgents",
        permissions: &["IdentityRiskyAgent.Read.All", "IdentityRiskyAgent.ReadWrite.All"],
        role: Some("Security Reader"), page: "api/resources/riskyagent?view=graph-rest-beta",
    }
    FindBlueprintPrincipal "findBlueprintPrincipal" {
        what: "find the principal of a blueprint", method: Get,
        path: "/servicePrincipals/microsoft.graph.agentIdentityBlueprintPrincipal?$filter=appId eq '{appId}'",
        permissions: READ_BLUEPRINT_PRINCIPALS, role: None, page: "api/agentidentityblueprintprincipal-list",
    }
    GetBlueprintPrincipal "getBlueprintPrincipal" {
        what: "read the principal of a blueprint", method: Get,
        path: "/servicePrincipals/microsoft.graph.agentIdentityBlueprintPrincipal/{id}",
        permissions: READ_BLUEPRINT_PRINCIPALS, role: None, page: "api/agentidentityblueprintprincipal-get",
    }
    UpdateBlueprintPrincipal "updateBlueprintPrincipal" {
        what: "enable or disable the principal of the blueprint", method: Patch,
        path: "/servicePrincipals/{id}/microsoft.graph.agentIdentityBlueprintPrincipal",
        permissions: &[
            "AgentIdentityBlueprintPrincipal.EnableDisable.All", "AgentIdentityBlueprintPrincipal.ReadWrite.All",
        ],
        role: Some("Agent ID Administrator"), page: "api/agentidentityblueprintprincipal-update",
    }
    ListDeletedApplications "listDeletedApplications" {
        what: "list the deleted applications", method: Get,
        path: "/directory/deletedItems/microsoft.graph.application",
        permissions: &["Application.Read.All"], role: None, page: "api/directory-deleteditems-list",
    }
    ListDeletedServicePrincipals "listDeletedServicePrincipals" {
        what: "list the deleted service principals", method: Get,
        path: "/directory/deletedItems/microsoft.graph.servicePrincipal",
        permissions: &["Application.Read.All"], role: None, page: "api/directory-deleteditems-list",
    }
    FindBlueprintByAppId "findBlueprintByAppId" {
        what: "find a blueprint by its app id", method: Get,
        path: "/applications/microsoft.graph.agentIdentityBlueprint?$filter=appId eq '{appId}'",
        permissions: READ_BLUEPRINTS, role: None, page: "api/agentidentityblueprint-list",
    }
    ListInheritablePermissions "listInheritablePermissions" {
        what: "list the inheritable permissions of a blueprint", method: Get,
        path: "/applications/microsoft.graph.agentIdentityBlueprint/{id}/inheritablePermissions",
        permissions: READ_BLUEPRINTS, role: None, page: "api/agentidentityblueprint-list-inheritablepermissions",
    }
    AddInheritablePermission "addInheritablePermission" {
        what: "add the inheritable permissions of a resource to a blueprint", method: Post,
        path: "/applications/microsoft.graph.agentIdentityBlueprint/{id}/inheritablePermissions",
        permissions: WRITE_INHERITABLE, role: Some("Agent ID Administrator"),
        page: "api/agentidentityblueprint-post-inheritablepermissions",
    }
    UpdateInheritablePermission "updateInheritablePermission" {
        what: "change the inheritable permissions of a resource", method: Patch,
        path: "/applications/microsoft.graph.agentIdentityBlueprint/{id}/inheritablePermissions/{resourceAppId}",
        permissions: WRITE_INHERITABLE, role: Some("Agent ID Administrator"),
        page: "api/inheritablepermission-update",
    }
    Batch "batch" {
        what: "send several requests at once", method: Post, path: "/$batch",
        permissions: &[], role: None, page: "json-batching",
    }
}

impl Call {
    /// Whether it changes the directory.
    #[must_use]
    pub const fn is_write(self) -> bool {
        // What-If is a POST that changes nothing.
        !matches!(self.method(), Method::Get) && !matches!(self, Self::FindAppliedPolicies)
    }
}

impl std::fmt::Display for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_row_is_whole() {
        let mut names = BTreeSet::new();
        for call in Call::ALL {
            assert!(names.insert(call.name()), "{call} twice");
            assert_eq!(serde_json::to_value(call).unwrap(), call.name());
            assert!(call.path().starts_with('/'), "{call}");
            // A batch needs what its parts need.
            assert_eq!(call.permissions().is_empty(), *call == Call::Batch, "{call}");
            assert!(!call.what().ends_with('.'), "{call}");
        }
        assert_eq!(names.len(), 83);
    }

    #[test]
    fn writes_are_what_is_not_a_read() {
        let reads: Vec<_> = Call::ALL.iter().filter(|c| !c.is_write()).map(|c| c.name()).collect();
        assert!(reads.iter().all(|n| n.starts_with("get") || n.starts_with("list") || n.starts_with("find")));
        assert_eq!(Call::ALL.iter().filter(|c| c.is_write()).count(), 26);
    }
}
