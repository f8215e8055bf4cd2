//! A change of one user: the flow that makes it, and whether it is made.

use crate::draw::Draw;
use crate::model::{find_sku, value_of};
use agentuser_core::ObjectId;
use agentuser_core::flow::{self, Report, RetireOptions, RetiredUntil, VerbArguments};
use agentuser_core::graph::RestoreOptions;
use agentuser_core::model::{AgentUserPatch, Member, MemberValue, SkuRef, SponsorRef, UserRef};
use agentuser_core::operation::Graph;
use agentuser_core::problem::{Code, Problem};
use agentuser_core::validate::Violation;
use agentuser_simulator::{Directory, Life, User, ids};
use serde_json::Value;

/// A change of one user. People and SKUs go by the names that the library reads.
#[derive(Debug, Clone, PartialEq)]
pub enum Mutation {
    /// Sets members.
    Update(AgentUserPatch),
    /// Moves the user to the recycle bin.
    Delete,
    /// Takes the user out of service.
    Retire(RetireOptions),
    /// Stops the user: disabled, its sessions ended.
    Contain,
    /// Takes the user out of the recycle bin.
    Restore,
    /// Deletes the user for good.
    Purge,
    /// Sets the manager.
    SetManager(&'static str),
    /// Takes the manager away.
    ClearManager,
    /// Adds a sponsor.
    AddSponsor(&'static str),
    /// Removes a sponsor.
    RemoveSponsor(&'static str),
    /// Adds the user to a group.
    AddToGroup(&'static str),
    /// Removes the user from a group.
    RemoveFromGroup(&'static str),
    /// Assigns a license.
    AddLicense(&'static str),
    /// Takes a license away.
    RemoveLicense(&'static str),
}

/// The humans of a scenario's tenant by their number, as managers. Zero stands for the first, as no human has that number.
const MANAGERS: [&str; 5] = [
    "human1@contoso.com",
    "human1@contoso.com",
    "human2@contoso.com",
    "human3@contoso.com",
    "human4@contoso.com",
];

/// The same humans as sponsors; the first is a group.
const SPONSORS: [&str; 5] = [
    "group:60000000-0000-4000-8000-000000000001",
    "40000000-0000-4000-8000-000000000001",
    "40000000-0000-4000-8000-000000000002",
    "40000000-0000-4000-8000-000000000003",
    "40000000-0000-4000-8000-000000000004",
];

/// The group of a scenario's tenant, by name and by id.
const GROUPS: [&str; 2] = ["Group 1", "60000000-0000-4000-8000-000000000001"];

/// How far users are retired. Most are deleted, as is usual.
const UNTIL: [RetiredUntil; 5] = [
    RetiredUntil::Deleted,
    RetiredUntil::Deleted,
    RetiredUntil::Disabled,
    RetiredUntil::Purged,
    RetiredUntil::Unlicensed,
];

impl Mutation {
    pub(crate) fn draw(draw: Draw) -> Self {
        match draw.below("deed", 18) {
            0 => Self::update([(Member::JobTitle, text(draw.pick("job", &["Clerk", "Pilot"])))]),
            1 => Self::update([(Member::JobTitle, MemberValue::Null)]),
            2 => Self::update([(Member::AccountEnabled, MemberValue::Flag(false))]),
            3 => Self::update([(Member::City, text("Bern")), (Member::Department, text("Sales"))]),
            4 | 5 => Self::Delete,
            6 | 7 => Self::Restore,
            8 => Self::Purge,
            9 => Self::SetManager(draw.pick("person", &MANAGERS)),
            10 => Self::ClearManager,
            11 => Self::AddSponsor(draw.pick("person", &SPONSORS)),
            12 => Self::RemoveSponsor(draw.pick("person", &SPONSORS)),
            14 if draw.one_in("contain", 2) => Self::Contain,
            13 | 14 => Self::Retire(RetireOptions {
                until: draw.pick("until", &UNTIL),
                free_seats: draw.one_in("seats", 4),
                leave_groups: false,
                accept_data_loss: true,
            }),
            15 => Self::AddToGroup(draw.pick("group", &GROUPS)),
            16 => Self::RemoveFromGroup(draw.pick("group", &GROUPS)),
            _ if draw.one_in("remove", 2) => Self::RemoveLicense("AGENT_365"),
            _ => Self::AddLicense(draw.pick("license", &["AGENT_365", "agent_messaging"])),
        }
    }

    /// Sets these members, whose values keep their rules.
    fn update<const N: usize>(members: [(Member, MemberValue); N]) -> Self {
        Self::Update(AgentUserPatch::parse(members).unwrap_or_default())
    }

    /// Whether it is about a user in the recycle bin.
    pub(crate) const fn is_of_bin(&self) -> bool {
        matches!(self, Self::Restore | Self::Purge)
    }

    /// The verb that plans the change, where one does.
    pub(crate) fn arguments(&self) -> Option<VerbArguments> {
        Some(match self {
            Self::Delete => VerbArguments::Delete,
            Self::Retire(options) => VerbArguments::Retire(*options),
            Self::Restore => VerbArguments::Restore { auto_reconcile_proxy_conflict: false },
            Self::Purge => VerbArguments::Purge,
            Self::AddLicense(sku) => {
                VerbArguments::License { add: vec![SkuRef::parse(sku).into()], remove: Vec::new() }
            }
            Self::RemoveLicense(sku) => {
                VerbArguments::License { add: Vec::new(), remove: vec![SkuRef::parse(sku)] }
            }
            Self::Update(patch) => match patch.get(Member::AccountEnabled) {
                Some(MemberValue::Flag(true)) => VerbArguments::Enable,
                Some(MemberValue::Flag(false)) => VerbArguments::Disable,
                _ => return None,
            },
            _ => return None,
        })
    }

    /// Whether it writes each time: nothing shows that sessions were ended.
    pub(crate) const fn repeats(&self) -> bool {
        match self {
            Self::Retire(options) => !options.until.deletes(),
            Self::Contain => true,
            _ => false,
        }
    }

    /// The flow that makes the change. That of [`Mutation::Contain`] yields its report as an item, and is started as such.
    ///
    /// # Errors
    /// A name that can't be read, or the flow's own problem.
    pub async fn flow(self, graph: Graph, id: ObjectId, dry_run: bool) -> Result<Report, Problem> {
        let (graph, user) = (&graph, &UserRef::Id(id));
        match self {
            Self::Update(patch) => flow::update(graph, user, &patch, dry_run).await,
            Self::Delete => flow::delete(graph, user, dry_run).await,
            Self::Retire(options) => flow::retire(graph, user, options, dry_run).await,
            Self::Contain => Err(Problem::new(Code::Internal, "Containing yields reports.")),
            Self::Restore => flow::restore(graph, user, &RestoreOptions::default(), dry_run).await,
            Self::Purge => flow::purge(graph, user, dry_run).await,
            Self::SetManager(name) => {
                flow::set_manager(graph, user, &read(UserRef::parse(name))?, dry_run).await
            }
            Self::ClearManager => flow::clear_manager(graph, user, dry_run).await,
            Self::AddSponsor(name) => {
                flow::add_sponsor(graph, user, &read(SponsorRef::parse(name))?, dry_run).await
            }
            Self::RemoveSponsor(name) => {
                flow::remove_sponsor(graph, user, &read(SponsorRef::parse(name))?, dry_run).await
            }
            Self::AddToGroup(name) => flow::add_to_group(graph, user, &name.parse()?, dry_run).await,
            Self::RemoveFromGroup(name) => {
                flow::remove_from_group(graph, user, &name.parse()?, dry_run).await
            }
            Self::AddLicense(sku) => {
                flow::change_licenses(graph, user, &[SkuRef::parse(sku).into()], &[], dry_run).await
            }
            Self::RemoveLicense(sku) => {
                flow::change_licenses(graph, user, &[], &[SkuRef::parse(sku)], dry_run).await
            }
        }
    }

    /// Whether the change is made, as the write master has it.
    #[must_use]
    pub fn is_so(&self, directory: &Directory, id: ObjectId) -> bool {
        let Some(user) = directory.find_user(id) else { return false };
        let licensed = |name: &str| {
            find_sku(directory, &SkuRef::parse(name)).is_some_and(|sku| user.licenses.contains_key(&sku.id))
        };
        let sponsors =
            |name: &str| person(directory, name).is_some_and(|sponsor| user.sponsors.contains(&sponsor));
        match self {
            Self::Update(patch) => {
                patch.iter().all(|(member, value)| value_of(user, member) == Value::from(value))
            }
            Self::Delete => !user.life.is_live(),
            Self::Retire(options) => match options.until {
                RetiredUntil::Deleted => !user.life.is_live(),
                RetiredUntil::Purged => user.life == Life::Gone,
                RetiredUntil::Disabled => !user.account_enabled,
                RetiredUntil::Unlicensed => !user.account_enabled && user.licenses.is_empty(),
            },
            Self::Contain => !user.account_enabled,
            Self::Restore => user.life.is_live(),
            Self::Purge => user.life == Life::Gone,
            Self::SetManager(name) => user.manager.is_some() && user.manager == person(directory, name),
            // A link to a deleted manager is kept, and not shown.
            Self::ClearManager => !user.manager.is_some_and(|id| is_live(directory, id)),
            Self::AddSponsor(name) => sponsors(name),
            Self::RemoveSponsor(name) => !sponsors(name),
            Self::AddToGroup(name) => directory.is_member(group(name), id),
            Self::RemoveFromGroup(name) => !directory.is_member(group(name), id),
            Self::AddLicense(name) => licensed(name),
            Self::RemoveLicense(name) => !licensed(name),
        }
    }

    /// The problems that the change must end with, any of them. None: it can be made, or is made.
    pub(crate) fn blockers(&self, directory: &Directory, user: &User) -> Vec<Code> {
        // One that is to come into the recycle bin may be there already.
        let may_be_deleted = matches!(self, Self::Retire(options) if options.until.deletes());
        let there = if self.is_of_bin() { user.life.is_deleted() } else { user.life.is_live() }
            || may_be_deleted && user.life.is_deleted();
        if !there {
            return vec![if self.is_of_bin() { Code::DeletedItemNotFound } else { Code::NotFound }];
        }
        if !user.is_agent() {
            return vec![Code::NotAnAgentUser];
        }
        let missing = |name: &str| match SponsorRef::parse(name) {
            Ok(SponsorRef::Group(_)) => false,
            _ => !person(directory, name).is_some_and(|id| is_live(directory, id)),
        };
        match self {
            Self::Retire(RetireOptions { until: RetiredUntil::Purged, .. }) | Self::Purge
                if directory.switches().permanent_delete_refused_to_apps =>
            {
                vec![Code::PermissionMissing]
            }
            Self::Restore => restore_blockers(directory, user),
            Self::SetManager(name) if missing(name) => vec![Code::ManagerNotFound],
            Self::AddSponsor(name) | Self::RemoveSponsor(name) if missing(name) => {
                vec![Code::SponsorNotFound]
            }
            Self::AddLicense(_) if self.is_so(directory, user.id) => Vec::new(),
            Self::AddLicense(name) => {
                let sku = find_sku(directory, &SkuRef::parse(name));
                let full = sku.is_some_and(|sku| directory.seats_left(sku.id) == 0);
                let reasons = [
                    (full, Code::NoFreeSeats),
                    (user.usage_location.is_none(), Code::LicenseNeedsUsageLocation),
                ];
                reasons.into_iter().filter(|(holds, _)| *holds).map(|(_, code)| code).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn text(text: &str) -> MemberValue {
    MemberValue::Text(text.to_owned())
}

fn read<T>(read: Result<T, Vec<Violation>>) -> Result<T, Problem> {
    read.map_err(Problem::from_violations)
}

/// The group of this name or id, of those that tenants have: `Group 1`, and so on.
fn group(name: &str) -> ObjectId {
    let number = name.strip_prefix("Group ").and_then(|number| number.parse().ok());
    number.map_or_else(|| name.parse().unwrap_or(ids::nothing(1)), ids::group)
}

/// The object of that name, deleted or not.
fn person(directory: &Directory, name: &str) -> Option<ObjectId> {
    match SponsorRef::parse(name).ok()? {
        SponsorRef::Group(id) | SponsorRef::User(UserRef::Id(id)) => Some(id),
        SponsorRef::User(UserRef::Upn(upn)) => {
            let is_named = |user: &&User| user.user_principal_name.eq_ignore_ascii_case(upn.as_str());
            directory.all_users().find(is_named).map(|user| user.id)
        }
    }
}

/// Whether a user is there, as the write master has it.
pub(crate) fn is_live(directory: &Directory, id: ObjectId) -> bool {
    directory.find_user(id).is_some_and(|user| user.life.is_live())
}

/// Whether another user has taken the place or a name of a deleted one meanwhile.
fn restore_blockers(directory: &Directory, user: &User) -> Vec<Code> {
    let others = || directory.all_users().filter(|other| other.id != user.id);
    let switches = directory.switches();
    let holds_parent = |other: &User| {
        other.parent.is_some()
            && other.parent == user.parent
            && (other.life.is_live() || switches.deleted_holds_parent && other.life.is_deleted())
    };
    let holds_upn = |other: &User| {
        other.user_principal_name.eq_ignore_ascii_case(&user.user_principal_name)
            && (other.life.is_live() || switches.deleted_holds_upn && other.life.is_deleted())
    };
    let holds_nickname = |other: &User| {
        switches.unique_mail_nickname
            && other.life.is_live()
            && other.mail_nickname.eq_ignore_ascii_case(&user.mail_nickname)
    };
    let mut blockers = Vec::new();
    if others().any(holds_parent) {
        blockers.push(Code::ParentHasAnotherUser);
    }
    if others().any(|other| holds_upn(other) || holds_nickname(other)) {
        blockers.push(Code::RestoreConflict);
    }
    blockers
}
