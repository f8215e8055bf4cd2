//! The doctor and its probe, against the simulator.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use agentuser_simulator::ids;
use common::killable::Killable;
use common::simulator::Simulator;
use serde_json::Value;

#[test]
fn what_a_token_allows_is_shown() {
    let sim = Simulator::fast();
    let shown = sim.run(&["doctor"]);
    shown.done(&["token", "OPERATION", "applyRoster", "read the verified domains of the tenant", "answered"]);
    assert_eq!(sim.writes(), 0);
    sim.run(&["doctor", "steal"]).failed(1, &["There is no operation \"steal\"."]);
    sim.run(&["doctor", "create", "--probe"]).failed(2, &["cannot be used with"]);
}

#[test]
fn a_probe_is_json_and_leaves_nothing() {
    let sim = Simulator::start_with(&["--options", "-"], r#"{"speed": 10000, "outsideContract": true}"#);
    let by_reads = sim.run(&["doctor", "--probe"]);
    by_reads.done(&["\"question\"", "error-envelope"]);
    assert_eq!(sim.writes(), 0);
    let parent = ids::identity(1).to_string();
    let report = sim.run(&["doctor", "--probe-writes", &parent]);
    let probe: Value = serde_json::from_str(&report.stdout).unwrap();
    assert_eq!(probe["cleanedUp"], true);
    assert!(!report.stdout.contains("contoso") && !report.stdout.contains(&parent), "{}", report.stdout);
    sim.run(&["doctor", "--probe-writes", &parent]).done(&["cleanedUp"]);
    let taken = ids::identity(agentuser_simulator::tenant::TAKEN_IDENTITY).to_string();
    sim.run(&["doctor", "--probe-writes", &taken]).failed(1, &["has an agent user"]);
}

/// The process is killed after the create, so that nothing of it can clean up: its sentence names the way, and the next probe of
/// the same parent goes it.
#[test]
fn what_a_killed_probe_leaves_the_next_one_deletes() {
    let sim = Simulator::start_with(&["--options", "-"], r#"{"speed": 10000, "outsideContract": true}"#);
    let parent = ids::identity(1).to_string();
    let probe = ["doctor", "--probe-writes", &parent];
    let is_left = || sim.run(&["list", "--json"]).stdout.contains("agentuser-probe-");
    // The first writes are refused creates: which of them makes the agent user is not for this test to know.
    let killed = |moment| Killable::start(&sim, &probe).kill_at(&sim, sim.writes() + moment) && is_left();
    let moment = (1..=12).find(|moment| killed(*moment));
    assert!(moment.is_some(), "no probe was killed while its agent user was there");
    let next = sim.run(&probe);
    next.done(&["\"cleanedUp\":true"]);
    assert!(next.stderr.contains("run it again with this parent"), "{}", next.stderr);
    assert!(!is_left());
}
