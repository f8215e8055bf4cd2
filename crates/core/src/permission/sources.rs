//! The entries of Microsoft's permission map and pages for each call.
//!
//! The map is `permissions/new/permissions.json` of microsoftgraph/microsoft-graph-devx-content. Where it
//! marks more than one permission as the least privileged, all of them are here.

use crate::call::Call;
use serde::Serialize;

/// The date of the permission map that the table was compared with.
pub const MAP_DATE: &str = "2026-08-07";

/// When the pages of the fact sheet were read.
const FIRST: &str = "2026-11-22";

/// When the others were read.
const SECOND: &str = "2026-11-29";

/// When those of users as a list were read.
const THIRD: &str = "2026-12-01";

/// The least privileged permissions of a source. A kind without permissions is not supported, by that source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LeastPrivileged {
    /// The permissions of an application.
    pub application: &'static [&'static str],
    /// The permissions of a signed-in person.
    pub delegated: &'static [&'static str],
}

/// The permission map's entry for a call, compared with the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MapRow {
    /// The least privileged permission of the table is one of its least privileged ones.
    Agrees,
    /// It does not have the call.
    Absent,
    /// It names others.
    Says(LeastPrivileged),
}

/// The entries of the sources for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PermissionSources {
    /// The permission map of [`MAP_DATE`].
    pub map: MapRow,
    /// The page, where it names others than the table.
    pub page: Option<LeastPrivileged>,
    /// When the page was read.
    pub read: &'static str,
}

const fn both(permissions: &'static [&'static str]) -> LeastPrivileged {
    LeastPrivileged { application: permissions, delegated: permissions }
}

const fn row(map: MapRow, read: &'static str) -> PermissionSources {
    PermissionSources { map, page: None, read }
}

impl PermissionSources {
    const fn page(mut self, page: LeastPrivileged) -> Self {
        self.page = Some(page);
        self
    }
}

const USERS: &[&str] = &["User.ReadWrite.All"];
const APPLICATIONS: &[&str] = &["Application.Read.All"];
const DELETE_USERS: &[&str] = &["User.DeleteRestore.All", "User.ReadWrite.All"];
const NESTING: &[&str] = &["Group-NestingSupport.ReadWrite.All"];
const MEMBERSHIPS: LeastPrivileged =
    LeastPrivileged { application: &["Directory.Read.All"], delegated: &["User.Read"] };
const USER_READ: LeastPrivileged =
    LeastPrivileged { application: &["User.Read.All"], delegated: &["User.Read"] };

