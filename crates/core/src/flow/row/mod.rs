//! One row of a run: one agent user, from a verified parent to a mailbox that works.
//!
//! The same code plans and applies. It compares the agent user with the wanted one, and a dry run ends there.

mod groups;
mod licenses;
mod manager;

use super::create::{Origin, accept, create};
use super::find::{find_by_parent, id_of, visible};
use super::license::{Assignment, Awaited, active, assign};
use super::license_groups::LicensedGroup;
use super::parent::{await_parent, usable_parent};
use super::poller::seen_or_none;
use super::ready::{Readiness, ready, require_license};
use super::references::{read_sponsors, require_other, write_sponsor};
use super::remarks::remark;
use super::report::{Change, Planned, Report};
use super::row_statuses::RowStatus;
use super::run::{ManagerSource, Run};
use super::skus::Sku;
use super::update;
use crate::ObjectId;
use crate::graph::{self, Call, Detail};
use crate::model::{AgentUser, AgentUserPatch, DesiredUser, Group, Stage, UserRef};
use crate::operation::Graph;
use crate::problem::{Code, Problem};
use crate::remark::RemarkCode;

/// A row to apply.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) run: &'a Run,
    /// Its place in the run.
    pub(super) index: usize,
    /// Its number in the roster.
    pub(super) number: Option<usize>,
    pub(super) wanted: &'a DesiredUser,
}

impl Row<'_> {
    /// Provisions the agent user `within` its deadline, waits for its readiness by `graph`, which has a later one, and
    /// reports how far it came.
    pub(super) async fn apply(self, within: &Graph, graph: &Graph) -> Report {
        let name = self.wanted.agent_user().user_principal_name().to_string();
        let report = Report::new(within, self.number, Some(self.wanted.identity_parent_id()), name);
        let mut work = Work { graph: within, row: self, report, seats: Vec::new(), manager: None };
        let mut result = work.provision().await;
        if result.is_ok() && !self.run.dry_run {
            result = work.make_ready(graph).await;
        }
        work.finish(result)
    }
}

/// A row under way.
struct Work<'a> {
    graph: &'a Graph,
    row: Row<'a>,
    report: Report,
    /// Seats that were taken and not used yet.
    seats: Vec<Sku>,
    /// Where its manager comes from, from the comparison on.
    manager: Option<ManagerSource>,
}

/// A group that the agent user is to become a member of.
struct Joined {
    id: ObjectId,
    group: Group,
    planned: Planned,
}

/// The differences between the agent user and the wanted one.
struct Differences {
    members: (AgentUserPatch, Vec<Planned>),
    sponsors: Vec<(ObjectId, bool, Planned)>,
    groups: Vec<Joined>,
    licenses: Licenses,
}

/// The licenses that need something.
#[derive(Default)]
struct Licenses {
    /// The licenses to assign, or whose service plans change.
    assignments: Vec<Assignment>,
    planned: Vec<Planned>,
    /// The licenses that are assigned, or come from a group, and are not known to be active.
    inactive: Vec<Awaited>,
    /// The groups that a new agent user must be a member of.
    groups: Vec<LicensedGroup>,
}

/// The agent user, or the plan to create it.
enum Existing {
    User(Box<AgentUser>),
    None(Planned),
}

impl Existing {
    fn user(&self) -> Option<&AgentUser> {
        match self {
            Self::User(user) => Some(user),
            Self::None(_) => None,
        }
    }
}

