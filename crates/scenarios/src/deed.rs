//! Something that is done to one agent user.

use crate::draw::Draw;
use agentuser_core::ObjectId;
use agentuser_core::flow::{self, Report};
use agentuser_core::model::{AgentUserPatch, Member, MemberValue, SkuRef, SponsorRef, UserRef};
use agentuser_core::operation::Graph;
use agentuser_core::problem::{Code, Problem};
use agentuser_simulator::{Directory, Life, User, ids};

/// What is done. People are humans by number; sponsor zero is a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    SetJob(Option<&'static str>),
    Disable,
    /// Two members at once.
    MoveTo(&'static str),
    Delete,
    Restore,
    Purge,
    SetManager(u32),
    ClearManager,
    AddSponsor(u32),
    RemoveSponsor(u32),
    AddLicense(&'static str),
    RemoveLicense(&'static str),
}

impl Deed {
    pub(crate) fn draw(draw: Draw) -> Self {
        let person = draw.below("person", 5);
        match draw.below("deed", 14) {
            0 => Self::SetJob(Some(draw.pick("job", &["Clerk", "Pilot"]))),
            1 => Self::SetJob(None),
            2 => Self::Disable,
            3 => Self::MoveTo("Bern"),
            4 | 5 => Self::Delete,
            6 | 7 => Self::Restore,
            8 => Self::Purge,
            9 => Self::SetManager(person.max(1)),
            10 => Self::ClearManager,
            11 => Self::AddSponsor(person),
            12 => Self::RemoveSponsor(person),
            _ if draw.one_in("remove", 2) => Self::RemoveLicense("AGENT_365"),
            _ => Self::AddLicense(draw.pick("license", &["AGENT_365", "agent_messaging"])),
        }
    }

    /// Whether it is about somebody in the recycle bin.
    pub(crate) const fn is_of_bin(self) -> bool {
        matches!(self, Self::Restore | Self::Purge)
    }

    fn patch(self) -> Result<AgentUserPatch, Problem> {
        let text = |text: &str| MemberValue::Text(text.to_owned());
        let members = match self {
            Self::SetJob(job) => vec![(Member::JobTitle, job.map_or(MemberValue::Null, text))],
            Self::Disable => vec![(Member::AccountEnabled, MemberValue::Flag(false))],
            Self::MoveTo(city) => vec![(Member::City, text(city)), (Member::Department, text("Sales"))],
            _ => Vec::new(),
        };
        AgentUserPatch::parse(members).map_err(Problem::from_violations)
    }

    /// The flow that does it.
    pub(crate) async fn flow(self, graph: Graph, id: ObjectId, dry_run: bool) -> Result<Report, Problem> {
        let (graph, user) = (&graph, &UserRef::Id(id));
        let sponsor = |number: u32| match number {
            0 => SponsorRef::Group(ids::group(1)),
            human => SponsorRef::User(UserRef::Id(ids::human(human))),
        };
        match self {
            Self::SetJob(_) | Self::Disable | Self::MoveTo(_) => {
                flow::update(graph, user, &self.patch()?, dry_run).await
            }
            Self::Delete => flow::delete(graph, user, dry_run).await,
            Self::Restore => flow::restore(graph, id, dry_run).await,
            Self::Purge => flow::purge(graph, id, dry_run).await,
            Self::SetManager(human) => {
                let manager =
                    UserRef::parse(&format!("human{human}@contoso.com")).map_err(Problem::from_violations)?;
                flow::set_manager(graph, user, &manager, dry_run).await
            }
            Self::ClearManager => flow::clear_manager(graph, user, dry_run).await,
            Self::AddSponsor(number) => flow::add_sponsor(graph, user, &sponsor(number), dry_run).await,
            Self::RemoveSponsor(number) => flow::remove_sponsor(graph, user, &sponsor(number), dry_run).await,
            Self::AddLicense(sku) => {
                flow::change_licenses(graph, user, &[SkuRef::parse(sku)], &[], dry_run).await
            }
            Self::RemoveLicense(sku) => {
                flow::change_licenses(graph, user, &[], &[SkuRef::parse(sku)], dry_run).await
            }
        }
    }

    /// Whether it is so, as the write master has it.
    pub(crate) fn is_so(self, directory: &Directory, user: &User) -> bool {
        let sponsor = |number: u32| if number == 0 { ids::group(1) } else { ids::human(number) };
        let sku = |name: &str| {
            let found = directory.skus().find(|sku| sku.part_number.eq_ignore_ascii_case(name));
            found.is_some_and(|sku| user.licenses.contains_key(&sku.id))
        };
        let extra = |name: &str| user.extras.get(name).and_then(|value| value.as_str());
        match self {
            Self::SetJob(job) => extra("jobTitle") == job,
            Self::Disable => !user.account_enabled,
            Self::MoveTo(city) => extra("city") == Some(city) && extra("department") == Some("Sales"),
            Self::Delete => !user.life.is_live(),
            Self::Restore => user.life.is_live(),
            Self::Purge => user.life == Life::Gone,
            Self::SetManager(human) => user.manager == Some(ids::human(human)),
            // A manager who was deleted is none.
            Self::ClearManager => !user.manager.is_some_and(|id| is_live(directory, id)),
            Self::AddSponsor(number) => user.sponsors.contains(&sponsor(number)),
            Self::RemoveSponsor(number) => !user.sponsors.contains(&sponsor(number)),
            Self::AddLicense(name) => sku(name),
            Self::RemoveLicense(name) => !sku(name),
        }
    }

    /// What must stand against it. None: it can be done, or is so.
    pub(crate) fn blockers(self, directory: &Directory, user: &User) -> Vec<Code> {
        let there = if self.is_of_bin() { user.life.is_deleted() } else { user.life.is_live() };
        if !there {
            return vec![Code::NotFound];
        }
        if !user.is_agent() {
            return vec![Code::NotAnAgentUser];
        }
        let missing = |number: u32| number > 0 && !is_live(directory, ids::human(number));
        match self {
            Self::Purge if directory.switches().permanent_delete_refused_to_apps => {
                vec![Code::PermissionMissing]
            }
            Self::Restore => restore_blockers(directory, user),
            Self::SetManager(human) if missing(human) => vec![Code::ManagerNotFound],
            Self::AddSponsor(human) if missing(human) => vec![Code::SponsorNotFound],
            Self::RemoveSponsor(human) if missing(human) => vec![Code::SponsorNotFound],
            Self::AddLicense(_) if self.is_so(directory, user) => Vec::new(),
            Self::AddLicense(name) => {
                let sku = directory.skus().find(|sku| sku.part_number.eq_ignore_ascii_case(name));
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

/// Whether somebody is there, as the write master has it.
pub(crate) fn is_live(directory: &Directory, id: ObjectId) -> bool {
    directory.find_user(id).is_some_and(|user| user.life.is_live())
}

/// Who took the place or a name of a deleted user meanwhile.
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
    if others().any(|other| holds_parent(other) || holds_upn(other) || holds_nickname(other)) {
        vec![Code::RestoreConflict]
    } else {
        Vec::new()
    }
}
