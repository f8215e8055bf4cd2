//! Agent users: list, find, get, create, update, delete (docs/graph.md#operations, docs/graph.md#lists).

use super::ask::{Ask, Expected, Guarded, nothing, with_id};
use super::cloud::Endpoint;
use super::url::{Url, literal, starts_with};
use crate::ObjectId;
use crate::call::Call;
use crate::http::Method;
use crate::model::{
    AgentUser, AgentUserPatch, Entries, Member, MemberName, NewAgentUser, OPEN_PROPERTIES, OpenMember, Page,
    UserRef, at, is_open, property,
};
use crate::validate::nearest_name;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::sync::LazyLock;

const CAST: &str = "microsoft.graph.agentUser";

/// The members that are read of every user. Named in full, because `GET /users/{id}` returns few members by itself and the
/// documentation leaves open whether `identityParentId` is among them (docs/graph.md#properties).
const SELECT: &str = "id,userPrincipalName,displayName,mailNickname,identityParentId,accountEnabled,usageLocation,\
userType,mail,createdDateTime,givenName,surname,jobTitle,department,companyName,employeeId,employeeType,\
employeeHireDate,officeLocation,city,state,country,streetAddress,postalCode,preferredLanguage,mobilePhone,\
businessPhones,otherMails,employeeOrgData,proxyAddresses,assignedLicenses,licenseAssignmentStates,assignedPlans";

/// The members that lists read: those that a table or a look-up needs, because a tenant may have many thousands.
const SELECT_LISTED: &str = "id,userPrincipalName,displayName,mailNickname,identityParentId,accountEnabled,\
usageLocation,userType,mail,createdDateTime,jobTitle,department,assignedLicenses";

/// The moment from which on sessions of a user are valid.
pub(crate) const SESSIONS: &str = "signInSessionsValidFromDateTime";

/// Whether every user is read with this member.
fn is_usual(property: &str) -> bool {
    static NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| SELECT.split(',').collect());
    NAMES.contains(&property)
}

/// Which members to read of a user: those that every reader of users may read, and those that are named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Detail(Vec<Cow<'static, str>>);

impl Detail {
    /// The members that every reader of users may read.
    pub const USUAL: Self = Self(Vec::new());

    /// These members, too.
    #[must_use]
    pub fn with(members: impl IntoIterator<Item = ListedMember>) -> Self {
        let mut detail = Self::USUAL;
        members.into_iter().for_each(|member| detail.add(Cow::Owned(member.property().to_owned())));
        detail
    }

    /// The detail that must be read to compare with this patch.
    #[must_use]
    pub fn for_patch(patch: &AgentUserPatch) -> Self {
        Self::for_members(patch.iter().map(|(member, _)| member))
    }

    /// The detail that has these members.
    pub(crate) fn for_members<'a>(members: impl Iterator<Item = &'a MemberName>) -> Self {
        let mut detail = Self::USUAL;
        for member in members {
            match member {
                MemberName::Declared(member) => detail.add(Cow::Borrowed(member.name())),
                MemberName::Open(member) => detail.add(Cow::Owned(member.property().to_owned())),
            }
        }
        detail
    }

    /// The same with the moment from which on sessions are valid.
    #[must_use]
    pub(crate) fn with_sessions(mut self) -> Self {
        self.add(Cow::Borrowed(SESSIONS));
        self
    }

    fn add(&mut self, property: Cow<'static, str>) {
        if !is_usual(&property) && !self.0.contains(&property) {
            self.0.push(property);
        }
    }

    fn guard(&self) -> Option<Guarded> {
        guard(self.0.iter().map(AsRef::as_ref), false)
    }

    fn select(&self, url: Url) -> Url {
        self.0.iter().fold(url.select(SELECT), |url, property| url.and(property))
    }
}

/// The permissions of a member that has some of its own, least privileged first (docs/graph.md#properties).
#[derive(Debug, Clone, Copy)]
pub(crate) struct MemberPermissions {
    pub(crate) member: &'static str,
    pub(crate) read: &'static [&'static str],
    pub(crate) write: &'static [&'static str],
}

pub(crate) const SECURITY_ATTRIBUTES: MemberPermissions = MemberPermissions {
    member: "customSecurityAttributes",
    read: &["CustomSecAttributeAssignment.Read.All", "CustomSecAttributeAssignment.ReadWrite.All"],
    write: &["CustomSecAttributeAssignment.ReadWrite.All"],
};
pub(crate) const LEAVE_DATE: MemberPermissions = MemberPermissions {
    member: "employeeLeaveDateTime",
    read: &["User-LifeCycleInfo.Read.All", "User-LifeCycleInfo.ReadWrite.All"],
    write: &["User-LifeCycleInfo.ReadWrite.All"],
};

