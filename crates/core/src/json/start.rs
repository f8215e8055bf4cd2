//! Any operation from JSON.

use super::item::Item;
use super::page::UserPage;
use crate::flow::{self, DesiredUser, Readiness, Report, RosterOptions};
use crate::graph::{Detail, Filter, ListQuery};
use crate::model::{AgentUser, AgentUserPatch, Member, MemberValue, SkuRef, SponsorRef, UserRef};
use crate::operation::{Graph, Items, Session};
use crate::problem::{Code, Problem};
use crate::roster::{Column, Roster, RosterSettings, Shard, declare};
use crate::validate::{RuleCode, TenantFacts, Violation, object_id};
use crate::{ObjectId, operation};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fmt;

/// An operation of the tier.
pub type Operation = operation::Operation<Item, Output>;

/// What an operation ends with: its result as JSON.
#[derive(Clone)]
pub struct Output {
    json: Box<RawValue>,
    agent_user: Place,
}

/// Where in a result an agent user is.
#[derive(Debug, Clone, Copy)]
enum Place {
    Nowhere,
    /// The result is one, or null.
    Whole,
    /// A [`Created`] holds it.
    Created,
}

impl Output {
    // Not inlined: two dozen operations end with it.
    #[inline(never)]
    fn of<T: Serialize>(value: &T) -> Result<Self, Problem> {
        match serde_json::value::to_raw_value(value) {
            Ok(json) => Ok(Self { json, agent_user: Place::Nowhere }),
            Err(error) => {
                Err(Problem::new(Code::Internal, format!("No JSON can be made of the result: {error}.")))
            }
        }
    }

