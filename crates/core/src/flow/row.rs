//! One row of a run: one agent user, from a verified parent to a mailbox that works.
//!
//! The same code plans and applies. It compares the agent user with the wanted one, and a dry run ends there.

use super::create::{Origin, accept, create};
use super::find::{find_by_parent, id_of, visible};
use super::held::has;
use super::license::{
    Assignment, Awaited, Difference, active, assign, compare, error_remark, grace_remark, inherited_plans,
    inherited_remark, is_inactive, plans_are_so, require_usage_location,
};
use super::license_groups::{LicensedGroup, ids_in_words};
use super::parent::{await_parent, verify_parent};
use super::poller::{Backoff, Poller, seen_or_none};
use super::ready::{Readiness, ready, require_license};
use super::references::{read_manager, read_sponsors, require_other, write_manager, write_sponsor};
use super::remarks::remark;
use super::report::{Change, Planned, Report};
use super::row_statuses::RowStatus;
use super::run::{FoundWanted, Licenses as FoundLicenses, ManagerSource, Run, group_of};
use super::skus::{FoundLicense, Sku};
use super::update;
use crate::ObjectId;
use crate::graph::{self, Call, Detail};
use crate::model::{AgentUser, AgentUserPatch, DesiredUser, Member, Stage, UserRef};
use crate::operation::{Graph, Waiting};
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

/// The differences between the agent user and the wanted one.
struct Differences {
    members: (AgentUserPatch, Vec<Planned>),
    sponsors: Vec<(ObjectId, bool, Planned)>,
    licenses: Licenses,
}