/// The permission that one of these properties needs of its own (docs/graph.md#properties).
fn guard<'a>(properties: impl Iterator<Item = &'a str>, writes: bool) -> Option<Guarded> {
    let permissions = |of: MemberPermissions| if writes { of.write } else { of.read };
    let mut of = properties.filter_map(|name| {
        let of = [SECURITY_ATTRIBUTES, LEAVE_DATE].into_iter().find(|of| of.member == name)?;
        Some(Guarded { member: of.member, permissions: permissions(of) })
    });
    of.next()
}

/// Which agent users to list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Filter {
    /// The one of this parent.
    Parent(ObjectId),
    /// Agent users that can sign in (`true`), or that can't (`false`).
    AccountEnabled(bool),
    /// Agent users whose display name begins with this text.
    DisplayNameStartsWith(String),
    /// Agent users whose user principal name begins with this text.
    UserPrincipalNameStartsWith(String),
    /// Agent users whose member has this text.
    Equals(FilteredMember, String),
    /// Agent users with a license of this SKU, direct or inherited.
    License(ObjectId),
}

/// The members by whose text Graph filters without more, beside the names (docs/graph.md#lists).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FilteredMember {
    /// `department`.
    Department,
    /// `usageLocation`.
    UsageLocation,
    /// `jobTitle`.
    JobTitle,
    /// `employeeId`.
    EmployeeId,
    /// `city`.
    City,
    /// `state`.
    State,
    /// `country`.
    Country,
}

impl FilteredMember {
    const fn name(self) -> &'static str {
        match self {
            Self::Department => "department",
            Self::UsageLocation => "usageLocation",
            Self::JobTitle => "jobTitle",
            Self::EmployeeId => "employeeId",
            Self::City => "city",
            Self::State => "state",
            Self::Country => "country",
        }
    }
}

impl Filter {
    fn text(&self) -> String {
        match self {
            Self::Parent(id) => format!("identityParentId eq '{id}'"),
            Self::AccountEnabled(enabled) => format!("accountEnabled eq {enabled}"),
            Self::DisplayNameStartsWith(start) => starts_with("displayName", start),
            Self::UserPrincipalNameStartsWith(start) => starts_with("userPrincipalName", start),
            Self::Equals(member, text) => format!("{} eq {}", member.name(), literal(text)),
            Self::License(sku) => format!("assignedLicenses/any(l:l/skuId eq {sku})"),
        }
    }
}

/// A list of agent users, page by page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// All of these must hold.
    pub filters: Vec<Filter>,
    /// Entries per page, 1 to 999 (docs/graph.md#lists); others are brought into that range.
    pub page_size: u16,
    /// Members to read beside those that every list reads.
    pub select: Vec<ListedMember>,
}

/// A member that can be read: a property, or an open member by its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedMember(Cow<'static, str>);

impl ListedMember {
    /// The members that every list reads.
    pub fn usual() -> impl Iterator<Item = Self> {
        SELECT_LISTED.split(',').map(|name| Self(name.into()))
    }

    /// All members with a name of their own. Extension properties and custom security attributes come beside
    /// them.
    pub fn all() -> impl Iterator<Item = Self> {
        SELECT.split(',').chain([Member::EmployeeLeaveDateTime.name()]).map(|name| Self(name.into()))
    }

    /// The one of this name, in any letter case: a property, an extension property, or the path of a custom security
    /// attribute.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        let declared = Self::all().find(|member| member.0.eq_ignore_ascii_case(name));
        let holds_open = || OPEN_PROPERTIES.iter().find(|open| open.eq_ignore_ascii_case(name));
        declared.or_else(|| holds_open().map(|open| Self(Cow::Borrowed(open)))).or_else(|| {
            is_open(name)
                .then(|| OpenMember::parse(name).ok())?
                .map(|open| Self(open.path().to_owned().into()))
        })
    }

    /// The one whose name is most like it, where one is.
    #[must_use]
    pub fn nearest(name: &str) -> Option<Self> {
        let names: Vec<_> =
            Self::all().map(|member| member.0).chain(OPEN_PROPERTIES.map(Cow::Borrowed)).collect();
        nearest_name(name, names.iter().map(AsRef::as_ref)).and_then(Self::find)
    }

    /// Graph's property name, or the path.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// The property that `$select` names.
    #[must_use]
    pub fn property(&self) -> &str {
        property(&self.0)
    }

    /// Its value in an object that was read.
    #[must_use]
    pub fn of<'a>(&self, members: &'a Map<String, Value>) -> Option<&'a Value> {
        at(&self.0, members)
    }
}

impl Default for ListQuery {
    /// All, in the largest pages.
    fn default() -> Self {
        Self { filters: Vec::new(), page_size: 999, select: Vec::new() }
    }
}

