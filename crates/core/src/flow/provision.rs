//! Bringing one agent user about: from a verified parent to a mailbox that works.
//!
//! The same code plans and applies. It compares what is there with what is wanted, and a dry run ends there.

use super::board::{Board, Standing};
use super::create::{Origin, create};
use super::find::{find_by_parent, id_of, visible};
use super::guarded;
use super::license::{Sku, Skus, active, assign, has, is_active, require_usage_location};
use super::parent::verify_parent;
use super::patience::{Pace, Patience, seen};
use super::ready::{Readiness, ready};
use super::references::{read_manager, read_sponsors, sponsor_id, write_manager, write_sponsor};
use super::report::{Change, Report};
use super::update;
use crate::ObjectId;
use crate::gather::gather;
use crate::graph::{self, Detail};
use crate::model::Stage;
use crate::model::{AgentUser, AgentUserPatch, DesiredUser, Member, UserRef};
use crate::operation::{Graph, Waiting};
use crate::problem::{Code, Problem};
use std::collections::{BTreeMap, BTreeSet};

/// What the rows of one run share; a single agent user is a run of one row.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) dry_run: bool,
    pub(super) readiness: Readiness,
    /// The SKUs; an error is every licensed row's problem.
    pub(super) skus: Option<Result<Skus, Problem>>,
    /// Managers who are nobody's row, looked up once each, by [`key`].
    pub(super) people: BTreeMap<String, Found>,
    pub(super) sponsors: BTreeMap<String, Found>,
    /// Which row brings a user principal name about, in lower case.
    pub(super) rows: BTreeMap<String, usize>,
    /// User principal names that other shards of the roster bring about, in lower case.
    pub(super) elsewhere: BTreeSet<String>,
    pub(super) board: Board,
}

/// Who was looked up, and whether it is a group.
pub(super) type Found = Result<(ObjectId, bool), Problem>;

/// What is the same for every spelling of a manager or sponsor. Sets and maps of texts are in use elsewhere; each other
/// type's would be more code for a browser to load.
fn key(who: &impl ToString) -> String {
    who.to_string().to_ascii_lowercase()
}

/// Brings one agent user about, exactly once, and reports how far it came.
///
/// Whatever happens, the report says what was done: a run again goes on from there.
pub async fn provision(
    graph: Graph,
    wanted: DesiredUser,
    readiness: Readiness,
    dry_run: bool,
) -> Result<Report, Problem> {
    let graph = guarded(&graph, dry_run);
    let within = graph.within(graph.settings().provision_timeout);
    let nowhere = BTreeSet::new();
    let run = Run::prepare(&within, std::slice::from_ref(&wanted), &nowhere, readiness, dry_run).await;
    Ok(row(&graph, &within, &wanted, &run, 0, None).await)
}

/// As [`provision`]; then reads the agent user. Where that fails, the report says so, and still what was done.
pub async fn create_agent_user(
    graph: Graph,
    wanted: DesiredUser,
    readiness: Readiness,
) -> Result<(Report, Option<AgentUser>), Problem> {
    let mut report = provision(graph.clone(), wanted, readiness, false).await?;
    let Some(id) = report.id.filter(|_| report.problem.is_none()) else { return Ok((report, None)) };
    match visible(&graph, id, "created").await {
        Ok(user) => Ok((report, Some(user))),
        Err(problem) => {
            report.conclude(Err(problem), false);
            Ok((report, None))
        }
    }
}

impl Run {
    /// Reads what the rows share, all of it before anything is written.
    pub(super) async fn prepare(
        graph: &Graph,
        wanted: &[DesiredUser],
        elsewhere: &BTreeSet<String>,
        readiness: Readiness,
        dry_run: bool,
    ) -> Self {
        use futures_util::stream::{FuturesUnordered, StreamExt as _};

        let rows: BTreeMap<String, usize> = gather(wanted.iter().enumerate().map(|(row, wanted)| {
            (wanted.agent_user().user_principal_name().as_str().to_ascii_lowercase(), row)
        }));
        let licensed = wanted.iter().any(|wanted| !wanted.licenses().is_empty());
        let skus = if licensed { Some(Skus::read(graph).await) } else { None };

        let mut once = BTreeSet::new();
        let managers = wanted
            .iter()
            .filter_map(|wanted| wanted.manager())
            .filter(|manager| row_of(&rows, manager).is_none())
            .filter(|manager| !name_of(manager).is_some_and(|name| elsewhere.contains(&name)))
            .filter(|manager| once.insert(key(manager)));
        let look_up = managers.map(|manager| {
            let graph = graph.clone();
            async move {
                let found = super::find::user_id(&graph, manager, Code::ManagerNotFound, "manager").await;
                (key(manager), found.map(|id| (id, false)))
            }
        });
        let people = look_up.collect::<FuturesUnordered<_>>().collect().await;
        let mut seen = BTreeSet::new();
        let sponsors = wanted.iter().flat_map(|wanted| wanted.sponsors());
        let look_up = sponsors.filter(|sponsor| seen.insert(key(sponsor))).map(|sponsor| {
            let graph = graph.clone();
            async move {
                let found = sponsor_id(&graph, sponsor).await;
                (key(sponsor), found)
            }
        });
        let sponsors = look_up.collect::<FuturesUnordered<_>>().collect().await;
        let board = Board::new(wanted.len());
        let elsewhere = elsewhere.clone();
        Self { dry_run, readiness, skus, people, sponsors, rows, elsewhere, board }
    }