/// The licenses that need something.
#[derive(Default)]
struct Licenses {
    /// Those to assign, or to change the plans of.
    assignments: Vec<Assignment>,
    planned: Vec<Planned>,
    /// Those that are assigned, or come from a group, and are not known to be active.
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
        let parent_seen = match verify_parent(self.graph, parent).await {
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
        let licenses = self.plan_licenses(existing).await?;
        // A manager that does not exist is known before anything is created.
        self.manager = wanted.manager().map(|manager| self.row.run.manager(manager)).transpose()?;
        if let (Some(child), Some(ManagerSource::Directory(manager))) = (existing, self.manager) {
            require_other(id_of(child)?, manager)?;
        }
        Ok(Differences { members, sponsors, licenses })
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

    /// Everything that could stand against the licenses that it lacks is checked here, before anything is created.
    async fn plan_licenses(&mut self, existing: Option<&AgentUser>) -> Result<Licenses, Problem> {
        let (wanted, run) = (self.row.wanted, self.row.run);
        let mut licenses = Licenses::default();
        let Some(found) = &run.licenses else { return Ok(licenses) };
        let found = found.as_ref().map_err(Clone::clone)?;
        let all: Vec<FoundWanted> =
            wanted.licenses().iter().map(|license| found.find(license)).collect::<Result<_, _>>()?;
        for license in &all {
            match license {
                FoundWanted::Direct(license) => {
                    let has_it = existing.is_some_and(|user| has(user, license.sku.id));
                    match group_of(&all, &license.sku).filter(|_| !has_it) {
                        Some(group) => self.plan_expected(license, group)?,
                        None => self.plan_license(&mut licenses, found, existing, license)?,
                    }
                }
                FoundWanted::Group(group) => {
                    self.plan_group(&mut licenses, found, existing, group.clone()).await?;
                }
            }
        }
        let mut missing = licenses.assignments.iter().filter(|one| one.is_new).map(|one| &one.sku).peekable();
        if missing.peek().is_some() {
            let located = wanted.declared().get(Member::UsageLocation).is_some()
                || existing.is_some_and(|user| user.usage_location().is_some());
            require_usage_location(located)?;
        }
        for sku in missing {
            if found.skus.take(sku)? {
                self.report.remark(grace_remark(sku));
            }
            self.seats.push(sku.clone());
        }
        Ok(licenses)
    }

    /// A license that is named beside a group that assigns it: the group does.
    fn plan_expected(&mut self, wanted: &FoundLicense, group: &LicensedGroup) -> Result<(), Problem> {
        let from = format!("the group {}", group.name);
        if wanted.names_plans() {
            return Err(inherited_plans(&wanted.sku, &from));
        }
        self.report.remark(inherited_remark(&wanted.sku, &from));
        Ok(())
    }

    /// Compares one license that is to be assigned directly.
    fn plan_license(
        &mut self,
        licenses: &mut Licenses,
        found: &FoundLicenses,
        existing: Option<&AgentUser>,
        wanted: &FoundLicense,
    ) -> Result<(), Problem> {
        let sku = &wanted.sku;
        match compare(&found.skus, existing, wanted) {
            Difference::Assign(one, change)
                if !licenses.assignments.iter().any(|other| other.sku == *sku) =>
            {
                licenses.planned.push(self.report.plan(change));
                licenses.assignments.push(one);
            }
            Difference::Inherited(groups) => {
                let from = ids_in_words(groups.iter().map(String::as_str));
                if existing.is_some_and(|user| !plans_are_so(user, wanted)) {
                    return Err(inherited_plans(sku, &from));
                }
                self.report.remark(inherited_remark(sku, &from));
            }
            Difference::Assign(..) | Difference::None => {}
        }
        if let Some(user) = existing.filter(|user| has(user, sku.id)) {
            if is_inactive(user, sku.id) {
                licenses.inactive.push(Awaited::anyhow(sku.clone()));
            }
            error_remark(user, sku).into_iter().for_each(|remark| self.report.remark(remark));
        }
        Ok(())
    }

    /// Compares what a group assigns: it is counted and waited for, never assigned directly as well.
    async fn plan_group(
        &mut self,
        licenses: &mut Licenses,
        found: &FoundLicenses,
        existing: Option<&AgentUser>,
        group: LicensedGroup,
    ) -> Result<(), Problem> {
        let awaited = |sku: &Sku| Awaited { sku: sku.clone(), group: Some(group.id) };
        let is_assigned = |sku: &Sku| existing.is_some_and(|user| awaited(sku).is_there(user));
        if let Some(user) = existing
            && !group.skus.iter().all(is_assigned)
        {
            Box::pin(group.require_member(self.graph, id_of(user)?)).await?;
        }
        for sku in &group.skus {
            // Two groups of one row take one seat.
            if !existing.is_some_and(|user| has(user, sku.id))
                && self.seats.iter().all(|seat| seat.id != sku.id)
            {
                found.skus.count(sku);
                self.seats.push(sku.clone());
            }
            if !existing.is_some_and(|user| awaited(sku).is_active(user)) {
                licenses.inactive.push(awaited(sku));
            }
            let error = existing.and_then(|user| error_remark(user, sku));
            error.into_iter().for_each(|remark| self.report.remark(remark));
        }
        if existing.is_none() {
            let message = format!(
                "The agent user must become a member of the group {}: groups are only read here.",
                group.name
            );
            // An agent user that is created is looked at then.
            if self.row.run.dry_run {
                self.report.remark(remark(RemarkCode::MembershipNeeded, &message));
            }
            licenses.groups.push(group);
        }
        Ok(())
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
        }
        Ok((account.id, true, differences))
    }

