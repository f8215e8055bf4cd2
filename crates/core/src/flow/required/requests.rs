//! The requests that each operation makes. Tests hold it against those that the flows really make.

use super::condition::Condition;
use crate::call::Call;
use crate::graph::{LEAVE_DATE, SECURITY_ATTRIBUTES};
use crate::permission::Need;
use Condition as If;
use std::collections::BTreeSet;

/// Whether an operation makes a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// It can't do without.
    Always,
    /// It can't do without, under this condition.
    If(Condition),
    /// It goes on without the answer where it is refused: what is missing then.
    Without(&'static str),
}

impl When {
    /// The condition under which it can't do without.
    pub(super) const fn condition(self) -> Option<Condition> {
        match self {
            Self::If(condition) => Some(condition),
            Self::Always | Self::Without(_) => None,
        }
    }
}

/// A request of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) need: Need,
    pub(super) when: When,
}

impl Row {
    /// The row where these conditions are fulfilled and no others: always, or not at all where it is for another.
    pub(super) fn settled(self, fulfilled: &BTreeSet<Condition>) -> Option<Self> {
        match self.when {
            When::If(condition) if fulfilled.contains(&condition) => {
                Some(Self { when: When::Always, ..self })
            }
            When::If(_) => None,
            When::Always | When::Without(_) => Some(self),
        }
    }
}

type Rows = &'static [Row];

const fn always(call: Call) -> Row {
    Row { need: Need::Call(call), when: When::Always }
}

const fn only(condition: Condition, call: Call) -> Row {
    Row { need: Need::Call(call), when: When::If(condition) }
}

const fn of_people(condition: Condition, call: Call) -> Row {
    Row { need: Need::OfPeople(call), when: When::If(condition) }
}

const fn without(call: Call, then: &'static str) -> Row {
    Row { need: Need::Call(call), when: When::Without(then) }
}

const fn member(condition: Condition, permissions: &'static [&'static str]) -> Row {
    Row { need: Need::Member(permissions), when: When::If(condition) }
}

const USER: Rows = &[always(Call::GetUser)];
const READ_MEMBERS: Rows =
    &[member(If::LeaveDate, LEAVE_DATE.read), member(If::SecurityAttributes, SECURITY_ATTRIBUTES.read)];
const WRITE_MEMBERS: Rows =
    &[member(If::LeaveDate, LEAVE_DATE.write), member(If::SecurityAttributes, SECURITY_ATTRIBUTES.write)];
const PARENT: Rows = &[
    without(Call::GetServicePrincipal, "Other kinds of service principals are not told apart."),
    always(Call::GetAgentIdentity),
    without(Call::FindServicePrincipalByAppId, "An application id is not told from an object id."),
];
const ABSENT: Rows = &[
    without(
        Call::GetServicePrincipal,
        "For an id that is not an agent identity's, the kind of its object is not told.",
    ),
    without(
        Call::GetAgentIdentity,
        "For an id that is not an agent identity's, the kind of its object is not told.",
    ),
    without(Call::FindServicePrincipalByAppId, "An application id is not told from an object id."),
];
const TENANT: Rows = &[only(If::TokenOpaque, Call::ListVerifiedDomains)];
const DOMAINS: Rows = &[without(
    Call::ListVerifiedDomains,
    "A domain that is not verified is an error of the create, not of the input.",
)];
const ROW: Rows = &[
    always(Call::FindAgentUserByParent),
    always(Call::GetUser),
    always(Call::CreateAgentUser),
    always(Call::UpdateAgentUser),
    only(If::Manager, Call::GetManager),
    only(If::Manager, Call::SetManager),
    of_people(If::Manager, Call::GetUser),
    only(If::Sponsors, Call::ListSponsors),
    only(If::Sponsors, Call::AddSponsor),
    of_people(If::Sponsors, Call::GetUser),
    only(If::Groups, Call::GetGroup),
    only(If::Groups, Call::FindGroupByName),
    only(If::Groups, Call::ListMemberships),
    only(If::Groups, Call::AddGroupMember),
    only(If::Licenses, Call::ListSubscribedSkus),
    only(If::Licenses, Call::AssignLicense),
    only(If::LicenseGroups, Call::ListSubscribedSkus),
    only(If::LicenseGroups, Call::GetGroup),
    only(If::LicenseGroups, Call::FindGroupByName),
    only(If::LicenseGroups, Call::ListMemberships),
    without(Call::ListDeletedUsers, "Whether the name is that of a deleted agent user is not known."),
];
const ROW_READS: Rows = &[
    always(Call::FindAgentUserByParent),
    always(Call::GetUser),
    only(If::Manager, Call::GetManager),
    of_people(If::Manager, Call::GetUser),
    only(If::Sponsors, Call::ListSponsors),
    of_people(If::Sponsors, Call::GetUser),
    only(If::Groups, Call::GetGroup),
    only(If::Groups, Call::FindGroupByName),
    only(If::Groups, Call::ListMemberships),
    only(If::Licenses, Call::ListSubscribedSkus),
    only(If::LicenseGroups, Call::ListSubscribedSkus),
    only(If::LicenseGroups, Call::GetGroup),
    only(If::LicenseGroups, Call::FindGroupByName),
    only(If::LicenseGroups, Call::ListMemberships),
    without(Call::ListDeletedUsers, "Whether the name is that of a deleted agent user is not known."),
];
const READY: Rows = &[only(If::Services, Call::ListLicenseDetails), only(If::OneDrive, Call::GetDrive)];
const BIN: Rows = &[always(Call::GetDeletedItem), only(If::DeletedByName, Call::ListDeletedUsers)];
const BIN_SEEN: Rows =
    &[without(Call::GetDeletedItem, "Whether it is in the recycle bin already is not known.")];
