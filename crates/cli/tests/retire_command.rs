//! Agent users taken out of service.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::simulator::Simulator;
use serde_json::Value;

const ONE: &str = "agent1@contoso.com";
const TWO: &str = "agent2@contoso.com";

fn simulator() -> Simulator {
    let options = r#"{"identities": 0, "agentUsers": 3, "licenses": [{"user": "agent1@contoso.com", "sku": "AGENT_365"}]}"#;
    Simulator::start_with(&["--options", "-"], options)
}

#[test]
fn one_is_retired_at_once_and_comes_back() {
    let sim = simulator();
    let planned = sim.run(&["retire", ONE, "--dry-run"]);
    planned.done(&[
        "would  set accountEnabled from true to false",
        "would  end its sign-in sessions",
        "would  delete",
    ]);
    planned.done(&["Until 20", "licenses, groups and mailbox"]);
    assert_eq!(sim.writes(), 0);
    sim.run(&["retire", ONE, "--yes"]).done(&["retired; it can be restored within 30 days", "done   delete"]);
    sim.run(&["retire", ONE, "--yes"]).done(&["nothing to change"]);
    sim.run(&["restore", ONE]).done(&["restored"]);
    sim.run(&["license", "list", ONE]).done(&["AGENT_365"]);
    sim.run(&["get", ONE]).done(&["false"]);
}

#[test]
fn what_a_report_says_was_taken_comes_back() {
    let sim = simulator();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    sim.run(&["update", ONE, "--set", "usageLocation=DE"]).done(&[]);
    let retired = sim.run(&["retire", ONE, "--free-seats", "--accept-data-loss", "--yes", "--json"]);
    retired.done(&["\"change\":\"delete\""]);
    std::fs::write(&file, &retired.stdout).unwrap();
    let from = ["restore", "--from", file.to_str().unwrap()];
    sim.run(&[&from[..], &["--dry-run"]].concat())
        .done(&["1 agent user: 1 to change", "assign license AGENT_365"]);
    sim.run(&from).done(&["1 agent user: 1 changed"]);
    sim.run(&["license", "list", ONE]).done(&["AGENT_365"]);
    sim.run(&from).done(&["1 agent user: nothing to change"]);
    sim.run(&["restore", ONE, "--from", "x"]).failed(2, &["--from"]);
    std::fs::write(&file, "no report").unwrap();
    sim.run(&from).failed(1, &["code: ReportUnreadable"]);
}

#[test]
fn what_loses_data_wants_a_word() {
    let sim = simulator();
    for options in [&["--until", "purged"][..], &["--until", "unlicensed"], &["--free-seats"]] {
        let arguments = [&["retire", ONE, "--yes"], options].concat();
        sim.run(&arguments).failed(1, &["acceptDataLoss", "--accept-data-loss"]);
    }
    assert_eq!(sim.writes(), 0);
    let arguments = ["retire", ONE, "--until", "unlicensed", "--accept-data-loss", "--yes"];
    sim.run(&arguments).done(&["done   remove license AGENT_365", "its mailbox is kept until 20"]);
    let arguments = ["retire", ONE, "--until", "purged", "--accept-data-loss", "--yes"];
    sim.run(&arguments).done(&["retired, and deleted for ever"]);
}

#[test]
fn several_are_retired_by_a_plan() {
    let sim = simulator();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.json");
    let path = file.to_str().unwrap();
    sim.run(&["retire", ONE, TWO, "--yes"]).failed(1, &["2 agent users are named", "--out FILE"]);
    sim.run(&["retire", ONE, TWO, "--out", path]).done(&["2 agent users: 2 to change", "Plan of 6 changes"]);
    let plan: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!((&plan["verb"], sim.writes()), (&"retire".into(), 0));
    let apply = ["apply", path, "--approved", plan["digest"].as_str().unwrap()];
    sim.run(&apply).done(&["2 agent users: 2 changed"]);
    sim.run(&apply).done(&["2 agent users: nothing to change"]);
    assert_eq!(sim.writes(), 6);
}

#[test]
fn sessions_are_ended() {
    let sim = simulator();
    sim.run(&["revoke-sessions", ONE, "--dry-run"]).done(&["would  end its sign-in sessions"]);
    sim.run(&["revoke-sessions", ONE]).done(&["done   end its sign-in sessions"]);
    assert_eq!(sim.writes(), 1);
}