    fn boss(&self, manager: &UserRef) -> Boss {
        match row_of(&self.rows, manager) {
            Some(row) => Boss::Row(row),
            None if name_of(manager).is_some_and(|name| self.elsewhere.contains(&name)) => Boss::Elsewhere,
            None => Boss::Somebody,
        }
    }
}

/// Where the manager of a row comes from.
enum Boss {
    /// Another row of this run.
    Row(usize),
    /// A row of another shard, whose agent user may be yet to come.
    Elsewhere,
    /// A user who is there, and was looked up before the rows began.
    Somebody,
}

fn row_of(rows: &BTreeMap<String, usize>, manager: &UserRef) -> Option<usize> {
    rows.get(&name_of(manager)?).copied()
}

/// The user principal name in lower case, where it is named by that.
fn name_of(user: &UserRef) -> Option<String> {
    match user {
        UserRef::Upn(upn) => Some(upn.as_str().to_ascii_lowercase()),
        UserRef::Id(_) => None,
    }
}

/// One row, to its end. `graph` has no deadline but the one for readiness; `within` has the row's.
pub(super) async fn row(
    graph: &Graph,
    within: &Graph,
    wanted: &DesiredUser,
    run: &Run,
    index: usize,
    number: Option<usize>,
) -> Report {
    let name = wanted.agent_user().user_principal_name().to_string();
    let report = Report::new(number, Some(wanted.identity_parent_id()), name);
    let mut work = Work { graph: within, wanted, run, index, report, seats: Vec::new() };
    let mut result = work.bring_about().await;
    if result.is_ok() && !run.dry_run {
        result = work.make_ready(graph).await;
    }
    work.finish(result)
}

/// A row under way.
struct Work<'a> {
    graph: &'a Graph,
    wanted: &'a DesiredUser,
    run: &'a Run,
    index: usize,
    report: Report,
    /// Seats spoken for and not used yet.
    seats: Vec<Sku>,
}

/// What must be done to what is there.
struct Differences {
    existing: Option<AgentUser>,
    members: AgentUserPatch,
    sponsors: Vec<(ObjectId, bool, String)>,
    licenses: Vec<Sku>,
    /// Those that are assigned and not known to be active.
    inactive: Vec<Sku>,
}

