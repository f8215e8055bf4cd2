//! Agent users handed over to another, and stopped in an emergency.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::simulator::Simulator;
use serde_json::Value;

const ONE: &str = "agent1@contoso.com";
const BLUEPRINT: &str = "b1a00000-0000-4000-8000-000000000001";

fn simulator() -> Simulator {
    Simulator::start_with(&["--options", "-"], r#"{"identities": 0, "agentUsers": 6, "speed": 5000}"#)
}

#[test]
fn a_leaver_is_handed_over_by_a_plan() {
    let sim = simulator();
    let folder = tempfile::tempdir().unwrap();
    let (plan, file) = (folder.path().join("plan.json"), folder.path().join("leavers.csv"));
    let (plan, file) = (plan.to_str().unwrap(), file.to_str().unwrap());
    sim.run(&["manager", "set", ONE, "human1@contoso.com"]).done(&[]);
    sim.run(&["sponsor", "add", ONE, "human1@contoso.com"]).done(&[]);
    let pair = ["handover", "--from", "human1@contoso.com", "--to", "human2@contoso.com"];
    let shown = sim.run(&pair);
    shown.done(&["set manager to human2@contoso.com", "add sponsor human2@contoso.com", "(leaver)"]);
    shown.done(&["found by directReports", "sponsorOf did not answer"]);
    assert_eq!(sim.writes(), 2);
    sim.run(&["handover", "--from", "human1@contoso.com"]).failed(2, &["--to"]);
    std::fs::write(file, "from,to\nhuman1@contoso.com\nhuman2@contoso.com,group:x\n").unwrap();
    sim.run(&["handover", "--file", file]).failed(1, &["Line 2", "Line 3", "leavers[1]"]);
    std::fs::write(file, "from,to\nhuman1@contoso.com;human2@contoso.com\n").unwrap();
    let planned =
        sim.run(&["handover", "--file", file, "--only", "manager", "--out", plan, "--detailed-exitcode"]);
    planned.failed(11, &[]);
    let digest: Value = serde_json::from_str(&std::fs::read_to_string(plan).unwrap()).unwrap();
    assert_eq!(digest["changes"].as_array().unwrap().len(), 1);
    let apply = ["apply", plan, "--approved", digest["digest"].as_str().unwrap()];
    sim.run(&apply).done(&["1 changed"]);
    sim.run(&["manager", "get", ONE]).done(&["40000000-0000-4000-8000-000000000002"]);
    sim.run(&apply).done(&["nothing to change"]);
}

#[test]
fn a_blueprint_is_stopped_at_once_and_comes_back_by_its_report() {
    let sim = simulator();
    let folder = tempfile::tempdir().unwrap();
    let (report, never) = (folder.path().join("report.json"), folder.path().join("never.txt"));
    let (report, never) = (report.to_str().unwrap(), never.to_str().unwrap());
    let contain = ["contain", "--blueprint", BLUEPRINT];
    let dry = sim.run(&[&contain[..], &["--dry-run"]].concat());
    dry.done(&["(principal)", "(agent identity)", "end its sign-in sessions", "to change"]);
    assert_eq!(sim.writes(), 0);
    std::fs::write(never, format!("# the one that answers the door\n{ONE}\n")).unwrap();
    sim.run(&["contain", "--user", ONE, "--except", never]).failed(1, &["code: NeverStopped"]);
    assert_eq!(sim.writes(), 0);
    let spared = sim.run(&[&contain[..], &["--except", never, "--dry-run"]].concat());
    spared.failed(3, &["NeverStopped", "was left alone"]);
    let stopped = sim.run(&[&contain[..], &["--json"]].concat());
    stopped.done(&["blueprintPrincipal"]);
    assert!(stopped.stderr.contains("60 to 90 minutes"), "{stopped:?}");
    std::fs::write(report, &stopped.stdout).unwrap();
    sim.run(&["get", ONE]).done(&["false"]);
    let undo = ["contain", "--undo", report];
    sim.run(&[&undo[..], &["--dry-run"]].concat()).done(&["set accountEnabled from false to true"]);
    sim.run(&undo).done(&["changed"]);
    sim.run(&["get", ONE]).done(&["true"]);
    sim.run(&undo).done(&["nothing to change"]);
    sim.run(&["contain", "--undo", report, "--user", ONE]).failed(2, &["--user"]);
    sim.run(&["contain"]).failed(2, &["--user"]);
    sim.run(&["contain", "--blueprint", "x"]).failed(1, &["blueprint"]);
}

#[test]
fn containing_is_planned_where_it_is_looked_at_first() {
    let sim = simulator();
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("plan.json");
    let plan = plan.to_str().unwrap();
    sim.run(&["contain", "--user", ONE, "--out", plan]).done(&["Plan of 2 changes"]);
    assert_eq!(sim.writes(), 0);
    let content: Value = serde_json::from_str(&std::fs::read_to_string(plan).unwrap()).unwrap();
    assert_eq!((&content["verb"], &content["arguments"]["user"]), (&"contain".into(), &ONE.into()));
    let apply = ["apply", plan, "--approved", content["digest"].as_str().unwrap()];
    sim.run(&apply).done(&["1 changed"]);
    sim.run(&apply).done(&["nothing to change"]);
}