const LICENSES: Rows = &[
    always(Call::GetUser),
    always(Call::ListSubscribedSkus),
    always(Call::AssignLicense),
    without(Call::GetGroup, "Groups that assign licenses are named by their ids alone."),
];
const MEMBERSHIP: Rows = &[
    always(Call::GetUser),
    always(Call::GetGroup),
    always(Call::FindGroupByName),
    always(Call::ListMemberships),
];
const ENDS: &str = "Which permissions end with the deletion is not told.";
const RETIRE: Rows = &[
    always(Call::GetUser),
    always(Call::UpdateAgentUser),
    always(Call::RevokeSessions),
    only(If::Deleted, Call::DeleteAgentUser),
    only(If::Purged, Call::PurgeDeletedItem),
    only(If::SeatsFreed, Call::ListSubscribedSkus),
    only(If::SeatsFreed, Call::AssignLicense),
    only(If::GroupsLeft, Call::ListMemberships),
    only(If::GroupsLeft, Call::RemoveGroupMember),
    without(Call::GetGroup, "Why Graph refuses to change a group is not told."),
    only(If::InBin, Call::GetDeletedItem),
    only(If::InBin, Call::ListDeletedUsers),
    without(Call::ListDirectReports, "The users whose manager it is are not told."),
    without(Call::ListPermissionGrants, ENDS),
    without(Call::ListUserAppRoles, ENDS),
];
const BLUEPRINT: Rows = &[
    always(Call::FindBlueprintByAppId),
    only(If::BlueprintByObjectId, Call::GetBlueprint),
    only(If::BlueprintByObjectId, Call::GetServicePrincipal),
];
const PRINCIPAL: Rows = &[
    always(Call::FindServicePrincipalByAppId),
    only(If::BlueprintByObjectId, Call::GetServicePrincipal),
    only(If::BlueprintByObjectId, Call::FindBlueprintByAppId),
    only(If::BlueprintByObjectId, Call::GetBlueprint),
];
const HOLDER: Rows = &[
    only(If::OfUser, Call::GetUser),
    without(Call::GetServicePrincipal, "Other kinds of service principals are not told apart."),
    only(If::OfUser, Call::GetAgentIdentity),
];
const APP_ROLES: Rows = &[only(If::OfUser, Call::ListUserAppRoles), always(Call::ListAppRoles)];
const PLANNED: Rows = &[
    always(Call::GetUser),
    only(If::VerbRestore, Call::GetDeletedItem),
    only(If::VerbRestore, Call::ListDeletedUsers),
    only(If::VerbPurge, Call::GetDeletedItem),
    only(If::VerbPurge, Call::ListDeletedUsers),
    only(If::VerbLicense, Call::ListSubscribedSkus),
    without(Call::GetGroup, "Groups that assign licenses are named by their ids alone."),
    only(If::VerbRetire, Call::GetDeletedItem),
    only(If::VerbRetire, Call::ListDeletedUsers),
    only(If::SeatsFreed, Call::ListSubscribedSkus),
    only(If::GroupsLeft, Call::ListMemberships),
    without(Call::ListDirectReports, "The users whose manager it is are not told."),
    without(Call::ListPermissionGrants, ENDS),
    without(Call::ListUserAppRoles, ENDS),
];
const APPLIED: Rows = &[
    only(If::VerbDelete, Call::DeleteAgentUser),
    only(If::VerbRestore, Call::RestoreDeletedItem),
    only(If::VerbPurge, Call::PurgeDeletedItem),
    only(If::VerbSwitch, Call::UpdateAgentUser),
    only(If::VerbLicense, Call::AssignLicense),
    only(If::VerbRetire, Call::UpdateAgentUser),
    only(If::VerbRetire, Call::RevokeSessions),
    only(If::VerbRetire, Call::DeleteAgentUser),
    only(If::SeatsFreed, Call::AssignLicense),
    only(If::GroupsLeft, Call::RemoveGroupMember),
    only(If::Purged, Call::PurgeDeletedItem),
    only(If::Attested, Call::AttestIdentity),
    only(If::VerbRoster, Call::FindAgentUserByParent),
    only(If::VerbRoster, Call::GetAgentIdentity),
    without(Call::GetServicePrincipal, "Other kinds of service principals are not told apart."),
    without(Call::FindServicePrincipalByAppId, "An application id is not told from an object id."),
    only(If::VerbRoster, Call::CreateAgentUser),
    only(If::VerbRoster, Call::UpdateAgentUser),
    only(If::Manager, Call::GetManager),
    only(If::Manager, Call::SetManager),
    of_people(If::Manager, Call::GetUser),
    only(If::Sponsors, Call::ListSponsors),
    only(If::Sponsors, Call::AddSponsor),
    of_people(If::Sponsors, Call::GetUser),
    only(If::Groups, Call::GetGroup),
    only(If::Groups, Call::FindGroupByName),
    only(If::Groups, Call::ListMemberships),
    only(If::Groups, Call::AddGroupMember),
    only(If::Licenses, Call::ListSubscribedSkus),
    only(If::Licenses, Call::AssignLicense),
    only(If::LicenseGroups, Call::ListSubscribedSkus),
    only(If::LicenseGroups, Call::GetGroup),
    only(If::LicenseGroups, Call::FindGroupByName),
    only(If::LicenseGroups, Call::ListMemberships),
];