impl Work<'_> {
    fn reach(&mut self, stage: Stage) {
        self.graph.stage(stage);
        self.report.reach(stage);
    }

    async fn bring_about(&mut self) -> Result<(), Problem> {
        let parent = self.wanted.identity_parent_id();
        match verify_parent(self.graph, parent).await {
            Ok(_) => self.reach(Stage::ParentVerified),
            // Whoever may create agent users need not be allowed to read their parents: then Graph decides.
            Err(problem) if problem.code() == Code::PermissionMissing => {}
            Err(problem) => return Err(problem),
        }

        let existing = find_by_parent(self.graph, parent, Detail::for_patch(self.wanted.declared())).await?;
        if let Some(child) = &existing {
            super::create::accept(self.wanted, child)?;
        }
        let mut differences = self.compare(existing).await?;
        self.reach(Stage::Compared);

        let standing = match &differences.existing {
            Some(child) => Standing::Exists(self.found(child)?),
            None => Standing::Planned,
        };
        self.run.board.post(self.index, standing);
        if self.run.dry_run {
            return self.plan_manager(differences.existing.as_ref()).await;
        }

        let (user, is_new) = match differences.existing.take() {
            Some(child) => (id_of(&child)?, false),
            None => self.create(&mut differences).await?,
        };
        self.run.board.post(self.index, Standing::Exists(user));
        self.reach(Stage::Exists);
        if is_new {
            visible(self.graph, user, "created").await?;
        }
        self.reach(Stage::Visible);
        self.change(user, differences).await?;
        self.link_manager(user, is_new).await
    }

    /// An agent user that was there: the report names it as it is.
    fn found(&mut self, child: &AgentUser) -> Result<ObjectId, Problem> {
        let id = id_of(child)?;
        self.report.id = Some(id);
        if let Some(name) = child.user_principal_name() {
            name.clone_into(&mut self.report.user_principal_name);
        }
        Ok(id)
    }

    /// Compares what is there with what is wanted, and enters the differences into the report.
    async fn compare(&mut self, existing: Option<AgentUser>) -> Result<Differences, Problem> {
        let mut members = AgentUserPatch::default();
        let mut has_sponsors = Vec::new();
        match &existing {
            None => self.report.plan(Change::Create {
                user_principal_name: self.wanted.agent_user().user_principal_name().to_string(),
                display_name: self.wanted.agent_user().display_name().to_string(),
            }),
            Some(child) => {
                members = update::plan(child, self.wanted.declared(), &mut self.report);
                if !self.wanted.sponsors().is_empty() {
                    has_sponsors = read_sponsors(self.graph, id_of(child)?).await?;
                }
            }
        }
        let mut sponsors: Vec<(ObjectId, bool, String)> = Vec::new();
        for sponsor in self.wanted.sponsors() {
            let (id, is_group) = known(self.run.sponsors.get(&key(sponsor)))?;
            let is_there = has_sponsors.iter().any(|has| has.id() == Some(id));
            if !is_there && !sponsors.iter().any(|(other, ..)| *other == id) {
                self.report.plan(Change::AddSponsor { sponsor: sponsor.to_string() });
                sponsors.push((id, is_group, sponsor.to_string()));
            }
        }
        let (licenses, inactive) = self.missing_licenses(existing.as_ref())?;
        // A manager that does not exist is known before anything is created.
        if let Some(manager) = self.wanted.manager()
            && matches!(self.run.boss(manager), Boss::Somebody)
        {
            known(self.run.people.get(&key(manager)))?;
        }
        Ok(Differences { existing, members, sponsors, licenses, inactive })
    }

    /// The licenses it lacks, and those it has that are not known to be active. Everything that could stand against them is checked here, before anything is created.
    fn missing_licenses(&mut self, existing: Option<&AgentUser>) -> Result<(Vec<Sku>, Vec<Sku>), Problem> {
        let Some(skus) = &self.run.skus else { return Ok((Vec::new(), Vec::new())) };
        let (mut missing, mut inactive) = (Vec::new(), Vec::new());
        for wanted in self.wanted.licenses() {
            let sku = skus.as_ref().map_err(Clone::clone)?.find(wanted)?;
            match existing.filter(|user| has(user, sku.id)) {
                None if !missing.contains(&sku) => missing.push(sku),
                Some(user) if !is_active(user, sku.id) => inactive.push(sku),
                _ => {}
            }
        }
        if missing.is_empty() {
            return Ok((missing, inactive));
        }
        let located = self.wanted.declared().get(Member::UsageLocation).is_some()
            || existing.is_some_and(|user| user.usage_location().is_some());
        require_usage_location(located)?;
        for sku in &missing {
            skus.as_ref().map_err(Clone::clone)?.take(sku)?;
            self.seats.push(sku.clone());
            self.report.plan(Change::AddLicense { sku: sku.name.clone() });
        }
        Ok((missing, inactive))
    }

    async fn create(&mut self, differences: &mut Differences) -> Result<(ObjectId, bool), Problem> {
        let account = create(self.graph, self.wanted).await?;
        self.found(&account.user)?;
        if account.origin == Origin::Adopted {
            // It was there, but not visible before: it is what must be compared with.
            let Self { report, seats, run, .. } = self;
            report.changes.clear();
            if let Some(Ok(skus)) = &run.skus {
                seats.drain(..).for_each(|sku| skus.give_back(&sku));
            }
            *differences = self.compare(Some(account.user)).await?;
        } else {
            self.report.created();
            if account.origin == Origin::Found {
                // A run before this one may have created it, with other values.
                differences.members = update::plan(&account.user, self.wanted.declared(), &mut self.report);
            }
        }
        Ok((account.id, account.origin != Origin::Adopted))
    }

    /// Members, sponsors and licenses, each only where it differs.
    async fn change(&mut self, user: ObjectId, differences: Differences) -> Result<(), Problem> {
        if !differences.members.is_empty() {
            update::write(self.graph, user, &differences.members).await?;
            self.report.applied(|change| matches!(change, Change::Set { .. }));
        }
        self.reach(Stage::MembersSet);
        for (sponsor, is_group, name) in differences.sponsors {
            write_sponsor(self.graph, user, sponsor, is_group).await?;
            self.report
                .applied(|change| matches!(change, Change::AddSponsor { sponsor } if *sponsor == name));
        }
        self.reach(Stage::SponsorsSet);
        if !differences.licenses.is_empty() {
            assign(self.graph, user, &differences.licenses, &[]).await?;
            self.seats.clear();
            self.report.applied(|change| matches!(change, Change::AddLicense { .. }));
        }
        let pending: Vec<Sku> = differences.licenses.into_iter().chain(differences.inactive).collect();
        if !pending.is_empty() {
            active(self.graph, user, &pending).await?;
        }
        self.reach(Stage::Licensed);
        Ok(())
    }

    /// A manager who is a row of this run is linked once that row's agent user exists.
    async fn link_manager(&mut self, user: ObjectId, is_new: bool) -> Result<(), Problem> {
        let Some(manager) = self.wanted.manager() else { return Ok(()) };
        let id = match self.run.boss(manager) {
            Boss::Somebody => known(self.run.people.get(&key(manager)))?.0,
            Boss::Elsewhere => self.awaited(manager).await?,
            Boss::Row(row) => match self.run.board.settled(row, false).await {
                Standing::Exists(id) => id,
                Standing::Planned | Standing::Failed => return Err(manager_failed(manager)),
            },
        };
        let has = if is_new { None } else { read_manager(self.graph, user).await?.and_then(|has| has.id()) };
        if has != Some(id) {
            self.report.plan(Change::SetManager { manager: manager.to_string() });
            write_manager(self.graph, user, id).await?;
            self.report.applied(|change| matches!(change, Change::SetManager { .. }));
        }
        self.reach(Stage::ManagerSet);
        Ok(())
    }

    /// The same comparison, for a dry run: a manager who is yet to be created will have to be set.
    async fn plan_manager(&mut self, existing: Option<&AgentUser>) -> Result<(), Problem> {
        let Some(manager) = self.wanted.manager() else { return Ok(()) };
        let id = match self.run.boss(manager) {
            Boss::Somebody => Some(known(self.run.people.get(&key(manager)))?.0),
            Boss::Elsewhere => self.look_for(manager).await?,
            Boss::Row(row) => match self.run.board.settled(row, true).await {
                Standing::Exists(id) => Some(id),
                Standing::Planned => None,
                Standing::Failed => return Err(manager_failed(manager)),
            },
        };
        let has = match existing {
            Some(child) => read_manager(self.graph, id_of(child)?).await?.and_then(|has| has.id()),
            None => None,
        };
        if id.is_none() || has != id {
            self.report.plan(Change::SetManager { manager: manager.to_string() });
        }
        Ok(())
    }

    async fn look_for(&self, manager: &UserRef) -> Result<Option<ObjectId>, Problem> {
        let look = graph::get_user(self.graph.root(), manager, Detail::Usual);
        seen(self.graph.look(look).await)?.as_ref().map(id_of).transpose()
    }

    /// A manager whom another shard brings about, as soon as that is done.
    async fn awaited(&self, manager: &UserRef) -> Result<ObjectId, Problem> {
        let within = self.graph.settings().provision_timeout;
        let mut patience = Patience::new(self.graph, within, Pace::REPLICATION);
        loop {
            if let Some(id) = self.look_for(manager).await? {
                return Ok(id);
            }
            if !patience.again(Waiting::Replication).await? {
                let message = format!(
                    "Another shard of the roster has not brought the manager {manager} about in time."
                );
                return Err(Problem::new(Code::ManagerNotFound, message)
                    .with_field("manager")
                    .with_fix("Run the other shards of the roster, and then this one again."));
            }
        }
    }

    async fn make_ready(&mut self, graph: &Graph) -> Result<(), Problem> {
        if let Some(user) = self.report.id
            && self.run.readiness != Readiness::NONE
        {
            let report = &mut self.report;
            let mut reach = |stage| {
                graph.stage(stage);
                report.reach(stage);
            };
            ready(graph, user, self.run.readiness, &mut reach).await?;
        }
        self.reach(Stage::Done);
        Ok(())
    }

    fn finish(mut self, result: Result<(), Problem>) -> Report {
        if result.is_err() {
            // A plan that fails over its own manager still brings the agent user about, as applying it does.
            if !(self.run.dry_run && self.report.stage >= Stage::Compared) {
                self.run.board.post(self.index, Standing::Failed);
            }
            if let Some(Ok(skus)) = &self.run.skus {
                self.seats.drain(..).for_each(|sku| skus.give_back(&sku));
            }
        }
        self.report.conclude(result, self.run.dry_run);
        self.report
    }
}

fn manager_failed(manager: &UserRef) -> Problem {
    Problem::new(
        Code::ManagerRowFailed,
        format!("The row of the manager {manager} failed, so it could not be set."),
    )
    .with_field("manager")
}

/// What was looked up before the rows began.
fn known(found: Option<&Found>) -> Found {
    match found {
        Some(found) => found.clone(),
        None => Err(Problem::new(Code::Internal, "A reference was not looked up before the rows began.")),
    }
}
