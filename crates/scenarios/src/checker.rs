//! Holds what a client ended with against what it did and what the model says.

use crate::arena::Arena;
use crate::client::{Client, ClientResult, Write};
use crate::model::{Blockers, blockers, differences};
use crate::mutation::{Mutation, is_live};
use crate::scenario::{ClientPlan, Work};
use crate::violation::{Invariant, Violation, require};
use agentuser_core::ObjectId;
use agentuser_core::flow::{Change, Outcome, Report};
use agentuser_core::http::Method;
use agentuser_core::model::DesiredUser;
use agentuser_core::problem::{Code, Problem};

/// The ends that the model allows a client, from the state of the tenant before it begins.
pub(crate) struct Expected {
    rows: Vec<Blockers>,
    /// Whether the mutation was made already.
    was_so: bool,
}

/// How strictly an end is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// Others changed the tenant meanwhile: the end must be safe, and the report true.
    Safe,
    /// No one did: the end must also be as the model says.
    Exact,
    /// The network was good, too: no passing failure is allowed.
    Quiet,
}

/// The ends that the model allows a client as the tenant is now.
pub(crate) fn expect(arena: &Arena<'_>, client: &Client) -> Expected {
    let directory = arena.directory();
    match &client.work {
        Work::Mutation { target, mutation, .. } => {
            let user = directory.find_user(arena.scenario().target(*target));
            let must = user.map_or_else(|| vec![Code::NotFound], |user| mutation.blockers(directory, user));
            let was_so = mutation.is_so(directory, arena.scenario().target(*target));
            Expected { rows: vec![Blockers { must, may: Vec::new() }], was_so }
        }
        _ => {
            let wanted: Vec<&DesiredUser> = client.roster.rows().iter().map(|row| row.wanted()).collect();
            Expected { rows: blockers(&wanted, directory), was_so: false }
        }
    }
}

/// Checks how a client ended. One that died says nothing.
pub(crate) fn check(
    arena: &Arena<'_>,
    client: &Client,
    expected: &Expected,
    strictness: Strictness,
) -> Result<(), Violation> {
    let checker = Checker { arena, client, expected, strictness };
    match &client.result {
        None => Ok(()),
        Some(Err(problem)) => checker.failed(problem),
        Some(Ok(ClientResult::One(report))) => match &client.work {
            Work::Mutation { .. } => checker.mutation(report),
            _ => checker.row(0, report),
        },
        Some(Ok(ClientResult::Planned(summary))) => {
            // The last report is that of the plan's change, or of the plan that has none.
            let counted = summary.rows <= 1;
            require(counted, Invariant::EveryRowReported, || format!("{summary:?} for one change"))?;
            client.items.last().map_or(Ok(()), |report| checker.mutation(report))
        }
        Some(Ok(ClientResult::Roster(summary))) => {
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
                checker.row(place, report)?;
            }
            Ok(())
        }
    }
}

struct Checker<'a> {
    arena: &'a Arena<'a>,
    client: &'a Client,
    expected: &'a Expected,
    strictness: Strictness,
}

