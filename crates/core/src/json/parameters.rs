//! The parameters of operations. An entry says how a parameter is called, read, checked and described; `operations`
//! puts them together.

use super::members::{FromMembers, Members};
#[cfg(feature = "schema")]
use super::shape::Shape;
use super::table::parameters;
use crate::ObjectId;
use crate::flow::{self, RosterRequest};
use crate::graph::{self, Filter, FilteredMember, ListQuery, ListedMember, RestoreOptions};
use crate::model::{
    AgentUserPatch, DesiredUser, DirectLicense, GroupRef, Member, MemberName, MemberValue, OpenMember,
    SkuRef, SponsorRef, UserRef, WrittenLicense, contradiction, is_open, is_schema_extension,
};
use crate::roster::{Column, RosterLimits, RosterSettings, declare};
use crate::validate::{RuleCode, Upn, Violation, Violations};
use serde::Deserialize;
use serde_json::{Error, Map, Value};
use std::collections::BTreeSet;

/// A parameter of operations: one member of their requests, or several that are one thing.
pub(super) trait Parameter {
    /// The checked value.
    type Value;

    /// Reads it. None when a rule is broken.
    ///
    /// # Errors
    /// When a member is missing or has the wrong kind.
    fn read(source: &mut Source) -> Result<Option<Self::Value>, Error>;

