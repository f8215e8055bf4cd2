//! A roster against a simulated tenant that throttles by the published quotas, on a virtual clock.
//!
//! `makespan ROWS PER_MILLE BATCH`: every row has a manager and a license, so three writes; of 1,000 requests, so many
//! go wrong; so many requests may go as one. Prints what came of it as JSON.
#![allow(clippy::print_stdout)]

use agentuser_core::flow::{self, Outcome, Report, RosterOptions, Summary};
use agentuser_core::graph::{Cloud, Root};
use agentuser_core::operation::{Items, Limits, Session, Settings};
use agentuser_core::roster::{Roster, RosterSettings};
use agentuser_sim::{Faults, Lag, Network, Quotas, Ran, Tenant, World, ids, tenant};
use serde_json::json;
use std::fmt::Write;
use std::time::Duration;

/// The published quota of writes (graph-api §6.4).
const WRITES: u32 = 3_000;
const WINDOW: Duration = Duration::from_secs(150);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let numbers: Vec<u32> = std::env::args().skip(1).map(|text| text.parse()).collect::<Result<_, _>>()?;
    let [rows, per_mille, batch] = numbers[..] else { return Err("makespan ROWS PER_MILLE BATCH".into()) };

    let mut csv =
        String::from("identityParentId,userPrincipalName,displayName,usageLocation,manager,licenses\n");
    let manager = ids::human(1);
    for n in 1..=rows {
        writeln!(csv, "{},agent.{n}@contoso.com,Agent {n},DE,{manager},AGENT_365", ids::identity(n))?;
    }
    let roster = Roster::parse(csv.as_bytes(), &RosterSettings::default())?;

    let tenant = Tenant::contoso(rows)
        .lag(Lag::seeded(1, Duration::from_secs(5)))
        .seats(rows)
        .quotas(Quotas::PUBLISHED);
    let faults =
        if per_mille == 0 { Faults::none() } else { Faults::seeded(7, u16::try_from(per_mille)?).brisk() };
    let mut network = Network::new(tenant.build(), faults);
    network.directory_mut().keep_sums_only();
    let mut world = World::new(network, tenant::ADMIN);
    let limits = Limits { in_flight: 32, batch: batch as usize, ..Limits::default() };
    let mut operation = Session::new(Settings::new(Root::from(Cloud::Global)))
        .start(limits, |graph, items: Items<Report>| {
            flow::roster(graph, roster, RosterOptions::default(), items)
        });
    let ran: Ran<Report, Summary> = world.run(&mut operation);
    let summary = ran.result.ok_or("the run has no end")??;

    // No client can be faster: a sliding window that is full at the start, and nobody else.
    let bound = WINDOW * ((rows * 3).saturating_sub(1) / WRITES);
    let directory = world.network().directory();
    let stats = directory.stats();
    println!(
        "{}",
        json!({
            "created": summary.of(Outcome::Created),
            "seconds": world.now().mono.as_secs_f64(),
            "boundSeconds": bound.as_secs_f64(),
            "calls": world.network().counts().requests,
            "requests": stats.requests,
            "writes": stats.writes,
            "refusedByQuota": stats.by_status.get(&429).copied().unwrap_or(0),
            "fullestWindow": {"writes": directory.fullest().writes, "units": directory.fullest().units},
        })
    );
    Ok(())
}
