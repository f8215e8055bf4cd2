//! The command line is killed again and again while it contains a blueprint, and run again: all below it is stopped, and nothing
//! else is touched.
//!
//! Moments come from a seed and are chosen by what the simulator has seen, not by the clock. `AGENTUSER_KILLS=50 cargo test -p
//! agentuser-cli --test killed_containment -- --nocapture` kills fifty times and says where.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use agentuser::core::hash::{mix, text_key};
use common::simulator::Simulator;
use serde_json::Value;
use std::process::{Child, Command, Stdio};

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
        r#"{{"identities": 0, "agentUsers": {}, "seed": {seed}, "speed": 5000, "lagMs": 500000, "latencyMs": [0, 3]}}"#,
        USERS + 1
    );
    Simulator::start_with(&["--options", "-"], &options)
}

/// A run that ends with the test in any case.
struct Run(Child);

impl Drop for Run {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Run {
    fn start(sim: &Simulator, arguments: &[&str]) -> Self {
        let mut command: Command = sim.process(arguments);
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    /// Kills it once the tenant has seen so many writes. Whether it came to that.
    fn kill_at(mut self, sim: &Simulator, writes: u64) -> bool {
        loop {
            if self.0.try_wait().unwrap().is_some() {
                return false;
            }
            if sim.writes() >= writes {
                // SIGKILL.
                self.0.kill().unwrap();
                return self.0.wait().unwrap().code().is_none();
            }
        }
    }
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
            if killed.len() < kills && Run::start(&sim, &contain).kill_at(&sim, moment) {
                killed.push(sim.writes());
            }
        }
        sim.run(&contain).done(&["201 objects"]);
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
        // Every reader sees it then.
        sim.control("POST", "advance", r#"{"seconds": 7200}"#);
        let chain = &sim.run(&["blueprint", "verify", BLUEPRINT, "--json"]).json()[0];
        assert_eq!(chain["principal"]["state"], "disabled", "seed {seed}");
        let identities = chain["identities"].as_array().unwrap();
        let enabled: Vec<&Value> =
            identities.iter().filter(|one| one["identity"]["state"] != "disabled").collect();
        assert!(enabled.is_empty() && !identities.is_empty(), "seed {seed}: {enabled:?}");
    }
    println!("{kills} kills, after so many writes: {killed:?}");
}
