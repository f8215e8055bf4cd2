//! Verbs for many agent users: planned into a file, and applied from it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::simulator::Simulator;
use common::{end, example};
use serde_json::Value;
use std::path::{Path, PathBuf};

const ADA: &str = "first.agent@contoso.com";
const TWO: &str = "agent2@contoso.com";

fn simulator() -> Simulator {
    Simulator::start_with(&["--options", "-"], r#"{"identities": 0, "agentUsers": 3}"#)
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A folder, and the path of a plan in it.
fn plan_file() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.json");
    (folder, path)
}

#[test]
fn several_are_deleted_by_a_plan_that_is_looked_at() {
    let (sim, (_folder, file)) = (simulator(), plan_file());
    let path = file.to_str().unwrap();
    let several = ["delete", ADA, TWO];
    let refused = sim.run(&[&several[..], &["--yes"]].concat());
    refused.failed(1, &["2 agent users are named", "--out FILE", "agentuser apply"]);
    sim.run(&[&several[..], &["--dry-run"]].concat()).done(&["2 agent users: 2 to change"]);

    let planned = sim.run(&[&several[..], &["--out", path]].concat());
    planned.done(&["2 agent users: 2 to change", "  delete", "Plan of 2 changes written"]);
    let plan = read(&file);
    let digest = plan["digest"].as_str().unwrap();
    planned.done(&[&format!("agentuser apply {path} --approved {digest}")]);
    assert_eq!(sim.writes(), 0);

    sim.run(&["apply", path, "--approved", "abc"]).failed(1, &["code: PlanNotApproved", digest]);
    let apply = ["apply", path, "--approved", digest];
    sim.run(&[&apply[..], &["--dry-run"]].concat()).done(&["2 agent users: 2 to change"]);
    let left = sim.run(&[&apply[..], &["--dry-run", "--detailed-exitcode"]].concat());
    assert_eq!((left.code, sim.writes()), (11, 0), "{left:#?}");
    sim.run(&["disable", TWO]).done(&["changed"]);
    let applied = sim.run(&apply);
    applied.failed(3, &["code: NotAsPlanned", TWO, "it is disabled"]);
    assert!(applied.stdout.contains("2 agent users: 1 changed, 1 failed"), "{applied:#?}");
    sim.run(&["enable", TWO]).done(&["changed"]);
    sim.run(&apply).done(&["2 agent users: 1 changed, 1 unchanged"]);
    sim.run(&apply).done(&["2 agent users: nothing to change"]);
}

#[test]
fn names_come_from_a_file_and_from_standard_input() {
    let (sim, (folder, file)) = (simulator(), plan_file());
    let path = file.to_str().unwrap();
    let names = folder.path().join("leavers.txt");
    std::fs::write(&names, format!("\u{feff}# who leaves\n{ADA}\r\n\n{TWO}\n")).unwrap();
    let leavers = names.to_str().unwrap();
    sim.run(&["disable", "--file", leavers, "--out", path]).done(&["2 agent users: 2 to change"]);
    let ended = end(sim.command("admin", &["disable", "-", "--out", path]).write_stdin(format!("{ADA}\n")));
    ended.done(&["1 agent user: 1 to change"]);
    end(sim.command("admin", &["disable", "-", "--out", path]).write_stdin("\n")).done(&[]);
    let add = ["license", "add", "--file", leavers, "AGENT_365", "--out", path];
    sim.run(&add).done(&["2 agent users: 2 to change", "assign license AGENT_365"]);
    let both = format!("{ADA},{TWO}");
    sim.run(&["license", "add", &both, "AGENT_365"]).failed(1, &["2 agent users are named"]);
    sim.run(&["license", "add", &both, "AGENT_365", "--out", path]).done(&["2 agent users: 2 to change"]);
    let digest = read(&file)["digest"].as_str().unwrap().to_owned();
    sim.run(&["apply", path, "--approved", &digest]).done(&["2 agent users: 2 changed"]);
    sim.run(&["license", "add", ADA]).failed(1, &["No license is named"]);
    sim.run(&["delete", "--file", "/nonexistent", "--out", path]).failed(1, &["/nonexistent can't be read"]);
    sim.run(&["delete", "a@@b", "x y", "--out", path]).failed(1, &["\"a@@b\"", "\"x y\""]);
    assert_eq!(sim.writes(), 2);
}

#[test]
fn one_that_is_missing_is_named_and_not_in_the_plan() {
    let (sim, (_folder, file)) = (simulator(), plan_file());
    let path = file.to_str().unwrap();
    let planned = sim.run(&["delete", ADA, "nobody@contoso.com", "--out", path, "--json"]);
    planned.failed(3, &["\"plan\"", "\"summary\""]);
    let reports = planned.json();
    assert_eq!(reports.len(), 2, "{planned:#?}");
    let plan = read(&file);
    assert_eq!(plan["changes"].as_array().unwrap().len(), 1);
    assert_eq!(plan["changes"][0]["userPrincipalName"], ADA);
    let nothing = sim.run(&["enable", ADA, TWO, "--out", path, "--detailed-exitcode"]);
    nothing.done(&["2 agent users: nothing to change", "Plan of 0 changes written"]);
    let nowhere = sim.run(&["delete", ADA, "--out", "/nonexistent/plan.json"]);
    nowhere.failed(1, &["code: OutputUnwritable", "/nonexistent/plan.json"]);
}

#[test]
fn the_recycle_bin_is_emptied_and_filled_by_plans() {
    let (sim, (_folder, file)) = (simulator(), plan_file());
    let path = file.to_str().unwrap();
    let by_plan = |verb: &[&str]| {
        sim.run(&[verb, &["--out", path]].concat()).done(&["2 agent users: 2 to change"]);
        let digest = read(&file)["digest"].as_str().unwrap().to_owned();
        sim.run(&["apply", path, "--approved", &digest]).done(&["2 agent users: 2 changed"]);
    };
    by_plan(&["delete", ADA, TWO]);
    by_plan(&["restore", ADA, TWO]);
    by_plan(&["delete", ADA, TWO]);
    by_plan(&["purge", ADA, TWO]);
    let named = ["restore", ADA, TWO, "--new-user-principal-name", "new@contoso.com", "--out", path];
    sim.run(&named).failed(1, &["newUserPrincipalName", "without --out"]);
}

#[test]
fn a_roster_is_planned_into_a_file() {
    let (sim, (_folder, file)) = (Simulator::fast(), plan_file());
    let (path, roster) = (file.to_str().unwrap(), example("roster.csv"));
    let plan = ["roster", "plan", &roster, "--detailed-exitcode"];
    let ended = sim.run(&plan);
    assert_eq!((ended.code, ended.stdout.contains("24 rows: 24 to change")), (11, true), "{ended:#?}");
    let planned = sim.run(&[&plan[..3], &["--out", path]].concat());
    planned.done(&["row 2  sales.lead@contoso.com", "24 rows: 24 to change", "written to"]);
    assert_eq!(sim.writes(), 0);
    let digest = read(&file)["digest"].as_str().unwrap().to_owned();
    sim.run(&["apply", path, "--approved", &digest]).done(&["24 created"]);
    sim.run(&plan).done(&["24 rows: nothing to change"]);
}

#[test]
fn what_is_not_a_plan_is_refused() {
    let (sim, (_folder, file)) = (simulator(), plan_file());
    let path = file.to_str().unwrap();
    let apply = |text: &str| {
        std::fs::write(&file, text).unwrap();
        sim.run(&["apply", path, "--approved", "x"])
    };
    apply("identityParentId\n").failed(1, &["code: PlanUnreadable", "not JSON"]);
    apply("[]").failed(1, &["code: PlanUnreadable", "not an object"]);
    apply("{}").failed(1, &["code: PlanUnreadable", "kind"]);
    let broken = r#"{"kind":"agentuserPlan","version":1,"tenantId":"x","createdAt":"today","verb":"steal","arguments":{},
        "changes":[{"id":7,"change":{"change":"fly"},"expects":{"weather":1}}],"more":1}"#;
    let ended = apply(broken);
    ended.failed(1, &["tenantId", "createdAt", "steal", "digest", "changes[0].id"]);
    ended.failed(
        1,
        &["changes[0].userPrincipalName", "changes[0].change.change", "changes[0].expects.weather", "more"],
    );
    sim.run(&["apply", "/nonexistent.json", "--approved", "x"]).failed(1, &["code: PlanUnreadable"]);
    assert_eq!(sim.writes(), 0);
}