    /// The JSON.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.json.get()
    }

    pub(super) fn raw(&self) -> &RawValue {
        &self.json
    }

    fn with_agent_user(self, agent_user: Place) -> Self {
        Self { agent_user, ..self }
    }

    /// The agent user that it is or holds, as a page of one, for those who read rows by number.
    #[must_use]
    pub fn agent_user(&self) -> Option<UserPage> {
        /// As in [`Created`], verbatim.
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Holder<'a> {
            #[serde(borrow)]
            agent_user: Option<&'a RawValue>,
        }
        let object = match self.agent_user {
            Place::Nowhere => return None,
            Place::Whole => self.as_str(),
            Place::Created => {
                serde_json::from_slice::<Holder<'_>>(self.as_str().as_bytes()).ok()?.agent_user?.get()
            }
        };
        // Null is none.
        UserPage::of_one(object).ok()
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which operation, with what. `user` is an object id or a user principal name; `agentUser` is one row of a roster
/// as JSON: Graph's property names, and `manager`, `sponsors` and `licenses`.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(
        tag = "operation",
        rename_all = "camelCase",
        rename_all_fields = "camelCase",
        deny_unknown_fields
    )
)]
#[non_exhaustive]
pub enum OperationRequest {
    /// Verifies that an agent identity can be the parent of an agent user. Ends with the agent identity.
    VerifyParent {
        /// The object id of the agent identity.
        identity_parent_id: String,
    },
    /// Reads what can be known of the tenant: its verified domains. Ends with a `TenantFacts`.
    TenantFacts {},
    /// Reads one agent user.
    Get {
        /// Who.
        user: String,
    },
    /// Reads the agent user of a parent. Ends with it, or with null.
    FindByParent {
        /// The object id of the agent identity.
        identity_parent_id: String,
    },
    /// Lists agent users: pages are items. Ends with their count.
    List {
        /// Which; all of these must hold.
        #[cfg_attr(feature = "schema", schemars(default))]
        filter: ListFilter,
        /// Entries per page, 1 to 999; others are brought into that range.
        #[cfg_attr(feature = "schema", schemars(default))]
        page_size: Option<u16>,
    },
    /// Lists the agent users in the recycle bin: pages are items. Ends with their count.
    ListDeleted {},
    /// Brings one agent user about, exactly once, and reads it. Ends with a `Created`.
    Create {
        /// The agent user as it shall be.
        #[cfg_attr(feature = "schema", schemars(with = "super::schema::AgentUserRow"))]
        agent_user: Map<String, Value>,
        /// The domain of a user principal name that is derived from the display name, when it is not given.
        #[cfg_attr(feature = "schema", schemars(default))]
        domain: Option<String>,
        /// What to wait for at the end.
        #[cfg_attr(feature = "schema", schemars(default))]
        readiness: Readiness,
    },
    /// Brings one agent user about, exactly once. Ends with a report.
    Provision {
        /// The agent user as it shall be.
        #[cfg_attr(feature = "schema", schemars(with = "super::schema::AgentUserRow"))]
        agent_user: Map<String, Value>,
        /// The domain of a user principal name that is derived from the display name, when it is not given.
        #[cfg_attr(feature = "schema", schemars(default))]
        domain: Option<String>,
        /// What to wait for at the end.
        #[cfg_attr(feature = "schema", schemars(default))]
        readiness: Readiness,
        /// Only say what would change.
        #[cfg_attr(feature = "schema", schemars(default))]
        dry_run: bool,
    },
    /// Brings every row of a roster about; the roster, CSV or JSON, is given as bytes beside this JSON. Reports are
    /// items. Ends with a summary.
    Roster {
        /// The domain of user principal names that are derived from display names, for rows that name none.
        #[cfg_attr(feature = "schema", schemars(default))]
        domain: Option<String>,
        /// Ask for the tenant's verified domains first, so that a wrong one is an error of its row.
        #[cfg_attr(feature = "schema", schemars(default = "yes"))]
        check_domains: bool,
        /// What every row waits for at its end.
        #[cfg_attr(feature = "schema", schemars(default))]
        readiness: Readiness,
        /// Only say what would change.
        #[cfg_attr(feature = "schema", schemars(default))]
        dry_run: bool,
        /// These rows alone, by the numbers of their reports; all, unless given.
        #[cfg_attr(feature = "schema", schemars(default))]
        rows: Option<BTreeSet<usize>>,
        /// The i-th of n shards alone, as `i/n`: n workers share the roster and the quotas.
        #[cfg_attr(feature = "schema", schemars(default))]
        shard: Option<String>,
    },
    /// Changes members; only what differs is sent. Ends with a report.
    Update {
        /// Who.
        user: String,
        /// The members with their new values; null clears one.
        #[cfg_attr(feature = "schema", schemars(with = "super::schema::AgentUserChanges"))]
        changes: Map<String, Value>,
        /// Only say what would change.
        #[cfg_attr(feature = "schema", schemars(default))]
        dry_run: bool,
    },
    /// Moves an agent user to the recycle bin. Ends with a report.
    Delete {
        /// Who.
        user: String,
        /// Only say what would change.
        #[cfg_attr(feature = "schema", schemars(default))]
        dry_run: bool,
    },
    /// Brings an agent user back from the recycle bin. Ends with a report.
    Restore {
        /// Its object id.
        id: String,
        /// Only say what would change.
        #[cfg_attr(feature = "schema", schemars(default))]
        dry_run: bool,
    },
    /// Deletes an agent user in the recycle bin for ever. Ends with a report.
    Purge {
        /// Its object id.
        id: String,
        /// Only say what would change.
        #[cfg_attr(feature = "schema", schemars(default))]
        dry_run: bool,
    },
    /// Reads the manager. Ends with a directory object, or with null.
    Manager {
        /// Of whom.
        user: String,
    },
    /// Sets the manager. Ends with a report.
    SetManager {
        /// Of whom.
        user: String,
        /// The manager.
        manager: String,
        /// Only say what would change.
        #[cfg_attr(feature = "schema", schemars(default))]
        dry_run: bool,
    },
    /// Removes the manager. Ends with a report.
    ClearManager {
        /// Of whom.
        user: String,
        /// Only say what would change.
        #[cfg_attr(feature = "schema", schemars(default))]
        dry_run: bool,
    },
    /// Reads the sponsors. Ends with an array of directory objects.
    Sponsors {
        /// Of whom.
        user: String,
    },
    /// Adds a sponsor. Ends with a report.
    AddSponsor {
        /// To whom.
        user: String,
        /// A user, or a group as `group:{id}`.
        sponsor: String,
        /// Only say what would change.
        #[cfg_attr(feature = "schema", schemars(default))]
        dry_run: bool,
    },
    /// Removes a sponsor. Ends with a report.
    RemoveSponsor {
        /// From whom.
        user: String,
        /// A user, or a group as `group:{id}`.
        sponsor: String,
        /// Only say what would change.
        #[cfg_attr(feature = "schema", schemars(default))]
        dry_run: bool,
    },
    /// Reads the SKUs of the tenant, with their seats. Ends with an array of them.
    Skus {},
    /// Adds and removes licenses. Ends with a report.
    ChangeLicenses {
        /// Of whom.
        user: String,
        /// SKU part numbers or ids.
        #[cfg_attr(feature = "schema", schemars(default))]
        add: Vec<String>,
        /// SKU part numbers or ids.
        #[cfg_attr(feature = "schema", schemars(default))]
        remove: Vec<String>,
        /// Only say what would change.
        #[cfg_attr(feature = "schema", schemars(default))]
        dry_run: bool,
    },
    /// Waits until the mailbox and Teams, as asked, are provisioned. Ends with a report.
    WaitReady {
        /// TokenOwner.
        user: String,
        /// For what.
        readiness: Readiness,
    },
}