const DOCTOR: Rows = &[
    without(Call::ListVerifiedDomains, REFUSAL),
    without(Call::ListAgentUsers, REFUSAL),
    without(Call::ListAgentIdentities, REFUSAL),
    without(Call::ListBlueprints, REFUSAL),
    without(Call::ListSubscribedSkus, REFUSAL),
    without(Call::ListDeletedUsers, REFUSAL),
    without(Call::ListLifecyclePolicies, REFUSAL),
];
const REFUSAL: &str = "Its refusal is part of the diagnosis.";
const PROBED: Rows = &[
    only(If::Probe, Call::GetUser),
    only(If::Probe, Call::GetManager),
    only(If::Probe, Call::ListSponsors),
    only(If::Probe, Call::FindLifecycleSubject),
    only(If::ProbeWrites, Call::GetAgentIdentity),
    without(Call::GetServicePrincipal, "Other kinds of service principals are not told apart."),
    without(Call::FindServicePrincipalByAppId, "An application id is not told from an object id."),
    only(If::ProbeWrites, Call::FindAgentUserByParent),
    only(If::ProbeWrites, Call::CreateAgentUser),
    only(If::ProbeWrites, Call::UpdateAgentUser),
    only(If::ProbeWrites, Call::DeleteAgentUser),
    only(If::ProbeWrites, Call::GetDeletedItem),
    only(If::ProbeWrites, Call::RestoreDeletedItem),
    only(If::ProbeWrites, Call::PurgeDeletedItem),
];

