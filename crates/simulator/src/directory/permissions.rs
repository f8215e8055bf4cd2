//! Tokens, and which permissions a request needs (docs/graph.md#operations, docs/graph.md#known-issues, docs/graph.md#agent-identities, docs/graph.md#licenses-and-readiness).

use super::errors::Refusal;
use agentuser_core::ObjectId;
use std::collections::BTreeSet;
use std::time::Duration;

/// The caller behind a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    App,
    Delegated(Option<ObjectId>),
}

/// A token that the directory accepts, or refuses in a known way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The permissions; `None` allows everything.
    permissions: Option<BTreeSet<String>>,
    caller: Caller,
    blueprint: Option<ObjectId>,
    expires: Option<Duration>,
    claims: Option<String>,
    origin: Option<TokenOrigin>,
}

/// The state of the sign-in when Entra gave a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TokenOrigin {
    /// The application, by its appId.
    pub(crate) client: ObjectId,
    pub(crate) user: Option<ObjectId>,
    /// How often the user's sessions had been revoked.
    pub(crate) revocations: u32,
    /// The names of the policies whose claims the request carried.
    pub(crate) satisfied: BTreeSet<String>,
}

impl Token {
    /// An app-only token that may do everything. Graph has no such token; it saves tests a list of permissions.
    #[must_use]
    pub const fn everything() -> Self {
        Self {
            permissions: None,
            caller: Caller::App,
            blueprint: None,
            expires: None,
            claims: None,
            origin: None,
        }
    }

    /// An app-only token with these permissions.
    #[must_use]
    pub fn application<'a>(permissions: impl IntoIterator<Item = &'a str>) -> Self {
        let permissions = Some(permissions.into_iter().map(str::to_owned).collect());
        Self { permissions, ..Self::everything() }
    }

    /// A token on behalf of a signed-in user with these permissions. The user's roles are not modelled.
    #[must_use]
    pub fn delegated<'a>(user: Option<ObjectId>, permissions: impl IntoIterator<Item = &'a str>) -> Self {
        Self { caller: Caller::Delegated(user), ..Self::application(permissions) }
    }

    /// The token is on behalf of this person.
    #[must_use]
    pub const fn of_person(mut self, person: ObjectId) -> Self {
        self.caller = Caller::Delegated(Some(person));
        self
    }

    /// The token is the blueprint's with this appId. `…IdentityParentedBy` reaches that blueprint's agent users only.
    #[must_use]
    pub const fn blueprint(mut self, app_id: ObjectId) -> Self {
        self.blueprint = Some(app_id);
        self
    }

    /// The token is refused from this moment on, measured on the monotonic clock.
    #[must_use]
    pub const fn expires_at(mut self, at: Duration) -> Self {
        self.expires = Some(at);
        self
    }

    /// The token is refused with this claims challenge, in the encoded form in which the header carries it.
    #[must_use]
    pub fn challenged(mut self, claims: &str) -> Self {
        self.claims = Some(claims.to_owned());
        self
    }

    /// The token was given so.
    pub(crate) fn given_by(mut self, origin: TokenOrigin) -> Self {
        self.origin = Some(origin);
        self
    }

    pub(super) const fn origin(&self) -> Option<&TokenOrigin> {
        self.origin.as_ref()
    }

    /// Refuses the token itself, when it is no longer good.
    pub(super) fn check(&self, now: Duration) -> Result<(), Refusal> {
        if self.expires.is_some_and(|at| at <= now) {
            return Err(Refusal::unauthenticated("Lifetime validation failed, the token is expired.", None));
        }
        match &self.claims {
            Some(claims) => Err(Refusal::unauthenticated(
                "Continuous access evaluation resulted in challenge with result: InteractionRequired.",
                Some(claims),
            )),
            None => Ok(()),
        }
    }

    /// The permissions, as a token's claims list them. One that may do everything has those that its calls ask for.
    pub(crate) fn permissions(&self) -> impl Iterator<Item = &str> {
        let all = if self.permissions.is_none() { EVERYTHING } else { &[] };
        self.permissions.iter().flatten().map(String::as_str).chain(all.iter().copied())
    }

    pub(crate) const fn is_app_only(&self) -> bool {
        matches!(self.caller, Caller::App)
    }

    pub(crate) const fn user(&self) -> Option<ObjectId> {
        match self.caller {
            Caller::App => None,
            Caller::Delegated(user) => user,
        }
    }

    /// Whether the token has the permission, and no other one on it makes it void.
    pub(super) fn has(&self, permission: &str, read_write_voids: bool) -> bool {
        let Some(permissions) = &self.permissions else { return true };
        let voided = permission.starts_with("AgentId")
            && (permissions.contains("Directory.AccessAsUser.All")
                || read_write_voids && permissions.contains("Directory.ReadWrite.All"));
        permissions.contains(permission) && !voided
    }

    /// The blueprint whose token this is.
    pub(crate) const fn of_blueprint(&self) -> Option<ObjectId> {
        self.blueprint
    }
}