#[cfg(feature = "schema")]
const fn yes() -> bool {
    true
}

/// Which agent users to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields, default)
)]
pub struct ListFilter {
    /// The one of this parent.
    pub identity_parent_id: Option<String>,
    /// Those that can sign in, or those that can't.
    pub account_enabled: Option<bool>,
    /// Those whose display name begins so.
    pub display_name_starts_with: Option<String>,
    /// Those whose user principal name begins so.
    pub user_principal_name_starts_with: Option<String>,
}

/// What a list ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Count {
    /// How many agent users it yielded.
    pub count: usize,
}

/// What `create` ends with.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Created {
    /// What was done.
    pub report: Report,
    /// The agent user; absent when the report names a problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_user: Option<AgentUser>,
}

/// An operation whose input has been checked as far as that needs no network.
#[derive(Debug, Clone)]
pub struct Start(Checked);

#[derive(Debug, Clone)]
enum Checked {
    VerifyParent(ObjectId),
    TenantFacts,
    Get(UserRef),
    FindByParent(ObjectId),
    List(ListQuery),
    ListDeleted,
    Create(Box<DesiredUser>, Readiness),
    Roster {
        file: Vec<u8>,
        settings: RosterSettings,
        check_domains: bool,
        options: RosterOptions,
        rows: Option<BTreeSet<usize>>,
        shard: Option<Shard>,
    },
    Change(Change, bool),
    Manager(UserRef),
    Sponsors(UserRef),
    Skus,
}

/// What ends with the report of one agent user, and may be a dry run.
#[derive(Debug, Clone)]
enum Change {
    Provision(Box<DesiredUser>, Readiness),
    Update(UserRef, AgentUserPatch),
    Delete(UserRef),
    Restore(ObjectId),
    Purge(ObjectId),
    SetManager(UserRef, UserRef),
    ClearManager(UserRef),
    AddSponsor(UserRef, SponsorRef),
    RemoveSponsor(UserRef, SponsorRef),
    Licenses(UserRef, Vec<SkuRef>, Vec<SkuRef>),
    WaitReady(UserRef, Readiness),
}

impl Start {
    /// Reads an operation. `input` is the file of a roster, and of no use to any other.
    ///
    /// # Errors
    /// When it is no such JSON; every broken rule of what it names, at once.
    pub fn parse(json: &[u8], input: Vec<u8>) -> Result<Self, Problem> {
        Self::check(super::read("operation", json)?, input)
    }

    fn check(request: OperationRequest, input: Vec<u8>) -> Result<Self, Problem> {
        let mut broken = Broken::default();
        let checked = check(request, input, &mut broken);
        match checked {
            Some(checked) if broken.0.is_empty() => Ok(Self(checked)),
            _ => Err(Problem::from_violations(broken.0)),
        }
    }
}

/// What has been found wrong so far.
#[derive(Default)]
struct Broken(Vec<Violation>);

impl Broken {
    fn keep<T>(&mut self, result: Result<T, Vec<Violation>>) -> Option<T> {
        result.map_err(|violations| self.0.extend(violations)).ok()
    }

    fn of_field<T>(&mut self, field: &'static str, result: Result<T, Vec<Violation>>) -> Option<T> {
        let named =
            |violations: Vec<Violation>| violations.into_iter().map(|one| one.of_field(field)).collect();
        self.keep(result.map_err(named))
    }

    fn id(&mut self, field: &'static str, text: &str) -> Option<ObjectId> {
        self.keep(object_id(field, text).map_err(|violation| vec![violation]))
    }

    fn user(&mut self, text: &str) -> Option<UserRef> {
        self.of_field("user", UserRef::parse(text))
    }

    fn skus(&mut self, field: &'static str, names: &[String]) -> Vec<SkuRef> {
        if names.iter().any(|name| name.trim().is_empty()) {
            self.0.push(Violation::required(field));
        }
        names.iter().map(|name| SkuRef::parse(name.trim())).collect()
    }

    fn wanted(&mut self, row: Map<String, Value>, domain: Option<String>) -> Option<Box<DesiredUser>> {
        self.keep(declare(row, &RosterSettings { known: TenantFacts::default(), domain }).map(Box::new))
    }
}

/// Both, so that what is wrong with either is found.
fn both<A, B>(a: Option<A>, b: Option<B>) -> Option<(A, B)> {
    a.zip(b)
}

