//! Holds what a client ended with against what it did and what the model says.

use crate::client::{Client, Ended, Write};
use crate::deed::{Deed, is_live};
use crate::model::{Blockers, blockers, differences};
use crate::scenario::{ClientPlan, Work};
use crate::violation::{Invariant, Violation, require};
use crate::world::World;
use agentuser_core::ObjectId;
use agentuser_core::flow::{Change, Outcome, Report};
use agentuser_core::http::Method;
use agentuser_core::model::DesiredUser;
use agentuser_core::problem::{Code, Problem};
use agentuser_simulator::User;

/// What is known of a client's work before it begins.
pub(crate) struct Expected {
    rows: Vec<Blockers>,
    /// Whether the deed was done already.
    was_so: bool,
}

/// How much can be asked of an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rigour {
    /// Others changed things meanwhile: what is safe, and what is true.
    Safe,
    /// Nobody did: also that everything is as the model says.
    Exact,
    /// And the network was good.
    Quiet,
}

/// What the model says of a client's work, as things stand.
pub(crate) fn expect(world: &World<'_>, client: &Client) -> Expected {
    let directory = world.directory();
    match &client.work {
        Work::Deed { target, deed } => {
            let user = directory.find_user(world.scenario.target(*target));
            let must = user.map_or_else(|| vec![Code::NotFound], |user| deed.blockers(directory, user));
            let was_so = user.is_some_and(|user| deed.is_so(directory, user));
            Expected { rows: vec![Blockers { must, may: Vec::new() }], was_so }
        }
        _ => {
            let wanted: Vec<&DesiredUser> = client.roster.rows().iter().map(|row| row.wanted()).collect();
            Expected { rows: blockers(&wanted, directory), was_so: false }
        }
    }
}

/// Checks how a client ended. One that died says nothing.
pub(crate) fn judge(
    world: &World<'_>,
    client: &Client,
    expected: &Expected,
    rigour: Rigour,
) -> Result<(), Violation> {
    let judge = Judge { world, client, expected, rigour };
    match &client.result {
        None => Ok(()),
        Some(Err(problem)) => judge.failed(problem),
        Some(Ok(Ended::One(report))) => match &client.work {
            Work::Deed { .. } => judge.deed(report),
            _ => judge.row(0, report),
        },
        Some(Ok(Ended::Roster(summary))) => {
            let rows = client.roster.rows();
            let sum = summary.created
                + summary.changed
                + summary.unchanged
                + summary.planned
                + summary.failed
                + summary.cancelled;
            let counted = summary.rows == rows.len() && sum == rows.len() && client.items.len() == rows.len();
            require(counted, Invariant::EveryRowReported, || {
                format!("{summary:?} and {} reports for {} rows", client.items.len(), rows.len())
            })?;
            for (place, row) in rows.iter().enumerate() {
                let mut own = client.items.iter().filter(|report| report.row == Some(row.number()));
                let (Some(report), None) = (own.next(), own.next()) else {
                    return Err(Violation {
                        invariant: Invariant::EveryRowReported,
                        what: format!("row {} is not reported once", row.number()),
                    });
                };
                judge.row(place, report)?;
            }
            Ok(())
        }
    }
}

struct Judge<'a> {
    world: &'a World<'a>,
    client: &'a Client,
    expected: &'a Expected,
    rigour: Rigour,
}