    /// Members, sponsors and licenses, each only where it differs.
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
            active(self.graph, user, &pending).await?;
        }
        self.reach(Stage::Licensed);
        Ok(())
    }

    /// Sets the manager. One that is a row of this run is waited for until that row's agent user exists.
    async fn link_manager(&mut self, user: ObjectId, is_new: bool) -> Result<(), Problem> {
        let (Some(manager), Some(source)) = (self.row.wanted.manager(), self.manager) else { return Ok(()) };
        let id = match source {
            ManagerSource::Directory(id) => id,
            ManagerSource::OtherShard => self.await_other_shard(manager).await?,
            ManagerSource::Row(row) => match self.row.run.statuses.settled(row, false).await {
                RowStatus::Exists(id) => id,
                RowStatus::Planned | RowStatus::Failed => return Err(manager_failed(manager)),
            },
        };
        let has = if is_new { None } else { read_manager(self.graph, user).await?.and_then(|has| has.id()) };
        if has != Some(id) {
            let planned = self.report.plan(Change::SetManager { manager: manager.to_string() });
            let write = || write_manager(self.graph, user, id);
            let written = self.row.run.permitted(Call::SetManager, write).await;
            self.report.written(self.graph, [planned], written)?;
        }
        self.reach(Stage::ManagerSet);
        Ok(())
    }

    /// The same comparison for a dry run: a manager that is yet to be created will have to be set.
    async fn plan_manager(&mut self, existing: Option<&AgentUser>) -> Result<(), Problem> {
        let (Some(manager), Some(source)) = (self.row.wanted.manager(), self.manager) else { return Ok(()) };
        let id = match source {
            ManagerSource::Directory(id) => Some(id),
            ManagerSource::OtherShard => self.look_for(manager).await?,
            ManagerSource::Row(row) => match self.row.run.statuses.settled(row, true).await {
                RowStatus::Exists(id) => Some(id),
                RowStatus::Planned => None,
                RowStatus::Failed => return Err(manager_failed(manager)),
            },
        };
        let has = match existing {
            Some(child) => read_manager(self.graph, id_of(child)?).await?.and_then(|has| has.id()),
            None => None,
        };
        if id.is_none() || has != id {
            let _ = self.report.plan(Change::SetManager { manager: manager.to_string() });
        }
        Ok(())
    }

    async fn look_for(&self, manager: &UserRef) -> Result<Option<ObjectId>, Problem> {
        let look = graph::get_user(self.graph.endpoint(), manager, &Detail::USUAL);
        seen_or_none(self.graph, self.graph.look(look).await)?.as_ref().map(id_of).transpose()
    }

    /// A manager that is a row of another shard, as soon as it exists.
    async fn await_other_shard(&self, manager: &UserRef) -> Result<ObjectId, Problem> {
        let within = self.graph.settings().provision_timeout;
        let mut poller = Poller::new(self.graph, within, Backoff::REPLICATION);
        loop {
            if let Some(id) = self.look_for(manager).await? {
                return Ok(id);
            }
            if !poller.again(Waiting::Replication).await? {
                let message =
                    format!("Another shard of the roster has not provisioned the manager {manager} in time.");
                return Err(Problem::new(Code::ManagerNotFound, message)
                    .with_field("manager")
                    .with_fix("Run the other shards of the roster, and then this one again."));
            }
        }
    }

    async fn make_ready(&mut self, graph: &Graph) -> Result<(), Problem> {
        let readiness = self.row.run.readiness;
        if let Some(user) = self.report.id
            && readiness != Readiness::NONE
        {
            // What no license brings never comes. Licenses of this row are not everywhere yet.
            if self.row.wanted.licenses().is_empty() {
                let look = graph::get_user(graph.endpoint(), &UserRef::Id(user), &Detail::USUAL);
                if let Some(user) = seen_or_none(graph, graph.look(look).await)? {
                    require_license(&user, readiness)?;
                }
            }
            let report = &mut self.report;
            let mut reach = |stage| {
                graph.stage(report.stage, stage);
                report.reach(stage);
            };
            ready(graph, user, readiness, &mut reach).await?;
        }
        self.reach(Stage::Done);
        Ok(())
    }

    fn give_seats_back(&mut self, anew: bool) {
        if let Some(Ok(licenses)) = &self.row.run.licenses {
            self.seats.drain(..).for_each(|sku| licenses.skus.give_back(&sku, anew));
        }
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

fn manager_failed(manager: &UserRef) -> Problem {
    Problem::new(
        Code::ManagerRowFailed,
        format!("The row of the manager {manager} failed, so it could not be set."),
    )
    .with_field("manager")
}