impl Checker<'_> {
    /// A row, or the one agent user that is provisioned.
    fn row(&self, place: usize, report: &Report) -> Result<(), Violation> {
        let Some(wanted) = self.client.roster.rows().get(place).map(|row| row.wanted()) else {
            return Ok(());
        };
        let parent = wanted.identity_parent_id();
        let say = || format!("client {}: {report:?}", self.client.name);
        let user = report.id.and_then(|id| self.arena.directory().find_user(id));
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
        // Where the answer to a create was lost, it can't be known which client made it.
        if report.changes.iter().any(created) && !self.client.lost_creates.contains(&parent) {
            let did = |write: &Write| {
                kind(write) == WriteKind::Create && write.parent == Some(parent) && write.changed
            };
            require(self.client.writes.iter().any(did), Invariant::TrueReport, || {
                format!("it did not create it: {}", say())
            })?;
        }
        if self.strictness == Strictness::Safe || code.is_some() || self.client.dry_run {
            return Ok(());
        }
        let child = self.arena.directory().children_of(parent).next();
        let left = child.map_or_else(
            || vec!["there is no agent user".to_owned()],
            |child| differences(wanted, child, self.arena.directory()),
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
        require(problem.is_none_or(is_plain), Invariant::PlainTexts, &say)?;
        let cancelled = self.client.cancelled().is_some();
        let stopped = cancelled || self.client.timeout.is_some();
        let Some(code) = code else {
            // A dry run does not know refusals that Graph alone decides on.
            let fits = self.strictness == Strictness::Safe
                || self.client.dry_run
                || self.expected.rows.get(place).is_some_and(|row| row.allow(None));
            return require(fits, Invariant::RightProblem, || {
                format!("{:?} was expected: {}", self.expected.rows.get(place), say())
            });
        };
        require(cancelled || code != Code::Cancelled, Invariant::RightProblem, &say)?;
        let told_late = code == Code::DeadlineExceeded && self.client.timeout.is_some();
        require(!told_late || says_what_for(problem), Invariant::RightProblem, &say)?;
        // Only a request that meets a second challenge with its second token gives up.
        let scenario = self.arena.scenario();
        let challenged = code == Code::ClaimsChallenge;
        require(!challenged || scenario.challenges() > 1, Invariant::ClaimsPassedOn, &say)?;
        if self.strictness == Strictness::Safe {
            return Ok(());
        }
        let blockers = self.expected.rows.get(place);
        let chaos = self.strictness == Strictness::Exact;
        let fails_passingly = code == Code::ManagerRowFailed || problem.is_some_and(Problem::is_transient);
        let is_taken = matches!(code, Code::UpnTaken | Code::Conflict);
        let stops = [Code::Cancelled, Code::OutcomeUnknown, Code::ManagerRowFailed, Code::DeadlineExceeded];
        let fits = blockers.is_some_and(|row| row.allow(Some(code)))
            // A list that leads to another host, or on for ever, is not followed, so that its other pages stay unknown.
            || chaos && scenario.hostile_lists && ends_at_list(code)
            // A refusal after a lost answer may mean that the lost request took place.
            || chaos && code == Code::OutcomeUnknown && blockers.is_some_and(|row| !row.must.is_empty())
            // Where the recycle bin could not be read, only Graph's own refusal is known.
            || chaos && scenario.faults > 0 && is_held(blockers) && is_taken
            // Late requests add to the rate of faults, so that the limit of retries may be reached.
            || chaos && scenario.late && scenario.faults > 0 && fails_passingly
            // A plan never waits for a parent that was created moments ago.
            || self.client.dry_run && scenario.has_fresh_parents() && waits_for_parent(code)
            || problem.zip(blockers).is_some_and(|(problem, row)| self.need_not_wait(place, problem, row))
            // The server asked for a longer wait than it may.
            || chaos && scenario.asks_for_ages() && ends_at_long_wait(code)
            // Nothing was answered for so long that the client gave up.
            || chaos && scenario.may_be_silent() && (fails_passingly || code == Code::OutcomeUnknown)
            || stopped && problem.is_some_and(Problem::is_transient)
            || stopped && stops.contains(&code);
        require(fits, Invariant::RightProblem, || format!("{blockers:?} was expected: {}", say()))
    }

    /// Whether a row rightly ends without its parent, which is there and which not every reader sees yet.
    ///
    /// A row is created as soon as its parent is visible. But one whose manager or sponsor does not exist fails all the
    /// same, so it does not wait: it ends at once with `ParentNotFound`, and names each reference that is wrong beside it.
    fn need_not_wait(&self, place: usize, problem: &Problem, blockers: &Blockers) -> bool {
        let (scenario, rows) = (self.arena.scenario(), self.client.roster.rows());
        let Some(parent) = rows.get(place).map(|row| row.wanted().identity_parent_id()) else { return false };
        // Such parents come into being with the tenant. Once the lag is over, every reader sees them.
        let is_hidden = scenario.is_fresh_parent(parent) && self.client.started <= scenario.lag;
        let is_named = |code| problem.others().iter().any(|other| other.code() == code);
        let wrong = [Code::ManagerNotFound, Code::SponsorNotFound];
        let mut wrong = wrong.into_iter().filter(|code| blockers.must.contains(code));
        // Where a look at a reference failed, that is told in its place.
        let all_named = match self.strictness {
            Strictness::Quiet => wrong.clone().all(is_named),
            Strictness::Safe | Strictness::Exact => wrong.clone().any(is_named),
        };
        let nothing_else = problem.others().iter().all(|other| {
            wrong.clone().any(|code| code == other.code())
                || self.strictness != Strictness::Quiet && other.is_transient()
        });
        problem.code() == Code::ParentNotFound
            && is_hidden
            && wrong.next().is_some()
            && all_named
            && nothing_else
    }

    /// Each change is reported as done, or the report says that this can't be known.
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
            // A write that others have undone or changed meanwhile need not be reported.
            let undone = self.strictness == Strictness::Safe
                && write.object.is_some_and(|id| self.is_undone(id, write));
            require(is_told || undone, Invariant::TrueReport, || {
                format!("{} {} took place: {}", write.method, write.template, say())
            })?;
        }
        Ok(())
    }

    fn is_undone(&self, id: ObjectId, write: &Write) -> bool {
        // A deleted manager or sponsor is not shown any more.
        let of_people = matches!(kind(write), WriteKind::SetManager | WriteKind::AddSponsor);
        let deletes = |plan: &ClientPlan| {
            matches!(
                plan.work,
                Work::Mutation { mutation: Mutation::Delete | Mutation::Purge | Mutation::Retire(_), .. }
            )
        };
        let people_left = || {
            self.arena.touched().any(|other| !is_live(self.arena.directory(), other))
                || self.arena.scenario().clients.iter().any(deletes)
        };
        let touched = !is_live(self.arena.directory(), id) || self.arena.touched().any(|other| other == id);
        touched || of_people && people_left()
    }

    fn mutation(&self, report: &Report) -> Result<(), Violation> {
        let Work::Mutation { target, mutation, .. } = &self.client.work else { return Ok(()) };
        let say = || format!("client {}: {mutation:?}: {report:?}", self.client.name);
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
        // Nothing brings back a user that is deleted for ever, so this holds whatever others did meanwhile.
        let gone = mutation.is_so(self.arena.directory(), self.arena.scenario().target(*target));
        require(gone || !applied.contains(&&Change::Purge), Invariant::TrueReport, || {
            format!("it is not deleted for ever: {}", say())
        })?;
        if self.strictness == Strictness::Safe || code.is_some() || self.client.dry_run {
            return Ok(());
        }
        let is_so = mutation.is_so(self.arena.directory(), self.arena.scenario().target(*target));
        require(is_so, Invariant::Converges, || format!("it is not so: {}", say()))?;
        let is_done = self.expected.was_so && !mutation.repeats();
        let outcome = if is_done { Outcome::Unchanged } else { Outcome::Changed };
        // A run that follows another within the lag may read the state from before it.
        require(
            report.outcome == outcome || self.strictness == Strictness::Exact && self.expected.was_so,
            Invariant::TrueReport,
            || format!("{outcome} was expected: {}", say()),
        )
    }

    /// An operation that ends with a problem and no report.
    fn failed(&self, problem: &Problem) -> Result<(), Violation> {
        let say = || format!("client {}: {:?}: {problem:?}", self.client.name, self.client.work);
        // Whichever came first, the cancellation or an answer: a cancelled call is told from one that failed.
        let fits = self.client.cancelled().is_none()
            || matches!(problem.code(), Code::Cancelled | Code::OutcomeUnknown | Code::Internal);
        require(fits, Invariant::RightProblem, || format!("it was cancelled: {}", say()))?;
        if matches!(self.client.work, Work::Roster(_)) && problem.message().contains("This is so of all") {
            // Every row has this problem, and nothing was begun.
            let rows = self.client.roster.rows().len();
            let begun = !self.client.items.is_empty() || !self.client.writes.is_empty() || rows < 2;
            require(!begun, Invariant::TrueReport, || format!("not of all rows: {}", say()))?;
            return (0..rows).try_for_each(|place| self.code(place, Some(problem), say));
        }
        require(matches!(self.client.work, Work::Mutation { .. }), Invariant::EveryRowReported, || {
            format!("no report: {}", say())
        })?;
        self.code(0, Some(problem), say)?;
        self.told(self.client.writes.iter(), &[], Some(problem.code()), say)
    }
}

