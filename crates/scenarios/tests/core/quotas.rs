//! Rosters against a tenant that throttles by quotas: the quota is filled, and never tripped over.

use crate::common::Want;
use agentuser_core::flow::{self, Outcome, Readiness, Report, Summary};
use agentuser_core::graph::{Cloud, Endpoint};
use agentuser_core::hash::{mix, text_key};
use agentuser_core::http::{Headers, Method, Request};
use agentuser_core::operation::{Event, Items, Limits, Operation, Session, Settings, Waiting};
use agentuser_core::roster::{Roster, Shard};
use agentuser_simulator::{
    Fault, Faults, Interruption, Lag, Network, Planned, Quotas, Ran, Switches, Tenant, World, ids, tenant,
};
use std::collections::BTreeSet;
use std::time::Duration;

const WRITES: u32 = 60;
const UNITS: u32 = 400;

/// Rows with a manager and a license: three writes each.
fn wants(rows: u32) -> Vec<Want> {
    let manager = ids::human(1).to_string();
    (1..=rows).map(|n| Want::new(n).manager(&manager).license("AGENT_365")).collect()
}

fn world(rows: u32, faults: Faults) -> World {
    let tenant = Tenant::contoso(rows)
        .lag(Lag::seeded(3, Duration::from_secs(2)))
        .seats(rows)
        .quotas(Quotas { writes: WRITES, units: Some(UNITS) });
    World::new(Network::new(tenant.build(), faults), tenant::ADMIN)
}

fn session() -> Session {
    let mut settings = Settings::new(Endpoint::from(Cloud::Global));
    settings.quotas.writes = WRITES;
    settings.quotas.units = Some(UNITS);
    Session::new(settings)
}

fn apply(session: &Session, roster: Roster, batch: usize, seed: u64) -> Operation<Report, Summary> {
    session.with_limits(Limits { batch, ..Limits::default() }).start(seed, |graph, items: Items<Report>| {
        flow::apply_rows(graph, roster, Readiness::NONE, false, items)
    })
}

/// The least time that a client can take: its sliding window is full from the start, and no one else uses the quota.
fn bound(writes: u32) -> Duration {
    Duration::from_secs(150) * ((writes - 1) / WRITES)
}

fn refused_by_the_tenant(world: &World) -> u64 {
    world.network().directory().stats().by_status.get(&429).copied().unwrap_or(0)
}

fn created(ran: &Ran<Report, Summary>) -> usize {
    ran.result.as_ref().unwrap().as_ref().unwrap().of(Outcome::Created)
}

#[test]
fn a_roster_takes_hardly_longer_than_the_quota_permits_and_is_never_throttled() {
    let rows = 200;
    let mut world = world(rows, Faults::none());
    let ran = world.run(apply(&session(), crate::common::roster(&wants(rows)), 20, 1));
    assert_eq!(created(&ran), 200);
    assert_eq!(refused_by_the_tenant(&world), 0);
    let fullest = world.network().directory().fullest();
    assert!(fullest.writes <= WRITES && fullest.units <= UNITS, "{fullest:?}");
    let ratio = world.now().mono.as_secs_f64() / bound(rows * 3).as_secs_f64();
    assert!(ratio <= 1.05, "{ratio}");
    assert!(
        ran.events
            .iter()
            .any(|event| matches!(event, Event::Waiting { row: None, why: Waiting::WriteQuota, .. })),
        "it says what it waits for"
    );
}

#[test]
fn with_faults_it_takes_little_longer() {
    let rows = 200;
    let mut world = world(rows, Faults::seeded(5, 50).brisk());
    let ran = world.run(apply(&session(), crate::common::roster(&wants(rows)), 20, 1));
    assert_eq!(created(&ran), 200);
    assert_eq!(refused_by_the_tenant(&world), 0);
    let ratio = world.now().mono.as_secs_f64() / bound(rows * 3).as_secs_f64();
    assert!(ratio <= 1.15, "{ratio}");
}

#[test]
fn batches_lower_the_calls_and_not_the_speed() {
    let run = |batch| {
        let mut world = world(100, Faults::none());
        let ran = world.run(apply(&session(), crate::common::roster(&wants(100)), batch, 1));
        assert_eq!(created(&ran), 100);
        let directory = world.network().directory();
        (ran.sent.len(), world.now().mono, directory.stats().requests, crate::common::state(&world))
    };
    let (single, took, asked, state) = run(1);
    let (packed, took_packed, asked_packed, state_packed) = run(20);
    assert_eq!(state, state_packed);
    assert_eq!(single as u64, asked);
    assert!(asked_packed <= asked + asked / 50, "{asked_packed} parts for {asked} requests");
    assert!(packed * 4 <= single, "{packed} calls for {single}");
    assert!(took_packed.as_secs_f64() <= took.as_secs_f64() * 1.01, "{took_packed:?} {took:?}");
}

#[test]
fn a_server_that_takes_no_batches_gets_none() {
    let mut world = world(30, Faults::none());
    let refused = |nth| Planned::new(Method::Post, "/$batch", nth, Fault::Rejected);
    world.network_mut().add_faults((1..=1_000).map(refused));
    let ran = world.run(apply(&session(), crate::common::roster(&wants(30)), 20, 1));
    assert_eq!(created(&ran), 30);
    let batches = ran.sent.iter().filter(|(_, request)| request.url.ends_with("/$batch")).count();
    // These batches were on their way when the first was refused.
    assert!((1..=4).contains(&batches), "{batches}");
}