const HANDOVER: Rows = &[
    always(Call::GetUser),
    without(Call::ListDirectReports, "All agent users are read in its place."),
    without(Call::ListSponsored, "All agent users are read in its place."),
    only(If::ReadByLists, Call::ListAgentUsers),
    always(Call::GetManager),
    always(Call::ListSponsors),
    only(If::GroupFollows, Call::GetGroup),
    without(Call::ListIdentitySponsors, "The sponsors of parents are not handed over, and that is told."),
    without(Call::GetAgentIdentity, "Agent identities are named by their ids alone."),
];
const CONTAINED: Rows = &[
    only(If::OfUser, Call::GetUser),
    only(If::OfIdentity, Call::GetAgentIdentity),
    only(If::OfIdentity, Call::FindAgentUserByParent),
    only(If::OfBlueprint, Call::FindBlueprintPrincipal),
    only(If::OfBlueprint, Call::GetBlueprintPrincipal),
    only(If::OfBlueprint, Call::ListAgentIdentities),
    only(If::OfBlueprint, Call::ListAgentUsers),
    only(If::Exceptions, Call::GetUser),
    only(If::Exceptions, Call::GetAgentIdentity),
    only(If::Exceptions, Call::GetBlueprintPrincipal),
    without(Call::FindServicePrincipalByAppId, "An id is looked for among blueprints' principals alone."),
    without(
        Call::GetServicePrincipal,
        "For an id that is not a blueprint's, the kind of its object is not told.",
    ),
    only(If::BlueprintByObjectId, Call::GetBlueprint),
    without(Call::FindBlueprintByAppId, "That a blueprint has no principal is not told."),
    without(
        Call::ListDeletedServicePrincipals,
        "Agent users whose agent identity is in the recycle bin are not stopped, and that is told.",
    ),
];
const HANDED_OVER: Rows = &[
    only(If::VerbHandover, Call::GetManager),
    only(If::VerbHandover, Call::SetManager),
    only(If::VerbHandover, Call::ListSponsors),
    only(If::VerbHandover, Call::AddSponsor),
    only(If::VerbHandover, Call::RemoveSponsor),
    only(If::GroupFollows, Call::GetGroup),
    only(If::VerbHandover, Call::GetAgentIdentity),
    only(If::VerbHandover, Call::ListIdentitySponsors),
    only(If::VerbHandover, Call::AddIdentitySponsor),
    only(If::VerbHandover, Call::RemoveIdentitySponsor),
];
const STOPPED: Rows = &[
    only(If::VerbContain, Call::GetBlueprintPrincipal),
    only(If::VerbContain, Call::UpdateBlueprintPrincipal),
    only(If::VerbContain, Call::GetAgentIdentity),
    only(If::VerbContain, Call::UpdateAgentIdentity),
    only(If::VerbContain, Call::UpdateAgentUser),
    only(If::VerbContain, Call::RevokeSessions),
];
const AMONG: Rows = &[
    only(If::Among, Call::GetUser),
    only(If::Among, Call::FindAgentUserByParent),
    only(If::Among, Call::GetAgentIdentity),
    without(Call::GetServicePrincipal, "Other kinds of service principals are not told apart."),
    without(Call::FindServicePrincipalByAppId, "An application id is not told from an object id."),
    only(If::Among, Call::CreateAgentUser),
    only(If::Among, Call::UpdateAgentUser),
    only(If::Among, Call::RevokeSessions),
    only(If::Among, Call::DeleteAgentUser),
    only(If::Among, Call::GetDeletedItem),
    only(If::Among, Call::ListDeletedUsers),
    only(If::Among, Call::RestoreDeletedItem),
    only(If::Among, Call::PurgeDeletedItem),
    without(Call::ListDirectReports, "The users whose manager it is are not told."),
    only(If::Among, Call::GetManager),
    only(If::Among, Call::SetManager),
    only(If::Among, Call::RemoveManager),
    only(If::Among, Call::ListSponsors),
    only(If::Among, Call::AddSponsor),
    only(If::Among, Call::RemoveSponsor),
    only(If::Among, Call::GetGroup),
    only(If::Among, Call::FindGroupByName),
    only(If::Among, Call::ListMemberships),
    only(If::Among, Call::AddGroupMember),
    only(If::Among, Call::RemoveGroupMember),
    only(If::Among, Call::ListSubscribedSkus),
    only(If::Among, Call::AssignLicense),
    only(If::Among, Call::AttestIdentity),
    without(Call::ListLifecyclePolicies, "Whether a policy asks for it is not told."),
    without(Call::FindLifecycleSubject, "Whether a policy asks for it is not told."),
    only(If::Among, Call::ListLicenseDetails),
    only(If::Among, Call::GetDrive),
    only(If::Among, Call::FindServicePrincipalByAppId),
    only(If::Among, Call::FindBlueprintByAppId),
    only(If::Among, Call::GetBlueprint),
    only(If::Among, Call::ListPermissionGrants),
    only(If::Among, Call::CreatePermissionGrant),
    only(If::Among, Call::UpdatePermissionGrant),
    only(If::Among, Call::DeletePermissionGrant),
    only(If::Among, Call::ListAppRoles),
    only(If::Among, Call::ListUserAppRoles),
    only(If::Among, Call::AssignAppRole),
    only(If::Among, Call::RemoveAppRole),
    only(If::Among, Call::ListInheritablePermissions),
    only(If::Among, Call::AddInheritablePermission),
    only(If::Among, Call::UpdateInheritablePermission),
];
const BROUGHT_BACK: Rows = &[
    only(If::Contained, Call::GetBlueprintPrincipal),
    only(If::Contained, Call::UpdateBlueprintPrincipal),
    only(If::Contained, Call::GetAgentIdentity),
    only(If::Contained, Call::UpdateAgentIdentity),
];
const UNCHECKED: &str = "The rules that read it are not checked.";
const AUDIT: Rows = &[
    always(Call::ListAgentUsers),
    without(Call::ListVerifiedDomains, UNCHECKED),
    without(Call::ListManagers, UNCHECKED),
    without(Call::ListAllSponsors, UNCHECKED),
    without(Call::ListSponsors, UNCHECKED),
    without(Call::GetUser, UNCHECKED),
    without(Call::GetGroup, UNCHECKED),
    without(Call::GetDeletedItem, UNCHECKED),
    without(Call::ListTransitiveMembers, UNCHECKED),
    without(Call::ListLeaveDates, UNCHECKED),
    without(Call::ListSignInActivity, UNCHECKED),
    without(Call::ListDeletedUsers, UNCHECKED),
    without(Call::ListSubscribedSkus, UNCHECKED),
    without(Call::ListBlueprints, UNCHECKED),
    without(Call::ListBlueprintPrincipals, UNCHECKED),
    without(Call::ListAgentIdentities, UNCHECKED),
    without(Call::ListDeletedServicePrincipals, UNCHECKED),
    without(Call::GetServicePrincipal, UNCHECKED),
    without(Call::ListAllPermissionGrants, UNCHECKED),
    without(Call::FindServicePrincipalByAppId, UNCHECKED),
    without(Call::ListAppRoleHolders, UNCHECKED),
    without(Call::ListInheritablePermissions, UNCHECKED),
    without(Call::ListRoleAssignments, UNCHECKED),
    without(Call::ListEligibleRoles, UNCHECKED),
    without(Call::ListRoleDefinitions, UNCHECKED),
    without(Call::ListRoleGroups, UNCHECKED),
    without(Call::ListLifecyclePolicies, UNCHECKED),
    without(Call::ListLifecycleSubjects, UNCHECKED),
    without(Call::ListAccessPolicies, UNCHECKED),
    without(Call::FindAppliedPolicies, UNCHECKED),
    without(Call::ListRiskyAgents, UNCHECKED),
];

