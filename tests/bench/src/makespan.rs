//! Applies a roster to a simulated tenant that throttles by the published quotas, on a virtual clock:
//! `makespan ROWS PER_MILLE BATCH`
//!
//! Every row has a manager and a license, so three writes. Of 1,000 requests PER_MILLE go wrong; BATCH may go as one.

mod allocated;

use agentuser_core::Now;
use agentuser_core::flow::{self, Readiness, Report, Summary};
use agentuser_core::graph::{Cloud, Endpoint};
use agentuser_core::operation::{Accepted, Answer, Items, Limits, Outgoing, RequestId, Session, Settings};
use agentuser_core::problem::Problem;
use agentuser_core::roster::{Roster, RosterSettings};
use agentuser_simulator::{Faults, Host, Lag, Network, Polled, Quotas, Task, Tenant, World, ids};
use allocated::Allocated;
use std::convert::Infallible;
use std::error::Error;
use std::fmt::Write as _;
use std::time::Duration;

/// Counts what the operation's own calls allocate.
struct Counter {
    task: Task<Report, Summary>,
    allocated: Allocated,
    result: Option<Result<Summary, Problem>>,
}

impl Host for Counter {
    type Item = Report;
    type End = Summary;
    type Stop = Infallible;

    fn tasks(&mut self) -> impl Iterator<Item = &mut Task<Report, Summary>> {
        std::iter::once(&mut self.task)
    }

    fn poll(&mut self, now: Now, _: usize) -> Polled<Self> {
        Ok(self.allocated.during(|| self.task.poll(now)))
    }

    fn answer(&mut self, _: Now, _: usize, id: RequestId, answer: Answer) -> Accepted {
        // A copy, so that what the operation frees of it was allocated for it.
        let answer = self.allocated.during(|| copy(&answer));
        self.allocated.during(|| self.task.answer(id, answer))
    }

    fn sent(&mut self, world: &mut World, place: usize, outgoing: Outgoing) -> Result<(), Infallible> {
        world.deliver(place, &outgoing);
        // The operation's own allocations count as freed.
        self.allocated.during(|| drop(outgoing));
        Ok(())
    }

    fn item(&mut self, _: Now, _: usize, report: Report) -> Result<(), Infallible> {
        self.allocated.during(|| drop(report));
        Ok(())
    }

    fn ended(&mut self, _: Now, _: usize, result: Result<Summary, Problem>) -> Result<(), Infallible> {
        self.result = Some(result);
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let numbers: Vec<u32> = std::env::args().skip(1).map(|text| text.parse()).collect::<Result<_, _>>()?;
    let [rows, per_mille, batch] = numbers[..] else { return Err("makespan ROWS PER_MILLE BATCH".into()) };
    let tenant = Tenant::contoso(rows)
        .lag(Lag::seeded(1, Duration::from_secs(5)))
        .seats(rows)
        .quotas(Quotas::PUBLISHED);
    let faults =
        if per_mille == 0 { Faults::none() } else { Faults::seeded(7, u16::try_from(per_mille)?).brisk() };
    let mut network = Network::new(tenant.build(), faults);
    network.directory_mut().keep_sums_only();

    let file = file(rows)?;
    let mut allocated = Allocated::default();
    let roster = allocated.during(|| Roster::parse(file.as_bytes(), &RosterSettings::default()))?;
    let limits = Limits { batch: usize::try_from(batch)?, ..Limits::default() };
    let session = Session::new(Settings::new(Endpoint::from(Cloud::Global))).with_limits(limits);
    let operation = allocated.during(|| {
        session.start(0, |graph, items: Items<Report>| {
            flow::apply_rows(graph, roster, Readiness::NONE, false, items)
        })
    });
    let mut world = World::new(network, "Bearer admin");
    let mut counter = Counter { task: Task::new(operation), allocated, result: None };
    let Ok(_) = world.drive(&mut counter);
    let Counter { task, allocated, result } = counter;
    let summary = result.ok_or("nothing to wait for")??;
    if summary.created != usize::try_from(rows)? {
        return Err(format!("{summary:?}").into());
    }
    let stats = world.network().directory().stats();
    println!(
        r#"{{"rows":{rows},"calls":{},"requests":{},"writes":{},"refused":{},"milliseconds":{},"held":{}}}"#,
        task.sent(),
        stats.requests,
        stats.writes,
        stats.by_status.get(&429).copied().unwrap_or(0),
        world.now().mono.as_millis(),
        allocated.most
    );
    Ok(())
}

fn copy(answer: &Answer) -> Answer {
    match answer {
        Answer::Response { response, token } => {
            Answer::Response { response: response.clone(), token: *token }
        }
        Answer::Lost { sent, why } => Answer::Lost { sent: *sent, why: why.clone() },
        Answer::NoToken(problem) => Answer::NoToken(problem.clone()),
    }
}

fn file(rows: u32) -> Result<String, std::fmt::Error> {
    let mut file =
        "identityParentId,displayName,userPrincipalName,usageLocation,manager,licenses\n".to_owned();
    for n in 1..=rows {
        let (parent, manager, sku) = (ids::identity(n), ids::human(1), ids::sku(1));
        writeln!(file, "{parent},Agent {n},agent.{n}@contoso.com,US,{manager},{sku}")?;
    }
    Ok(file)
}
