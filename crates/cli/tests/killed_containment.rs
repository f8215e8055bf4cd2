//! The command line is killed again and again while it contains a blueprint, and run again: all below it is stopped, and nothing
//! else is touched.
//!
//! Moments come from a seed and are chosen by what the simulator has seen, not by the clock. `AGENTUSER_KILLS=50 cargo test -p
//! agentuser-cli --test killed_containment -- --nocapture` kills fifty times and says where.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use agentuser::core::hash::{mix, text_key};
use common::killable::Killable;
use common::simulator::Simulator;
use serde_json::Value;

/// How many agent users the tenant has; every third is of the blueprint.
const USERS: u64 = 300;
/// The principal, a hundred agent identities, and a hundred agent users by two writes each.
const WRITES: u64 = 1 + 3 * USERS / 3;
/// How often it is killed, unless `AGENTUSER_KILLS` says so.
const KILLS: usize = 6;
/// How often in one tenant.
const KILLS_OF_A_ROUND: u64 = 3;
const BLUEPRINT: &str = "b1a00000-0000-4000-8000-000000000002";

fn tenant(seed: u64) -> Simulator {
    let options = format!(
        r#"{{"identities": 0, "agentUsers": {}, "seed": {seed}, "speed": 5000, "lagMs": 50000, "latencyMs": [0, 3]}}"#,
        USERS + 1
    );
    Simulator::start_with(&["--options", "-"], &options)
}

fn users(sim: &Simulator) -> Vec<Value> {
    sim.control("GET", "state", "")["users"].as_array().unwrap().clone()
}

#[test]
fn killed_at_any_moment_all_below_the_blueprint_is_stopped_and_nothing_else() {
    let kills = std::env::var("AGENTUSER_KILLS").map_or(KILLS, |text| text.parse().unwrap());
    let contain = ["contain", "--blueprint", BLUEPRINT];
    let mut killed = Vec::new();
    for seed in 1.. {
        if killed.len() >= kills {
            break;
        }
        let sim = tenant(seed);
        let before = users(&sim);
        let mut moments: Vec<u64> =
            (0..KILLS_OF_A_ROUND).map(|kill| mix(&[seed, kill, text_key("writes")]) % WRITES).collect();
        moments.sort_unstable();
        for moment in moments {
            if killed.len() < kills && Killable::start(&sim, &contain).kill_at(&sim, moment) {
                killed.push(sim.writes());
            }
        }
        let ended = sim.run(&contain);
        ended.done(&["201 objects"]);
        assert!(ended.stderr.contains("60 to 90 minutes"), "{ended:#?}");
        let stopped = |user: &&Value| user["accountEnabled"] == false;
        let after = users(&sim);
        assert_eq!(after.iter().filter(stopped).count() as u64, USERS / 3, "seed {seed}");
        for (was, is) in before.iter().zip(&after) {
            let mut expected = was.clone();
            if is["accountEnabled"] == false {
                expected["accountEnabled"] = false.into();
            }
            assert_eq!(&expected, is, "seed {seed}: something else was touched");
        }
        let state = sim.control("GET", "state", "");
        let principals = state["servicePrincipals"].as_array().unwrap();
        let below = |one: &&Value| one["appId"] == BLUEPRINT || one["agentIdentityBlueprintId"] == BLUEPRINT;
        let below: Vec<&Value> = principals.iter().filter(below).collect();
        assert_eq!(below.len() as u64, 1 + USERS / 3, "seed {seed}");
        assert!(below.iter().all(|one| one["accountEnabled"] == false), "seed {seed}: {below:?}");
    }
    println!("{kills} kills, after so many writes: {killed:?}");
}
