//! The columns of a roster: Graph's property names, and five of its own.

use crate::model::{Member, OPEN_PROPERTIES, property};
use crate::remark::{Remark, RemarkCode};
use crate::validate::nearest_name;

/// A column of a roster file, or a member of its JSON objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// `identityParentId`: the object id of the agent identity. It names the row: one parent, one agent user.
    IdentityParentId,
    /// A writable member of the agent user.
    Member(Member),
    /// `manager`: a user principal name, of the directory or of another row, or an object id.
    Manager,
    /// `sponsors`: users, and groups as `group:{id}`, separated by semicolons.
    Sponsors,
    /// `groups`: groups that it is a member of, by display name or object id, separated by semicolons.
    Groups,
    /// `licenses`: SKU part numbers or ids, separated by semicolons.
    Licenses,
}

impl Column {
    /// Every column.
    pub fn all() -> impl Iterator<Item = Self> {
        [Self::IdentityParentId, Self::Manager, Self::Sponsors, Self::Groups, Self::Licenses]
            .into_iter()
            .chain(Member::ALL.iter().copied().map(Self::Member))
    }

    /// Its name in the header.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::IdentityParentId => "identityParentId",
            Self::Member(member) => member.name(),
            Self::Manager => "manager",
            Self::Sponsors => "sponsors",
            Self::Groups => "groups",
            Self::Licenses => "licenses",
        }
    }

    /// The column of that name, in either letter case.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::all().find(|column| column.name().eq_ignore_ascii_case(name))
    }

    /// The name of a column that is most like it, where one is.
    #[must_use]
    pub(crate) fn nearest(name: &str) -> Option<&'static str> {
        // Names of the parent that the portal's pages and people use (an assumption).
        const PARENT: [&str; 5] = ["parent", "parentid", "agentidentity", "agentidentityid", "agentid"];
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        if PARENT.iter().any(|known| known.eq_ignore_ascii_case(&plain)) {
            return Some(Self::IdentityParentId.name());
        }
        let open = || OPEN_PROPERTIES.into_iter();
        let whole = nearest_name(name, Self::all().map(Self::name).chain(open()));
        whole.or_else(|| nearest_name(property(name), open().filter(|open| !open.contains('.'))))
    }
}

/// The field of an error in a column: its name, or that of the whole where it has none.
pub(super) fn place(column: &str) -> String {
    if column.is_empty() { "roster".to_owned() } else { column.to_owned() }
}

/// Message and fix for a name that no column has.
pub(super) fn unknown(name: &str) -> (String, String) {
    let message = if name.is_empty() {
        "A column has no name.".to_owned()
    } else {
        format!("There is no column {name:?}.")
    };
    let fix = Column::nearest(name).map_or_else(
        || "Remove it, or use one of Graph's property names, extension_{application id}_{name}, manager, sponsors, groups \
            or licenses."
            .to_owned(),
        |nearest| format!("Rename it to {nearest}, or remove it."),
    );
    (message, fix)
}

/// The properties that Graph alone writes (docs/graph.md#properties), and what the exports of this project's bindings and
/// of the Entra portal have beside members that can be written. Rosters may hold them, because exports do; they are left
/// alone.
const READ_ONLY: [&str; 35] = [
    "id",
    "objectId",
    "createdDateTime",
    "deletedDateTime",
    "creationType",
    "proxyAddresses",
    "imAddresses",
    "assignedLicenses",
    "assignedPlans",
    "provisionedPlans",
    "licenseAssignmentStates",
    "isManagementRestricted",
    "securityIdentifier",
    "signInSessionsValidFromDateTime",
    "agentIdentityBlueprintId",
    "passwordPolicies",
    // Columns of .NET and PowerShell.
    "odataType",
    "isAgentUser",
    "additionalMembers",
    // Columns of the portal's download of users.
    "directorySynced",
    "invitationState",
    "identityIssuer",
    "ageGroup",
    "consentProvidedForMinor",
    "legalAgeGroupClassification",
    "authenticationPhoneNumber",
    "authenticationAlternativePhoneNumber",
    "authenticationEmail",
    "alternateEmailAddress",
    "onPremisesImmutableId",
    "onPremisesLastSyncDateTime",
    "onPremisesSecurityIdentifier",
    "onPremisesSyncEnabled",
    "lastPasswordChangeDateTime",
    "externalUserState",
];

/// Whether a name is that of a property that Graph alone writes, or an annotation.
pub(super) fn read_only(name: &str) -> bool {
    name.starts_with("@odata.") || READ_ONLY.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The one remark on columns that Graph alone writes.
pub(super) fn read_only_remark(names: Vec<&str>) -> Option<Remark> {
    let message = match names.as_slice() {
        [] => return None,
        [one] => format!("{one} is written by Graph alone and is left alone."),
        names => format!("{} are written by Graph alone and are left alone.", names.join(", ")),
    };
    Some(Remark::new(RemarkCode::ReadOnlyColumns, message))
}

/// The property in a heading of the Entra portal's templates, such as `Name [displayName] Required`.
pub(super) fn portal_name(heading: &str) -> Option<&str> {
    let (before, rest) = heading.split_once('[')?;
    let (name, _) = rest.split_once(']')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_name && !before.trim().is_empty()).then_some(name)
}
