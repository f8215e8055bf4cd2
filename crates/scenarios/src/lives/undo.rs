//! Undoing by reports.

use super::act::aspect;
use super::arena::Arena;
use super::guard::{Rules, State};
use super::sabotage::Sabotage;
use super::scope::{Aspect, Scope};
use crate::violation::{Invariant, Violation, require};
use agentuser_core::ObjectId;
use agentuser_core::flow::{self, Outcome, Report, UndoRequest};
use agentuser_core::model::Change;
use agentuser_core::problem::Code;
use agentuser_simulator::ids;
use agentuser_simulator::{Interruption, tenant};
use std::collections::BTreeSet;

/// The state of an object: whether it is there, whether it is enabled, and its licenses.
type Counts = (bool, bool, BTreeSet<ObjectId>);

impl State {
    fn counts(&self, id: ObjectId) -> Option<Counts> {
        let user = self.users.get(&id);
        let user =
            user.map(|one| (one.life.is_live(), one.account_enabled, one.licenses.keys().copied().collect()));
        let principal = || self.principals.get(&id);
        user.or_else(|| principal().map(|one| (one.life.is_live(), one.account_enabled, BTreeSet::new())))
    }
}

/// The changes that a report calls made, and the one whose answer was lost.
fn made(report: &Report) -> impl Iterator<Item = &Change> {
    let mut unknown = report.problem.as_ref().is_some_and(|one| one.code() == Code::OutcomeUnknown);
    let made = report.changes.iter().filter(move |one| one.applied || std::mem::take(&mut unknown));
    made.map(|one| &one.change)
}

/// The sides of objects that the reports call changed.
fn reported(reports: &[Report]) -> Scope {
    let mut scope = Scope::new();
    for report in reports {
        let Some(id) = report.id else { continue };
        let aspects = made(report).filter_map(aspect).filter(|one| *one != Aspect::Sessions);
        scope.entry(id).or_default().extend(aspects);
    }
    scope.retain(|_, aspects| !aspects.is_empty());
    scope
}

/// A state once everything of the reports is taken back.
fn taken_back(now: &State, id: ObjectId, reports: &[Report]) -> Option<Counts> {
    let (mut live, mut enabled, mut licenses) = now.counts(id)?;
    let own = reports.iter().filter(|report| report.id == Some(id));
    for change in own.flat_map(made) {
        match change {
            Change::Delete => live = true,
            Change::Set { .. } => enabled = true,
            Change::RemoveLicense { sku } => {
                let n = if sku == "AGENT_365" { tenant::FULL_SKU } else { tenant::SMALL_SKU };
                licenses.insert(ids::sku(n));
            }
            _ => {}
        }
    }
    Some((live, enabled, licenses))
}

impl Arena<'_> {
    /// Undoes what the reports say, on a bad network and then on a good one: exactly that comes back.
    pub(super) fn play_undo(&mut self, before: &State, mut reports: Vec<Report>) -> Result<(), Violation> {
        let whole = reports.clone();
        if self.scenario.sabotage == Some(Sabotage::ForgetsChange) {
            let mut all = reports.iter_mut().flat_map(|report| report.changes.iter_mut().rev());
            if let Some(last) = all.find(|one| one.applied && one.change != Change::RevokeSessions) {
                last.applied = false;
            }
        }
        let now = self.guard.state(self.directory());
        let file = serde_json::to_vec(&reports).unwrap_or_default();
        if self.scenario.faults > 0 {
            let faults = self.scenario.network_faults();
            self.world.network_mut().set_faults(faults);
            self.undo(&file, &whole)?;
            self.calm_down()?;
        }
        let (ended, items) = self.undo(&file, &whole)?;
        let nothing = reported(&whole).is_empty();
        match ended {
            Some(Ok(_)) => {
                let failed = items.iter().find(|one| one.outcome == Outcome::Failed);
                require(failed.is_none(), Invariant::ComesBack, || format!("{failed:?}"))?;
            }
            Some(Err(problem)) => {
                let fits = nothing && problem.code() == Code::ReportUnreadable;
                require(fits, Invariant::ComesBack, || format!("{problem:?}"))?;
            }
            None => {
                return Err(Violation { invariant: Invariant::Ends, what: "it was not undone".to_owned() });
            }
        }
        let after = self.guard.state(self.directory());
        for id in after.users.keys().chain(after.principals.keys()) {
            let (wanted, is) = (taken_back(&now, *id, &whole), after.counts(*id));
            require(wanted == is, Invariant::ComesBack, || {
                format!("{id} is {is:?}, not {wanted:?}: {whole:?}")
            })?;
            // Reports of a run that died are not whole.
            let is_whole = self.scenario.interruption == Interruption::Never;
            let was = before.counts(*id);
            require(!is_whole || was == is, Invariant::ComesBack, || {
                format!("{id} is {is:?}, and was {was:?}: {whole:?}")
            })?;
        }
        Ok(())
    }

    fn undo(&mut self, file: &[u8], whole: &[Report]) -> Result<super::act::Acted, Violation> {
        let rules = Rules { scope: reported(whole), undoes: true, ..Rules::default() };
        let file = file.to_vec();
        self.run(rules, Interruption::Never, |graph, items| {
            flow::restore_reported(graph, file, UndoRequest::default(), items)
        })
    }
}