#[test]
fn two_operations_of_one_session_share_the_quota() {
    let mut world = world(120, Faults::none());
    let session = session();
    let (first, second) = (wants(60), wants(120).split_off(60));
    let both = [
        apply(&session, crate::common::roster(&first), 20, 1),
        apply(&session, crate::common::roster(&second), 20, 2),
    ];
    let mut ended = Vec::new();
    let runs = world.run_together(both);
    for ran in &runs {
        assert_eq!(created(ran), 60);
        ended.push(ran.sent.last().unwrap().0.as_secs_f64());
    }
    assert_eq!(refused_by_the_tenant(&world), 0);
    // First come, first served would end at the half and at the whole.
    let together = bound(360).as_secs_f64();
    assert!(
        ended.iter().all(|end| *end >= together * 0.75 && *end <= together * 1.06),
        "{ended:?} of {together}"
    );
}

#[test]
fn shards_share_a_roster_and_the_quota_without_knowing_of_each_other() {
    let rows = 60;
    let mut world = world(rows, Faults::none());
    // Managers are rows of any shard.
    let wants: Vec<Want> =
        (1..=rows).map(|n| Want::new(n).manager(&format!("agent.{}@contoso.com", n % rows + 1))).collect();
    let shards: Vec<_> = (1..=3)
        .map(|n| {
            let roster = crate::common::roster(&wants).shard(Shard::new(n, 3).unwrap());
            apply(&session(), roster, 20, n.into())
        })
        .collect();
    let runs = world.run_together(shards);
    let upns: BTreeSet<&str> =
        runs.iter().flat_map(|ran| &ran.items).map(|report| report.user_principal_name.as_str()).collect();
    assert_eq!(upns.len(), 60);
    assert_eq!(runs.iter().map(created).sum::<usize>(), 60);
    assert!(runs.iter().all(|ran| created(ran) >= 10));
    assert_eq!(refused_by_the_tenant(&world), 0);
    let with_manager =
        world.network().directory().agent_users().filter(|user| user.manager.is_some()).count();
    assert_eq!(with_manager, 60);
}

#[test]
fn another_client_that_uses_the_quota_up_is_waited_for() {
    let rows = 20;
    let mut world = world(rows, Faults::none());
    let now = world.now();
    for n in 0..WRITES {
        let url = format!("https://graph.microsoft.com/v1.0/users/{n}");
        let request = Request { method: Method::Delete, url, headers: Headers::new(), body: Vec::new() };
        world.network_mut().directory_mut().handle(now, Some(tenant::ADMIN), &request);
    }
    let ran = world.run(apply(&session(), crate::common::roster(&wants(rows)), 20, 1));
    assert_eq!(created(&ran), 20);
    // One round of refusals teaches it, for all rows.
    let refused = refused_by_the_tenant(&world);
    assert!(refused <= 45, "{refused}");
    assert_eq!(world.network().directory().stats().agent_users_created, 20);
}

/// Each part of a batch has its own outcome: lost answers, missing parts, refusals of one part or of all.
#[test]
fn every_row_is_provisioned_once_under_any_fault_of_batches_and_parts() {
    for seed in 0..120 {
        let draw = |purpose: &str, most: u64| mix(&[seed, text_key(purpose)]) % most;
        let rows = 4 + draw("rows", 16) as u32;
        let tenant = Tenant::contoso(rows)
            .seed(seed)
            .seats(rows)
            .lag(Lag::seeded(seed, Duration::from_secs(draw("lag", 20))))
            .switches(Switches { uniqueness_lags: false, ..Switches::from_seed(seed) });
        let per_mille = [50, 150, 400][draw("faults", 3) as usize];
        let mut world =
            World::new(Network::new(tenant.build(), Faults::seeded(seed, per_mille)), tenant::ADMIN);
        let run = |world: &mut World, interruption, round: u64| {
            let operation =
                apply(&crate::common::session(), crate::common::roster(&wants(rows)), 20, seed + round);
            let ran = world.run_until(operation, interruption);
            let directory = world.network().directory();
            assert!(directory.duplicates().is_empty(), "seed {seed}");
            assert!(directory.stats().created_per_parent.values().all(|times| *times == 1), "seed {seed}");
            ran
        };
        let interruption = match draw("cut", 3) {
            0 => Interruption::Dies { after: draw("when", 20) as u32 },
            1 => Interruption::cancelled(draw("when", 20) as u32),
            _ => Interruption::Never,
        };
        let first = run(&mut world, interruption, 0);
        if interruption == Interruption::Never {
            assert_eq!(first.items.len(), rows as usize, "seed {seed}");
            assert_eq!(created(&first), rows as usize, "seed {seed}: {:#?}", first.items);
        }
        world.network_mut().set_faults(Faults::none());
        world.pass(Duration::from_secs(1_200));
        let again = run(&mut world, Interruption::Never, 1);
        assert!(again.result.unwrap().unwrap().is_success(), "seed {seed}");
        world.pass(Duration::from_secs(1_200));
        let writes = world.network().directory().stats().writes;
        let last = run(&mut world, Interruption::Never, 2);
        assert_eq!(last.result.unwrap().unwrap().unchanged, rows as usize, "seed {seed}");
        assert_eq!(world.network().directory().stats().writes, writes, "seed {seed}");
        assert_eq!(world.network().directory().agent_users().count(), rows as usize + 1, "seed {seed}");
    }
}