/// The entries of the sources for a call.
pub(super) const fn of(call: Call) -> PermissionSources {
    use Call as C;
    use MapRow::{Absent, Agrees, Says};
    match call {
        C::Batch
        | C::GetServicePrincipal
        | C::FindServicePrincipalByAppId
        | C::ListAgentUsers
        | C::FindAgentUserByParent
        | C::GetUser
        | C::GetManager
        | C::ListSponsors
        | C::ListLifecyclePolicies
        | C::CreatePermissionGrant
        | C::UpdatePermissionGrant
        | C::DeletePermissionGrant
        | C::ListAppRoles
        | C::AssignAppRole => row(Agrees, FIRST),
        C::GetAgentIdentity
        | C::ListAgentIdentities
        | C::AssignLicense
        | C::ListPermissionGrants
        | C::RemoveAppRole
        | C::GetBlueprint
        | C::ListBlueprints
        | C::FindBlueprintByAppId
        | C::ListAllPermissionGrants
        | C::ListAppRoleHolders
        | C::ListRoleAssignments
        | C::FindRoleAssignments
        | C::FindEligibleRoles
        | C::ListEligibleRoles
        | C::ListRoleDefinitions
        | C::FindAppliedPolicies
        | C::ListRiskyAgents
        | C::ListBlueprintPrincipals
        | C::FindBlueprintPrincipal => row(Agrees, SECOND),
        C::FindLifecycleSubject | C::AttestIdentity | C::GetDeletedItem | C::UpdateInheritablePermission => {
            row(Absent, FIRST)
        }
        C::ListTransitiveMembers => row(Says(both(&["GroupMember.ReadBasic.All"])), SECOND),
        C::ListRoleGroups => {
            row(Says(both(&["Group-NestingSupport.ReadWrite.All", "Group.ReadBasic.All"])), SECOND)
        }
        C::ListAccessPolicies => row(Says(both(&["Policy.Read.All"])), SECOND),
        // The map tells nothing of what a list selects or expands.
        C::ListManagers
        | C::ListAllSponsors
        | C::ListLeaveDates
        | C::ListSignInActivity
        | C::ListLifecycleSubjects
        | C::AddGroupMember
        | C::RemoveGroupMember
        | C::ListInheritablePermissions
        | C::ListDeletedUsers
        | C::ListDeletedApplications
        | C::ListDeletedServicePrincipals => row(Absent, SECOND),
        C::ListIdentitySponsors | C::ListIdentityOwners => row(Says(both(APPLICATIONS)), FIRST),
        C::CreateAgentUser | C::UpdateAgentUser | C::RemoveManager | C::AddSponsor | C::RemoveSponsor => {
            row(Says(both(USERS)), FIRST)
        }
        C::SetManager => row(Says(both(USERS)), SECOND),
        C::DeleteAgentUser => row(Says(both(DELETE_USERS)), SECOND),
        C::ListDirectReports => {
            row(Says(USER_READ), SECOND).page(LeastPrivileged { application: &[], delegated: &["User.Read"] })
        }
        C::RevokeSessions => row(Agrees, SECOND).page(LeastPrivileged {
            application: &["Directory.ReadWrite.All"],
            delegated: &["User.ReadWrite.All"],
        }),
        C::ListSubscribedSkus => row(Agrees, SECOND).page(both(&["Organization.Read.All"])),
        C::ListLicenseDetails => row(Agrees, SECOND)
            .page(LeastPrivileged { application: &[], delegated: &["LicenseAssignment.Read.All"] }),
        C::GetGroup => row(Says(both(NESTING)), SECOND),
        C::FindUsers => row(Agrees, THIRD)
            .page(LeastPrivileged { application: &["User.Read.All"], delegated: &["User.ReadBasic.All"] }),
        C::FindGroupByName | C::FindGroups => {
            row(Says(both(&["Group-NestingSupport.ReadWrite.All", "Group.ReadBasic.All"])), SECOND)
                .page(both(NESTING))
        }
        C::ListTransitiveMemberships => row(Says(USER_READ), SECOND),
        C::ListMemberships => row(Says(MEMBERSHIPS), SECOND).page(MEMBERSHIPS),
        C::GetDrive => {
            row(Says(LeastPrivileged { application: &["Files.Read.All"], delegated: &["Files.Read"] }), FIRST)
        }
        C::ListVerifiedDomains => row(Says(both(&["DeviceManagementServiceConfig.Read.All"])), SECOND)
            .page(LeastPrivileged { application: &["Directory.Read.All"], delegated: &["User.Read"] }),
        C::RestoreDeletedItem => row(Agrees, SECOND).page(both(USERS)),
        C::PurgeDeletedItem => {
            row(Absent, SECOND).page(LeastPrivileged { application: &[], delegated: USERS })
        }
        C::ListUserAppRoles => row(
            Says(LeastPrivileged {
                application: &["AppRoleAssignment.ReadWrite.All", "Directory.Read.All"],
                delegated: &["AppRoleAssignment.ReadWrite.All"],
            }),
            SECOND,
        )
        .page(LeastPrivileged {
            application: &["Directory.Read.All"],
            delegated: &["AppRoleAssignment.ReadWrite.All"],
        }),
        // The map marks none of the permissions of an agent identity's PATCH as the least.
        C::UpdateAgentIdentity | C::UpdateBlueprintPrincipal | C::GetBlueprintPrincipal => {
            row(Agrees, SECOND)
        }
        C::ListOwnSponsored => row(Agrees, SECOND),
        C::AddIdentitySponsor | C::RemoveIdentitySponsor => row(Agrees, SECOND)
            .page(LeastPrivileged { application: &["AgentIdentity.ReadWrite.All"], delegated: &[] }),
        C::ListSponsored => {
            row(Agrees, SECOND).page(LeastPrivileged { application: &[], delegated: &["User.Read"] })
        }
        C::AddInheritablePermission => row(Absent, SECOND).page(both(&["AgentIdentityBlueprint.Create"])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permission::Caller;

    /// The least privileged of the table, of an application and of a signed-in person.
    fn of_table(call: Call) -> [Option<&'static str>; 2] {
        [Caller::Application, Caller::Delegated].map(|caller| caller.allowed_by(call).first().copied())
    }

    #[test]
    fn what_is_told_apart_differs_from_the_table() {
        for call in Call::ALL {
            let [application, delegated] = of_table(*call);
            let differs = |source: LeastPrivileged| {
                let is = |one: Option<&str>, all: &[&str]| one.is_some_and(|one| all == [one]);
                !is(application, source.application) || !is(delegated, source.delegated)
            };
            let PermissionSources { map, page, read } = call.sources();
            if let MapRow::Says(said) = map {
                assert!(differs(said), "{call}: the map agrees with the table");
            }
            assert!(page.is_none_or(differs), "{call}: the page agrees with the table");
            assert!(read > MAP_DATE, "{call}");
        }
    }
}
