//! The command line is killed again and again while it applies a plan that retires three hundred agent users, and run again: all
//! of them are retired, and nobody else is touched.
//!
//! Moments come from a seed and are chosen by what the simulator has seen, not by the clock. `AGENTUSER_KILLS=50 cargo test -p
//! agentuser-cli --test killed_retirement -- --nocapture` kills fifty times and says where.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use agentuser::core::hash::{mix, text_key};
use common::killable::Killable;
use common::simulator::Simulator;
use serde_json::Value;
use std::collections::BTreeSet;

/// How many are retired, by three writes each, and how many others there are.
const LEAVERS: u64 = 300;
const OTHERS: u64 = 20;
const WRITES: u64 = 3 * LEAVERS;
/// How often it is killed, unless `AGENTUSER_KILLS` says so.
const KILLS: usize = 10;
/// How often in one tenant.
const KILLS_OF_A_ROUND: u64 = 5;

/// A removal whose answer is lost is believed after three minutes, so that the answers to others are lost here.
const FAULTS: &str = r#"{"script": [
    {"method": "POST", "path": "/revokeSignInSessions", "nth": 150, "fault": "lostAnswer"},
    {"method": "PATCH", "path": "/users/", "nth": 20, "fault": "lostAnswer"},
    {"method": "PATCH", "path": "/users/", "nth": 290, "fault": "lostAnswer"}
]}"#;

/// Changes show ten milliseconds late: a run that begins anew does not often find one living that the run before has deleted, and
/// then wait those three minutes because Graph says that it can't be found.
fn tenant(seed: u64) -> Simulator {
    let users = LEAVERS + OTHERS + 1;
    let options = format!(
        r#"{{"identities": 0, "agentUsers": {users}, "seed": {seed}, "speed": 5000, "lagMs": 50000, "latencyMs": [0, 3], "faults": {FAULTS}}}"#
    );
    Simulator::start_with(&["--options", "-"], &options)
}

/// The users of the tenant, by whether they are among the leavers.
fn users(sim: &Simulator, leavers: &BTreeSet<String>) -> [Vec<Value>; 2] {
    let state = sim.control("GET", "state", "");
    let all = state["users"].as_array().unwrap().clone();
    let (own, others) = all.into_iter().partition(|user| leavers.contains(user["id"].as_str().unwrap()));
    [own, others]
}

#[test]
fn killed_at_any_moment_all_are_retired_and_nobody_else() {
    let kills = std::env::var("AGENTUSER_KILLS").map_or(KILLS, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let (names, plan) = (folder.path().join("leavers.txt"), folder.path().join("plan.json"));
    let leavers: Vec<String> = (1..=LEAVERS).map(|n| format!("agent{n}@contoso.com")).collect();
    std::fs::write(&names, leavers.join("\n")).unwrap();
    let (names, path) = (names.to_str().unwrap(), plan.to_str().unwrap());
    let mut killed = Vec::new();
    for seed in 1.. {
        if killed.len() >= kills {
            break;
        }
        let sim = tenant(seed);
        sim.run(&["retire", "--file", names, "--out", path]).done(&["300 agent users: 300 to change"]);
        let content: Value = serde_json::from_str(&std::fs::read_to_string(&plan).unwrap()).unwrap();
        let ids =
            content["changes"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned());
        let ids: BTreeSet<String> = ids.collect();
        let before = users(&sim, &ids);
        assert_eq!((ids.len() as u64, before[0].len() as u64), (LEAVERS, LEAVERS));
        let apply = ["apply", path, "--approved", content["digest"].as_str().unwrap()];
        let mut moments: Vec<u64> =
            (0..KILLS_OF_A_ROUND).map(|kill| mix(&[seed, kill, text_key("writes")]) % WRITES).collect();
        moments.sort_unstable();
        for moment in moments {
            if killed.len() < kills && Killable::start(&sim, &apply).kill_at(&sim, moment) {
                killed.push(sim.writes());
            }
        }
        sim.run(&apply).done(&["300 agent users"]);
        let after = users(&sim, &ids);
        assert!(
            after[0].iter().all(|user| user["deleted"] == true && user["accountEnabled"] == false),
            "seed {seed}"
        );
        assert_eq!(before[1], after[1], "seed {seed}: somebody else was touched");
        let writes = sim.writes();
        sim.run(&apply).done(&["300 agent users: nothing to change"]);
        assert_eq!(sim.writes(), writes, "seed {seed}: a write where nothing was to change");
    }
    println!("{kills} kills, after so many writes: {killed:?}");
}
