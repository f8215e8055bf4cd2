//! Rosters planned and applied, against the simulator.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::simulator::{Simulator, parent};
use common::{Ended, example};
use serde_json::Value;
use std::time::Duration;

#[test]
fn a_roster_from_nothing_to_nothing_to_change() {
    let sim = Simulator::fast();
    let roster = example("roster.csv");
    let plan = sim.run(&["roster", "plan", &roster]);
    plan.done(&[
        "row 2  sales.lead@contoso.com",
        "  create sales.tokyo@contoso.com (販売エージェント)",
        "  set manager to editorial.critic@contoso.com",
    ]);
    plan.done(&["24 rows: 24 to change"]);
    sim.run(&["roster", "apply", &roster, "--dry-run"]).done(&["24 rows: 24 to change"]);
    assert_eq!(sim.writes(), 0);

    let applied = sim.run(&["roster", "apply", &roster]);
    applied.done(&["ROW  USER PRINCIPAL NAME", "24 rows: 24 created"]);
    // A remark on the whole roster is said once.
    assert_eq!(applied.stderr.matches("does not provision a mailbox").count(), 1, "{applied:?}");
    let stats = sim.stats();
    assert_eq!((&stats["agentUsersCreated"], &stats["writesWithoutChange"]), (&24.into(), &0.into()));
    // Requests that rows make at the same time go as one.
    let batches = stats["batches"].as_u64();
    assert!(batches > Some(0), "{batches:?}");

    sim.run(&["roster", "plan", "--no-batch", &roster]).done(&["24 rows: nothing to change"]);
    assert_eq!(sim.stats()["batches"].as_u64(), batches);
    for command in [&["roster", "plan"][..], &["roster", "apply"]] {
        sim.run(&[command, &[&roster]].concat()).done(&["24 rows: nothing to change"]);
    }
    assert_eq!(sim.stats()["writes"], stats["writes"]);
}