    /// Describes its members.
    #[cfg(feature = "schema")]
    fn describe(shape: Shape<'_>) -> Shape<'_>;
}

/// The request that parameters are read from.
pub(super) struct Source {
    pub(super) members: Members,
    pub(super) violations: Violations,
    /// The bytes that were given beside the JSON.
    pub(super) file: Vec<u8>,
}

parameters! { (source)
    /// The parent of an agent user.
    IdentityParentId -> ObjectId {
        /// The object id of the agent identity.
        id "identityParentId": need String,
    } = source.violations.object_id("identityParentId", &id);

    /// An agent user that exists.
    User -> UserRef {
        /// The agent user: its object id or user principal name.
        user "user": need String,
    } = source.violations.keep_as("user", UserRef::parse(&user));

    /// An agent user in the recycle bin.
    DeletedUser -> UserRef {
        /// The agent user in the recycle bin: its object id, or the user principal name that it had.
        user "user": need String,
    } = source.violations.keep_as("user", UserRef::parse(&user));

    /// How a deleted agent user comes back.
    RestoredAs -> RestoreOptions {
        /// Its user principal name from now on, where another user has the one that it had.
        name "newUserPrincipalName": take String,
        /// Let Graph drop the mail addresses that another user has by now, in place of refusing.
        auto_reconcile_proxy_conflict "autoReconcileProxyConflict": or_default bool,
    } = {
        let name = name.map(|name| Upn::parse(&name)).transpose();
        source.violations.keep_as("newUserPrincipalName", name).map(|new_user_principal_name| {
            RestoreOptions { new_user_principal_name, auto_reconcile_proxy_conflict }
        })
    };

    /// A manager.
    Manager -> UserRef {
        /// The manager: a user's object id or user principal name.
        manager "manager": need String,
    } = source.violations.keep_as("manager", UserRef::parse(&manager));

    /// A sponsor.
    Sponsor -> SponsorRef {
        /// The sponsor: a user's object id or user principal name, or a group as `group:{id}`.
        sponsor "sponsor": need String,
    } = source.violations.keep_as("sponsor", SponsorRef::parse(&sponsor));

    /// A person, or the signed-in one.
    Person -> Option<UserRef> {
        /// The person: an object id or a user principal name; the signed-in person, unless given. An application is not signed in as a
        /// person, and must name one.
        person "person": take String,
    } = {
        let person = person.map(|person| UserRef::parse(&person)).transpose();
        source.violations.keep_as("person", person)
    };

    /// Which users are found.
    Names -> Option<String> {
        /// Only those whose user principal name or display name begins so.
        start "nameStartsWith": take String,
    } = Some(start);

    /// A group.
    Group -> GroupRef {
        /// The group: its object id or display name.
        group "group": need String,
    } = source.violations.keep_as("group", GroupRef::parse(&group).map_err(|violation| vec![violation]));

    /// Whether to keep from writing.
    DryRun -> bool {
        /// Plan the changes and make none.
        dry_run "dryRun": or_default bool,
    } = Some(dry_run);

    /// The services to wait for after provisioning.
    Readiness -> flow::Readiness {
        /// The services to wait for at the end; licenses are waited for in any case.
        readiness "readiness": or_default flow::Readiness,
    } = Some(readiness);

    /// The services to wait for, where waiting is all there is to do.
    WaitFor -> flow::Readiness {
        /// The services to wait for.
        readiness "readiness": need flow::Readiness,
    } = Some(readiness);

    /// Members to read of one agent user.
    Detail -> graph::Detail {
        /// Members to read beside the usual ones, by Graph's property names or paths, such as an extension property or
        /// `customSecurityAttributes`.
        select "select": or_default Vec<String>,
    } = {
        let before = source.violations.len();
        let members: Vec<_> = select.iter().filter_map(|name| listed(name, &mut source.violations)).collect();
        (source.violations.len() == before).then(|| graph::Detail::with(members))
    };

    /// The declared state of one agent user.
    Desired -> Box<DesiredUser> {
        /// The agent user as it shall be.
        row "agentUser": need AgentUserRow,
        /// The domain of a user principal name that is derived from the display name, when none is given.
        domain "domain": take String,
    } = {
        let settings = RosterSettings { domain, ..RosterSettings::default() };
        source.violations.keep(declare(row.0, &settings).map(Box::new))
    };

    /// New values of members.
    Changes -> AgentUserPatch {
        /// The members with their new values; null clears one.
        changes "changes": need AgentUserChanges,
    } = changes.check(&mut source.violations);

    /// Licenses to add and to remove.
    Licenses -> LicenseChanges {
        /// The licenses to add: SKU part numbers or ids. Service plans that are off stay off; `AGENT_365 without TEAMS1`,
        /// or an object with `disabledPlans` and `enabledPlans`, switches some off or on.
        add "add": or_default Vec<WrittenLicense>,
        /// The licenses to remove: SKU part numbers or ids.
        remove "remove": or_default Vec<String>,
    } = LicenseChanges::check(&add, &remove, &mut source.violations);

    /// Which agent users a list yields, and how many in a page.
    Query -> ListQuery {
        /// Which agent users to list; all of these must hold.
        filter "filter": object ListFilter,
        /// Entries per page, 1 to 999.
        page_size "pageSize": take u32,
        /// Members to read beside those that every list reads, by Graph's property names.
        select "select": or_default Vec<String>,
    } = filter.unwrap_or_default().check(page_size, &select, &mut source.violations);

    /// The bytes of a roster, which are given beside the JSON.
    RosterBytes -> Vec<u8> {} = Some(std::mem::take(&mut source.file));

    /// How a roster is read and applied.
    Roster -> RosterRequest {
        /// The domain of user principal names that are derived from display names, for rows that have none.
        domain "domain": take String,
        /// Read the tenant's verified domains first, so that a wrong one is an error of its row; true unless given.
        check_domains "checkDomains": take bool,
        /// The numbers of the rows to apply, as in their reports; all rows, unless given.
        rows "rows": take BTreeSet<usize>,
        /// The i-th of n shards alone, as `i/n`: n workers share the roster and the quotas.
        shard "shard": take String,
        /// The services that every row waits for at its end; licenses are waited for in any case.
        readiness "readiness": or_default flow::Readiness,
        /// Plan the changes and make none.
        dry_run "dryRun": or_default bool,
        /// The most bytes that the roster may have; 64 MiB, unless given.
        max_bytes "maxBytes": take usize,
        /// The most rows that the roster may have; 200,000, unless given.
        max_rows "maxRows": take usize,
        /// The most errors of the roster that are listed; 1,000, unless given. More are counted by rule and field.
        max_errors "maxErrors": take usize,
    } = {
        let limits = RosterLimits::of(max_bytes, max_rows, max_errors);
        let check_domains = check_domains.unwrap_or(true);
        let shard = shard.map(|shard| shard.parse().map_err(|violation| vec![violation])).transpose();
        source.violations.keep(shard).map(|shard| {
            RosterRequest { domain, check_domains, rows, shard, readiness, dry_run, limits }
        })
    };
}

/// One row of a roster as JSON.
#[derive(Deserialize)]
pub(super) struct AgentUserRow(Map<String, Value>);

/// New values of members; null clears one.
#[derive(Deserialize)]
pub(super) struct AgentUserChanges(Map<String, Value>);

impl AgentUserChanges {
    fn check(self, violations: &mut Violations) -> Option<AgentUserPatch> {
        let mut values = Vec::new();
        let before = violations.len();
        for (name, value) in self.0 {
            if is_open(&name) || (is_schema_extension(&name) && value.is_object()) {
                let members = violations.keep(OpenMember::read(&name, value)).unwrap_or_default();
                values.extend(members.into_iter().map(|(member, value)| (MemberName::Open(member), value)));
                continue;
            }
            let Ok(member) = name.parse::<Member>() else {
                let fix = match Column::nearest(&name) {
                    Some(nearest) => format!("Rename it to {nearest}, or remove it."),
                    None => "Use one of Graph's property names.".to_owned(),
                };
                let message = "An agent user has no such member that can be changed.";
                violations.push(Violation::new(RuleCode::UnknownColumn, name, message, fix));
                continue;
            };
            match serde_json::from_value::<MemberValue>(value) {
                Ok(value) => values.push((member.into(), value)),
                Err(_) => violations.push(Violation::new(
                    RuleCode::WrongKind,
                    member.name(),
                    "The value has a kind that the member can't hold.",
                    "Use text, true, false, null or an array of texts.",
                )),
            }
        }
        let patch = violations.keep(AgentUserPatch::parse(values));
        patch.filter(|_| violations.len() == before)
    }
}

/// Licenses to add and to remove.
#[derive(Debug, Clone)]
pub(super) struct LicenseChanges {
    pub(super) add: Vec<DirectLicense>,
    pub(super) remove: Vec<SkuRef>,
}

impl LicenseChanges {
    pub(super) fn check(
        add: &[WrittenLicense],
        remove: &[String],
        violations: &mut Violations,
    ) -> Option<Self> {
        if add.is_empty() && remove.is_empty() {
            violations.push(Violation::required("add"));
        }
        let add = add.iter().filter_map(|wanted| {
            let wanted = wanted.read_direct().map_err(|violation| vec![violation]);
            violations.keep_as("add", wanted)
        });
        let add: Vec<DirectLicense> = add.collect();
        violations.extend(contradiction(&add).map(|violation| violation.of_field("add")));
        let remove = remove.iter().filter_map(|name| {
            let sku = SkuRef::parse_direct(name).map_err(|violation| vec![violation]);
            violations.keep_as("remove", sku)
        });
        Some(Self { add, remove: remove.collect() })
    }
}

/// Which agent users to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields, default)
)]
pub(super) struct ListFilter {
    /// The agent user of this parent: an agent identity's object id.
    identity_parent_id: Option<String>,
    /// True for agent users that can sign in, false for those that can't.
    account_enabled: Option<bool>,
    /// The beginning of the display name.
    display_name_starts_with: Option<String>,
    /// The beginning of the user principal name.
    user_principal_name_starts_with: Option<String>,
    /// The department.
    department: Option<String>,
    /// The country code of two letters.
    usage_location: Option<String>,
    /// The job title.
    job_title: Option<String>,
    /// The employee id.
    employee_id: Option<String>,
    /// The city.
    city: Option<String>,
    /// The state or province.
    state: Option<String>,
    /// The country.
    country: Option<String>,
    /// The id of a SKU of which they have a license, direct or inherited.
    sku_id: Option<String>,
}

