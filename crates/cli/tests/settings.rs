//! Time-outs and limits that options set, against the simulator.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::simulator::Simulator;
use serde_json::Value;
use std::time::{Duration, Instant};

/// A request that is never answered is given up after 15 seconds unless told otherwise.
const NEVER: &str = r#"[{"method": "GET", "path": "/users", "fault": "never"}]"#;

#[test]
fn reads_are_asked_again_after_the_time_that_is_given() {
    let folder = tempfile::tempdir().unwrap();
    for (n, option) in ["--read-timeout", "--request-timeout"].into_iter().enumerate() {
        let sim = Simulator::start(&[]);
        sim.control("POST", "script", NEVER);
        let log = folder.path().join(format!("{n}.jsonl"));
        let begun = Instant::now();
        sim.run(&["list", option, "1s", "--log", log.to_str().unwrap()]).done(&["first.agent@contoso.com"]);
        assert!(begun.elapsed() < Duration::from_secs(14), "{option}: {:?}", begun.elapsed());
        let text = std::fs::read_to_string(log).unwrap();
        let lost: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!((&lost["loss"], &lost["status"]), (&"timedOut".into(), &Value::Null));
    }
}

#[test]
fn a_longer_wait_than_the_longest_ends_the_command_at_once() {
    let sim = Simulator::start(&[]);
    let script = r#"[{"method": "GET", "path": "/users", "fault": "throttled", "retryAfterSeconds": 30}]"#;
    sim.control("POST", "script", script);
    let begun = Instant::now();
    sim.run(&["list", "--longest-retry-after", "20s"]).failed(6, &["retry after: 30 s", "code: Throttled"]);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn lists_and_answers_have_limits_that_can_be_raised() {
    let sim = Simulator::start(&["--agent-users", "3"]);
    let named = "(--max-entries, -MaxEntries)";
    sim.run(&["list", "--page-size", "1", "--max-entries", "2"])
        .failed(6, &["has more than 2 entries", named, "code: BadAnswer"]);
    sim.run(&["list", "--page-size", "1", "--max-entries", "3"]).done(&["first.agent@contoso.com"]);
    sim.run(&["list", "--max-answer-bytes", "100"])
        .failed(6, &["--max-answer-bytes", "code: AnswerTooLarge"]);
    sim.run(&["list", "--max-empty-pages", "0"]).done(&["first.agent@contoso.com"]);
}