#[test]
fn what_was_sent_and_changed_is_appended_to_files() {
    let sim = Simulator::fast();
    let folder = tempfile::tempdir().unwrap();
    let [log, record] = ["requests.jsonl", "changes.jsonl"].map(|name| folder.path().join(name));
    let roster = example("roster.csv");
    let apply =
        ["roster", "apply", &roster, "--log", log.to_str().unwrap(), "--record", record.to_str().unwrap()];
    let lines = |path: &std::path::Path| -> Vec<Value> {
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    sim.run(&[&apply[..], &["--reason", "Ticket 7"]].concat()).done(&["24 rows: 24 created"]);
    let (requests, changes) = (lines(&log), lines(&record));
    assert!(requests.iter().all(|one| one["record"] == "request" && one["status"].is_u64()), "{requests:?}");
    let mut ids: Vec<_> = requests.iter().map(|one| one["clientRequestId"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), requests.len());
    let created = changes.iter().filter(|one| one["change"] == "create");
    assert_eq!(created.clone().count(), 24);
    for one in created {
        assert_eq!(
            (&one["reason"], &one["status"], &one["before"]),
            (&"Ticket 7".into(), &201.into(), &Value::Null)
        );
        assert_eq!(one["after"], one["userPrincipalName"]);
        assert!(ids.contains(&one["clientRequestId"].as_str().unwrap()), "{one}");
    }
    let manager = changes.iter().find(|one| one["change"] == "setManager").unwrap();
    assert_eq!(manager["member"], "manager");
    // Another run appends its requests, changes nothing, and has another id.
    sim.run(&apply).done(&["24 rows: nothing to change"]);
    let again = lines(&log);
    assert!(again.len() > requests.len());
    assert_ne!(again.last().unwrap()["runId"], requests[0]["runId"]);
    assert_eq!(lines(&record), changes);
    let text = std::fs::read_to_string(&log).unwrap();
    assert!(!text.contains("admin") && !text.contains('?'), "no token and no query");
}

#[test]
fn a_record_that_can_t_be_written_keeps_everything_from_beginning() {
    let sim = Simulator::fast();
    let ended = sim.run(&["roster", "apply", &example("roster.csv"), "--record", "/no/such/folder/x"]);
    ended.failed(1, &["can't be written", "code: Invalid"]);
    assert_eq!(sim.writes(), 0);
}

#[cfg(unix)]
#[test]
fn what_can_t_be_recorded_ends_it_and_what_was_done_is_told() {
    let sim = Simulator::fast();
    let full = ["--record", "/dev/full"];
    let ended = sim.run(&[&["roster", "apply", &example("roster.csv")], &full[..]].concat());
    ended.failed(1, &["The file /dev/full can't be written"]);
    // The creates were in flight by then; nothing else is begun.
    assert!(ended.stdout.contains("cancelled  exists  1 of 5"), "{ended:?}");
    assert!(!ended.stdout.contains("5 of 5"), "{ended:?}");
    sim.run(&["roster", "apply", &example("roster.csv")]).done(&["24 rows: 24 changed"]);
    let update = ["update", "sales.lead@contoso.com", "--set", "jobTitle=x"];
    let ended = sim.run(&[&update[..], &full].concat());
    ended.failed(1, &["The file /dev/full can't be written"]);
    assert!(ended.stdout.contains("set jobTitle"), "{ended:?}");
}

#[test]
fn a_roster_for_programs() {
    let sim = Simulator::fast();
    let apply = ["roster", "apply", &example("roster.csv"), "--json"];
    let rows = |ended: &Ended, outcome: &str| {
        ended.done(&[]);
        let lines: Vec<Value> =
            ended.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let [told, .., summary] = &lines[..] else { panic!("{ended:#?}") };
        assert_eq!((&told["event"], &told["of"]), (&"rows".into(), &24.into()));
        assert_eq!((&summary["summary"]["rows"], &summary["summary"][outcome]), (&24.into(), &24.into()));
        let mut rows: Vec<_> = ended.json().iter().map(|report| report["row"].as_u64().unwrap()).collect();
        rows.sort_unstable();
        assert_eq!(rows, (2..=25).collect::<Vec<_>>());
    };
    rows(&sim.run(&apply), "created");
    // By now every mailbox is there.
    std::thread::sleep(Duration::from_millis(300));
    let ended = sim.run(&[&apply[..], &["--wait", "mailbox,teams"]].concat());
    rows(&ended, "unchanged");
}

#[test]
fn some_rows_fail_and_the_others_are_done() {
    let sim = Simulator::fast();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roster.csv");
    let disabled = agentuser_simulator::ids::identity(agentuser_simulator::tenant::DISABLED_IDENTITY);
    let roster = format!(
        "identityParentId,displayName,userPrincipalName,manager\n{},Ada,ada@contoso.com,\n{disabled},Eve,eve@contoso.com,\n\
         {},Bob,bob@contoso.com,eve@contoso.com\n",
        parent(1),
        parent(2)
    );
    std::fs::write(&file, &roster).unwrap();
    let path = file.to_str().unwrap();
    let ended = sim.run(&["roster", "apply", path]);
    ended.failed(
        3,
        &[
            "error: row 3, eve@contoso.com: ",
            "code: ParentDisabled",
            "error: row 4, bob@",
            "code: ManagerRowFailed",
        ],
    );
    assert!(ended.stdout.contains("3 rows: 1 created, 2 failed"), "{ended:#?}");
    let ended = sim.run(&["roster", "plan", path, "--json"]);
    assert_eq!((ended.code, ended.json().len()), (3, 3));

    // Domains are checked before anything is sent, or else by Graph.
    std::fs::write(&file, roster.replace("@contoso.com", "@fabrikam.com")).unwrap();
    let ended = sim.run(&["roster", "apply", path]);
    ended.failed(1, &["UpnDomainNotVerified", "code: RosterInvalid"]);
    assert_eq!(ended.stderr.matches("UpnDomainNotVerified").count(), 3);
    // Errors of the file and errors that only the tenant shows come together.
    std::fs::write(
        &file,
        roster.replace("eve@contoso.com,", "ev e@contoso.com,").replace("ada@contoso", "ada@fabrikam"),
    )
    .unwrap();
    let ended = sim.run(&["roster", "plan", path]);
    ended.failed(1, &["UpnDomainNotVerified", "UpnCharacter", "code: RosterInvalid"]);
    let elsewhere =
        format!("identityParentId,displayName,userPrincipalName\n{},Ada,ada@fabrikam.com\n", parent(3));
    std::fs::write(&file, elsewhere).unwrap();
    let ended = sim.run(&["roster", "apply", path, "--skip-domain-check"]);
    ended.failed(3, &["code: DomainNotVerified"]);
}