/// The permissions in a token that may do everything.
const EVERYTHING: &[&str] = &[
    "AgentIdUser.ReadWrite.All",
    "AgentIdentity.ReadWrite.All",
    "Application.ReadWrite.All",
    "AuditLog.Read.All",
    "Directory.Read.All",
    "Domain.Read.All",
    "GroupMember.ReadWrite.All",
    "IdentityRiskyAgent.Read.All",
    "LicenseAssignment.ReadWrite.All",
    "LifecyclePolicies-AgentId.Read.All",
    "Organization.Read.All",
    "Policy.Read.ConditionalAccess",
    "RoleManagement.Read.Directory",
    "User-LifeCycleInfo.Read.All",
    "User.ReadWrite.All",
];

pub(super) const AGENTS_ALL: &str = "AgentIdUser.ReadWrite.All";
pub(super) const AGENTS_OF_BLUEPRINT: &str = "AgentIdUser.ReadWrite.IdentityParentedBy";
const USERS: &str = "User.ReadWrite.All";

/// List agent users or users.
pub(super) const LIST_USERS: &[&str] = &[
    "User.ReadBasic.All",
    "User.Read.All",
    USERS,
    AGENTS_OF_BLUEPRINT,
    AGENTS_ALL,
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
/// Changes of users.
pub(super) const DELTA_USERS: &[&str] = &[
    "User.Read.All",
    AGENTS_OF_BLUEPRINT,
    AGENTS_ALL,
    "Directory.Read.All",
    USERS,
    "Directory.ReadWrite.All",
];
/// Get one user.
pub(super) const GET_USER: &[&str] =
    &["User.ReadBasic.All", "User.Read.All", AGENTS_OF_BLUEPRINT, AGENTS_ALL, USERS];
/// Get the signed-in user (<https://learn.microsoft.com/graph/api/user-get>).
pub(super) const GET_ME: &[&str] =
    &["User.Read", "User.ReadBasic.All", "User.Read.All", AGENTS_OF_BLUEPRINT, AGENTS_ALL, USERS];
/// Get the license details of the signed-in user. That `User.Read` reaches them is an assumption.
pub(super) const GET_MY_LICENSES: &[&str] =
    &["User.Read", "LicenseAssignment.Read.All", AGENTS_OF_BLUEPRINT, AGENTS_ALL, "User.Read.All"];
/// Get the manager.
pub(super) const GET_MANAGER: &[&str] = &["User.Read.All", AGENTS_OF_BLUEPRINT, AGENTS_ALL, USERS];
/// Read `employeeLeaveDateTime`.
pub(super) const READ_LEAVE_DATE: &[&str] =
    &["User-LifeCycleInfo.Read.All", "User-LifeCycleInfo.ReadWrite.All"];
/// Write `employeeLeaveDateTime`.
pub(super) const WRITE_LEAVE_DATE: &[&str] = &["User-LifeCycleInfo.ReadWrite.All"];
/// Read `customSecurityAttributes`.
pub(super) const READ_SECURITY_ATTRIBUTES: &[&str] =
    &["CustomSecAttributeAssignment.Read.All", "CustomSecAttributeAssignment.ReadWrite.All"];
/// Write `customSecurityAttributes`.
pub(super) const WRITE_SECURITY_ATTRIBUTES: &[&str] = &["CustomSecAttributeAssignment.ReadWrite.All"];
/// List sponsors.
pub(super) const GET_SPONSORS: &[&str] =
    &["User.Read", "User.Read.All", AGENTS_OF_BLUEPRINT, AGENTS_ALL, USERS];
/// Get license details.
pub(super) const GET_LICENSES: &[&str] =
    &["LicenseAssignment.Read.All", AGENTS_OF_BLUEPRINT, AGENTS_ALL, "User.Read.All"];
/// List deleted users. That the broader write permission covers the read is an assumption.
pub(super) const GET_DELETED: &[&str] = &["User.Read.All", USERS];
/// Read objects of any type.
pub(super) const GET_DIRECTORY: &[&str] = &["Directory.Read.All", "Directory.ReadWrite.All"];
/// List deleted groups (<https://learn.microsoft.com/graph/api/directory-deleteditems-list>).
pub(super) const GET_DELETED_GROUPS: &[&str] = &["Group.Read.All"];
/// List SKUs.
pub(super) const GET_SKUS: &[&str] =
    &["LicenseAssignment.Read.All", "Organization.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"];
/// Get or list groups and memberships.
pub(super) const GET_GROUPS: &[&str] = &[
    "GroupMember.Read.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
/// Get a drive.
pub(super) const GET_DRIVE: &[&str] =
    &["Files.Read.All", "Files.ReadWrite.All", "Sites.Read.All", "Sites.ReadWrite.All"];
/// Get the organization. `User.Read` shows its id, name and verified domains (<https://learn.microsoft.com/graph/api/organization-list>).
pub(super) const GET_ORGANIZATION: &[&str] =
    &["User.Read", "Organization.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"];
/// List domains. Assumption: no source names the permission.
pub(super) const GET_DOMAINS: &[&str] = &["Domain.Read.All", "Directory.Read.All"];
/// Get or list service principals.
pub(super) const GET_PRINCIPALS: &[&str] =
    &["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
/// Get or list agent identities through the cast.
pub(super) const GET_IDENTITIES: &[&str] =
    &["AgentIdentity.Read.All", "AgentIdentity.ReadWrite.All", "Application.Read.All"];
/// List the sponsors of an agent identity: its page names the first. That the permission to read applications reaches them,
/// as by the page of blueprints, is an assumption.
pub(super) const GET_IDENTITY_SPONSORS: &[&str] =
    &["AgentIdentity.ReadWrite.All", "Application.Read.All", "Application.ReadWrite.All"];
/// Read lifecycle policies of agent identities and their reports.
pub(super) const GET_POLICIES: &[&str] =
    &["LifecyclePolicies-AgentId.Read.All", "LifecyclePolicies-AgentId.ReadWrite.All"];
/// Read the roles that are assigned, and their definitions.
pub(super) const GET_ROLES: &[&str] = &[
    "RoleManagement.Read.Directory",
    "RoleManagement.Read.All",
    "Directory.Read.All",
    "RoleManagement.ReadWrite.Directory",
    "Directory.ReadWrite.All",
];
/// Read the instances of roles that are active.
pub(super) const GET_ROLE_INSTANCES: &[&str] = &[
    "RoleAssignmentSchedule.Read.Directory",
    "RoleAssignmentSchedule.ReadWrite.Directory",
    "RoleManagement.Read.All",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
];
/// Read the roles that may be activated.
pub(super) const GET_ELIGIBLE_ROLES: &[&str] = &[
    "RoleEligibilitySchedule.Read.Directory",
    "RoleEligibilitySchedule.ReadWrite.Directory",
    "RoleManagement.Read.All",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
];
/// Read Conditional Access policies.
pub(super) const GET_ACCESS_POLICIES: &[&str] =
    &["Policy.Read.ConditionalAccess", "Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"];
/// Ask What-If.
pub(super) const WHAT_IF: &[&str] = GET_ACCESS_POLICIES;
/// Read agents at risk.
pub(super) const GET_RISKY_AGENTS: &[&str] =
    &["IdentityRiskyAgent.Read.All", "IdentityRiskyAgent.ReadWrite.All"];
/// Read sign-ins, and `signInActivity`.
pub(super) const GET_SIGN_INS: &[&str] = &["AuditLog.Read.All"];
/// Change the members of a group to which roles can be assigned, besides [`WRITE_MEMBERS`].
pub(super) const WRITE_ROLE_MEMBERS: &[&str] = &["RoleManagement.ReadWrite.Directory"];
/// Attest an agent identity.
pub(super) const ATTEST: &[&str] = &["AgentIdentity.ReadWrite.All"];
/// Get or list principals of blueprints through the cast.
pub(super) const GET_BLUEPRINT_PRINCIPALS: &[&str] = &[
    "AgentIdentityBlueprintPrincipal.Read.All",
    "AgentIdentityBlueprintPrincipal.ReadWrite.All",
    "Application.Read.All",
];
/// Create the principal of a blueprint.
pub(super) const CREATE_BLUEPRINT_PRINCIPAL: &[&str] =
    &["AgentIdentityBlueprintPrincipal.Create", "AgentIdentityBlueprintPrincipal.ReadWrite.All"];
/// Change the principal of a blueprint.
pub(super) const WRITE_PRINCIPAL: &[&str] = &[
    "AgentIdentityBlueprintPrincipal.EnableDisable.All",
    "AgentIdentityBlueprintPrincipal.ReadWrite.All",
    "Application.ReadWrite.All",
];
/// Delete or restore the principal of a blueprint.
pub(super) const DELETE_PRINCIPAL: &[&str] = &[
    "AgentIdentityBlueprintPrincipal.DeleteRestore.All",
    "AgentIdentityBlueprintPrincipal.ReadWrite.All",
    "Application.ReadWrite.All",
];
/// Get or list applications, through the cast or not.
pub(super) const GET_BLUEPRINTS: &[&str] = &[
    "AgentIdentityBlueprint.Read.All",
    "AgentIdentityBlueprint.ReadWrite.All",
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
/// Create a blueprint.
pub(super) const CREATE_BLUEPRINT: &[&str] =
    &["AgentIdentityBlueprint.Create", "AgentIdentityBlueprint.ReadWrite.All"];
/// Change a blueprint. That each of the narrow permissions reaches every member is an assumption.
pub(super) const WRITE_BLUEPRINT: &[&str] = &[
    "AgentIdentityBlueprint.AddRemoveCreds.All",
    "AgentIdentityBlueprint.ReadWrite.All",
    "AgentIdentityBlueprint.UpdateAuthProperties.All",
    "AgentIdentityBlueprint.UpdateBranding.All",
    "Application.ReadWrite.All",
];
/// Delete or restore a blueprint.
pub(super) const DELETE_BLUEPRINT: &[&str] = &[
    "AgentIdentityBlueprint.DeleteRestore.All",
    "AgentIdentityBlueprint.ReadWrite.All",
    "Application.ReadWrite.All",
];
/// Change the credentials of a blueprint.
pub(super) const WRITE_CREDENTIALS: &[&str] = &[
    "AgentIdentityBlueprint.AddRemoveCreds.All",
    "AgentIdentityBlueprint.ReadWrite.All",
    "Application.ReadWrite.All",
    "Directory.ReadWrite.All",
];
/// Change inheritable permissions.
pub(super) const WRITE_INHERITABLE: &[&str] =
    &["AgentIdentityBlueprint.UpdateAuthProperties.All", "AgentIdentityBlueprint.ReadWrite.All"];
/// Change the owners of an application.
pub(super) const WRITE_BLUEPRINT_OWNERS: &[&str] =
    &["AgentIdentityBlueprint.ReadWrite.All", "Application.ReadWrite.All", "Directory.ReadWrite.All"];
/// Change the sponsors of a blueprint.
pub(super) const WRITE_BLUEPRINT_SPONSORS: &[&str] = &[
    "AgentIdentityBlueprint.UpdateSponsors.All",
    "AgentIdentityBlueprint.ReadWrite.All",
    "Application.ReadWrite.All",
];
/// Change the owners of a service principal.
pub(super) const WRITE_OWNERS: &[&str] =
    &["AgentIdentity.ReadWrite.All", "Application.ReadWrite.All", "Directory.ReadWrite.All"];
/// Change the sponsors of an agent identity: page and permission map disagree, and both are taken.
pub(super) const WRITE_PRINCIPAL_SPONSORS: &[&str] =
    &["AgentIdentity.UpdateSponsors.All", "AgentIdentity.ReadWrite.All", "Application.ReadWrite.All"];
/// Create a group.
pub(super) const CREATE_GROUP: &[&str] = &["Group.Create", "Group.ReadWrite.All", "Directory.ReadWrite.All"];
/// Change or delete a group.
pub(super) const WRITE_GROUP: &[&str] = &["Group.ReadWrite.All", "Directory.ReadWrite.All"];
/// Change the owners of a group.
pub(super) const WRITE_GROUP_OWNERS: &[&str] = WRITE_GROUP;
/// Change the members of a group.
pub(super) const WRITE_MEMBERS: &[&str] =
    &["GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"];
/// Get or list delegated permission grants.
pub(super) const GET_GRANTS: &[&str] =
    &["DelegatedPermissionGrant.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
/// Change delegated permission grants.
pub(super) const WRITE_GRANTS: &[&str] =
    &["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"];
/// Get or list the app roles of a service principal.
pub(super) const GET_ASSIGNMENTS: &[&str] = GET_PRINCIPALS;
/// Get or list the app roles of a user.
pub(super) const GET_USER_ASSIGNMENTS: &[&str] = &["AppRoleAssignment.ReadWrite.All", "Directory.Read.All"];
/// Assign app roles.
pub(super) const WRITE_ASSIGNMENTS: &[&str] = &["AppRoleAssignment.ReadWrite.All"];
/// Get or list administrative units.
pub(super) const GET_UNITS: &[&str] = &[
    "AdministrativeUnit.Read.All",
    "AdministrativeUnit.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
/// Change the members of an administrative unit.
pub(super) const WRITE_UNIT: &[&str] = &["AdministrativeUnit.ReadWrite.All"];
/// List the objects that a user owns.
pub(super) const GET_OWNED: &[&str] = &[
    "User.Read.All",
    AGENTS_OF_BLUEPRINT,
    AGENTS_ALL,
    USERS,
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
/// List the objects that a user sponsors.
pub(super) const GET_SPONSORED: &[&str] = &["User.Read", "User.Read.All", USERS];
/// Check memberships.
pub(super) const CHECK_GROUPS: &[&str] = &[
    AGENTS_OF_BLUEPRINT,
    AGENTS_ALL,
    "Application.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "GroupMember.Read.All",
    "User.Read.All",
    USERS,
];
/// Change an agent identity. That `Application.ReadWrite.All` reaches it is an assumption.
pub(super) const WRITE_IDENTITY: &[&str] =
    &["AgentIdentity.EnableDisable.All", "AgentIdentity.ReadWrite.All", "Application.ReadWrite.All"];
/// Delete or restore an agent identity.
pub(super) const DELETE_IDENTITY: &[&str] =
    &["AgentIdentity.DeleteRestore.All", "AgentIdentity.ReadWrite.All", "Application.ReadWrite.All"];

/// A write to a user: what reaches any user, besides the two that reach agent users.
#[derive(Debug, Clone, Copy)]
pub(super) struct UserWrite(pub(super) &'static [&'static str]);

/// Create, update, manager, sponsors.
pub(super) const WRITE_USER: UserWrite = UserWrite(&[USERS]);
/// Delete, restore.
pub(super) const DELETE_USER: UserWrite = UserWrite(&["User.DeleteRestore.All", USERS]);
/// Assign licenses.
pub(super) const ASSIGN_LICENSE: UserWrite =
    UserWrite(&["LicenseAssignment.ReadWrite.All", USERS, "Directory.ReadWrite.All"]);
/// Revoke sessions.
pub(super) const REVOKE: UserWrite = UserWrite(&["User.RevokeSessions.All", USERS]);
/// Permanent delete: that the Agent ID permissions reach it is an assumption.
pub(super) const PERMANENT_DELETE: UserWrite = UserWrite(&[USERS]);