impl FromMembers for ListFilter {
    fn read(members: &mut Members) -> Result<Self, Error> {
        Ok(Self {
            identity_parent_id: members.take("identityParentId")?,
            account_enabled: members.take("accountEnabled")?,
            display_name_starts_with: members.take("displayNameStartsWith")?,
            user_principal_name_starts_with: members.take("userPrincipalNameStartsWith")?,
            department: members.take("department")?,
            usage_location: members.take("usageLocation")?,
            job_title: members.take("jobTitle")?,
            employee_id: members.take("employeeId")?,
            city: members.take("city")?,
            state: members.take("state")?,
            country: members.take("country")?,
            sku_id: members.take("skuId")?,
        })
    }
}

impl ListFilter {
    fn check(
        self,
        page_size: Option<u32>,
        select: &[String],
        violations: &mut Violations,
    ) -> Option<ListQuery> {
        let before = violations.len();
        let select = select.iter().filter_map(|name| listed(name, violations)).collect();
        let mut filters = Vec::new();
        if let Some(sku) = self.sku_id {
            filters.extend(violations.object_id("skuId", &sku).map(Filter::License));
        }
        let texts = [
            (FilteredMember::Department, self.department),
            (FilteredMember::UsageLocation, self.usage_location),
            (FilteredMember::JobTitle, self.job_title),
            (FilteredMember::EmployeeId, self.employee_id),
            (FilteredMember::City, self.city),
            (FilteredMember::State, self.state),
            (FilteredMember::Country, self.country),
        ];
        filters.extend(texts.into_iter().filter_map(|(member, text)| Some(Filter::Equals(member, text?))));
        if let Some(parent) = self.identity_parent_id {
            filters.push(Filter::Parent(violations.object_id("identityParentId", &parent)?));
        }
        filters.extend(self.account_enabled.map(Filter::AccountEnabled));
        filters.extend(self.display_name_starts_with.map(Filter::DisplayNameStartsWith));
        filters.extend(self.user_principal_name_starts_with.map(Filter::UserPrincipalNameStartsWith));
        let page_size =
            page_size.map_or(Some(ListQuery::default().page_size), |size| paged(size, violations))?;
        (violations.len() == before).then_some(ListQuery { filters, page_size, select })
    }
}

/// The size of a page as Graph takes it, or a violation (docs/graph.md#lists).
fn paged(size: u32, violations: &mut Violations) -> Option<u16> {
    let fits = u16::try_from(size).ok().filter(|size| (1..=999).contains(size));
    if fits.is_none() {
        let message = format!("A page can't have {size} entries: Graph gives 1 to 999.");
        violations.push(Violation::new(
            RuleCode::OutOfRange,
            "pageSize",
            message,
            "Use a number from 1 to 999.",
        ));
    }
    fits
}

/// The member of that name, or a violation.
fn listed(name: &str, violations: &mut Violations) -> Option<ListedMember> {
    let found = ListedMember::find(name);
    if found.is_none() {
        let fix = match ListedMember::nearest(name) {
            Some(member) => format!("Use {}.", member.name()),
            None => "Use one of Graph's property names.".to_owned(),
        };
        let message = format!("There is no member {name:?} to read.");
        violations.push(Violation::new(RuleCode::UnknownColumn, "select", message, fix));
    }
    found
}
