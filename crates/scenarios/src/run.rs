//! One scenario from its beginning to the point where nothing is left to do.

use crate::arena::Arena;
use crate::checker::{Strictness, check, expect};
use crate::client::{Client, ClientContext};
use crate::scenario::{ClientPlan, Scenario, Work};
use crate::violation::{Invariant, Violation, require};
use agentuser_core::flow::Outcome;
use agentuser_core::problem::{Code, Problem};
use agentuser_core::roster::Roster;
use agentuser_simulator::{Cascade, Interruption};
use std::time::Duration;

/// The outcome of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulated {
    /// The invariant that did not hold.
    pub violation: Option<Violation>,
    /// The trace, when it was asked for.
    pub trace: Vec<String>,
}

/// A scenario of any kind.
pub trait Play: Sized {
    /// The option of the program that plays this kind, with a blank after it; nothing for the usual one.
    const OPTION: &'static str;

    /// The scenario of a seed.
    fn draw(seed: u64) -> Self;
    /// Runs it. `verbose` keeps the trace.
    fn run(&self, verbose: bool) -> Simulated;
    /// Smaller ones that may show the same.
    fn smaller(&self) -> Vec<Self>;
}

impl Play for Scenario {
    const OPTION: &'static str = "";

    fn draw(seed: u64) -> Self {
        Self::of_seed(seed)
    }

    fn run(&self, verbose: bool) -> Simulated {
        let mut arena = Arena::new(self, verbose);
        let violation = play(&mut arena).err();
        Simulated { violation, trace: arena.into_trace() }
    }

    fn smaller(&self) -> Vec<Self> {
        self.reductions()
    }
}

/// A rehearsal, the work with all that goes wrong, the work again, and twice more when everything is well.
fn play(arena: &mut Arena<'_>) -> Result<(), Violation> {
    let scenario = arena.scenario();
    let Some(first) = scenario.clients.first() else { return Ok(()) };
    let roster = scenario.whole_roster().map_err(|problem| refused(&problem))?;
    let strictness = if scenario.is_calm() { Strictness::Exact } else { Strictness::Safe };
    if scenario.rehearsed {
        let client = Client::new(
            scenario,
            'R',
            &first.work,
            (Interruption::Never, true, None),
            arena.now(),
            &ClientContext::new(scenario, 1),
            &roster,
        );
        work(arena, vec![client], strictness)?;
    }
    let clients = scenario.clients.iter().zip(['A', 'B']).zip(contexts(scenario));
    let clients = clients.map(|((plan, name), context)| {
        let starts = arena.now().saturating_add(plan.starts);
        Client::new(
            scenario,
            name,
            &plan.work,
            (plan.interruption, false, scenario.timeout),
            starts,
            &context,
            &roster,
        )
    });
    work(arena, clients.collect(), strictness)?;

    if scenario.rests {
        arena.pass(Duration::from_secs(200))?;
    }
    let strictness = if scenario.rests { strictness } else { Strictness::Safe };
    let clients = scenario.clients.iter().zip(['C', 'D']).zip(contexts(scenario));
    let clients = clients.map(|((plan, name), context)| {
        Client::new(
            scenario,
            name,
            &plan.work,
            (Interruption::Never, false, None),
            arena.now(),
            &context,
            &roster,
        )
    });
    work(arena, clients.collect(), strictness)?;

    arena.calm_down();
    let deleted = matches!(scenario.switches.cascade, Cascade::SoftDeletes(_)) && !scenario.is_calm();
    arena.pass(Duration::from_secs(if deleted { 50 * 3600 } else { 1200 }))?;
    let last = work(arena, vec![quiet(arena, 'E', first, &roster)], Strictness::Quiet)?;
    arena.pass(Duration::from_secs(600))?;
    let again = work(arena, vec![quiet(arena, 'F', first, &roster)], Strictness::Quiet)?;
    // The last seat goes to the first row that asks for it; when that row fails, the seat is free again.
    let contested = last
        .iter()
        .flat_map(|client| &client.items)
        .any(|report| report.problem.as_ref().is_some_and(|problem| problem.code() == Code::NoFreeSeats));
    again.iter().filter(|_| !contested).try_for_each(nothing_to_do)
}

/// The first client's work once more, undisturbed.
fn quiet(arena: &Arena<'_>, name: char, plan: &ClientPlan, roster: &Roster) -> Result<Client, Problem> {
    let context = ClientContext::new(arena.scenario(), 1);
    Client::new(
        arena.scenario(),
        name,
        &plan.work,
        (Interruption::Never, false, None),
        arena.now(),
        &context,
        roster,
    )
}

/// The contexts of clients who work at the same time: one for all, or one for each.
fn contexts(scenario: &Scenario) -> Vec<ClientContext> {
    let clients = scenario.clients.len();
    if scenario.shared {
        return vec![ClientContext::new(scenario, 1); clients];
    }
    let among = u32::try_from(clients).unwrap_or(u32::MAX).max(1);
    (0..clients).map(|_| ClientContext::new(scenario, among)).collect()
}

/// Lets clients work at the same time and checks how they ended.
fn work(
    arena: &mut Arena<'_>,
    clients: Vec<Result<Client, Problem>>,
    strictness: Strictness,
) -> Result<Vec<Client>, Violation> {
    let clients: Result<Vec<Client>, Problem> = clients.into_iter().collect();
    // Requests of former clients may still arrive, and make changes that the present clients are not expected to make.
    let strictness = if arena.is_awaited() { Strictness::Safe } else { strictness };
    let clients = clients.map_err(|problem| refused(&problem))?;
    let expected: Vec<_> = clients.iter().map(|client| expect(arena, client)).collect();
    let clients = arena.run(clients)?;
    for (client, expected) in clients.iter().zip(&expected) {
        check(arena, client, expected, strictness)?;
    }
    Ok(clients)
}

fn refused(problem: &Problem) -> Violation {
    let what = format!("the roster is refused: {:?}", problem.row_errors());
    Violation { invariant: Invariant::RightProblem, what }
}

/// A run after one that made everything as wanted.
fn nothing_to_do(client: &Client) -> Result<(), Violation> {
    if matches!(&client.work, Work::Mutation { mutation, .. } if mutation.repeats()) {
        return Ok(());
    }
    let written = client.writes.iter().find(|write| write.accepted);
    require(written.is_none(), Invariant::Converges, || format!("something was left to do: {written:?}"))?;
    let unfit = |report: &&agentuser_core::flow::Report| {
        report.problem.is_none() && report.outcome != Outcome::Unchanged
    };
    let unfit = client.items.iter().find(unfit).filter(|_| !matches!(client.work, Work::Mutation { .. }));
    require(unfit.is_none(), Invariant::Converges, || format!("nothing was left to do: {unfit:?}"))
}