fn check(request: OperationRequest, input: Vec<u8>, broken: &mut Broken) -> Option<Checked> {
    use OperationRequest as Request;
    Some(match request {
        Request::VerifyParent { identity_parent_id } => {
            Checked::VerifyParent(broken.id("identityParentId", &identity_parent_id)?)
        }
        Request::TenantFacts {} => Checked::TenantFacts,
        Request::Get { user } => Checked::Get(broken.user(&user)?),
        Request::FindByParent { identity_parent_id } => {
            Checked::FindByParent(broken.id("identityParentId", &identity_parent_id)?)
        }
        Request::List { filter, page_size } => Checked::List(query(filter, page_size, broken)?),
        Request::ListDeleted {} => Checked::ListDeleted,
        Request::Create { agent_user, domain, readiness } => {
            Checked::Create(broken.wanted(agent_user, domain)?, readiness)
        }
        Request::Provision { agent_user, domain, readiness, dry_run } => {
            Checked::Change(Change::Provision(broken.wanted(agent_user, domain)?, readiness), dry_run)
        }
        Request::Roster { domain, check_domains, readiness, dry_run, rows, shard } => Checked::Roster {
            file: input,
            settings: RosterSettings { known: TenantFacts::default(), domain },
            check_domains,
            options: RosterOptions { readiness, dry_run },
            rows,
            shard: match shard {
                Some(shard) => Some(broken.keep(shard.parse().map_err(|violation| vec![violation]))?),
                None => None,
            },
        },
        Request::Update { user, changes, dry_run } => {
            let (user, changes) = both(broken.user(&user), patch(changes, broken))?;
            Checked::Change(Change::Update(user, changes), dry_run)
        }
        Request::Delete { user, dry_run } => Checked::Change(Change::Delete(broken.user(&user)?), dry_run),
        Request::Restore { id, dry_run } => Checked::Change(Change::Restore(broken.id("id", &id)?), dry_run),
        Request::Purge { id, dry_run } => Checked::Change(Change::Purge(broken.id("id", &id)?), dry_run),
        Request::Manager { user } => Checked::Manager(broken.user(&user)?),
        Request::SetManager { user, manager, dry_run } => {
            let manager = broken.of_field("manager", UserRef::parse(&manager));
            let (user, manager) = both(broken.user(&user), manager)?;
            Checked::Change(Change::SetManager(user, manager), dry_run)
        }
        Request::ClearManager { user, dry_run } => {
            Checked::Change(Change::ClearManager(broken.user(&user)?), dry_run)
        }
        Request::Sponsors { user } => Checked::Sponsors(broken.user(&user)?),
        Request::AddSponsor { user, sponsor, dry_run } => {
            let sponsor = broken.of_field("sponsor", SponsorRef::parse(&sponsor));
            let (user, sponsor) = both(broken.user(&user), sponsor)?;
            Checked::Change(Change::AddSponsor(user, sponsor), dry_run)
        }
        Request::RemoveSponsor { user, sponsor, dry_run } => {
            let sponsor = broken.of_field("sponsor", SponsorRef::parse(&sponsor));
            let (user, sponsor) = both(broken.user(&user), sponsor)?;
            Checked::Change(Change::RemoveSponsor(user, sponsor), dry_run)
        }
        Request::Skus {} => Checked::Skus,
        Request::ChangeLicenses { user, add, remove, dry_run } => {
            let user = broken.user(&user);
            if add.is_empty() && remove.is_empty() {
                broken.0.push(Violation::required("add"));
            }
            let (add, remove) = (broken.skus("add", &add), broken.skus("remove", &remove));
            Checked::Change(Change::Licenses(user?, add, remove), dry_run)
        }
        Request::WaitReady { user, readiness } => {
            Checked::Change(Change::WaitReady(broken.user(&user)?, readiness), false)
        }
    })
}

fn query(filter: ListFilter, page_size: Option<u16>, broken: &mut Broken) -> Option<ListQuery> {
    let mut filters = Vec::new();
    if let Some(parent) = filter.identity_parent_id {
        filters.push(Filter::Parent(broken.id("identityParentId", &parent)?));
    }
    filters.extend(filter.account_enabled.map(Filter::AccountEnabled));
    filters.extend(filter.display_name_starts_with.map(Filter::DisplayNameStartsWith));
    filters.extend(filter.user_principal_name_starts_with.map(Filter::UserPrincipalNameStartsWith));
    let page_size = page_size.unwrap_or_else(|| ListQuery::default().page_size);
    Some(ListQuery { filters, page_size })
}

