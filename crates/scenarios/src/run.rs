//! One scenario from its beginning to the point where nothing is left to do.

use crate::client::{Client, Desk};
use crate::judge::{Rigour, expect, judge};
use crate::scenario::{ClientPlan, Cut, Scenario, Work};
use crate::violation::{Invariant, Violation, require};
use crate::world::World;
use agentuser_core::flow::Outcome;
use agentuser_core::problem::{Code, Problem};
use agentuser_simulator::Cascade;
use std::time::Duration;

/// What came of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulated {
    /// The invariant that did not hold.
    pub violation: Option<Violation>,
    /// What happened, when that was asked for.
    pub trace: Vec<String>,
}

impl Scenario {
    /// Runs it. `aloud` keeps the trace.
    #[must_use]
    pub fn run(&self, aloud: bool) -> Simulated {
        let mut world = World::new(self, aloud);
        let violation = story(&mut world).err();
        Simulated { violation, trace: world.trace.into_lines() }
    }
}

/// A rehearsal, the work with all that goes wrong, the work again, and twice more when everything is well.
fn story(world: &mut World<'_>) -> Result<(), Violation> {
    let scenario = world.scenario;
    let Some(first) = scenario.clients.first() else { return Ok(()) };
    let rigour = if scenario.is_calm() { Rigour::Exact } else { Rigour::Safe };
    if scenario.rehearsed {
        let client = Client::new(
            scenario,
            'R',
            &first.work,
            (Cut::Never, true),
            world.now.mono,
            &Desk::new(scenario, 1),
        );
        act(world, vec![client], rigour)?;
    }
    let clients = scenario.clients.iter().zip(['A', 'B']).zip(desks(scenario));
    let clients = clients.map(|((plan, name), desk)| {
        let starts = world.now.mono.saturating_add(plan.starts);
        Client::new(scenario, name, &plan.work, (plan.cut, false), starts, &desk)
    });
    act(world, clients.collect(), rigour)?;

    if scenario.rests {
        world.pass(Duration::from_secs(200))?;
    }
    let rigour = if scenario.rests { rigour } else { Rigour::Safe };
    let clients = scenario.clients.iter().zip(['C', 'D']).zip(desks(scenario));
    let clients = clients.map(|((plan, name), desk)| {
        Client::new(scenario, name, &plan.work, (Cut::Never, false), world.now.mono, &desk)
    });
    act(world, clients.collect(), rigour)?;

    world.calm_down();
    let deleted = matches!(scenario.switches.cascade, Cascade::SoftDeletes(_)) && !scenario.is_calm();
    world.pass(Duration::from_secs(if deleted { 50 * 3600 } else { 1200 }))?;
    let last = act(world, vec![quiet(world, 'E', first)], Rigour::Quiet)?;
    world.pass(Duration::from_secs(600))?;
    let again = act(world, vec![quiet(world, 'F', first)], Rigour::Quiet)?;
    // Who gets the last seat depends on who asks first; a row that then fails gives it back.
    let contested = last
        .iter()
        .flat_map(|client| &client.items)
        .any(|report| report.problem.as_ref().is_some_and(|problem| problem.code() == Code::NoFreeSeats));
    again.iter().filter(|_| !contested).try_for_each(nothing_to_do)
}

/// The first client's work once more, undisturbed.
fn quiet(world: &World<'_>, name: char, plan: &ClientPlan) -> Result<Client, Problem> {
    let desk = Desk::new(world.scenario, 1);
    Client::new(world.scenario, name, &plan.work, (Cut::Never, false), world.now.mono, &desk)
}

/// The desks of clients who work at the same time: one for all, or one for each.
fn desks(scenario: &Scenario) -> Vec<Desk> {
    let clients = scenario.clients.len();
    if scenario.shared {
        return vec![Desk::new(scenario, 1); clients];
    }
    let among = u32::try_from(clients).unwrap_or(u32::MAX).max(1);
    (0..clients).map(|_| Desk::new(scenario, among)).collect()
}

/// Lets clients work at the same time and judges how they ended.
fn act(
    world: &mut World<'_>,
    clients: Vec<Result<Client, Problem>>,
    rigour: Rigour,
) -> Result<Vec<Client>, Violation> {
    let clients: Result<Vec<Client>, Problem> = clients.into_iter().collect();
    // What a former client has sent may still come, and do what nobody expects of those who are there now.
    let rigour = if world.is_awaited() { Rigour::Safe } else { rigour };
    let mut clients = clients.map_err(|problem| Violation {
        invariant: Invariant::RightProblem,
        what: format!("the roster is refused: {:?}", problem.row_errors()),
    })?;
    let expected: Vec<_> = clients.iter().map(|client| expect(world, client)).collect();
    world.run(&mut clients)?;
    for (client, expected) in clients.iter().zip(&expected) {
        judge(world, client, expected, rigour)?;
    }
    Ok(clients)
}

/// A run after one that made everything as wanted.
fn nothing_to_do(client: &Client) -> Result<(), Violation> {
    let written = client.writes.iter().find(|write| write.accepted);
    require(written.is_none(), Invariant::Converges, || format!("something was left to do: {written:?}"))?;
    let unfit = |report: &&agentuser_core::flow::Report| {
        report.problem.is_none() && report.outcome != Outcome::Unchanged
    };
    let unfit = client.items.iter().find(unfit).filter(|_| !matches!(client.work, Work::Deed { .. }));
    require(unfit.is_none(), Invariant::Converges, || format!("nothing was left to do: {unfit:?}"))
}