/// Whether the problem of a deadline says what was waited for, or what could not be done any more.
fn says_what_for(problem: Option<&Problem>) -> bool {
    problem.is_some_and(|problem| {
        problem.message().contains("while it waited for") || problem.message().starts_with("Could not ")
    })
}

/// Whether no text of a problem has a hidden character.
fn is_plain(problem: &Problem) -> bool {
    let own = [problem.message(), problem.cause(), problem.fix()];
    let theirs = [problem.graph_message(), problem.graph_code(), problem.field()];
    let rules = problem.violations().iter().flat_map(|rule| [&*rule.message, &*rule.fix, &*rule.field]);
    let mut all = own.into_iter().chain(theirs.into_iter().flatten()).chain(rules);
    !all.any(|text| text.contains(agentuser_core::plain::is_hidden))
}

/// Whether a deleted user is in the row's way.
fn is_held(blockers: Option<&Blockers>) -> bool {
    let held = [Code::ParentHeldByDeletedUser, Code::UpnHeldByDeletedUser];
    blockers.is_some_and(|row| row.must.iter().any(|code| held.contains(code)))
}

/// Whether a row whose list can't be read to its end, or a row of its manager, ends so.
const fn ends_at_list(code: Code) -> bool {
    matches!(code, Code::ForeignNextLink | Code::BadAnswer | Code::OutcomeUnknown | Code::ManagerRowFailed)
}