fn patch(changes: Map<String, Value>, broken: &mut Broken) -> Option<AgentUserPatch> {
    let mut values = Vec::new();
    let before = broken.0.len();
    for (name, value) in changes {
        let Ok(member) = name.parse::<Member>() else {
            let fix = match Column::nearest(&name) {
                Some(column) => format!("Did you mean {}?", column.name()),
                None => "Use one of Graph's property names.".to_owned(),
            };
            let message = "is no member of an agent user that can be changed";
            broken.0.push(Violation::new(RuleCode::UnknownColumn, name, message, fix));
            continue;
        };
        match serde_json::from_value::<MemberValue>(value) {
            Ok(value) => values.push((member, value)),
            Err(_) => broken.0.push(Violation::new(
                RuleCode::WrongKind,
                member.name(),
                "has a value of a kind that it can't hold",
                "Use text, true, false, null or an array of texts.",
            )),
        }
    }
    let patch = broken.keep(AgentUserPatch::parse(values));
    patch.filter(|_| broken.0.len() == before)
}

/// Makes an operation. Nothing runs before its first poll. `seed` is that of the jitter in waits.
#[must_use]
pub fn start(session: &Session, seed: u64, start: Start) -> Operation {
    session.start(seed, |graph, items| run(graph, start.0, items))
}

async fn run(graph: Graph, start: Checked, items: Items<Item>) -> Result<Output, Problem> {
    match start {
        Checked::VerifyParent(id) => Output::of(&flow::verify_parent(&graph, id).await?),
        Checked::TenantFacts => Output::of(&flow::known(&graph).await?),
        Checked::Get(user) => {
            let user = flow::get(&graph, &user, Detail::Usual).await?;
            Ok(Output::of(&user)?.with_agent_user(Place::Whole))
        }
        Checked::FindByParent(parent) => {
            let user = flow::find_by_parent(&graph, parent, Detail::Usual).await?;
            Ok(Output::of(&user)?.with_agent_user(Place::Whole))
        }
        Checked::List(query) => {
            let count = flow::list(graph, query, items).await?;
            Output::of(&Count { count })
        }
        Checked::ListDeleted => {
            let count = flow::list_deleted(graph, items).await?;
            Output::of(&Count { count })
        }
        Checked::Create(wanted, readiness) => {
            let (report, agent_user) = flow::create_agent_user(graph, *wanted, readiness).await?;
            Ok(Output::of(&Created { report, agent_user })?.with_agent_user(Place::Created))
        }
        Checked::Roster { file, mut settings, check_domains, options, rows, shard } => {
            // What is wrong with the file is said before anything is asked for.
            let mut roster = Roster::parse(&file, &settings)?;
            if check_domains {
                settings.known = flow::known(&graph).await?;
                roster = Roster::parse(&file, &settings)?;
            }
            if let Some(shard) = shard {
                roster = roster.shard(shard);
            }
            if let Some(rows) = rows {
                roster = roster.only(&rows)?;
            }
            Output::of(&flow::roster(graph, roster, options, items).await?)
        }
        Checked::Change(change, dry_run) => Output::of(&run_change(graph, change, dry_run).await?),
        Checked::Manager(user) => Output::of(&flow::manager(&graph, &user).await?),
        Checked::Sponsors(user) => Output::of(&flow::list_sponsors(&graph, &user).await?),
        Checked::Skus => Output::of(&flow::list_skus(&graph).await?),
    }
}

async fn run_change(graph: Graph, change: Change, dry_run: bool) -> Result<Report, Problem> {
    match change {
        Change::Provision(wanted, readiness) => flow::provision(graph, *wanted, readiness, dry_run).await,
        Change::Update(user, changes) => flow::update(&graph, &user, &changes, dry_run).await,
        Change::Delete(user) => flow::delete(&graph, &user, dry_run).await,
        Change::Restore(id) => flow::restore(&graph, id, dry_run).await,
        Change::Purge(id) => flow::purge(&graph, id, dry_run).await,
        Change::SetManager(user, manager) => flow::set_manager(&graph, &user, &manager, dry_run).await,
        Change::ClearManager(user) => flow::clear_manager(&graph, &user, dry_run).await,
        Change::AddSponsor(user, sponsor) => flow::add_sponsor(&graph, &user, &sponsor, dry_run).await,
        Change::RemoveSponsor(user, sponsor) => flow::remove_sponsor(&graph, &user, &sponsor, dry_run).await,
        Change::Licenses(user, add, remove) => {
            flow::change_licenses(&graph, &user, &add, &remove, dry_run).await
        }
        Change::WaitReady(user, readiness) => flow::wait_ready(&graph, &user, readiness).await,
    }
}
