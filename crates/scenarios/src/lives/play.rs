//! One scenario from its beginning to the point where nothing is left to do.

use super::arena::{Arena, reference};
use super::deed::Deed;
use super::guard::State;
use super::scenario::LifeScenario;
use super::scope::Aspect;
use crate::run::{Play, Simulated};
use crate::violation::{Invariant, Violation, require};
use agentuser_core::ObjectId;
use agentuser_core::flow::{HandedOver, Outcome, Report};
use agentuser_core::http::Method;
use agentuser_core::plan::Plan;
use agentuser_core::problem::{Code, Problem};
use agentuser_simulator::{Interruption, ids};

impl Play for LifeScenario {
    const OPTION: &'static str = "--lives ";

    fn draw(seed: u64) -> Self {
        Self::of_seed(seed)
    }

    fn run(&self, verbose: bool) -> Simulated {
        let mut arena = Arena::new(self, verbose);
        let violation = arena.play().err();
        Simulated { violation, trace: arena.guard.trace.into_lines() }
    }

    fn smaller(&self) -> Vec<Self> {
        self.reductions()
    }
}

/// The person who becomes a manager in between.
const THIRD: u32 = 5;

impl Arena<'_> {
    fn play(&mut self) -> Result<(), Violation> {
        match self.scenario.deed.clone() {
            Deed::Retire { .. } | Deed::Contain { .. } | Deed::HandOver { .. } => self.play_end(),
            Deed::Audit { beta, fresh, .. } => self.play_audit(beta, fresh),
            Deed::Access(n) => self.play_access(n),
            Deed::Doctor => self.play_doctor(),
            Deed::Probe { writes } => self.play_probe(writes),
            Deed::Look => self.play_look(),
            Deed::Verify { first } => self.play_verify(first),
            Deed::Attest { identity, rehearsed } => self.play_attest(identity, rehearsed),
        }
    }

    /// A plan; a run that may be cut short; the same again on a good network; and all of it taken back.
    fn play_end(&mut self) -> Result<(), Violation> {
        let before = self.guard.state(self.directory());
        let plan = match self.plan()? {
            Some(Err(problem)) => return self.spared(&before, &problem),
            Some(Ok(plan)) => Some(plan),
            None => None,
        };
        let moved = self.move_manager(plan.as_ref())?;
        let mut reports = Vec::new();
        if self.scenario.interruption != Interruption::Never || self.scenario.faults > 0 {
            let (_, items) = self.act(plan.as_ref(), self.scenario.interruption)?;
            reports.extend(items);
        }
        self.calm_down()?;
        let (ended, items) = self.act(plan.as_ref(), Interruption::Never)?;
        match ended {
            Some(Err(problem)) => return self.spared(&before, &problem),
            Some(Ok(_)) => {}
            None => {
                return Err(Violation { invariant: Invariant::Ends, what: "nothing was done".to_owned() });
            }
        }
        self.is_done(&items, moved)?;
        reports.extend(items);
        self.pass()?;
        if matches!(self.scenario.deed, Deed::HandOver { .. }) {
            return Ok(());
        }
        self.play_undo(&before, reports)
    }

    /// The object that was named is among the accounts that are never stopped: nothing was changed.
    fn spared(&self, before: &State, problem: &Problem) -> Result<(), Violation> {
        let is_spared =
            problem.code() == Code::NeverStopped && matches!(self.scenario.deed, Deed::Contain { .. });
        require(is_spared && self.scenario.scope().is_empty(), Invariant::RightProblem, || {
            format!("{problem:?}")
        })?;
        let now = self.guard.state(self.directory());
        let same = now.users == before.users && now.principals == before.principals;
        require(same, Invariant::StaysInScope, || "something was stopped nevertheless".to_owned())
    }

    /// Another becomes the manager of an agent user that the plan is about.
    fn move_manager(&mut self, plan: Option<&Plan>) -> Result<Option<ObjectId>, Violation> {
        let Deed::HandOver { moved: Some(n), .. } = self.scenario.deed else { return Ok(None) };
        let id = ids::agent_user(n);
        let is_planned = |plan: &Plan| {
            let mut changes = plan.changes().iter();
            changes.any(|one| one.id == Some(id) && super::act::aspect(&one.change) == Some(Aspect::Manager))
        };
        if !plan.is_some_and(is_planned) {
            return Ok(None);
        }
        let body = reference(self.directory(), ids::human(THIRD));
        self.admin(Method::Put, &format!("/users/{id}/manager/$ref"), &body);
        self.pass()?;
        Ok(Some(id))
    }

    /// Everything that was asked for is done; what has moved is skipped, and said.
    fn is_done(&self, reports: &[Report], moved: Option<ObjectId>) -> Result<(), Violation> {
        let directory = self.directory();
        if let Some(id) = moved {
            let kept = directory.manager_of(id) == Some(ids::human(THIRD));
            let said = reports.iter().any(|one| {
                one.id == Some(id) && one.problem.as_ref().is_some_and(|one| one.code() == Code::NotAsPlanned)
            });
            require(kept && said, Invariant::PlanNamesAll, || {
                format!("the manager of {id} had changed: {reports:?}")
            })?;
        }
        let failed = reports.iter().find(|one| one.outcome == Outcome::Failed && one.id != moved);
        let failed =
            failed.filter(|one| one.problem.as_ref().is_some_and(|one| one.code() != Code::NeverStopped));
        require(failed.is_none(), Invariant::Converges, || format!("{failed:?}"))?;
        for (id, aspects) in self.scenario.scope() {
            let left = |aspect: &Aspect| Some(id) != moved && !self.has_ended(id, *aspect);
            let left = aspects.iter().copied().find(left);
            require(left.is_none(), Invariant::Converges, || {
                format!("{left:?} of {id} is not done: {reports:?}")
            })?;
        }
        Ok(())
    }

    /// Whether a side of an object is as the deed wants it.
    fn has_ended(&self, id: ObjectId, aspect: Aspect) -> bool {
        let directory = self.directory();
        let (user, principal) = (directory.find_user(id), directory.find_principal(id));
        let from = match &self.scenario.deed {
            Deed::HandOver { from, what, .. } => Some((ids::human(*from), *what)),
            _ => None,
        };
        match aspect {
            Aspect::Enabled => user.map_or_else(
                || principal.is_some_and(|one| !one.account_enabled),
                |user| !user.account_enabled,
            ),
            Aspect::Life => user.is_some_and(|user| user.life.is_deleted()),
            Aspect::Licenses => user.is_some_and(|user| user.licenses.is_empty()),
            Aspect::Manager => from.is_none_or(|(from, what)| {
                what == HandedOver::Sponsor || user.is_some_and(|user| user.manager != Some(from))
            }),
            Aspect::Sponsors => from.is_none_or(|(from, _)| {
                let sponsors = user.map(|one| &one.sponsors).or_else(|| principal.map(|one| &one.sponsors));
                sponsors.is_some_and(|all| !all.contains(&from))
            }),
            _ => true,
        }
    }
}
