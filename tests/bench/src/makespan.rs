//! Applies a roster to a simulated tenant that throttles by the published quotas, on a virtual clock:
//! `makespan ROWS PER_MILLE BATCH`
//!
//! Every row has a manager and a licence, so three writes. Of 1,000 requests PER_MILLE go wrong; BATCH may go as one.

mod allocated;

use agentuser_core::Now;
use agentuser_core::flow::{self, Readiness, Report};
use agentuser_core::graph::{Cloud, Root};
use agentuser_core::operation::{
    Answer, Items, Limits, Loss, RequestId, Sent, Session, Settings, Step, TokenTag,
};
use agentuser_core::roster::{Roster, RosterSettings};
use agentuser_simulator::{Faults, Lag, Network, Outcome, Quotas, Sent as Reached, Tenant, ids};
use allocated::Allocated;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::time::Duration;

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
    let session = Session::new(Settings::new(Root::from(Cloud::Global))).with_limits(limits);
    let mut operation = allocated.during(|| {
        session.start(0, |graph, items: Items<Report>| {
            flow::apply_rows(graph, roster, Readiness::NONE, false, items)
        })
    });
    let mut now = Now::default();
    let mut coming: BTreeMap<(Duration, u64), (RequestId, Answer)> = BTreeMap::new();
    let mut calls = 0_u64;
    let summary = loop {
        match allocated.during(|| operation.poll(now)) {
            Step::Send(outgoing) => {
                for one in outgoing {
                    calls += 1;
                    let delivery = network.deliver(now, Some("Bearer admin"), &one.request);
                    let id = one.id;
                    // What the operation made is counted as given back.
                    allocated.during(|| drop(one));
                    let answer = match delivery.outcome {
                        Outcome::Response(response) => Answer::Response { response, token: TokenTag(1) },
                        Outcome::Lost { sent } => Answer::Lost {
                            sent: if sent == Reached::No { Sent::No } else { Sent::Maybe },
                            why: Loss::Broken("connection reset".to_owned()),
                        },
                        Outcome::Never => continue,
                    };
                    coming.insert((now.mono.saturating_add(delivery.after), calls), (id, answer));
                }
            }
            Step::Item(report) => allocated.during(|| drop(report)),
            Step::Event(_) | Step::Abort(_) => {}
            Step::Wait(until) => {
                let next = coming.first_key_value().map(|((at, _), _)| *at);
                let wake = until.into_iter().chain(next).min().ok_or("nothing to wait for")?;
                now = now.later(wake.saturating_sub(now.mono));
                while let Some(entry) = coming.first_entry().filter(|entry| entry.key().0 <= now.mono) {
                    let (id, answer) = entry.remove();
                    // A copy, so that what the operation frees of it was allocated for it.
                    let answer = allocated.during(|| copy(&answer));
                    allocated.during(|| operation.answer(id, answer));
                }
            }
            Step::Done(result) => break result?,
        }
    };
    if summary.created != usize::try_from(rows)? {
        return Err(format!("{summary:?}").into());
    }
    let stats = network.directory().stats();
    println!(
        r#"{{"rows":{rows},"calls":{calls},"requests":{},"writes":{},"refused":{},"milliseconds":{},"held":{}}}"#,
        stats.requests,
        stats.writes,
        stats.by_status.get(&429).copied().unwrap_or(0),
        now.mono.as_millis(),
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
