//! The command line is killed again and again on its way through a roster, and run again: every agent user is there
//! once.
//!
//! Moments come from a seed and are chosen by what the simulator has seen, not by the clock. `AGENTUSER_KILLS=100 cargo
//! test -p agentuser-cli --test killed -- --nocapture` kills a hundred times and says where.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use agentuser::core::hash::{mix, text_key};
use common::simulator::{Simulator, parent};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

const ROWS: u64 = 300;
/// How often it is killed, unless `AGENTUSER_KILLS` says so.
const KILLS: usize = 20;
/// How often in one tenant, at most.
const KILLS_OF_A_ROUND: u64 = 10;

/// Lost answers and short throttling now and then, and the answers to some creates, late ones for the run that ends.
const FAULTS: &str = r#", "faults": {"perMille": 2, "brisk": true, "script": [
    {"method": "POST", "path": "/users/microsoft.graph.agentUser", "nth": 20, "fault": "lostAnswer"},
    {"method": "POST", "path": "/users/microsoft.graph.agentUser", "nth": 150, "fault": "lostAnswer"},
    {"method": "POST", "path": "/users/microsoft.graph.agentUser", "nth": 290, "fault": "lostAnswer"},
    {"method": "POST", "path": "/users/microsoft.graph.agentUser", "nth": 300, "fault": "lostAnswer"}
]}"#;

/// Rows with managers (humans, and each other), sponsors and licenses.
fn roster() -> String {
    let rows = (1..=ROWS).map(|n| {
        let manager = match n % 4 {
            0 => format!("agent-{}@contoso.com", (n * 7) % ROWS + 1),
            1 => format!("human{}@contoso.com", n % 5 + 1),
            _ => String::new(),
        };
        let sponsor = if n % 5 == 0 { "human1@contoso.com" } else { "" };
        let license = if n % 3 == 0 { "AGENT_MESSAGING" } else { "" };
        let parent = parent(u32::try_from(n).unwrap());
        format!("{parent},Agent {n},agent-{n}@contoso.com,DE,{manager},{sponsor},{license}\n")
    });
    let header = "identityParentId,displayName,userPrincipalName,usageLocation,manager,sponsors,licenses\n";
    header.to_owned() + &rows.collect::<String>()
}

/// A tenant for the roster, whose faults and lags come from the seed and are over within a second.
fn tenant(seed: u64, faults: &str) -> Simulator {
    let options = format!(
        r#"{{"identities": {ROWS}, "seats": {ROWS}, "seed": {seed}, "speed": 5000, "lagMs": 500000, "latencyMs": [0, 3]{faults}}}"#
    );
    Simulator::start_with(&["--options", "-"], &options)
}

/// Once so many agent users were ever created in the tenant, and so many requests later.
#[derive(Debug)]
struct Moment {
    created: u64,
    requests: u64,
}

/// From before the first request to after the last create; in every other tenant to some creates before it, so that
/// the run that may end has something to create.
fn moments(seed: u64) -> Vec<Moment> {
    let below = |what: &str, kill: u64, most: u64| mix(&[seed, kill, text_key(what)]) % most;
    let mut moments: Vec<Moment> = (2..KILLS_OF_A_ROUND - 2)
        .map(|kill| Moment {
            created: 1 + below("created", kill, 200),
            requests: below("requests", kill, 40),
        })
        .collect();
    moments.sort_unstable_by_key(|moment| moment.created);
    moments.insert(0, Moment { created: 0, requests: seed % 2 });
    moments.insert(1, Moment { created: 0, requests: below("requests", 1, 300) });
    let last = if seed.is_multiple_of(2) { ROWS } else { 200 };
    moments.extend([
        Moment { created: last, requests: 0 },
        Moment { created: last, requests: below("requests", 9, 100) },
    ]);
    moments
}

/// A run of the command line, which ends with the test in any case.
struct Run(Child);