/// The first page of a list. Its entries are read as the caller wants them: typed, or verbatim.
#[must_use]
pub fn list_agent_users<E: Entries>(endpoint: &Endpoint, query: &ListQuery) -> Ask<Page<E>> {
    let mut select: Vec<&str> = SELECT_LISTED.split(',').collect();
    let more = query.select.iter().map(ListedMember::property);
    more.for_each(|name| {
        if !select.contains(&name) {
            select.push(name)
        }
    });
    let mut url = Url::new(endpoint)
        .word("users")
        .word(CAST)
        .query("$select", &select.join(","))
        .query("$top", &query.page_size.clamp(1, 999).to_string());
    if !query.filters.is_empty() {
        let filter = query.filters.iter().map(Filter::text).collect::<Vec<_>>().join(" and ");
        url = url.query("$filter", &filter);
    }
    Ask::get(Call::ListAgentUsers, url.done()).guarded_by(guard(select.into_iter(), false))
}

/// The first page of the agent users with little more than their parents, in the largest pages.
#[must_use]
pub fn list_agent_users_briefly(endpoint: &Endpoint) -> Ask<Page<Vec<AgentUser>>> {
    Ask::get(Call::ListAgentUsers, briefly(endpoint).query("$top", "999").done())
}

/// The same with the moment from which on the sessions of each are valid.
#[must_use]
pub fn list_agent_users_with_sessions(endpoint: &Endpoint) -> Ask<Page<Vec<AgentUser>>> {
    Ask::get(Call::ListAgentUsers, briefly(endpoint).and(SESSIONS).query("$top", "999").done())
}

fn briefly(endpoint: &Endpoint) -> Url {
    let users = Url::new(endpoint).word("users").word(CAST);
    users.select("id,userPrincipalName,displayName,accountEnabled,identityParentId")
}

/// A further page, by its whole link. `None` when the link leaves the endpoint: a token must not go there.
#[must_use]
pub fn next_page<E: Entries>(endpoint: &Endpoint, call: Call, link: &str) -> Option<Ask<Page<E>>> {
    endpoint.holds(link).then(|| Ask::get(call, link.to_owned()))
}

/// The child of a parent: a list of none or one.
#[must_use]
pub fn find_agent_user_by_parent(
    endpoint: &Endpoint,
    parent: ObjectId,
    detail: &Detail,
) -> Ask<Page<Vec<AgentUser>>> {
    let url = detail.select(Url::new(endpoint).word("users").word(CAST));
    let url = url.query("$filter", &Filter::Parent(parent).text());
    Ask::get(Call::FindAgentUserByParent, url.done()).guarded_by(detail.guard())
}

/// One user, of any kind, by id or user principal name.
#[must_use]
pub fn get_user(endpoint: &Endpoint, user: &UserRef, detail: &Detail) -> Ask<AgentUser> {
    let url = detail.select(Url::new(endpoint).word("users").key(&user.to_string()));
    let ask = Ask::new(Call::GetUser, Method::Get, url.done(), with_id).guarded_by(detail.guard());
    match user {
        UserRef::Id(id) => ask.expecting_id(*id),
        UserRef::Upn(upn) => {
            ask.expecting(Expected { user_principal_name: Some(upn.to_string()), ..Expected::default() })
        }
    }
}

/// Creates an agent user. Answers 201 with it.
#[must_use]
pub fn create_agent_user(endpoint: &Endpoint, new: &NewAgentUser) -> Ask<AgentUser> {
    let url = Url::new(endpoint).word("users").word(CAST).done();
    let expected = Expected {
        id: None,
        identity_parent_id: Some(new.identity_parent_id()),
        user_principal_name: Some(new.user_principal_name().to_string()),
        is_agent_user: true,
    };
    let body = new.to_json();
    Ask::new(Call::CreateAgentUser, Method::Post, url, with_id)
        .with_body(&body)
        .expecting(expected)
        .guarded_by(guard(body.keys().map(String::as_str), true))
}

/// Changes members. Answers 200 with the user or 204 without (docs/graph.md#contradictions, "Internal doc bugs").
#[must_use]
pub fn update_agent_user(endpoint: &Endpoint, user: ObjectId, patch: &AgentUserPatch) -> Ask<()> {
    let url = Url::new(endpoint).word("users").word(CAST).key(&user.to_string()).done();
    let body = patch.to_json();
    Ask::new(Call::UpdateAgentUser, Method::Patch, url, nothing)
        .with_body(&body)
        .expecting_id(user)
        .guarded_by(guard(body.keys().map(String::as_str), true))
}

/// Ends the sign-in sessions: refresh tokens that were issued before are not taken any more. Answers 200 with true.
#[must_use]
pub fn revoke_sessions(endpoint: &Endpoint, user: ObjectId) -> Ask<()> {
    let url = Url::new(endpoint).word("users").key(&user.to_string()).word("revokeSignInSessions").done();
    Ask::new(Call::RevokeSessions, Method::Post, url, nothing)
}

/// Moves an agent user to the recycle bin, where it stays for 30 days. Answers 204.
#[must_use]
pub fn delete_agent_user(endpoint: &Endpoint, user: ObjectId) -> Ask<()> {
    let url = Url::new(endpoint).word("users").word(CAST).key(&user.to_string()).done();
    Ask::new(Call::DeleteAgentUser, Method::Delete, url, nothing)
}
