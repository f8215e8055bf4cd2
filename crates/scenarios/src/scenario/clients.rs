//! The clients of a scenario, and others who change its tenant meanwhile.

use super::Scenario;
use super::row::{Before, Parent, RowPlan};
use crate::admin::{Act, Intervention};
use crate::draw::Draw;
use crate::mutation::Mutation;
use agentuser_simulator::Interruption;
use std::time::Duration;

/// One client.
#[derive(Debug, Clone)]
pub(crate) struct ClientPlan {
    pub(crate) work: Work,
    /// The time from the first client's start to its own.
    pub(crate) starts: Duration,
    pub(crate) interruption: Interruption,
}

/// The work of a client.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    /// Applies these rows of the roster, by their place.
    Roster(Vec<usize>),
    /// Provisions one row; `ready` waits until the agent user can work.
    Provision { row: usize, ready: bool },
    /// Changes one user; where it is `planned`, by a plan that is made and then applied.
    Mutation { target: Target, mutation: Mutation, planned: bool },
}

/// The user that a mutation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// The agent user that a row begins with, by its place.
    Row(usize),
    /// A human.
    Human(u32),
}

impl Draw {
    fn interruption(self) -> Interruption {
        // Half of the interruptions fall into the first requests, where most is at stake.
        let when = if self.one_in("early", 2) { self.below("when", 12) } else { self.below("when", 120) };
        match self.below("cut", 8) {
            0 | 1 => Interruption::Dies { after: when },
            2 => Interruption::Cancelled {
                after: when,
                later: Duration::from_secs(self.pick("later", &[0_u32, 0, 0, 5, 60, 200]).into()),
            },
            _ => Interruption::Never,
        }
    }
}

/// Draws one client, or two that work at the same time.
pub(super) fn draw(draw: Draw, rows: &[RowPlan], alone: bool) -> Vec<ClientPlan> {
    let all: Vec<usize> = (0..rows.len()).collect();
    let first = if alone {
        mutation(draw, rows)
    } else if rows.len() == 1 && draw.one_in("provision", 2) {
        Work::Provision { row: 0, ready: draw.one_in("ready", 4) }
    } else {
        Work::Roster(all.clone())
    };
    let mut clients =
        vec![ClientPlan { work: first, starts: Duration::ZERO, interruption: draw.interruption() }];
    if draw.one_in("two clients", 5) {
        let draw = draw.of("client", 1);
        let work = match draw.below("work", 4) {
            0 => mutation(draw, rows),
            1 => {
                Work::Roster(all.into_iter().filter(|place| draw.of("has", *place).one_in("it", 2)).collect())
            }
            _ => Work::Roster(all),
        };
        let starts =
            Duration::from_millis(u64::from(draw.pick("starts", &[0_u32, 0, 50, 700, 5_000, 30_000])));
        clients.push(ClientPlan { work, starts, interruption: draw.interruption() });
    }
    clients
}

/// Draws a mutation and its user.
fn mutation(draw: Draw, rows: &[RowPlan]) -> Work {
    let draw = draw.of("deed", 0);
    let mutation = Mutation::draw(draw);
    let target = if draw.one_in("in vain", 12) {
        Target::Human(1 + draw.below("which human", 5))
    } else {
        Target::Row(draw.below("which row", u32::try_from(rows.len()).unwrap_or(1)) as usize)
    };
    let planned = mutation.arguments().is_some() && draw.one_in("planned", 3);
    Work::Mutation { target, mutation, planned }
}

/// Draws the interventions of others.
pub(super) fn interventions(draw: Draw, rows: &[RowPlan]) -> Vec<Intervention> {
    let count = match draw.below("interventions", 8) {
        0..5 => 0,
        5 | 6 => 1 + draw.below("few acts", 2),
        _ => 3 + draw.below("many acts", 4),
    };
    let span = 20 * u32::try_from(rows.len()).unwrap_or(1);
    let mut all: Vec<Intervention> = (0..count as usize)
        .map(|number| {
            let draw = draw.of("act", number);
            Intervention { when: draw.below("when", span), act: Act::draw(draw, rows.len()) }
        })
        .collect();
    all.sort_by_key(|one| one.when);
    all
}

/// The agent user that a mutation begins with, where its row plans none.
pub(super) fn begin_with(scenario: &mut Scenario) {
    let draw = Draw::new(scenario.seed).of("target", 0);
    for client in &scenario.clients {
        let Work::Mutation { target: Target::Row(place), mutation, .. } = &client.work else { continue };
        if let Some(row) = scenario.rows.get_mut(*place)
            && row.before.is_none()
        {
            row.parent = Parent::Usable;
            row.before = Some(Before::full(draw, mutation.is_of_bin() != draw.one_in("not there", 16)));
        }
    }
}