impl Work<'_> {
    fn reach(&mut self, stage: Stage) {
        self.graph.stage(self.report.stage, stage);
        self.report.reach(stage);
    }

    fn require_approved(&self) -> Result<(), Problem> {
        self.row.run.require_approved(self.row.number, &self.report)
    }

    async fn provision(&mut self) -> Result<(), Problem> {
        let wanted = self.row.wanted;
        let (parent_seen, child) = self.find().await?;
        let existing = match child {
            Some(child) => Existing::User(Box::new(child)),
            None => Existing::None(self.report.plan(Change::Create {
                user_principal_name: wanted.agent_user().user_principal_name().to_string(),
                display_name: wanted.agent_user().display_name().to_string(),
            })),
        };
        let differences = self.compare(existing.user()).await?;
        self.reach(Stage::Compared);

        let status = match existing.user() {
            Some(child) => RowStatus::Exists(self.found(child)?),
            None => RowStatus::Planned,
        };
        self.row.run.statuses.set(self.row.index, status);
        self.require_approved()?;
        if self.row.run.dry_run {
            return self.plan_manager(existing.user()).await;
        }

        let (user, is_new, differences) = match existing {
            Existing::User(child) => (id_of(&child)?, false, differences),
            Existing::None(planned) => self.create(planned, differences, parent_seen).await?,
        };
        self.row.run.statuses.set(self.row.index, RowStatus::Exists(user));
        self.reach(Stage::Exists);
        if is_new {
            visible(self.graph, user, "created").await?;
        }
        self.reach(Stage::Visible);
        self.change(user, differences).await?;
        self.link_manager(user, is_new).await
    }

    /// Finds the parent, and its agent user, if it has one. Everything that is wrong with the row's references is one
    /// problem, so that nobody mends one after the other. A parent that is missing is waited for where nothing else is
    /// wrong for good.
    async fn find(&mut self) -> Result<(bool, Option<AgentUser>), Problem> {
        let (wanted, parent) = (self.row.wanted, self.row.wanted.identity_parent_id());
        let references = self.row.run.wrong_references(wanted);
        let parent_seen = match usable_parent(self.graph, parent).await {
            Ok(_) => true,
            // A caller that may create agent users need not be allowed to read their parents: then Graph decides.
            Err(problem) if is_denied(&problem) => false,
            Err(problem)
                if problem.code() == Code::ParentNotFound
                    && references.iter().all(Problem::is_transient)
                    && !self.row.run.dry_run =>
            {
                let waited = await_parent(self.graph, parent).await;
                waited.map_err(|problem| together(problem, references.clone()))?;
                true
            }
            Err(problem) => return Err(together(problem, references)),
        };
        if parent_seen {
            self.reach(Stage::ParentVerified);
        }
        let child = find_by_parent(self.graph, parent, &Detail::for_patch(wanted.declared())).await?;
        self.row.run.note_read();
        match child.as_ref().map(|child| accept(wanted, child)) {
            Some(Err(problem)) => Err(together(problem, references)),
            _ => match Problem::all(references) {
                Some(problem) => Err(problem),
                None => Ok((parent_seen, child)),
            },
        }
    }

    /// An agent user that exists: the report names it as it is.
    fn found(&mut self, child: &AgentUser) -> Result<ObjectId, Problem> {
        let id = id_of(child)?;
        self.report.id = Some(id);
        if let Some(name) = child.user_principal_name() {
            name.clone_into(&mut self.report.user_principal_name);
        }
        Ok(id)
    }

    /// Compares the agent user, if it exists, with the wanted one, and enters the differences into the report.
    async fn compare(&mut self, existing: Option<&AgentUser>) -> Result<Differences, Problem> {
        let wanted = self.row.wanted;
        let mut has_sponsors = Vec::new();
        let members = match existing {
            Some(child) => self.plan_members(child),
            None => self.plan_later_members(),
        };
        if let Some(child) = existing
            && !wanted.sponsors().is_empty()
        {
            has_sponsors = read_sponsors(self.graph, id_of(child)?).await?;
        }
        let mut sponsors: Vec<(ObjectId, bool, Planned)> = Vec::new();
        for sponsor in wanted.sponsors() {
            let (id, is_group) = self.row.run.sponsor(sponsor)?;
            let is_there = has_sponsors.iter().any(|has| has.id() == Some(id));
            if !is_there && !sponsors.iter().any(|(other, ..)| *other == id) {
                let planned = self.report.plan(Change::AddSponsor { sponsor: sponsor.to_string() });
                sponsors.push((id, is_group, planned));
            }
        }
        let groups = self.plan_groups(existing).await?;
        let licenses = self.plan_licenses(existing).await?;
        // A manager that does not exist is known before anything is created.
        self.manager = wanted.manager().map(|manager| self.row.run.manager(manager)).transpose()?;
        if let (Some(child), Some(ManagerSource::Directory(manager))) = (existing, self.manager) {
            require_other(id_of(child)?, manager)?;
        }
        Ok(Differences { members, sponsors, groups, licenses })
    }

    /// The members that the request which creates it can't hold.
    fn plan_later_members(&mut self) -> (AgentUserPatch, Vec<Planned>) {
        let (patch, changes) =
            update::differences(&AgentUser::default(), &self.row.wanted.declared().after_create());
        (patch, self.report.plan_all(changes))
    }

    fn plan_members(&mut self, user: &AgentUser) -> (AgentUserPatch, Vec<Planned>) {
        let (patch, changes) = update::differences(user, self.row.wanted.declared());
        (patch, self.report.plan_all(changes))
    }

    /// Creates it, or adopts the one that was there and not visible before.
    async fn create(
        &mut self,
        planned: Planned,
        mut differences: Differences,
        parent_seen: bool,
    ) -> Result<(ObjectId, bool, Differences), Problem> {
        let (graph, wanted) = (self.graph, self.row.wanted);
        let write = || create(graph, wanted, parent_seen);
        let account = match self.row.run.permitted(Call::CreateAgentUser, write).await {
            Ok(account) => account,
            Err(problem) => {
                return self.report.written(self.graph, [planned], Err(problem));
            }
        };
        self.found(&account.user)?;
        if account.origin == Origin::Adopted {
            self.report.plan_anew();
            self.give_seats_back(true);
            let differences = self.compare(Some(&account.user)).await?;
            self.require_approved()?;
            return Ok((account.id, false, differences));
        }
        self.report.created(self.graph, planned);
        if account.origin == Origin::Found {
            self.report.remark(remark(RemarkCode::CreateUnanswered, CREATE_UNANSWERED));
            // An earlier run may have created it, with other values.
            let wanted = self.row.wanted.declared().clone().at_create();
            let (patch, changes) = update::differences(&account.user, &wanted);
            let (later, planned) = differences.members;
            let planned = planned.into_iter().chain(self.report.plan_all(changes)).collect();
            differences.members = (later.and(patch), planned);
            self.require_approved()?;
        }
        Ok((account.id, true, differences))
    }

    /// Members, sponsors, groups and licenses, each only where it differs.
    async fn change(&mut self, user: ObjectId, differences: Differences) -> Result<(), Problem> {
        let (members, planned) = differences.members;
        if !members.is_empty() {
            let write = || update::write(self.graph, user, &members);
            let written = self.row.run.permitted(Call::UpdateAgentUser, write).await;
            self.report.written(self.graph, planned, written)?;
        }
        self.reach(Stage::MembersSet);
        for (sponsor, is_group, planned) in differences.sponsors {
            let write = || write_sponsor(self.graph, user, sponsor, is_group);
            let written = self.row.run.permitted(Call::AddSponsor, write).await;
            self.report.written(self.graph, [planned], written)?;
        }
        self.reach(Stage::SponsorsSet);
        self.join_groups(user, differences.groups).await?;
        let Licenses { assignments, planned, inactive, groups } = differences.licenses;
        if !assignments.is_empty() {
            let write = || assign(self.graph, user, &assignments, &[]);
            let assigned = self.row.run.permitted(Call::AssignLicense, write).await;
            let assigned = assigned.map_err(|problem| match &self.row.run.licenses {
                Some(Ok(licenses)) => licenses.skus.named(problem),
                _ => problem,
            });
            self.report.written(self.graph, planned, assigned)?;
            self.seats.retain(|sku| !assignments.iter().any(|one| one.sku == *sku));
        }
        for group in groups {
            group.require_member(self.graph, user).await?;
        }
        let pending: Vec<Awaited> =
            assignments.into_iter().map(|one| Awaited::anyhow(one.sku)).chain(inactive).collect();
        if !pending.is_empty() {
            active(self.graph, user, &self.report.user_principal_name, &pending).await?;
        }
        self.reach(Stage::Licensed);
        Ok(())
    }

    async fn make_ready(&mut self, graph: &Graph) -> Result<(), Problem> {
        let readiness = self.row.run.readiness;
        if let Some(user) = self.report.id
            && readiness != Readiness::NONE
        {
            // A service that no license brings never comes. Licenses that the row itself assigns may not be
            // visible yet, so they are not checked.
            if self.row.wanted.licenses().is_empty() {
                let look = graph::get_user(graph.endpoint(), &UserRef::Id(user), &Detail::USUAL);
                if let Some(user) = seen_or_none(graph, graph.look(look).await)? {
                    require_license(&user, readiness)?;
                }
            }
            let name = self.report.user_principal_name.clone();
            let report = &mut self.report;
            let mut reach = |stage| {
                graph.stage(report.stage, stage);
                report.reach(stage);
            };
            ready(graph, user, &name, readiness, &mut reach).await?;
        }
        self.reach(Stage::Done);
        Ok(())
    }

    fn finish(mut self, result: Result<(), Problem>) -> Report {
        let run = self.row.run;
        if result.is_err() {
            // A plan that fails at its own manager still plans the agent user, because applying it creates it.
            if !(run.dry_run && self.report.stage >= Stage::Compared) {
                run.statuses.set(self.row.index, RowStatus::Failed);
            }
            self.give_seats_back(false);
        }
        self.report.conclude(result, run.dry_run);
        self.report
    }
}

/// The remark on an agent user that was found after a create without an answer.
const CREATE_UNANSWERED: &str = "The create was not answered, and the agent user was found afterwards: this run \
created it, or another one at the same time.";

/// Whether the caller may not read it.
fn is_denied(problem: &Problem) -> bool {
    matches!(problem.code(), Code::PermissionMissing | Code::PermissionIgnored)
}

/// A problem, and those that were found at the same time.
fn together(first: Problem, others: Vec<Problem>) -> Problem {
    Problem::all(std::iter::once(first.clone()).chain(others).collect()).unwrap_or(first)
}