impl Judge<'_> {
    /// A row, or the one agent user that is provisioned.
    fn row(&self, place: usize, report: &Report) -> Result<(), Violation> {
        let Some(wanted) = self.client.roster.rows().get(place).map(|row| row.wanted()) else {
            return Ok(());
        };
        let parent = wanted.identity_parent_id();
        let say = || format!("client {}: {report:?}", self.client.name);
        let user = report.id.and_then(|id| self.world.directory().find_user(id));
        require(
            report.id.is_none() || user.is_some_and(|user| user.parent == Some(parent)),
            Invariant::NothingElseTouched,
            || format!("somebody else's agent user was taken for the row's: {}", say()),
        )?;
        let code = report.problem.as_ref().map(Problem::code);
        let outcome_fits = match code {
            None => !matches!(report.outcome, Outcome::Failed | Outcome::Cancelled),
            Some(Code::Cancelled) => report.outcome == Outcome::Cancelled,
            Some(_) => report.outcome == Outcome::Failed,
        };
        require(outcome_fits, Invariant::TrueReport, say)?;
        self.code(place, report.problem.as_ref(), say)?;
        let writes = self.client.writes.iter().filter(|write| write.parent == Some(parent));
        self.told(
            writes,
            &report.changes.iter().filter(|change| change.applied).map(|one| &one.change).collect::<Vec<_>>(),
            code,
            say,
        )?;
        let created = |entry: &agentuser_core::flow::Applied| {
            entry.applied && matches!(entry.change, Change::Create { .. })
        };
        // Who made it can't be known where the answer to a create was lost.
        if report.changes.iter().any(created) && !self.client.lost_creates.contains(&parent) {
            let did =
                |write: &Write| kind(write) == Kind::Create && write.parent == Some(parent) && write.changed;
            require(self.client.writes.iter().any(did), Invariant::TrueReport, || {
                format!("it did not create it: {}", say())
            })?;
        }
        if self.rigour == Rigour::Safe || code.is_some() || self.client.dry_run {
            return Ok(());
        }
        let child = self.world.directory().children_of(parent).next();
        let left = child.map_or_else(
            || vec!["there is no agent user".to_owned()],
            |child| differences(wanted, child, self.world.directory()),
        );
        require(left.is_empty(), Invariant::Converges, || format!("{left:?}, but {}", say()))
    }

    /// Whether an end is what the model says.
    fn code(
        &self,
        place: usize,
        problem: Option<&Problem>,
        say: impl Fn() -> String,
    ) -> Result<(), Violation> {
        let code = problem.map(Problem::code);
        require(code != Some(Code::Internal), Invariant::NoInternalProblem, &say)?;
        let cancelled = self.client.cancelled.is_some();
        let Some(code) = code else {
            // What Graph alone knows, a plan does not.
            let fits = self.rigour == Rigour::Safe
                || self.client.dry_run
                || self.expected.rows.get(place).is_some_and(|row| row.allow(None));
            return require(fits, Invariant::RightProblem, || {
                format!("{:?} was expected: {}", self.expected.rows.get(place), say())
            });
        };
        require(cancelled || code != Code::Cancelled, Invariant::RightProblem, &say)?;
        if self.rigour == Rigour::Safe {
            return Ok(());
        }
        let blockers = self.expected.rows.get(place);
        let chaos = self.rigour == Rigour::Exact;
        let scenario = self.world.scenario;
        let fails_passingly = code == Code::ManagerRowFailed || problem.is_some_and(Problem::is_transient);
        let is_taken = matches!(code, Code::UpnTaken | Code::Conflict);
        let stops = [Code::Cancelled, Code::OutcomeUnknown, Code::ManagerRowFailed, Code::DeadlineExceeded];
        let fits = blockers.is_some_and(|row| row.allow(Some(code)))
            // A list that leads elsewhere is not followed, and then what it would have shown is not known.
            || chaos && scenario.foreign_links
            // What is refused after an answer was lost may be refused because it took place.
            || chaos && code == Code::OutcomeUnknown && blockers.is_some_and(|row| !row.must.is_empty())
            // Where the recycle bin could not be read, there is only Graph's own refusal.
            || chaos && scenario.faults > 0 && is_held(blockers) && is_taken
            // What comes late fails on top of what goes wrong as often as any network may: that can be too often.
            || chaos && scenario.late && scenario.faults > 0 && fails_passingly
            || cancelled && problem.is_some_and(Problem::is_transient)
            || cancelled && stops.contains(&code);
        require(fits, Invariant::RightProblem, || format!("{blockers:?} was expected: {}", say()))
    }

    /// Everything that was changed is reported as done, or the report says that it can't be known.
    fn told<'w>(
        &self,
        writes: impl Iterator<Item = &'w Write>,
        told: &[&Change],
        code: Option<Code>,
        say: impl Fn() -> String,
    ) -> Result<(), Violation> {
        if code == Some(Code::OutcomeUnknown) {
            return Ok(());
        }
        for write in writes.filter(|write| write.changed) {
            let is_told = told.iter().any(|change| kind(write).is(change));
            // What somebody else has undone or changed meanwhile need not be told.
            let undone =
                self.rigour == Rigour::Safe && write.object.is_some_and(|id| self.is_undone(id, write));
            require(is_told || undone, Invariant::TrueReport, || {
                format!("{} {} took place: {}", write.method, write.template, say())
            })?;
        }
        Ok(())
    }

    fn is_undone(&self, id: ObjectId, write: &Write) -> bool {
        // A deleted manager or sponsor is not shown any more.
        let of_people = matches!(kind(write), Kind::SetManager | Kind::AddSponsor);
        let deletes =
            |plan: &ClientPlan| matches!(plan.work, Work::Deed { deed: Deed::Delete | Deed::Purge, .. });
        let people_left = || {
            self.world.touched().any(|other| !is_live(self.world.directory(), other))
                || self.world.scenario.clients.iter().any(deletes)
        };
        let touched = !is_live(self.world.directory(), id) || self.world.touched().any(|other| other == id);
        touched || of_people && people_left()
    }

    fn target(&self) -> Option<&User> {
        match &self.client.work {
            Work::Deed { target, .. } => {
                self.world.directory().find_user(self.world.scenario.target(*target))
            }
            _ => None,
        }
    }

    fn deed(&self, report: &Report) -> Result<(), Violation> {
        let Work::Deed { deed, .. } = &self.client.work else { return Ok(()) };
        let say = || format!("client {}: {deed:?}: {report:?}", self.client.name);
        let code = report.problem.as_ref().map(Problem::code);
        if code.is_some() {
            require(
                report.outcome == Outcome::Failed || report.outcome == Outcome::Cancelled,
                Invariant::TrueReport,
                say,
            )?;
        }
        self.code(0, report.problem.as_ref(), say)?;
        let applied: Vec<&Change> =
            report.changes.iter().filter(|change| change.applied).map(|one| &one.change).collect();
        self.told(self.client.writes.iter(), &applied, code, say)?;
        if self.rigour == Rigour::Safe || code.is_some() || self.client.dry_run {
            return Ok(());
        }
        let is_so = self.target().is_some_and(|user| deed.is_so(self.world.directory(), user));
        require(is_so, Invariant::Converges, || format!("it is not so: {}", say()))?;
        let outcome = if self.expected.was_so { Outcome::Unchanged } else { Outcome::Changed };
        // A run that follows another within the lag reads what was there before.
        require(
            report.outcome == outcome || self.rigour == Rigour::Exact && self.expected.was_so,
            Invariant::TrueReport,
            || format!("{outcome} was expected: {}", say()),
        )
    }

    /// An operation that ends with a problem and no report.
    fn failed(&self, problem: &Problem) -> Result<(), Violation> {
        let say = || format!("client {}: {:?}: {problem:?}", self.client.name, self.client.work);
        require(matches!(self.client.work, Work::Deed { .. }), Invariant::EveryRowReported, || {
            format!("no report: {}", say())
        })?;
        self.code(0, Some(problem), say)?;
        self.told(self.client.writes.iter(), &[], Some(problem.code()), say)
    }
}

