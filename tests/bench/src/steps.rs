//! Applies a roster to a simulated tenant in this process and says what the operation took: `steps ROWS`
//!
//! Every row names a manager, most often another row, and a licence. `operation_poll` and `operation_answer` are
//! where an operation's own work is done: under callgrind only they are counted, and only what is allocated in them.

mod allocated;

use agentuser_core::Now;
use agentuser_core::flow::{self, Readiness, Report};
use agentuser_core::graph::{Cloud, Root};
use agentuser_core::http::Response;
use agentuser_core::operation::{
    Answer, Items, Limits, Operation, RequestId, Session, Settings, Step, TokenTag,
};
use agentuser_core::roster::{Roster, RosterSettings};
use agentuser_simulator::{Faults, Network, Outcome, Tenant, ids};
use allocated::Allocated;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::time::Duration;

#[inline(never)]
fn operation_poll<I, T>(operation: &mut Operation<I, T>, now: Now) -> Step<I, T> {
    operation.poll(now)
}

#[inline(never)]
fn operation_answer<I, T>(operation: &mut Operation<I, T>, id: RequestId, answer: Answer) {
    operation.answer(id, answer);
}

fn main() -> Result<(), Box<dyn Error>> {
    let rows: u32 = std::env::args().nth(1).ok_or("give a number of rows")?.parse()?;
    let roster = Roster::parse(file(rows)?.as_bytes(), &RosterSettings::default())?;
    let tenant = Tenant::contoso(0).seats(rows);
    let tenant = (1..=rows).fold(tenant, |tenant, n| tenant.identity(n, 1));
    let mut network = Network::new(tenant.build(), Faults::none());
    let limits = Limits { in_flight: 16, batch: 1, ..Limits::default() };
    let session = Session::new(Settings::new(Root::from(Cloud::Global))).with_limits(limits);
    let mut allocated = Allocated::default();
    let mut operation = allocated.during(|| {
        session.start(0, |graph, items: Items<Report>| {
            flow::apply_rows(graph, roster, Readiness::NONE, false, items)
        })
    });
    let (mut now, mut polls, mut requests, mut reports) = (Now::default(), 0_u64, 0_u64, 0_u64);
    let mut coming: BTreeMap<(Duration, u64), (RequestId, Response)> = BTreeMap::new();
    let summary = loop {
        polls += 1;
        match allocated.during(|| operation_poll(&mut operation, now)) {
            Step::Send(outgoing) => {
                for one in outgoing {
                    requests += 1;
                    let delivery = network.deliver(now, Some("Bearer admin"), &one.request);
                    let Outcome::Response(response) = delivery.outcome else {
                        return Err("no faults".into());
                    };
                    coming.insert((now.mono.saturating_add(delivery.after), requests), (one.id, response));
                    // What the operation made is counted as given back.
                    allocated.during(|| drop(one));
                }
            }
            Step::Item(report) => {
                reports += u64::from(report.problem.is_none());
                allocated.during(|| drop(report));
            }
            Step::Event(_) | Step::Abort(_) => {}
            Step::Wait(until) => {
                let next = coming.first_key_value().map(|((at, _), _)| *at);
                let wake = until.into_iter().chain(next).min().ok_or("nothing to wait for")?;
                now = now.later(wake.saturating_sub(now.mono));
                while let Some(entry) = coming.first_entry().filter(|entry| entry.key().0 <= now.mono) {
                    let (id, response) = entry.remove();
                    // A copy, so that what the operation frees of it was allocated for it.
                    let response = allocated.during(|| response.clone());
                    let answer = Answer::Response { response, token: TokenTag(1) };
                    allocated.during(|| operation_answer(&mut operation, id, answer));
                }
            }
            Step::Done(result) => break result?,
        }
    };
    if reports != u64::from(rows) {
        return Err(format!("{reports} of {rows} rows are right: {summary:?}").into());
    }
    println!(
        r#"{{"rows":{rows},"requests":{requests},"polls":{polls},"seconds":{},"allocations":{},"bytes":{},"held":{}}}"#,
        now.mono.as_secs(),
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