impl Run {
    fn start(sim: &Simulator, roster: &Path, said: &Path, batch: bool) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_agentuser"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AGENTUSER_")) {
            command.env_remove(name);
        }
        command.args(["roster", "apply", "--json"]).arg(roster);
        if !batch {
            command.arg("--no-batch");
        }
        command.env("AGENTUSER_GRAPH_ENDPOINT", &sim.root).env("AGENTUSER_TOKEN", "admin");
        command.env("NO_PROXY", "*").stdin(Stdio::null());
        let file = || File::options().create(true).append(true).open(said).unwrap();
        Self(command.stdout(file()).stderr(file()).spawn().unwrap())
    }

    /// Kills it at that moment. How it ended, if it did so by itself before.
    fn kill_at(mut self, sim: &Simulator, moment: &Moment) -> Option<ExitStatus> {
        let number = |stats: &Value, name: &str| stats[name].as_u64().unwrap();
        let mut from = None;
        // Every look is a request to the simulator, so that this waits for it and not for a clock.
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                return Some(status);
            }
            let stats = sim.stats();
            if number(&stats, "agentUsersCreated") >= moment.created {
                let requests = number(&stats, "requests");
                if requests - *from.get_or_insert(requests) >= moment.requests {
                    // SIGKILL.
                    self.0.kill().unwrap();
                    let status = self.0.wait().unwrap();
                    return status.code().map(|_| status);
                }
            }
        }
    }

    fn end(mut self) -> ExitStatus {
        self.0.wait().unwrap()
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// The tenant's state with names in place of the ids that its users got.
fn state(sim: &Simulator) -> Value {
    let state = sim.control("GET", "state", "");
    let mut text = state.to_string();
    for user in state["users"].as_array().unwrap() {
        text = text.replace(user["id"].as_str().unwrap(), user["userPrincipalName"].as_str().unwrap());
    }
    let mut state: Value = serde_json::from_str(&text).unwrap();
    for user in state["users"].as_array_mut().unwrap() {
        user["sponsors"].as_array_mut().unwrap().sort_by_cached_key(Value::to_string);
    }
    state["users"].as_array_mut().unwrap().sort_by_cached_key(|user| user["id"].to_string());
    state
}

/// Runs it to its end: the outcomes of its rows, and how many there are of each.
fn apply(sim: &Simulator, roster: &Path, folder: &Path) -> BTreeMap<String, u64> {
    let said = folder.join("last");
    drop(std::fs::remove_file(&said));
    let status = Run::start(sim, roster, &said, true).end();
    outcomes(status, &said)
}

/// The rows of a run that ended by itself.
fn outcomes(status: ExitStatus, said: &Path) -> BTreeMap<String, u64> {
    let said = std::fs::read_to_string(said).unwrap();
    assert!(status.success(), "{status}: {said}");
    let reports = said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut outcomes = BTreeMap::new();
    for report in reports.filter(|report| report["row"].is_u64() && report["outcome"].is_string()) {
        assert!(report["problem"].is_null(), "{report}");
        *outcomes.entry(report["outcome"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    outcomes
}

#[test]
fn killed_at_any_moment_every_agent_user_is_there_once() {
    let kills = std::env::var("AGENTUSER_KILLS").map_or(KILLS, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let roster_file = folder.path().join("roster.csv");
    std::fs::write(&roster_file, roster()).unwrap();
    let undisturbed = tenant(0, "");
    assert_eq!(apply(&undisturbed, &roster_file, folder.path()), [("created".to_owned(), ROWS)].into());
    let wanted = state(&undisturbed);
    drop(undisturbed);

    // Before the first create, before the last, and after it.
    let mut killed = [0; 3];
    for seed in 1.. {
        let left = kills - killed.iter().sum::<usize>();
        if left == 0 {
            break;
        }
        let sim = tenant(seed, FAULTS);
        let mut last = None;
        let mut counted = Vec::new();
        // Twenty creates at a time leave few moments between the first and the last.
        let batch = seed % 2 == 1;
        for moment in moments(seed).into_iter().take(left) {
            let said = folder.path().join("said");
            drop(std::fs::remove_file(&said));
            if let Some(status) = Run::start(&sim, &roster_file, &said, batch).kill_at(&sim, &moment) {
                last = Some(outcomes(status, &said));
                break;
            }
            let created = sim.stats()["agentUsersCreated"].as_u64().unwrap();
            killed[if created == 0 { 0 } else { 1 + usize::from(created == ROWS) }] += 1;
            counted.push((moment, created));
        }
        println!("seed {seed}: {counted:?}");
        let last = last.unwrap_or_else(|| apply(&sim, &roster_file, folder.path()));
        let known = ["created", "changed", "unchanged"];
        assert!(last.keys().all(|outcome| known.contains(&outcome.as_str())), "seed {seed}: {last:?}");
        assert_eq!(last.values().sum::<u64>(), ROWS, "seed {seed}: {last:?}");

        let stats = sim.stats();
        assert_eq!(stats["agentUsersCreated"], ROWS, "seed {seed}: {stats}");
        assert_eq!(stats["createdMoreThanOncePerParent"], serde_json::json!({}), "seed {seed}: {stats}");
        assert!(state(&sim) == wanted, "seed {seed}: the tenant differs from one that nobody disturbed");
        assert_eq!(apply(&sim, &roster_file, folder.path()), [("unchanged".to_owned(), ROWS)].into());
        assert_eq!(
            sim.stats()["writes"],
            stats["writes"],
            "seed {seed}: a write where nothing was to change"
        );
    }
    println!("{kills} kills: {killed:?} before the first create, before the last, and after it");
    assert!(killed.iter().all(|kills| *kills > 0), "a phase was left out: {killed:?}");
}