/// Whether a deleted user is in the row's way.
fn is_held(blockers: Option<&Blockers>) -> bool {
    let held = [Code::ParentHeldByDeletedUser, Code::UpnHeldByDeletedUser];
    blockers.is_some_and(|row| row.must.iter().any(|code| held.contains(code)))
}

/// What a write does, as a report names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Create,
    Set,
    SetManager,
    ClearManager,
    AddSponsor,
    RemoveSponsor,
    Licenses,
    Delete,
    Restore,
    Purge,
    Other,
}

fn kind(write: &Write) -> Kind {
    let ends = |end: &str| write.template.ends_with(end);
    match write.method {
        Method::Patch => Kind::Set,
        Method::Put => Kind::SetManager,
        Method::Post if ends("/restore") => Kind::Restore,
        Method::Post if ends("/sponsors/$ref") => Kind::AddSponsor,
        Method::Post if ends("/assignLicense") => Kind::Licenses,
        Method::Post => Kind::Create,
        Method::Delete if ends("/manager/$ref") => Kind::ClearManager,
        Method::Delete if write.template.contains("/sponsors/") => Kind::RemoveSponsor,
        Method::Delete if write.template.contains("/deletedItems/") => Kind::Purge,
        Method::Delete => Kind::Delete,
        Method::Get => Kind::Other,
    }
}

impl Kind {
    fn is(self, change: &Change) -> bool {
        match change {
            Change::Create { .. } => self == Self::Create,
            Change::Set { .. } => self == Self::Set,
            Change::SetManager { .. } => self == Self::SetManager,
            Change::ClearManager => self == Self::ClearManager,
            Change::AddSponsor { .. } => self == Self::AddSponsor,
            Change::RemoveSponsor { .. } => self == Self::RemoveSponsor,
            Change::AddLicense { .. } | Change::RemoveLicense { .. } => self == Self::Licenses,
            Change::Delete => self == Self::Delete,
            Change::Restore => self == Self::Restore,
            Change::Purge => self == Self::Purge,
            _ => false,
        }
    }
}