/// Each operation with its requests.
pub(super) const OPERATIONS: &[(&str, &[Rows])] = &[
    ("verifyParent", &[PARENT]),
    (
        "listIdentities",
        &[&[
            always(Call::ListAgentIdentities),
            only(If::WithoutAgentUser, Call::ListAgentUsers),
            without(
                Call::FindBlueprintByAppId,
                "A blueprint is not found by the object id of its application.",
            ),
            without(Call::GetBlueprint, "A blueprint is not found by the object id of its application."),
            without(Call::GetServicePrincipal, "A blueprint is not found by the object id of its principal."),
        ]],
    ),
    ("identity", &[PARENT]),
    ("identitySponsors", &[ABSENT, &[always(Call::ListIdentitySponsors)]]),
    ("identityOwners", &[ABSENT, &[always(Call::ListIdentityOwners)]]),
    ("lifecycle", &[PARENT, &[always(Call::ListLifecyclePolicies), always(Call::FindLifecycleSubject)]]),
    (
        "attest",
        &[
            PARENT,
            &[
                always(Call::AttestIdentity),
                without(Call::ListLifecyclePolicies, "Whether a policy asks for it is not told."),
                without(Call::FindLifecycleSubject, "Whether a policy asks for it is not told."),
            ],
        ],
    ),
    ("listBlueprints", &[&[always(Call::ListBlueprints)]]),
    ("blueprint", &[BLUEPRINT]),
    (
        "verifyBlueprint",
        &[
            BLUEPRINT,
            &[
                without(
                    Call::FindServicePrincipalByAppId,
                    "Then the path of blueprints' principals alone is read.",
                ),
                without(Call::FindBlueprintPrincipal, "Then all service principals are read."),
                always(Call::ListAgentIdentities),
                always(Call::ListDeletedServicePrincipals),
                only(If::BlueprintGone, Call::ListDeletedApplications),
                always(Call::ListAgentUsers),
                always(Call::ListDeletedUsers),
            ],
        ],
    ),
    ("audit", &[AUDIT, TENANT]),
    ("auditSnapshot", &[]),
    ("verifiedDomains", &[&[always(Call::ListVerifiedDomains)]]),
    ("get", &[USER, READ_MEMBERS]),
    ("findByParent", &[&[always(Call::FindAgentUserByParent)], READ_MEMBERS]),
    ("list", &[&[always(Call::ListAgentUsers)], READ_MEMBERS]),
    ("listDeleted", &[&[always(Call::ListDeletedUsers)]]),
    ("create", &[PARENT, ROW, READY, WRITE_MEMBERS]),
    ("provision", &[PARENT, ROW, READY, WRITE_MEMBERS]),
    ("applyRoster", &[DOMAINS, PARENT, ROW, READY, WRITE_MEMBERS]),
    ("planRoster", &[TENANT, DOMAINS, PARENT, ROW_READS, READ_MEMBERS]),
    ("plan", &[TENANT, PLANNED]),
    ("planHandover", &[TENANT, HANDOVER]),
    ("planContain", &[TENANT, CONTAINED]),
    ("applyPlan", &[TENANT, PLANNED, APPLIED, HANDED_OVER, STOPPED, WRITE_MEMBERS]),
    ("update", &[USER, &[always(Call::UpdateAgentUser)], WRITE_MEMBERS]),
    ("delete", &[USER, &[always(Call::DeleteAgentUser)], BIN_SEEN]),
    ("restore", &[USER, BIN, &[always(Call::RestoreDeletedItem)]]),
    (
        "restoreReported",
        &[
            USER,
            BIN,
            BROUGHT_BACK,
            &[
                always(Call::RestoreDeletedItem),
                always(Call::UpdateAgentUser),
                only(If::SeatsFreed, Call::ListSubscribedSkus),
                only(If::SeatsFreed, Call::AssignLicense),
                only(If::GroupsLeft, Call::GetGroup),
                only(If::GroupsLeft, Call::ListMemberships),
                only(If::GroupsLeft, Call::AddGroupMember),
            ],
        ],
    ),
    ("purge", &[BIN, &[always(Call::PurgeDeletedItem), only(If::Restored, Call::GetUser)]]),
    ("revokeSessions", &[USER, &[always(Call::RevokeSessions)]]),
    ("retire", &[RETIRE]),
    (
        "contain",
        &[
            CONTAINED,
            &[
                only(If::OfBlueprint, Call::UpdateBlueprintPrincipal),
                only(If::OfBlueprint, Call::UpdateAgentIdentity),
                only(If::OfIdentity, Call::UpdateAgentIdentity),
                always(Call::UpdateAgentUser),
                always(Call::RevokeSessions),
            ],
        ],
    ),
    ("many", &[AMONG, WRITE_MEMBERS]),
    ("manager", &[USER, &[always(Call::GetManager)]]),
    (
        "setManager",
        &[USER, &[always(Call::GetManager), always(Call::SetManager), of_people(If::Manager, Call::GetUser)]],
    ),
    ("clearManager", &[USER, &[always(Call::GetManager), always(Call::RemoveManager)]]),
    ("sponsors", &[USER, &[always(Call::ListSponsors)]]),
    (
        "addSponsor",
        &[
            USER,
            &[always(Call::ListSponsors), always(Call::AddSponsor), of_people(If::Sponsors, Call::GetUser)],
        ],
    ),
    (
        "removeSponsor",
        &[
            USER,
            &[
                always(Call::ListSponsors),
                always(Call::RemoveSponsor),
                of_people(If::Sponsors, Call::GetUser),
            ],
        ],
    ),
    ("sponsored", &[&[only(If::OwnPerson, Call::ListOwnSponsored), only(If::Person, Call::ListSponsored)]]),
    ("findUsers", &[&[always(Call::FindUsers)]]),
    ("findGroups", &[&[always(Call::FindGroups)]]),
    ("groups", &[USER, &[always(Call::ListMemberships)]]),
    ("addToGroup", &[MEMBERSHIP, &[always(Call::AddGroupMember)]]),
    ("removeFromGroup", &[MEMBERSHIP, &[always(Call::RemoveGroupMember)]]),
    ("skus", &[&[always(Call::ListSubscribedSkus)]]),
    (
        "licenses",
        &[&[
            always(Call::GetUser),
            always(Call::ListSubscribedSkus),
            without(Call::ListLicenseDetails, "Only the tenant's licenses tell their names."),
            without(Call::GetGroup, "Groups that assign licenses are named by their ids alone."),
        ]],
    ),
    ("changeLicenses", &[LICENSES]),
    ("waitReady", &[USER, READY]),
    (
        "permissions",
        &[
            HOLDER,
            PRINCIPAL,
            APP_ROLES,
            &[
                always(Call::ListPermissionGrants),
                only(If::OfBlueprint, Call::FindBlueprintByAppId),
                only(If::OfBlueprint, Call::ListInheritablePermissions),
                without(Call::GetServicePrincipal, "Resources are named by their ids alone."),
            ],
        ],
    ),
    (
        "access",
        &[
            USER,
            &[
                always(Call::ListMemberships),
                always(Call::ListTransitiveMemberships),
                always(Call::FindRoleAssignments),
                always(Call::FindEligibleRoles),
                without(Call::ListRoleDefinitions, "Roles are named by their ids alone."),
                always(Call::ListUserAppRoles),
                without(Call::GetServicePrincipal, "Resources are named by their ids alone."),
            ],
            &[
                without(Call::GetAgentIdentity, "Other kinds of service principals are not told apart."),
                without(
                    Call::FindServicePrincipalByAppId,
                    "An application id is not told from an object id.",
                ),
                always(Call::ListPermissionGrants),
                always(Call::FindBlueprintByAppId),
                without(Call::GetBlueprint, "Other blueprints are not told apart."),
                always(Call::ListInheritablePermissions),
            ],
        ],
    ),
    (
        "grantPermission",
        &[
            HOLDER,
            PRINCIPAL,
            &[
                always(Call::ListPermissionGrants),
                always(Call::CreatePermissionGrant),
                only(If::EntryExists, Call::UpdatePermissionGrant),
            ],
        ],
    ),
    (
        "revokePermission",
        &[
            HOLDER,
            PRINCIPAL,
            &[
                always(Call::ListPermissionGrants),
                always(Call::DeletePermissionGrant),
                only(If::GrantStays, Call::UpdatePermissionGrant),
            ],
        ],
    ),
    ("assignAppRole", &[HOLDER, PRINCIPAL, APP_ROLES, &[always(Call::AssignAppRole)]]),
    ("removeAppRole", &[HOLDER, PRINCIPAL, APP_ROLES, &[always(Call::RemoveAppRole)]]),
    ("allowCreation", &[PRINCIPAL, &[always(Call::ListAppRoles), always(Call::AssignAppRole)]]),
    (
        "inheritPermissions",
        &[
            PRINCIPAL,
            &[
                always(Call::FindBlueprintByAppId),
                always(Call::ListInheritablePermissions),
                always(Call::AddInheritablePermission),
                only(If::EntryExists, Call::UpdateInheritablePermission),
                without(Call::ListPermissionGrants, "Whether there is anything to inherit is not told."),
                without(Call::ListAppRoles, "Whether there is anything to inherit is not told."),
            ],
        ],
    ),
    ("waitPermission", &[&[only(If::TokenOpaque, Call::ListAgentUsers)]]),
    ("requiredPermissions", &[]),
    ("doctor", &[DOCTOR, PROBED]),
];

/// The requests of an operation; none where there is no such operation.
pub(super) fn of(operation: &str) -> Option<impl Iterator<Item = Row>> {
    let (_, rows) = OPERATIONS.iter().find(|(name, _)| *name == operation)?;
    Some(rows.iter().copied().flatten().copied())
}
