//! Applies a roster to a simulated tenant in this process and says what the operation took: `steps ROWS`, or
//! `steps ROWS records` with a record of every request and every change.
//!
//! Every row names a manager, most often another row, and a license. `operation_poll` and `operation_answer` are
//! where an operation's own work is done: under callgrind only they are counted, and only what is allocated in them.

mod allocated;

use agentuser_core::Now;
use agentuser_core::flow::{self, Readiness, Report, Summary};
use agentuser_core::graph::{Cloud, Endpoint};
use agentuser_core::operation::{
    Accepted, Answer, Items, Limits, Outgoing, Record, Recording, RequestId, Session, Settings, Step,
    TokenTag,
};
use agentuser_core::problem::Problem;
use agentuser_core::roster::{Roster, RosterSettings};
use agentuser_simulator::{Faults, Host, Network, Polled, Task, Tenant, World, ids};
use allocated::Allocated;
use std::convert::Infallible;
use std::error::Error;
use std::fmt::Write as _;

#[inline(never)]
fn operation_poll(task: &mut Task<Report, Summary>, now: Now) -> Option<Step<Report, Summary>> {
    task.poll(now)
}

#[inline(never)]
fn operation_answer(task: &mut Task<Report, Summary>, id: RequestId, answer: Answer) -> Accepted {
    task.answer(id, answer)
}

/// Counts what the operation's own calls allocate.
struct Counter {
    task: Task<Report, Summary>,
    allocated: Allocated,
    /// Rows without a problem.
    reports: u64,
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
        Ok(self.allocated.during(|| operation_poll(&mut self.task, now)))
    }

    fn answer(&mut self, _: Now, _: usize, id: RequestId, answer: Answer) -> Accepted {
        let Answer::Response { response, .. } = answer else { return Accepted::Ignored };
        // A copy, so that what the operation frees of it was allocated for it.
        let response = self.allocated.during(|| response.clone());
        let answer = Answer::Response { response, token: TokenTag(1) };
        self.allocated.during(|| operation_answer(&mut self.task, id, answer))
    }

    fn sent(&mut self, world: &mut World, place: usize, outgoing: Outgoing) -> Result<(), Infallible> {
        world.deliver(place, &outgoing);
        // The operation's own allocations count as freed.
        self.allocated.during(|| drop(outgoing));
        Ok(())
    }

    fn record(&mut self, _: Now, _: usize, record: Record) -> Result<(), Infallible> {
        self.allocated.during(|| drop(record));
        Ok(())
    }

    fn item(&mut self, _: Now, _: usize, report: Report) -> Result<(), Infallible> {
        self.reports += u64::from(report.problem.is_none());
        self.allocated.during(|| drop(report));
        Ok(())
    }

    fn ended(&mut self, _: Now, _: usize, result: Result<Summary, Problem>) -> Result<(), Infallible> {
        self.result = Some(result);
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let rows: u32 = std::env::args().nth(1).ok_or("give a number of rows")?.parse()?;
    let records = std::env::args().nth(2).is_some_and(|argument| argument == "records");
    let roster = Roster::parse(file(rows)?.as_bytes(), &RosterSettings::default())?;
    let tenant = Tenant::contoso(0).seats(rows);
    let tenant = (1..=rows).fold(tenant, |tenant, n| tenant.identity(n, 1));
    let network = Network::new(tenant.build(), Faults::none());
    let limits = Limits { in_flight: 16, batch: 1, ..Limits::default() };
    let session = Session::new(Settings::new(Endpoint::from(Cloud::Global))).with_limits(limits);
    let mut allocated = Allocated::default();
    let operation = allocated.during(|| {
        let mut operation = session.start(0, |graph, items: Items<Report>| {
            flow::apply_rows(graph, roster, Readiness::NONE, false, items)
        });
        operation.set_recording(Recording { requests: records, changes: records, reason: None });
        operation
    });
    let mut world = World::new(network, "Bearer admin");
    let mut counter = Counter { task: Task::new(operation), allocated, reports: 0, result: None };
    let Ok(_) = world.drive(&mut counter);
    let Counter { task, allocated, reports, result } = counter;
    let summary = result.ok_or("nothing to wait for")??;
    if reports != u64::from(rows) {
        return Err(format!("{reports} of {rows} rows are right: {summary:?}").into());
    }
    println!(
        r#"{{"rows":{rows},"requests":{},"polls":{},"seconds":{},"allocations":{},"bytes":{},"held":{}}}"#,
        task.sent(),
        task.polls(),
        world.now().mono.as_secs(),
        allocated.times,
        allocated.bytes,
        allocated.most
    );
    Ok(())
}

/// The roster. The first of ten rows is the manager of the others.
fn file(rows: u32) -> Result<String, std::fmt::Error> {
    let mut file =
        "identityParentId,displayName,userPrincipalName,usageLocation,manager,licenses\n".to_owned();
    for n in 1..=rows {
        let lead = n - n % 10;
        let manager = if lead == n || lead == 0 { "human1".to_owned() } else { format!("agent.{lead}") };
        let parent = ids::identity(n);
        writeln!(file, "{parent},Agent {n},agent.{n}@contoso.com,US,{manager}@contoso.com,{}", ids::sku(1))?;
    }
    Ok(file)
}
