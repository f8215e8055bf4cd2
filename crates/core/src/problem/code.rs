//! Every code of a problem, with its kind, cause, fix and documentation: the one table behind docs/errors.md.

use super::ProblemKind;
use crate::call::Call;
use serde::Serialize;

/// A chapter of docs/errors.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Input of the caller.
    Input,
    /// The parent agent identity.
    Parent,
    /// Names and addresses.
    Names,
    /// The agent user itself, alive or deleted.
    AgentUser,
    /// Manager and sponsors.
    People,
    /// Licenses and what they bring.
    Licenses,
    /// Groups and their members.
    Groups,
    /// Plans, and applying them.
    Plans,
    /// Audits and their snapshots.
    Audits,
    /// Permissions and tokens.
    Access,
    /// Entra's token endpoint.
    SignIn,
    /// The limits and rules of Microsoft's agent identity platform.
    Platform,
    /// Answers of the service.
    Service,
    /// Failures on the way to the service.
    Network,
    /// The operation as a whole.
    Operation,
}

impl Group {
    /// The chapter's title.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Input => "Input",
            Self::Parent => "Parent",
            Self::Names => "Names and addresses",
            Self::AgentUser => "Agent users",
            Self::People => "Managers and sponsors",
            Self::Licenses => "Licenses and readiness",
            Self::Groups => "Groups",
            Self::Plans => "Plans",
            Self::Audits => "Audits",
            Self::Access => "Permissions and tokens",
            Self::SignIn => "Sign-in",
            Self::Platform => "Agent identity platform",
            Self::Service => "Service",
            Self::Network => "Network",
            Self::Operation => "Operation",
        }
    }
}

/// How well founded a reading of Graph's answers is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// A page of Microsoft's says so.
    Documented,
    /// Microsoft's own clients rely on it, or somebody reported it in public.
    Observed,
    /// No source says so.
    Assumed,
}

impl Certainty {
    /// Its word in docs/graph.md.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::Assumed => "assumed",
        }
    }
}

/// A refusal may say that it is so already, where reads do not show it yet. Every other refusal is final at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Already {
    /// The calls that are refused.
    pub calls: &'static [Call],
    /// The words, in lower case, one of which Graph's message must have. Without any, the code says enough.
    pub words: &'static [&'static str],
    /// Whether nothing is looked for, because Graph leaves no doubt.
    pub certain: bool,
    /// How well founded it is.
    pub certainty: Certainty,
    /// The heading of docs/graph.md that has Graph's words.
    pub source: &'static str,
}

impl Already {
    /// The code alone says that it may be so, and reads decide.
    const fn by_code(calls: &'static [Call], certainty: Certainty, source: &'static str) -> Option<Self> {
        Self::by_words(calls, &[], certainty, source)
    }

    /// One of these words says that it may be so, and reads decide.
    const fn by_words(
        calls: &'static [Call],
        words: &'static [&'static str],
        certainty: Certainty,
        source: &'static str,
    ) -> Option<Self> {
        Some(Self { calls, words, certain: false, certainty, source })
    }
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The code's name.
    pub name: &'static str,
    /// Its chapter.
    pub group: Group,
    /// Its kind.
    pub kind: ProblemKind,
    /// Its meaning, in one sentence.
    pub meaning: &'static str,
    /// The usual cause.
    pub cause: &'static str,
    /// The usual fix.
    pub fix: &'static str,
    /// The field it is about, where it is always the same.
    pub field: Option<&'static str>,
    /// Whether the same request may succeed later without a change.
    pub transient: bool,
    /// The permissions that would allow it, where they do not depend on the call.
    pub permissions: &'static [&'static str],
    /// The codes of Graph that it stands for, in `error.code`, `details[].code` or an inner error.
    pub graph: &'static [&'static str],
    /// The `AADSTS` numbers that it stands for.
    pub aadsts: &'static [u32],
    /// The values of `licenseAssignmentStates[].error` that it stands for.
    pub states: &'static [&'static str],
    /// The HTTP statuses that it stands for when no code says more.
    pub statuses: &'static [u16],
    /// Whether a refusal with this code may mean that it is so already.
    pub already: Option<Already>,
    /// How well founded it is, where Microsoft does not document it.
    pub evidence: Option<&'static str>,
    /// A page of Microsoft's that explains it.
    pub page: Option<&'static str>,
    /// Whether nothing raises it yet: it belongs to calls that the library does not make, to the sign-in of agents and
    /// to blueprints and agent identities.
    pub later: bool,
}

impl Entry {
    /// The values of columns that a row leaves out.
    const DEFAULT: Self = Self {
        name: "",
        group: Group::Input,
        kind: ProblemKind::Defect,
        meaning: "",
        cause: "",
        fix: "",
        field: None,
        transient: false,
        permissions: &[],
        graph: &[],
        aadsts: &[],
        states: &[],
        statuses: &[],
        already: None,
        evidence: None,
        page: None,
        later: false,
    };
}

/// A text of a code; in a program that loads it later, the mark that stands for it ([`crate::later`]).
macro_rules! text {
    ($code:ident $part:literal $text:expr) => {
        if cfg!(feature = "whole") {
            $text
        } else {
            concat!("\u{E000}", stringify!($code), ".", $part, "\u{E001}.")
        }
    };
}

/// The value of a column that a row may leave out.
macro_rules! column {
    ($code:ident evidence $evidence:expr) => {
        match $evidence {
            Some(text) => Some(text!($code "evidence" text)),
            None => None,
        }
    };
    ($code:ident $key:ident $value:expr) => {
        $value
    };
}

macro_rules! codes {
    ($($group:ident { $($variant:ident: $kind:ident, $meaning:literal { cause: $cause:expr, fix: $fix:expr $(, $key:ident: $value:expr)* $(,)? })* })*) => {
        /// The stable code of a problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $meaning] $variant,)*)*
        }

        impl Code {
            /// Every code, in the order of docs/errors.md.
            pub const ALL: &'static [Self] = &[$($(Self::$variant,)*)*];

            /// Its name, which never changes.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                self.entry().name
            }

            /// Its row of the table.
            #[must_use]
            pub const fn entry(self) -> &'static Entry {
                match self {
                    $($(Self::$variant => const { &Entry {
                        name: stringify!($variant),
                        group: Group::$group,
                        kind: ProblemKind::$kind,
                        meaning: text!($variant "meaning" $meaning),
                        cause: text!($variant "cause" $cause),
                        fix: text!($variant "fix" $fix),
                        $($key: column!($variant $key $value),)*
                        ..Entry::DEFAULT
                    } },)*)*
                }
            }
        }
    };
}

/// Microsoft's list of the agent identity platform's error codes.
const PLATFORM: Option<&str> = Some("https://learn.microsoft.com/entra/agent-id/error-codes");
/// Microsoft's page about agent users.
const AGENT_USERS: Option<&str> = Some("https://learn.microsoft.com/entra/agent-id/agent-users");
/// Microsoft's page about the errors of Graph.
const ERRORS: Option<&str> = Some("https://learn.microsoft.com/graph/errors");
/// Microsoft's list of AADSTS numbers.
const AADSTS: Option<&str> =
    Some("https://learn.microsoft.com/entra/identity-platform/reference-error-codes");
/// Microsoft's page about the token flow of agent users.
const USER_FLOW: Option<&str> = Some("https://learn.microsoft.com/entra/agent-id/agent-user-oauth-flow");
/// Microsoft's page about acting for a signed-in person.
const ON_BEHALF_OF: Option<&str> =
    Some("https://learn.microsoft.com/entra/agent-id/agent-on-behalf-of-oauth-flow");
/// Microsoft's page about signing in by a device code.
const DEVICE_CODE: Option<&str> =
    Some("https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code");
/// Microsoft's page about creating an agent user.
const CREATE: Option<&str> = Some("https://learn.microsoft.com/graph/api/agentuser-post");
/// Microsoft's page about changing licenses.
const ASSIGN: Option<&str> = Some("https://learn.microsoft.com/graph/api/user-assignlicense");
/// Microsoft's page about licenses that can't be assigned.
const RESOLVE: Option<&str> =
    Some("https://learn.microsoft.com/entra/identity/users/licensing-groups-resolve-problems");
/// Microsoft's page about Graph's throttling.
const THROTTLING: Option<&str> = Some("https://learn.microsoft.com/graph/throttling");