/// Whether a row that a server asks to wait for too long, or a row of its manager, ends so.
const fn ends_at_long_wait(code: Code) -> bool {
    matches!(code, Code::Throttled | Code::ServiceUnavailable | Code::OutcomeUnknown | Code::ManagerRowFailed)
}

/// Whether a row that does not wait for its parent, or a row of its manager, ends so.
const fn waits_for_parent(code: Code) -> bool {
    matches!(code, Code::ParentNotFound | Code::ManagerRowFailed)
}

/// The kind of a write, as a report names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WriteKind {
    Create,
    Set,
    SetManager,
    ClearManager,
    AddSponsor,
    RemoveSponsor,
    AddToGroup,
    RemoveFromGroup,
    Licenses,
    RevokeSessions,
    Delete,
    Restore,
    Purge,
    Other,
}

fn kind(write: &Write) -> WriteKind {
    let ends = |end: &str| write.template.ends_with(end);
    match write.method {
        Method::Patch => WriteKind::Set,
        Method::Put => WriteKind::SetManager,
        Method::Post if ends("/restore") => WriteKind::Restore,
        Method::Post if ends("/sponsors/$ref") => WriteKind::AddSponsor,
        Method::Post if ends("/members/$ref") => WriteKind::AddToGroup,
        Method::Post if ends("/assignLicense") => WriteKind::Licenses,
        Method::Post if ends("/revokeSignInSessions") => WriteKind::RevokeSessions,
        Method::Post => WriteKind::Create,
        Method::Delete if ends("/manager/$ref") => WriteKind::ClearManager,
        Method::Delete if write.template.contains("/sponsors/") => WriteKind::RemoveSponsor,
        Method::Delete if write.template.contains("/members/") => WriteKind::RemoveFromGroup,
        Method::Delete if write.template.contains("/deletedItems/") => WriteKind::Purge,
        Method::Delete => WriteKind::Delete,
        Method::Get => WriteKind::Other,
    }
}

impl WriteKind {
    fn is(self, change: &Change) -> bool {
        match change {
            Change::Create { .. } => self == Self::Create,
            Change::Set { .. } => self == Self::Set,
            Change::SetManager { .. } => self == Self::SetManager,
            Change::ClearManager => self == Self::ClearManager,
            Change::AddSponsor { .. } => self == Self::AddSponsor,
            Change::RemoveSponsor { .. } => self == Self::RemoveSponsor,
            Change::AddToGroup { .. } => self == Self::AddToGroup,
            Change::RemoveFromGroup { .. } => self == Self::RemoveFromGroup,
            Change::AddLicense { .. } | Change::RemoveLicense { .. } => self == Self::Licenses,
            Change::RevokeSessions => self == Self::RevokeSessions,
            Change::Delete => self == Self::Delete,
            Change::Restore => self == Self::Restore,
            Change::Purge => self == Self::Purge,
            _ => false,
        }
    }
}
