//! Smaller scenarios, to find what matters in one that fails.

use super::Scenario;
use super::clients::{Target, Work};
use super::row::Person;
use agentuser_simulator::Interruption;
use std::time::Duration;

impl Scenario {
    /// Smaller scenarios that may show the same.
    #[must_use]
    pub(crate) fn reductions(&self) -> Vec<Self> {
        let mut smaller = Vec::new();
        let mut with = |change: &dyn Fn(&mut Self)| {
            let mut one = self.clone();
            change(&mut one);
            smaller.push(one);
        };
        if self.rows.len() > 1 {
            with(&|one| one.keep_rows(self.rows.len() / 2));
            with(&|one| one.keep_rows(self.rows.len() - 1));
        }
        if self.clients.len() > 1 {
            with(&|one| one.clients.truncate(1));
        }
        for place in 0..self.interventions.len() {
            with(&|one| {
                one.interventions.remove(place);
            });
        }
        if self.faults > 0 {
            with(&|one| one.faults = 0);
        }
        if !self.lag.is_zero() {
            with(&|one| one.lag = Duration::ZERO);
        }
        if self.replicas > 1 {
            with(&|one| one.replicas = 1);
        }
        if self.rehearsed {
            with(&|one| one.rehearsed = false);
        }
        if self.timeout.is_some() {
            with(&|one| one.timeout = None);
        }
        if self.silence.is_some() {
            with(&|one| one.silence = None);
        }
        if self.gives_up {
            with(&|one| (one.gives_up, one.silence) = (false, None));
        }
        if self.odd_wait.is_some() {
            with(&|one| one.odd_wait = None);
        }
        if self.contradictions {
            with(&|one| one.contradictions = false);
        }
        if self.hostile_lists {
            with(&|one| one.hostile_lists = false);
        }
        if self.late {
            with(&|one| one.late = false);
        }
        if self.quotas.is_some() {
            with(&|one| one.quotas = None);
        }
        if self.limits.batch > 1 {
            with(&|one| one.limits.batch = 1);
        }
        if self.clients.iter().any(|client| client.interruption != Interruption::Never) {
            with(&|one| one.clients.iter_mut().for_each(|client| client.interruption = Interruption::Never));
        }
        smaller
    }

    /// Keeps the first rows and all that is about them.
    fn keep_rows(&mut self, count: usize) {
        self.rows.truncate(count);
        for row in &mut self.rows {
            if matches!(row.manager, Some(Person::Row(place)) if place >= count) {
                row.manager = None;
            }
        }
        for client in &mut self.clients {
            match &mut client.work {
                Work::Roster(places) => places.retain(|place| *place < count),
                Work::Provision { row, .. } => *row = (*row).min(count.saturating_sub(1)),
                Work::Mutation { target: Target::Row(place), .. } => {
                    *place = (*place).min(count.saturating_sub(1));
                }
                Work::Mutation { .. } => {}
            }
        }
        self.interventions.retain(|one| one.act.row().is_none_or(|place| place < count));
    }
}