codes! {
    Input {
        Invalid: InvalidInput, "The input breaks a documented rule." {
            cause: "One or more fields have a value that Microsoft Graph refuses.",
            fix: "Correct the fields that are named; each violation says how.",
        }
        RosterUnreadable: InvalidInput, "The roster cannot be read." {
            cause: "The text is not UTF-8, or not well-formed CSV or JSON.",
            fix: "Save the roster as UTF-8 CSV with a header row, or as a JSON array of objects.",
        }
        FindingsUnreadable: InvalidInput, "The file is not the report of an audit." {
            cause: "It is another file than was meant, or it was cut short.",
            fix: "Name the file that `agentuser audit --json` has written.",
        }
        RosterInvalid: InvalidInput, "The roster has rows that break a rule." {
            cause: "Rows have missing, malformed or repeated values, or columns have unknown names.",
            fix: "Correct the rows and columns that the violations name. Nothing was changed.",
        }
        InputTooLarge: InvalidInput, "The input is larger than is read." {
            cause: "It is not the file or text that was meant, or it is larger than usual.",
            fix: "Check that it is the right one, make it smaller, or raise the limit: maxBytes, maxRows or maxTokenBytes, as the field says (--max-bytes, -MaxBytes and so on).",
        }
        ManagerRowFailed: InvalidInput, "The manager of this row is a row that failed." {
            cause: "The manager is another agent user of the same roster, and that row did not succeed.",
            fix: "Correct the manager's row and run the roster again; rows that are done are left alone.",
            field: Some("manager"),
        }
    }
    Parent {
        ParentNotFound: NotFound, "The parent agent identity does not exist." {
            cause: "No service principal of this tenant has that object id: it is mistyped, deleted, of another tenant, or was created moments ago.",
            fix: "Copy the Object ID of the agent identity from Entra ID > Agents, and check that the token is for the same tenant.",
            field: Some("identityParentId"), page: CREATE,
        }
        ParentIsAppId: InvalidInput, "The parent id is an app id, not an object id." {
            cause: "A service principal has this value as its app (client) id.",
            fix: "Use the object id of the agent identity; the message names it where it was found.",
            field: Some("identityParentId"), page: CREATE,
        }
        ParentIsServicePrincipal: InvalidInput, "The parent is an ordinary service principal." {
            cause: "The object is not an agent identity: its type is not microsoft.graph.agentIdentity, or its servicePrincipalType is not ServiceIdentity.",
            fix: "Create an agent identity from a blueprint and use its object id.",
            field: Some("identityParentId"),
            page: Some("https://learn.microsoft.com/graph/api/resources/agentidentity"),
        }
        ParentIsBlueprintPrincipal: InvalidInput, "The parent is a blueprint principal." {
            cause: "The id is of the service principal of an agent identity blueprint, which can have agent identities but no agent user.",
            fix: "Use the object id of one of the blueprint's agent identities.",
            field: Some("identityParentId"),
            page: Some("https://learn.microsoft.com/graph/api/resources/agentidentity"),
        }
        ParentDisabled: InvalidInput, "The parent agent identity is disabled." {
            cause: "Its accountEnabled is false, so its agent user could not sign in.",
            fix: "Enable the agent identity in Entra ID > Agents, or choose another parent.",
            field: Some("identityParentId"),
            page: Some("https://learn.microsoft.com/graph/api/resources/agentidentity"),
        }
        ParentDisabledByMicrosoft: InvalidInput, "Microsoft has disabled the parent agent identity." {
            cause: "Its disabledByMicrosoftStatus is DisabledDueToViolationOfServicesAgreement.",
            fix: "Open a support case with Microsoft, or choose another parent; an admin cannot enable this one.",
            field: Some("identityParentId"),
            page: Some("https://learn.microsoft.com/graph/api/resources/agentidentity"),
        }
        ParentHasAnotherUser: Exists, "The parent already has another agent user." {
            cause: "An agent identity has at most one agent user, and this one's differs from what was asked for.",
            fix: "Use the agent user that exists, delete it first, or create another agent identity.",
            field: Some("identityParentId"), page: CREATE,
        }
        ParentHeldByDeletedUser: Exists, "A deleted agent user may still hold the parent." {
            cause: "The parent's former agent user is in the recycle bin, where it stays for 30 days.",
            fix: "Restore that agent user, or delete it permanently and try again.",
            field: Some("identityParentId"),
            evidence: Some("Whether a deleted agent user still holds its parent is not documented."),
        }
        ParentNotVisibleYet: NotFound, "Graph does not see the parent yet." {
            cause: "The agent identity was created moments ago and has not reached every replica, or it does not exist.",
            fix: "Wait a few minutes and run it again; if it stays, check the object id of the agent identity.",
            field: Some("identityParentId"), transient: true, page: CREATE,
            evidence: Some("Matched by message, on creating an agent user. \"Object with id {id} not found\" is a documented known issue; \"Agent user IdentityParent does not exist\" has one unofficial source."),
        }
    }
    Names {
        UpnTaken: Exists, "The user principal name is already in use." {
            cause: "Another user of the tenant, human or agent, has this userPrincipalName.",
            fix: "Choose another name before the @, or find and reuse the user that has it.",
            field: Some("userPrincipalName"), graph: &["ObjectConflict"],
            already: Already::by_code(&[Call::CreateAgentUser], Certainty::Observed, "error-codes"),
            evidence: Some("Observed as 400 Request_BadRequest with a detail ObjectConflict; one unofficial source says 409. Both are understood."),
        }
        UpnHeldByDeletedUser: Exists, "A deleted user has the user principal name." {
            cause: "A user in the recycle bin has this userPrincipalName; it stays there for 30 days.",
            fix: "Restore that user, delete it permanently, or choose another name before the @.",
            field: Some("userPrincipalName"),
            evidence: Some("Whether a deleted agent user blocks its userPrincipalName is not documented."),
        }
        MailNicknameTaken: Exists, "The mail nickname is already in use." {
            cause: "Another object of the tenant has this mailNickname.",
            fix: "Choose another mailNickname.",
            field: Some("mailNickname"), graph: &["ObjectConflict"],
            already: Already::by_code(&[Call::CreateAgentUser], Certainty::Assumed, "error-codes"),
            evidence: Some("The same form as for userPrincipalName is assumed."),
        }
        ProxyAddressTaken: Exists, "A mail address is already in use." {
            cause: "Another object of the tenant has one of the addresses, as its mail or among its proxyAddresses.",
            fix: "Remove the address from the other object, or choose another mail or mailNickname.",
            field: Some("proxyAddresses"), graph: &["ObjectConflict", "ConflictingObjects"],
        }
        DomainNotVerified: InvalidInput, "The domain of the user principal name is not verified." {
            cause: "The part after the @ is not one of the tenant's verified domains.",
            fix: "Use a domain from Entra ID > Domain names that is marked Verified, such as the tenant's onmicrosoft.com domain, or verify this one first.",
            field: Some("userPrincipalName"),
            evidence: Some("Matched by message: Microsoft documents no code for it."),
        }
    }
    AgentUser {
        NotAnAgentUser: InvalidInput, "The user is not an agent user." {
            cause: "The id or name belongs to a human, a guest or another kind of user.",
            fix: "Check the id. agentuser changes agent users only.",
            page: AGENT_USERS,
        }
        NotFound: NotFound, "The object does not exist." {
            cause: "The id or name is mistyped, or the object was deleted.",
            fix: "Check the id or name, and look among the deleted users.",
            graph: &["Request_ResourceNotFound"], statuses: &[404, 410], page: ERRORS,
            evidence: Some("The code Request_ResourceNotFound is not documented; status 404 is."),
        }
        NotVisibleYet: NotFound, "Graph does not see the object yet." {
            cause: "It was created moments ago and has not reached every replica, or it does not exist.",
            fix: "Wait a few minutes and run it again; if it stays, check the id.",
            transient: true,
            evidence: Some("Matched by message: \"Object with id {id} not found\" is a documented known issue without a code."),
            page: Some("https://learn.microsoft.com/entra/agent-id/identity-platform/preview-known-issues"),
        }
        Conflict: Exists, "Another object has one of these values, or the object was changed at the same time." {
            cause: "A value that must be unique is in use, or another client changed the object at the same moment.",
            fix: "Read the object again, look for a user with the same name or the same parent, and change the value that both have.",
            graph: &["ObjectConflict", "ConflictingObjects"], statuses: &[409], page: ERRORS,
            already: Already::by_code(&[Call::CreateAgentUser], Certainty::Observed, "error-codes"),
        }
        PropertyNotApplicable: InvalidInput, "Graph does not let an agent user have this property." {
            cause: "Agent users have no credentials of their own, so such properties cannot be set.",
            fix: "Leave the property out.",
            evidence: Some("Matched by message, which one Microsoft sample has observed."),
            page: AGENT_USERS,
        }
        DeletedItemNotFound: NotFound, "The deleted user does not exist." {
            cause: "It is not in the recycle bin: it was restored, deleted permanently, or its 30 days are over.",
            fix: "List the deleted agent users, and look among the living ones. After 30 days a user cannot be restored: create it again.",
        }
        DeletedNameAmbiguous: InvalidInput, "Several deleted users had that name." {
            cause: "An agent user was deleted, another one was created under its name, and that one was deleted, too.",
            fix: "Name it by its object id.",
        }
        RestoredMeanwhile: InvalidInput, "The deleted user was restored meanwhile." {
            cause: "Another person or program restored it while it was to be deleted for ever.",
            fix: "Find out who restored it. To delete it for ever, delete it again first.",
        }
        RestoreConflict: Exists, "A name of the deleted user is in use by now." {
            cause: "Since the deletion, another user has taken the userPrincipalName or a mail address.",
            fix: "Restore it under a new name (newUserPrincipalName, --new-user-principal-name), and let Graph drop the addresses that are in conflict (autoReconcileProxyConflict, --auto-reconcile-proxy-conflict).",
            field: Some("userPrincipalName"), graph: &["ObjectConflict"],
            page: Some("https://learn.microsoft.com/graph/api/directory-deleteditems-restore"),
        }
        PermanentDeleteUnsupported: Denied, "This caller cannot delete users permanently." {
            cause: "Graph documents permanent deletion of a user for a signed-in admin, and not for an application.",
            fix: "Sign in as an admin with User.ReadWrite.All, or wait: Entra deletes the user for good after 30 days.",
            permissions: &["User.ReadWrite.All"],
            evidence: Some("Older pages say that applications are not supported; the newest page's row for agentUser could not be read."),
            page: Some("https://learn.microsoft.com/graph/api/directory-deleteditems-delete"),
        }
    }
    People {
        ManagerNotFound: NotFound, "The manager does not exist." {
            cause: "No user of this tenant has the manager's id or name, or the agent user itself is gone.",
            fix: "Check the manager's object id or user principal name.",
            field: Some("manager"), page: Some("https://learn.microsoft.com/graph/api/agentuser-post-manager"),
        }
        ManagerNotSet: NotFound, "The agent user has no manager." {
            cause: "No manager is set, or the agent user itself is gone.",
            fix: "Set one if the agent user should have a manager.",
            field: Some("manager"), page: Some("https://learn.microsoft.com/graph/api/agentuser-list-manager"),
            evidence: Some("That Graph answers 404 when no manager is set is not verified."),
        }
        SponsorNotFound: NotFound, "The sponsor does not exist." {
            cause: "No user or group of this tenant has the sponsor's id, or the agent user itself is gone.",
            fix: "Check the object id of the sponsoring user or group.",
            field: Some("sponsors"), page: Some("https://learn.microsoft.com/graph/api/agentuser-post-sponsors"),
        }
        SponsorAlreadySet: Exists, "The agent user already has this sponsor." {
            cause: "The same user or group was added before.",
            fix: "Nothing needs to be done.",
            field: Some("sponsors"), page: Some("https://learn.microsoft.com/graph/api/agentuser-list-sponsors"),
            already: Some(Already {
                calls: &[Call::AddSponsor, Call::AddIdentitySponsor],
                words: &[],
                certain: true,
                certainty: Certainty::Assumed,
                source: "error-codes",
            }),
            evidence: Some("Matched by message; the message was reported for group members and is assumed for sponsors."),
        }
        SponsorNotSet: NotFound, "The agent user does not have this sponsor." {
            cause: "The user or group is not among its sponsors, or the agent user itself is gone.",
            fix: "List the sponsors and check the id.",
            field: Some("sponsors"), page: Some("https://learn.microsoft.com/graph/api/agentuser-list-sponsors"),
        }
        SuccessorUnusable: InvalidInput, "The new manager or sponsor can't take over." {
            cause: "It is an agent user, can't sign in, or is a group that can't be a sponsor: agent identities take Microsoft 365 groups and dynamic groups to which no role can be assigned.",
            fix: "Name a person who can sign in, or for sponsors a Microsoft 365 group or a dynamic one, and plan again.",
            page: Some("https://learn.microsoft.com/graph/api/agentidentity-post-sponsors"),
            evidence: Some("The rules for groups are documented for agent identities; for agent users Graph decides."),
        }
        SuccessorNotVisible: Timeout, "The new sponsor is not shown yet, so the old one stays." {
            cause: "The change has not reached every replica, or somebody took the new sponsor away again.",
            fix: "Apply the plan again: it goes on where it stopped.",
            transient: true,
        }
        SponsorRequired: InvalidInput, "A sponsor is required." {
            cause: "An agent identity or blueprint is created without a sponsor, which an application must always name.",
            fix: "Name at least one user as sponsor.",
            field: Some("sponsors"),
            evidence: Some("Matched by message, reported by a user of a Microsoft tool."),
            page: Some("https://learn.microsoft.com/entra/agent-id/agent-owners-sponsors-managers"),
            later: true,
        }
    }
    Licenses {
        SkuNotFound: NotFound, "The tenant does not have this license." {
            cause: "No subscription of the tenant has that SKU id or part number.",
            fix: "List the tenant's licenses and use an skuId or skuPartNumber from there.",
            field: Some("assignedLicenses"), page: Some("https://learn.microsoft.com/graph/api/subscribedsku-list"),
        }
        NoFreeSeats: Quota, "The license has no free seats." {
            cause: "As many seats are assigned (consumedUnits) as are paid for (prepaidUnits.enabled).",
            fix: "Buy seats in the Microsoft 365 admin center, or take the license from somebody else.",
            field: Some("assignedLicenses"), page: Some("https://learn.microsoft.com/graph/api/subscribedsku-list"),
        }
        SkuAmbiguous: InvalidInput, "Several licenses of the tenant have this part number." {
            cause: "Two subscriptions have the same skuPartNumber with different ids.",
            fix: "Name the license by its skuId, which tells them apart.",
            field: Some("assignedLicenses"), page: Some("https://learn.microsoft.com/graph/api/subscribedsku-list"),
        }
        ServicePlanNotFound: NotFound, "The license does not have this service plan." {
            cause: "No service plan of the SKU has that id or name.",
            fix: "List the tenant's licenses and use a servicePlanName or servicePlanId of that SKU.",
            field: Some("assignedLicenses"), page: Some("https://learn.microsoft.com/graph/api/subscribedsku-list"),
        }
        GroupNotFound: NotFound, "The tenant does not have this group." {
            cause: "No group has that object id or display name, or the caller can't see it.",
            fix: "Look the group up in the Entra admin center, and name it by its object id.",
            field: Some("assignedLicenses"), page: Some("https://learn.microsoft.com/graph/api/group-list"),
        }
        GroupAmbiguous: InvalidInput, "Several groups have this name." {
            cause: "Display names of groups are not unique.",
            fix: "Name the group by its object id, as group:ID.",
            field: Some("assignedLicenses"), page: Some("https://learn.microsoft.com/graph/api/group-list"),
        }
        GroupWithoutLicense: InvalidInput, "The group assigns no license." {
            cause: "The group has no assignedLicenses, so its members get nothing by it.",
            fix: "Assign the license to the group, or name another group or the license itself.",
            field: Some("assignedLicenses"), page: Some("https://learn.microsoft.com/graph/api/group-assignlicense"),
        }
        NotAMember: InvalidInput, "The agent user is not a member of the group." {
            cause: "A group assigns licenses to its direct members only; members of nested groups get none.",
            fix: "Add the agent user to the group (addToGroup, `agentuser group add`), then run this again.",
            field: Some("assignedLicenses"), page: Some("https://learn.microsoft.com/graph/api/group-post-members"),
        }
        SkuNotAssignableToUsers: InvalidInput, "The license cannot be assigned to a user." {
            cause: "None of its service plans applies to users; it is for the whole company.",
            fix: "Choose a license whose appliesTo is User.",
            field: Some("assignedLicenses"), page: ASSIGN,
            evidence: Some("Graph's refusal is matched by message, which a user has reported."),
        }
        LicenseNeedsUsageLocation: InvalidInput, "The agent user has no valid usage location." {
            cause: "Licenses need a usageLocation, and it is missing or not a country that Microsoft knows.",
            fix: "Set usageLocation to a two-letter ISO 3166 code such as DE or US, then assign the license.",
            field: Some("usageLocation"), page: ASSIGN,
            evidence: Some("Matched by message, which users have reported; no code is documented."),
        }
        LicenseInherited: InvalidInput, "The license comes from a group." {
            cause: "The license is inherited through group-based licensing, and can't be removed from the agent user itself.",
            fix: "Remove the agent user from the group that assigns the license (licenseAssignmentStates names it).",
            field: Some("assignedLicenses"), page: ASSIGN,
            evidence: Some("Graph's refusal is matched by message, which users have reported."),
        }
        LicenseRefused: InvalidInput, "Graph refused the license change." {
            cause: "Graph's message says why, in words that this library does not know.",
            fix: "Correct what Graph's message names; look at the tenant's licenses with their free seats, and at the agent user's usageLocation.",
            field: Some("assignedLicenses"), page: ASSIGN,
            already: Already::by_words(
                &[Call::AssignLicense], &["already", "does not have a corresponding license"], Certainty::Observed,
                "licenses-and-readiness",
            ),
        }
        LicenseCountViolation: Quota, "Assigned, but there are not enough seats." {
            cause: "The license was assigned beyond the number of seats.",
            fix: "Buy seats in the Microsoft 365 admin center, or take the license from somebody else, then assign it again.",
            field: Some("assignedLicenses"), states: &["CountViolation"], page: ASSIGN,
        }
        LicenseMutuallyExclusive: InvalidInput, "The license contradicts another one." {
            cause: "A service plan of it cannot stand beside a plan that is already assigned.",
            fix: "Remove the other license, or assign this one with the contradicting plan off: disabledPlans, --without PLAN, or SKU without PLAN in a roster.",
            field: Some("assignedLicenses"), states: &["MutuallyExclusiveViolation"], page: RESOLVE,
            evidence: Some("Graph's refusal is matched by message, which Microsoft documents for audit logs."),
        }
        LicenseDependencyMissing: InvalidInput, "The license depends on one that is missing." {
            cause: "A service plan of it needs another plan that is not assigned, or is disabled.",
            fix: "Assign the license with the needed plan first, or switch that plan on where it is off: enabledPlans, --with PLAN, or SKU with PLAN in a roster.",
            field: Some("assignedLicenses"), states: &["DependencyViolation"], page: RESOLVE,
            evidence: Some("Graph's refusal is matched by message, which Microsoft documents for audit logs."),
        }
        LicenseProhibitedInLocation: InvalidInput, "The license is not allowed in the usage location." {
            cause: "Microsoft does not offer a service plan of it in the agent user's usageLocation.",
            fix: "Correct usageLocation, or assign the license with the plan off: disabledPlans, --without PLAN, or SKU without PLAN in a roster.",
            field: Some("usageLocation"), states: &["ProhibitedInUsageLocationViolation"], page: ASSIGN,
        }
        LicenseUniquenessViolation: Exists, "The license failed since a mail address is in use." {
            cause: "Another object has one of the agent user's proxy addresses.",
            fix: "Remove the address from the other object, then assign the license again.",
            field: Some("proxyAddresses"), states: &["UniquenessViolation"], page: ASSIGN,
        }
        LicenseError: InvalidInput, "The license is in error, and Microsoft does not say why." {
            cause: "The assignment has the error Other, or one that is not documented.",
            fix: "Remove the license and assign it again; if it stays, open a support case with Microsoft.",
            field: Some("assignedLicenses"), states: &["Other", "Others"], page: ASSIGN,
            evidence: Some("Older pages spell it Others; the service was seen answering Other."),
        }
        LicenseNotActive: Timeout, "The license did not become active in time." {
            cause: "The assignment or one of its service plans is still pending, disabled or in error.",
            fix: "Wait again later; provisioning takes up to 24 hours. Look at licenseAssignmentStates for an error.",
            field: Some("assignedLicenses"), transient: true,
            page: Some("https://learn.microsoft.com/graph/api/user-list-licensedetails"),
        }
        MailboxNotReady: Timeout, "The mailbox was not ready in time." {
            cause: "The Exchange plan is not provisioned, or no license with one is assigned. It typically takes 10 to 15 minutes, and up to 24 hours.",
            fix: "Check that a license with an Exchange plan is assigned, and wait again later.",
            field: Some("mail"), transient: true,
            evidence: Some("Microsoft's newest page says that creating the user through Graph does not provision a mailbox; a Microsoft sample gets one by a license."),
            page: Some("https://learn.microsoft.com/entra/agent-id/create-delete-agent-user-account"),
        }
        ServicePlanDisabled: InvalidInput, "The service is switched off in the license." {
            cause: "Every service plan of the licenses that brings the service is in disabledPlans, so it is never provisioned.",
            fix: "Switch that plan on, then wait again: enabledPlans, --with PLAN, or SKU with PLAN in a roster.",
            field: Some("assignedLicenses"),
            page: Some("https://learn.microsoft.com/graph/api/resources/serviceplaninfo"),
        }
        ServicePlanFailed: InvalidInput, "The service could not be provisioned." {
            cause: "Microsoft reports an error for every service plan of the licenses that brings the service.",
            fix: "Remove the license and assign it again; if it stays, open a support case with Microsoft.",
            field: Some("assignedLicenses"),
            page: Some("https://learn.microsoft.com/graph/api/resources/serviceplaninfo"),
        }
        TeamsNotReady: Timeout, "Teams was not ready in time." {
            cause: "The Teams plan is not provisioned, or no license with one is assigned.",
            fix: "Check that a license with a Teams plan is assigned, and wait again later; it may take up to a day.",
            transient: true,
            evidence: Some("No Microsoft page gives a time for Teams; the newest one says that creating the user through Graph does not provision it."),
            page: Some("https://learn.microsoft.com/entra/agent-id/create-delete-agent-user-account"),
        }
        OneDriveNotReady: Timeout, "OneDrive was not ready in time." {
            cause: "The drive is not provisioned, or no license with a service plan for it is assigned. It typically takes 10 to 15 minutes, and up to 24 hours.",
            fix: "Check that a license with a SharePoint or OneDrive plan is assigned, and wait again later.",
            transient: true,
            page: Some("https://learn.microsoft.com/graph/api/drive-get"),
        }
    }
    Groups {
        GroupKeptByExchange: InvalidInput, "Exchange keeps the members of this group." {
            cause: "It is a distribution group or a mail-enabled security group, which Graph shows and does not change.",
            fix: "Have an Exchange administrator run Add-DistributionGroupMember or Remove-DistributionGroupMember, or use a security group or a Microsoft 365 group.",
            field: Some("group"), page: Some("https://learn.microsoft.com/graph/api/resources/groups-overview"),
            evidence: Some("Graph's refusal is matched by message, which a user has reported."),
        }
        GroupKeptOnPremises: InvalidInput, "The group is kept on-premises." {
            cause: "It is synced from Active Directory, and Graph does not change what is synced.",
            fix: "Have an administrator of Active Directory change the group there, or use a group of the cloud.",
            field: Some("group"), page: Some("https://learn.microsoft.com/graph/api/resources/group"),
            evidence: Some("Graph's refusal is matched by message, which users have reported for other objects."),
        }
        GroupForRoles: InvalidInput, "The group can hold directory roles, and agent users can't be in it." {
            cause: "Its isAssignableToRole is true. Microsoft keeps agent users out of such groups.",
            fix: "Use a group that roles can't be assigned to.",
            field: Some("group"), page: AGENT_USERS,
        }
        GroupIsDynamic: InvalidInput, "A rule decides who is a member of this group." {
            cause: "The group is dynamic: nobody is added or removed by hand. Microsoft's pages disagree whether a rule can take agent users.",
            fix: "Change the group's rule, or use a group with assigned members, which Microsoft's FAQ advises for agent users.",
            field: Some("group"), page: Some("https://learn.microsoft.com/entra/agent-id/faq"),
        }
        GroupMemberExists: Exists, "The agent user is a member of the group already." {
            cause: "It was added before.",
            fix: "Nothing needs to be done.",
            field: Some("group"), page: Some("https://learn.microsoft.com/graph/api/group-post-members"),
            already: Some(Already {
                calls: &[Call::AddGroupMember],
                words: &[],
                certain: true,
                certainty: Certainty::Observed,
                source: "error-codes",
            }),
            evidence: Some("Matched by message, which users have reported."),
        }
        GroupMemberMissing: NotFound, "The group or its member does not exist." {
            cause: "The group was deleted, the agent user is not a member of it any more, or it is gone itself.",
            fix: "List the groups of the agent user again.",
            field: Some("group"), page: Some("https://learn.microsoft.com/graph/api/group-delete-members"),
        }
    }
    Plans {
        PlanUnreadable: InvalidInput, "The file is not a plan." {
            cause: "It is another file than was meant, was cut, or another version of this program wrote it.",
            fix: "Name the file that a verb wrote with --out, or plan again.",
        }
        PlanChanged: InvalidInput, "The plan was changed after it was made." {
            cause: "A person edited the file, or a program wrote it anew and left something out.",
            fix: "Plan again, and look at the new plan before it is approved.",
            field: Some("digest"),
        }
        PlanNotApproved: InvalidInput, "Another plan than this one was approved." {
            cause: "The file was replaced by a newer plan, or the digest is another plan's.",
            fix: "Look at this plan, and approve its digest: approved or --approved.",
            field: Some("approved"),
        }
        PlanTooOld: InvalidInput, "The plan is older than a plan may be." {
            cause: "The tenant may have changed since in ways that nobody has looked at.",
            fix: "Plan again, or allow older plans: maxAgeDays or --max-age.",
            field: Some("createdAt"),
        }
        PlanOfAnotherTenant: InvalidInput, "The plan was made in another tenant." {
            cause: "The token is for another tenant than the one that the plan was made in.",
            fix: "Sign in to the tenant of the plan, or plan again in this one.",
            field: Some("tenantId"),
        }
        NotAsPlanned: InvalidInput, "The agent user is not in the state that the plan expects." {
            cause: "Another person or program changed it after the plan was made.",
            fix: "Plan again, and look at what has changed. Other agent users of the plan are not affected.",
        }
        NeverStopped: InvalidInput, "It is among the accounts that are never stopped." {
            cause: "The list of accounts that are never stopped names it, or an agent user or agent identity below it.",
            fix: "Contain the others one by one, or take it off the list: except or --except.",
            field: Some("except"),
        }
        ReportUnreadable: InvalidInput, "The file has no reports that can be undone." {
            cause: "It is another file than was meant, or its reports are of a dry run.",
            fix: "Name the file that `agentuser retire --json`, `agentuser contain --json` or `agentuser apply --json` has written.",
        }
        TenantUnknown: Denied, "It can't be seen which tenant this is." {
            cause: "The token does not show its tenant, and the caller may not read the organization.",
            fix: "Grant User.Read or Organization.Read.All, because plans and audits belong to one tenant.",
            permissions: &["User.Read", "Organization.Read.All"],
        }
    }
    Audits {
        SnapshotUnreadable: InvalidInput, "The file is not a snapshot of an audit." {
            cause: "It is another file, is cut off, or was changed by hand.",
            fix: "Use a snapshot as `audit` wrote it, or take a new one.",
        }
        AuditOfAnotherTenant: InvalidInput, "The older audit is of another tenant." {
            cause: "The file is the report or snapshot of another tenant than this one.",
            fix: "Compare with an audit of this tenant.",
            field: Some("tenantId"),
        }
        ComparisonUnreadable: InvalidInput, "The older audit can't be read." {
            cause: "The file is neither a report of `audit` as JSON nor a snapshot, is cut off, or was changed by hand.",
            fix: "Use the report or the snapshot as `audit` wrote it.",
        }
        AcceptanceUnreadable: InvalidInput, "The file of accepted findings can't be read." {
            cause: "It is not a JSON array, or it is another file.",
            fix: "Write a JSON array of objects with rule, whom, reason, by and until, as docs/audit.md shows.",
        }
        SnapshotTooNew: InvalidInput, "The snapshot was written by a newer version of this library." {
            cause: "Its form has a version that this library does not know.",
            fix: "Use the newest version of agentuser.",
        }
    }
    Access {
        PermissionMissing: Denied, "The caller lacks a permission." {
            cause: "The token has none of the permissions that allow this, or the signed-in admin lacks the Entra role.",
            fix: "Grant the least of the permissions that are named, with admin consent, then get a new token; a fresh grant may take two minutes to reach it.",
            graph: &["Authorization_RequestDenied"], statuses: &[403],
            page: Some("https://learn.microsoft.com/graph/permissions-reference"),
        }
        PremiumLicenseMissing: Denied, "The tenant lacks the license for it." {
            cause: "Sign-in activity needs Microsoft Entra ID P1 or P2; eligible roles and risk need P2.",
            fix: "Get that license of Microsoft Entra ID for the tenant, or leave out what needs it.",
            graph: &["Authentication_RequestFromNonPremiumTenantOrB2CTenant", "AadPremiumLicenseRequired"],
            evidence: Some("Reported in public, also of tenants that have the license: then asking again helps."),
            page: Some("https://learn.microsoft.com/graph/api/resources/signinactivity"),
        }
        ManagementRestricted: Denied, "Only administrators of its administrative unit may change this." {
            cause: "The object is in an administrative unit with restricted management (isManagementRestricted), where permissions of applications and roles for the whole tenant do not apply.",
            fix: "Have an administrator with a role at the scope of that unit do it, or assign such a role to the application, or take the object out of the unit.",
            page: Some("https://learn.microsoft.com/entra/identity/role-based-access-control/admin-units-restricted-management"),
            evidence: Some("Matched by message, which Microsoft prints in nearly these words."),
        }
        CallerNotAllowed: Denied, "This kind of caller may not do this." {
            cause: "Graph refuses the operation for the identity type of the token, whatever its permissions; an agent identity, for example, cannot create identities.",
            fix: "Use a token of the blueprint's application, of another application with the permissions that are named, or of a signed-in admin.",
            evidence: Some("Matched by message, which a user of a Microsoft tool has reported."),
        }
        ResourceNotFound: NotFound, "The tenant does not have this resource." {
            cause: "No service principal of the tenant has that application id: the id is mistyped, or nobody in the tenant uses the API yet.",
            fix: "Check the application id of the API; that of Microsoft Graph is 00000003-0000-0000-c000-000000000000.",
            field: Some("resourceAppId"), page: Some("https://learn.microsoft.com/graph/api/serviceprincipal-list"),
        }
        ScopeNotFound: NotFound, "The resource has no such delegated permission." {
            cause: "None of the resource's oauth2PermissionScopes that are enabled has that value.",
            fix: "Use the name of a delegated permission that the resource defines.",
            field: Some("scopes"), page: Some("https://learn.microsoft.com/graph/permissions-reference"),
        }
        AppRoleNotFound: NotFound, "The resource has no such app role." {
            cause: "None of the resource's appRoles that are enabled has that value.",
            fix: "Use the name of an app role that the resource defines.",
            field: Some("appRole"), page: Some("https://learn.microsoft.com/graph/permissions-reference"),
        }
        AppRoleNotAssignable: InvalidInput, "The app role is for another kind of principal." {
            cause: "The allowedMemberTypes of the role say that users, or applications, can't have it.",
            fix: "Assign the role to an agent identity where it is for applications, and to an agent user where it is for users.",
            field: Some("appRole"), page: Some("https://learn.microsoft.com/graph/api/resources/approle"),
        }
        PermissionGrantExists: Exists, "There is a delegated permission grant for this already." {
            cause: "Another client has created it at the same moment.",
            fix: "Run it again: it adds what the grant lacks.",
            page: Some("https://learn.microsoft.com/graph/api/oauth2permissiongrant-post"),
            already: Already::by_code(
                &[Call::CreatePermissionGrant], Certainty::Observed, "permissions-of-agents",
            ),
            evidence: Some("Observed as 409 with the message \"Permission entry already exists.\"; no page documents it."),
        }
        AppRoleAssigned: Exists, "The app role is assigned already." {
            cause: "Another client has assigned it at the same moment.",
            fix: "Nothing needs to be done.",
            page: Some("https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto"),
            already: Some(Already {
                calls: &[Call::AssignAppRole],
                words: &[],
                certain: true,
                certainty: Certainty::Observed,
                source: "permissions-of-agents",
            }),
            evidence: Some("Matched by message, which users have reported: \"EntitlementGrant entry already exists.\" Its status is not known."),
        }
        PermissionNotInToken: Timeout, "New tokens do not carry the permission yet." {
            cause: "A permission that was just granted may be missing from new tokens for a minute or two; or it is not granted to the application or user that this client signs in as.",
            fix: "Check that the permission is granted to the one that the token is for, and wait again.",
            transient: true,
            evidence: Some("How long it takes is observed by a Microsoft sample."),
        }
        PermissionIgnored: Denied, "Graph ignores the permission, because the token also carries Directory.AccessAsUser.All." {
            cause: "The token carries Directory.AccessAsUser.All, as those of the Azure CLI do: Graph then ignores its agent permissions.",
            fix: "Use a token of an application that does not ask for Directory.AccessAsUser.All, such as one of your own.",
            evidence: Some("Observed by Microsoft's own skills and samples; raised where the token itself shows that permission."),
        }
        TokenMissing: SignIn, "There is no token." {
            cause: "The host did not give a token for this client.",
            fix: "Sign in first, or give the client a token or a credential.",
        }
        TokenRejected: SignIn, "Graph did not accept the token." {
            cause: "The token is invalid, expired, revoked, or meant for another service, tenant or cloud.",
            fix: "Get a new token for this Microsoft Graph endpoint and this tenant. Tokens of one cloud are not valid in another.",
            statuses: &[401], page: ERRORS,
        }
        ClaimsChallenge: SignIn, "Conditional Access asks for more." {
            cause: "A Conditional Access policy wants a claim that the token does not have.",
            fix: "Sign in again with the claims that were asked for; an app without a user needs a policy that lets it through.",
            graph: &["insufficient_claims", "interaction_required"], page: ERRORS,
        }
    }
    SignIn {
        SignInSecretWrong: SignIn, "The client secret is wrong." {
            cause: "The secret does not belong to this application; often its id was taken for its value.",
            fix: "Use the value, not the id, of a current client secret of the blueprint. Prefer a managed identity or certificate in production.",
            aadsts: &[7_000_215], page: AADSTS,
        }
        SignInSecretExpired: SignIn, "The client secret has expired." {
            cause: "The secret's end date is over.",
            fix: "Create a new secret on the blueprint and use its value. Prefer a managed identity or certificate in production.",
            aadsts: &[7_000_222], page: AADSTS,
        }
        SignInAssertionRejected: SignIn, "The client assertion's signature is not accepted." {
            cause: "The certificate that signed it is not registered on the application, or the signature is malformed.",
            fix: "Upload the certificate's public part to the blueprint, and check that the key belongs to it.",
            aadsts: &[700_027], page: AADSTS,
        }
        SignInAssertionOutOfTime: SignIn, "A client assertion is outside its time range." {
            cause: "A cached exchange token or a Kubernetes token file is stale, or this machine's clock is wrong.",
            fix: "Get the assertion afresh and set the clock; assertions are valid for 10 minutes at most.",
            transient: true, aadsts: &[700_024], page: AADSTS,
        }
        SignInNoCredential: SignIn, "No credential was sent." {
            cause: "The request has neither a client secret nor a client assertion.",
            fix: "Configure a secret, a certificate or a federated credential for the blueprint.",
            aadsts: &[7_000_216], page: AADSTS,
        }
        SignInCertificateInvalid: SignIn, "The certificate is revoked or outside its validity." {
            cause: "The certificate that signed the assertion has expired, is not valid yet, or was revoked.",
            fix: "Create a new certificate, upload its public part to the blueprint, and use it.",
            aadsts: &[7_000_214, 7_000_274, 7_000_277, 1_000_502], page: AADSTS,
        }
        SignInClientUnknown: SignIn, "The client id is not in this tenant." {
            cause: "The client id is mistyped, or the application has no service principal in the tenant that was asked.",
            fix: "Check the client id and the tenant id; every leg goes to the agent identity's home tenant.",
            aadsts: &[700_016], page: AADSTS,
        }
        SignInNoMatchingTrust: SignIn, "No federated credential matches." {
            cause: "Issuer or subject of the assertion match no federated credential, or a leg went to the blueprint's tenant.",
            fix: "Send every leg to the agent identity's home tenant, and compare issuer, subject and audience with the blueprint's federated credentials.",
            aadsts: &[700_211], page: AADSTS,
            evidence: Some("One community source."),
        }
        SignInFederatedTokenNotAppOnly: SignIn, "The assertion is a user's token." {
            cause: "Only tokens of an application or managed identity may serve as a federated credential for Entra's own issuer.",
            fix: "Use a token of the application or of a user-assigned managed identity as the assertion.",
            aadsts: &[700_229], page: AADSTS,
            evidence: Some("From a thread of Microsoft's documentation repository."),
        }
        SignInAppOnlyRefused: SignIn, "An agent application may not get this token as itself." {
            cause: "A blueprint asked for an app-only token for a resource that refuses it, or the token-exchange grant was used.",
            fix: "Ask for Microsoft Graph only as the blueprint; for other resources use the agent identity's or the agent user's token.",
            aadsts: &[82_001], page: USER_FLOW,
            evidence: Some("Community sources only."),
        }
        SignInBlueprintOnBehalfOf: SignIn, "A blueprint cannot act on behalf of a user." {
            cause: "The on-behalf-of request names the blueprint as its client.",
            fix: "Use the agent identity's client id, with the exchange token as its client assertion.",
            aadsts: &[82_002], page: ON_BEHALF_OF,
            evidence: Some("Community sources only."),
        }
        SignInNoInteractiveConsent: SignIn, "An agent identity cannot ask for consent in a browser." {
            cause: "The authorize endpoint was called with an agent identity as the client.",
            fix: "Grant the permissions through Graph (oauth2PermissionGrants), or consent on the blueprint.",
            aadsts: &[82_014],
            page: Some("https://learn.microsoft.com/entra/agent-id/interactive-agent-authentication-authorization-flow"),
        }
        SignInUserTokenAudience: SignIn, "The user's token is not meant for the blueprint." {
            cause: "The audience of the token that was given for on-behalf-of is not the blueprint.",
            fix: "Have the client app ask for the scope api://{blueprint}/access_agent, and pass that token on.",
            aadsts: &[50_013], page: ON_BEHALF_OF,
        }
        SignInUserTokenExpired: SignIn, "The user's token has expired." {
            cause: "The token that was given for on-behalf-of is outside its time range, or this machine's clock is wrong.",
            fix: "Have the client app get a new token for the person, and pass that one on.",
            aadsts: &[500_133], page: AADSTS,
        }
        SignInConsentMissing: SignIn, "Consent is missing." {
            cause: "The scopes that the application or the agent identity asks for have no consent for this user, or need an admin's consent.",
            fix: "For an agent user, grant the scopes to the agent identity: an oauth2PermissionGrant with consentType Principal and principalId the agent user's id, or an admin's consent on the blueprint. For a person, let an admin consent to the application's permissions.",
            aadsts: &[65_001, 90_094],
            page: Some("https://learn.microsoft.com/entra/agent-id/autonomous-agent-authentication-authorization-flow"),
        }
        SignInUpnAsUserId: SignIn, "A user principal name was given as the user id." {
            cause: "The userId has a name, and takes the agent user's object id only.",
            fix: "Give the object id of the agent user, or give the name as userPrincipalName.",
            field: Some("userId"), aadsts: &[50_000], page: USER_FLOW,
            evidence: Some("From one issue of a Microsoft SDK; Entra answers server_error."),
        }
        SignInScopeInvalid: SignIn, "The scope is not valid." {
            cause: "An application's scope must be a resource followed by /.default, or the scope does not exist.",
            fix: "Ask for {resource}/.default, such as https://graph.microsoft.com/.default in the global cloud.",
            field: Some("scope"), graph: &["invalid_scope"], aadsts: &[1_002_012, 70_011], page: AADSTS,
        }
        SignInResourceUnknown: SignIn, "The resource is not in this tenant." {
            cause: "The tenant has no service principal of the resource: its license is missing, or has not reached sign-in yet.",
            fix: "Check the resource in the scope and the license that brings it, and try again in a few minutes.",
            field: Some("scope"), aadsts: &[500_011], page: AADSTS,
        }
        SignInTenantUnknown: SignIn, "The tenant does not exist." {
            cause: "The tenant id or domain is mistyped, or belongs to another cloud.",
            fix: "Check the tenant id in Entra ID > Overview, and the cloud.",
            field: Some("tenant"), aadsts: &[90_002], page: AADSTS,
        }
        SignInRedirectType: SignIn, "The app's redirect type does not fit the browser." {
            cause: "A browser may redeem a code only for a redirect URI of type single-page application, and only a browser may.",
            fix: "Register the page's address as a redirect URI of platform Single-page application.",
            aadsts: &[9_002_326, 9_002_327], page: AADSTS,
        }
        SignInBlockedByPolicy: SignIn, "A Conditional Access policy blocks the sign-in." {
            cause: "A policy of the tenant blocks this user, agent or sign-in method.",
            fix: "Look up the sign-in in Entra ID > Sign-in logs; change the policy it names, or sign in in a way it allows.",
            aadsts: &[
                53_003, 530_030, 530_031, 530_032, 530_033, 530_034, 530_035, 530_036, 530_037, 530_038, 530_039,
            ],
            page: Some("https://learn.microsoft.com/entra/agent-id/disable-agent-identities"),
            evidence: Some("Community sources: any number 53003x."),
        }
        SignInDeclined: SignIn, "The person did not sign in." {
            cause: "The person chose to cancel, or did not consent to what the application asks for.",
            fix: "Start the sign-in again. Where consent is the obstacle, have an admin consent for the tenant.",
            graph: &["access_denied", "authorization_declined"], aadsts: &[65_004], page: DEVICE_CODE,
        }
        SignInCodeExpired: SignIn, "The sign-in took too long." {
            cause: "The code was typed too late, was typed wrongly, or has been used already.",
            fix: "Start the sign-in again, and finish it within the time that it names: 15 minutes as a rule.",
            graph: &["expired_token", "bad_verification_code"],
            aadsts: &[54_005, 70_018, 70_019, 70_020], page: DEVICE_CODE,
            evidence: Some("70020 is in issues about Microsoft's own tools only."),
        }
        SignInOver: SignIn, "The person has to sign in again." {
            cause: "The refresh token of the last sign-in has expired or was revoked: after a long pause, a new password, a policy about sign-in frequency, or by an admin.",
            fix: "Sign in again: agentuser login, or start the sign-in that this host offers.",
            aadsts: &[50_173, 70_008, 70_043, 700_082], page: AADSTS,
        }
        SignInMfaNeeded: SignIn, "The person has to sign in with a second factor." {
            cause: "A policy asks for multifactor authentication, or for its registration, which needs a browser.",
            fix: "Sign in again in a browser, and register a second factor where the page asks for one.",
            aadsts: &[50_072, 50_074, 50_076, 50_078, 50_079], page: AADSTS,
        }
        SignInPublicClientOff: SignIn, "The app registration takes no sign-in of people without a secret." {
            cause: "The app registration is not a public client: its redirect URI is of type Web, or public client flows are off.",
            fix: "In the app registration, under Authentication, add the platform Mobile and desktop applications with http://localhost, and allow public client flows.",
            aadsts: &[7_000_218],
            page: Some("https://learn.microsoft.com/entra/identity-platform/msal-client-applications"),
            evidence: Some("From posts of Microsoft's support; the list of numbers does not have it."),
        }
        NoBrowser: SignIn, "No browser could be opened." {
            cause: "This machine has no browser, or no screen, as in a container or over SSH.",
            fix: "Open the address that is shown in a browser of this machine, or sign in by a device code (--device-code, -DeviceCode).",
        }
        SignInInterrupted: SignIn, "The sign-in was interrupted." {
            cause: "It was stopped before the person had signed in, or the browser never came back.",
            fix: "Start the sign-in again.",
        }
        NoCredentialStore: SignIn, "There is no credential store to keep the sign-in in." {
            cause: "The system's store for credentials is missing, locked, or not reachable from this session, as in a container or over SSH.",
            fix: "Unlock or start the store (on Linux a secret service such as GNOME Keyring), or sign in without keeping anything: a client secret, a certificate, a managed identity, or a token in AGENTUSER_TOKEN.",
        }
        CertificateUnusable: InvalidInput, "The certificate can't be used to sign in." {
            cause: "It is not a certificate with its RSA private key, the key is encrypted, the two do not belong together, or the certificate is outside its validity.",
            fix: "Give a PEM file with one certificate and its private RSA key without a password, whose public part is registered on the application.",
        }
        SignInClientRefused: SignIn, "Entra does not accept the client's credential." {
            cause: "The client id and its credential do not belong together.",
            fix: "Check the blueprint's client id, its credential and the tenant.",
            graph: &["invalid_client", "unauthorized_client"], page: AADSTS,
        }
        SignInRefused: SignIn, "Entra refused the sign-in." {
            cause: "Entra's answer has a number that this library does not know.",
            fix: "Look up the AADSTS number of the message, and the sign-in by its request id in Entra ID > Sign-in logs.",
            graph: &["invalid_grant", "invalid_request", "unsupported_grant_type"], page: AADSTS,
        }
        SignInUnavailable: Busy, "Entra's sign-in has a fault." {
            cause: "The token endpoint answered with a server error.",
            fix: "Try again in a few minutes.",
            transient: true, graph: &["server_error", "temporarily_unavailable"], page: AADSTS,
        }
    }
    Platform {
        QuotaExceeded: Quota, "The tenant's directory quota is used up, or nearly so." {
            cause: "The tenant has as many objects as it may, or blueprints and agent identities have passed 95 % of the tenant's resource quota. Deleted objects count too.",
            fix: "Delete objects that are not needed, permanently; a verified domain raises the quota to 300,000.",
            graph: &["Agent_Directory_QuotaExceeded", "Directory_QuotaExceeded"], page: PLATFORM,
        }
        BlueprintLimit: Quota, "The tenant has as many blueprints as it may." {
            cause: "The limit counts active and deleted blueprints.",
            fix: "Delete blueprints that are not needed, permanently.",
            graph: &["AgentBlueprint_LimitExceeded"], page: PLATFORM,
            later: true,
        }
        IdentityLimit: Quota, "There are as many agent identities as there may be." {
            cause: "The limit counts active and deleted agent identities: 250 for one blueprint when an application creates them.",
            fix: "Delete agent identities that are not needed, permanently, or create them as a signed-in admin.",
            graph: &["AgentIdentity_LimitExceeded"], page: PLATFORM,
            later: true,
        }
        BlueprintIncompatibleProperty: InvalidInput, "A blueprint cannot have this property." {
            cause: "The request sets a property that agent identity blueprints do not support.",
            fix: "Leave the property out.",
            graph: &["AgentBlueprint_IncompatibleProperty", "AgentBlueprint_IncompatibleProperty_NullPropertyName"],
            page: PLATFORM,
            later: true,
        }
        BlueprintPrincipalIncompatibleProperty: InvalidInput, "A blueprint principal cannot have this property." {
            cause: "The request sets a property that agent identity blueprint principals do not support.",
            fix: "Leave the property out.",
            graph: &["AgentBlueprintPrincipal_IncompatibleProperty"], page: PLATFORM,
            later: true,
        }
        IdentityIncompatibleProperty: InvalidInput, "An agent identity cannot have this property." {
            cause: "The request sets a property that agent identities do not support.",
            fix: "Leave the property out.",
            graph: &["AgentBlueprintPrincipal_AgentIdentity_IncompatibleProperty"], page: PLATFORM,
            later: true,
        }
        PropertyNotCompatibleWithAgentIdentity: InvalidInput, "The property does not fit an agent identity." {
            cause: "The request sets a property that agent identities do not support.",
            fix: "Leave the property out.",
            graph: &["PropertyNotCompatibleWithAgentIdentity"],
            evidence: Some("Seen in one Microsoft repository; not in Microsoft's list of codes."),
            later: true,
        }
        ApiVersionUnsupported: InvalidInput, "This version of Graph does not know the agent type." {
            cause: "The request went to a version of the API that does not support agent identities, blueprints or their principals.",
            fix: "Use the v1.0 root of Microsoft Graph.",
            graph: &[
                "AgentBlueprint_NotSupportedOnApiVersion", "AgentBlueprintPrincipal_NotSupportedOnApiVersion",
                "AgentIdentity_NotSupportedOnApiVersion",
            ],
            page: PLATFORM,
        }
        BlueprintPrincipalNeedsBlueprint: InvalidInput, "A blueprint principal needs a blueprint." {
            cause: "The application that the principal is created for is not an agent identity blueprint.",
            fix: "Use the app id of an agent identity blueprint.",
            field: Some("appId"), graph: &["AgentBlueprintPrincipal_RequireAgentBlueprint"], page: PLATFORM,
            later: true,
        }
        BlueprintPrincipalMissing: NotFound, "The blueprint has no principal in this tenant." {
            cause: "Creating a blueprint does not create its principal, and without it no agent identity can be created.",
            fix: "Create the agent identity blueprint principal for the blueprint's app id, and try again.",
            field: Some("agentIdentityBlueprintId"),
            graph: &["AgentIdentity_AgentBlueprintPrincipalDoesNotExist"], page: PLATFORM,
        }
        BlueprintNotFound: NotFound, "The blueprint does not exist." {
            cause: "No agent identity blueprint of this tenant has that id, as its application id or as an object id; or the token is for another tenant.",
            fix: "Copy the application (client) id of the blueprint from Entra ID > Agents, and check that the token is for the same tenant.",
            field: Some("blueprint"),
            page: Some("https://learn.microsoft.com/graph/api/resources/agentidentityblueprint"),
        }
        NotABlueprint: InvalidInput, "The id is not of a blueprint." {
            cause: "The id belongs to an agent identity, or to a service principal that has nothing to do with agents.",
            fix: "Use the application (client) id of an agent identity blueprint.",
            field: Some("blueprint"),
            page: Some("https://learn.microsoft.com/graph/api/resources/agentidentityblueprint"),
        }
        SingleInstanceIdentity: InvalidInput, "A single-instance agent identity has no blueprint principal." {
            cause: "The blueprint and its one agent identity share a client id, and there is no blueprint principal by design: nothing is missing.",
            fix: "Grant the permission to the agent identity itself (agentIdentityId).",
            field: Some("blueprint"),
            page: Some("https://learn.microsoft.com/entra/agent-id/key-concepts"),
            evidence: Some("A preview: the kind is told by the client id that both share."),
        }
        InheritablePermissionExists: Exists, "The blueprint has inheritable permissions of this resource already." {
            cause: "Another client has added them at the same moment.",
            fix: "Run it again: it changes the entry that is there.",
            field: Some("resourceAppId"),
            page: Some("https://learn.microsoft.com/entra/agent-id/configure-inheritable-permissions-blueprints"),
            already: Already::by_code(
                &[Call::AddInheritablePermission], Certainty::Documented, "inheritable-permissions",
            ),
        }
        InheritableLimit: Quota, "The blueprint has inheritable permissions of as many resources as it may." {
            cause: "A blueprint may have inheritable permissions of 10 resources.",
            fix: "Remove the entry of a resource that is not needed.",
            field: Some("resourceAppId"),
            page: Some("https://learn.microsoft.com/entra/agent-id/configure-inheritable-permissions-blueprints"),
        }
        IdentityCredentialsUnsupported: InvalidInput, "An agent identity cannot have credentials." {
            cause: "The request adds a secret, certificate or federated credential to an agent identity.",
            fix: "Add the credential to its blueprint.",
            graph: &["AgentIdentity_CredentialsNotSupported"], page: PLATFORM,
            later: true,
        }
        IdentityParentIncompatible: InvalidInput, "The blueprint id is not of a blueprint." {
            cause: "The application with that app id is not an agent identity blueprint.",
            fix: "Set agentIdentityBlueprintId to the app id of an agent identity blueprint.",
            field: Some("agentIdentityBlueprintId"), graph: &["AgentIdentity_IncompatibleParentType"], page: PLATFORM,
            later: true,
        }
        BlueprintCannotCreateIdentity: Denied, "A blueprint cannot create another blueprint's identities." {
            cause: "The caller is a blueprint, and the agent identity belongs to another one.",
            fix: "Call as the blueprint that the agent identity belongs to, or as another application with the permission.",
            graph: &["Error_AgentBlueprintCannotCreateAssociatedIdentity"], page: PLATFORM,
            later: true,
        }
        IdentityCannotCreateIdentity: Denied, "An agent identity cannot create agent identities." {
            cause: "The caller is itself an agent identity.",
            fix: "Call as the blueprint, or as another application with the permission.",
            graph: &["Error_AgentIdentitiesCreatingAgentIdentitiesNotAllowed"], page: PLATFORM,
            later: true,
        }
        IdentitySelfCreateRequired: InvalidInput, "An application can create agent identities only under itself." {
            cause: "The agentIdentityBlueprintId is not the app id of the calling application.",
            fix: "Set agentIdentityBlueprintId to the caller's app id, or call as the right blueprint.",
            field: Some("agentIdentityBlueprintId"), graph: &["Error_AgentIdentitySelfCreateRequired"], page: PLATFORM,
            later: true,
        }
    }
    Service {
        RequestRefused: InvalidInput, "Graph refused the request." {
            cause: "Graph holds a value of the request for malformed or not allowed; its message says more.",
            fix: "Correct what Graph's message names.",
            graph: &["Request_BadRequest"], statuses: &[400, 422], page: ERRORS,
            already: Already::by_words(
                &[Call::CreateAgentUser], &["already", "exists", "parent"], Certainty::Documented, "create",
            ),
        }
        RequestUnsupported: InvalidInput, "Graph does not support this request." {
            cause: "The method, format or feature is not available at this address, version or cloud.",
            fix: "Check the configured Graph endpoint and version; report it if both are right.",
            statuses: &[405, 501], page: ERRORS,
        }
        PreconditionFailed: Busy, "The object has changed since it was read." {
            cause: "A condition of the request does not hold any more.",
            fix: "Run it again: it reads the object again and compares anew.",
            statuses: &[412], page: ERRORS,
        }
        PageTokenExpired: Busy, "Graph forgot how far the list was read." {
            cause: "The link to the next page of a list is good for a while only, and sometimes for less than the next request takes.",
            fix: "Run it again. Take the pages of a long list without pauses, or narrow it by a filter.",
            transient: true, graph: &["Directory_ExpiredPageToken"],
            evidence: Some("Not documented; reported in issues about Graph's libraries."),
        }
        PayloadTooLarge: InvalidInput, "The request is too large." {
            cause: "Graph or a proxy on the way limits the size of a request.",
            fix: "Send less in one request.",
            statuses: &[413], page: ERRORS,
        }
        UnsupportedMediaType: Network, "The content type is not accepted." {
            cause: "The request's body did not arrive as application/json; a proxy may have changed it.",
            fix: "Check the proxies between this machine and Graph; report it if there are none.",
            statuses: &[415], page: ERRORS,
        }
        Locked: Busy, "The object is locked." {
            cause: "Another operation holds the object.",
            fix: "Try again in a few minutes.",
            transient: true, statuses: &[423], page: ERRORS,
        }
        DependencyFailed: InvalidInput, "An earlier part of the batch failed." {
            cause: "This part of a batch was to run after one that failed, and was not run.",
            fix: "Correct the part that failed; this one runs with it.",
            statuses: &[424], page: Some("https://learn.microsoft.com/graph/json-batching"),
        }
        Throttled: Busy, "Graph asks to slow down." {
            cause: "The application or the tenant has used up its share of requests.",
            fix: "Wait as long as the answer says, then run it again; use fewer workers at a time.",
            transient: true, statuses: &[429, 509], page: THROTTLING,
        }
        ServiceUnavailable: Busy, "Graph is temporarily unavailable." {
            cause: "The service is overloaded or under maintenance.",
            fix: "Try again in a few minutes; look at the Microsoft 365 service health if it stays.",
            transient: true, statuses: &[503], page: ERRORS,
        }
        ServerError: Busy, "Graph has a fault." {
            cause: "The service or a gateway before it failed to answer the request.",
            fix: "Try again in a few minutes; give Microsoft's support the request id if it stays.",
            transient: true, statuses: &[500, 502, 504], page: ERRORS,
        }
        StorageFull: Quota, "The service's storage quota is used up." {
            cause: "Graph answered that the maximum storage quota has been reached.",
            fix: "Delete what is not needed, permanently, or ask Microsoft for a higher quota.",
            statuses: &[507], page: ERRORS,
        }
    }
    Network {
        NoTrustedRoots: Network, "This machine trusts no certificate authority." {
            cause: "The system has no CA certificates, as in slim and scratch container images, or SSL_CERT_FILE and SSL_CERT_DIR name none.",
            fix: "Install the system's CA certificates (the package ca-certificates), or name a file of them in SSL_CERT_FILE.",
        }
        Unreachable: Network, "The server cannot be reached." {
            cause: "The name does not resolve, the connection is refused, or a firewall or proxy stands between.",
            fix: "Check the network, the proxy settings and the Graph endpoint of the configured cloud.",
            transient: true,
        }
        CertificateRefused: Network, "The server's certificate is not accepted." {
            cause: "It is expired, is for another name, or is signed by an authority that this machine does not trust, as those of proxies that inspect TLS are.",
            fix: "Check the clock and the endpoint's name; have the authority of the proxy or server added to the trusted certificates of this machine, or name it in rootCertificates, --ca-file or -RootCertificates.",
        }
        TlsFailed: Network, "No TLS connection could be made." {
            cause: "The server does not speak TLS at this port, or no version of it that is safe.",
            fix: "Check the scheme and the port of the endpoint, and the proxies on the way.",
        }
        ProxyFailed: Network, "The proxy made no connection." {
            cause: "The proxy that the environment names (HTTPS_PROXY, ALL_PROXY) is out of reach, asks for a sign-in of its own, or does not allow this server.",
            fix: "Check HTTPS_PROXY and NO_PROXY; name and password of a proxy stand in its URL.",
            transient: true,
        }
        TooManyOpenFiles: Network, "This process may open no more files or connections." {
            cause: "The limit of open files of this process or machine is used up.",
            fix: "Raise the limit (ulimit -n), or have fewer requests in flight.",
            transient: true,
        }
        ConnectionLost: Network, "The connection broke before the answer was whole." {
            cause: "The network, a proxy or the server closed the connection.",
            fix: "Run it again; what was done is found and not done twice.",
            transient: true,
        }
        TimedOut: Timeout, "One request got no answer in time." {
            cause: "The server, or something on the way to it, did not answer.",
            fix: "Run it again; what was done is found and not done twice.",
            transient: true,
        }
        BadAnswer: Network, "The answer is not one of Graph's." {
            cause: "The answer is truncated, not JSON, or of an unexpected form; often a proxy or sign-in page answers in place of Graph.",
            fix: "Open the Graph endpoint from this machine and look at the answer; let the proxy pass Graph's traffic unchanged.",
            transient: true,
        }
        ContradictoryAnswer: Network, "The answer contradicts the request." {
            cause: "The answer is a success for another object than the one that was asked for; something between here and Graph mixes answers up.",
            fix: "Let the proxy pass Graph's traffic unchanged, then run it again; what was done is found and not done twice.",
            transient: true,
        }
        AnswerTooLarge: Network, "The answer is too large." {
            cause: "The answer's body is larger than this library takes.",
            fix: "Ask for smaller pages, check who answers in place of Graph, or raise maxAnswerBytes (--max-answer-bytes, -MaxAnswerBytes).",
        }
        Redirected: Network, "The server redirected the request." {
            cause: "Graph does not redirect these requests; a proxy or a wrong root does. A redirect is never followed, so that the token stays where it belongs.",
            fix: "Check the configured Graph endpoint and the proxies on the way.",
        }
        ForeignNextLink: Network, "A next page is on another server." {
            cause: "The link to the next page leaves the configured Graph endpoint. It is not followed, so that the token stays where it belongs.",
            fix: "Check the configured Graph endpoint and the proxies on the way.",
        }
    }
    Operation {
        OutcomeUnknown: OutcomeUnknown, "It is not known whether the change took place." {
            cause: "The answer to a change was lost, and looking for its effect did not settle it.",
            fix: "Run it again: it looks for the effect first and does nothing twice.",
            transient: true,
        }
        NotVisibleInTime: Timeout, "The change did not become visible in time." {
            cause: "The change was accepted, and the replicas that were read did not show it within the wait.",
            fix: "Run it again in a few minutes, or allow a longer wait.",
            transient: true,
        }
        DeadlineExceeded: Timeout, "The whole operation took longer than allowed." {
            cause: "Its deadline passed while it was waiting or retrying.",
            fix: "Run it again, it continues where it stopped; or allow more time: timeoutMs, --timeout or -OperationTimeout.",
            transient: true,
        }
        Cancelled: Cancelled, "The operation was cancelled." {
            cause: "The caller cancelled it; what was in flight was finished first.",
            fix: "Run it again: it continues where it stopped.",
            transient: true,
        }
        OutputUnwritable: InvalidInput, "The output can't be written." {
            cause: "The disk is full, the output is closed, or the file may not be written.",
            fix: "Make room or write elsewhere, then run it again: what was done is found and not done twice.",
        }
        Internal: Defect, "This library has a defect." {
            cause: "It reached a state that should not exist.",
            fix: "Report it with the message. Running the same command again is safe.",
        }
    }
}

impl Code {
    /// The code that stands for one of Graph's own codes or of OAuth's, without regard to case. None for a code
    /// that says too little by itself, such as `ObjectConflict`, and for an unknown one.
    #[must_use]
    pub fn from_graph(code: &str) -> Option<Self> {
        let mut all =
            Self::ALL.iter().filter(|c| c.entry().graph.iter().any(|g| g.eq_ignore_ascii_case(code)));
        let first = all.next().copied();
        if all.next().is_some() { None } else { first }
    }

    /// The code that stands for an `AADSTS` number.
    #[must_use]
    pub fn from_aadsts(number: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.entry().aadsts.contains(&number))
    }

    /// The code that stands for an error of a license assignment.
    #[must_use]
    pub fn from_license_state(error: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.entry().states.iter().any(|s| s.eq_ignore_ascii_case(error)))
    }

    /// The code that stands for an HTTP status that nothing else explains.
    #[must_use]
    pub fn from_status(status: u16) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.entry().statuses.contains(&status))
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
