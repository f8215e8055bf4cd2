//! The simulator, which the program itself serves: its options, and what it takes while it runs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::end;
use common::simulator::{Simulator, parent};
use serde_json::Value;

const ADA: &str = "ada@contoso.com";

#[test]
fn options_from_a_file_give_way_to_flags() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("options.json");
    let options = r#"{"identities": 3, "agentUsers": 2, "seats": 9, "tokens": [{"token": "mine"}],
        "faults": {"script": [{"method": "GET", "path": "/subscribedSkus", "fault": "throttled",
                               "retryAfterSeconds": 1}]}}"#;
    std::fs::write(&file, options).unwrap();
    let sim = Simulator::start(&["--options", file.to_str().unwrap(), "--identities", "1"]);
    let skus = end(&mut sim.command("mine", &["sku", "--json"])).json();
    assert_eq!(
        skus.iter().map(|sku| sku["prepaidUnits"]["enabled"].as_u64()).collect::<Vec<_>>(),
        [Some(9); 2]
    );
    assert_eq!(sim.stats()["faults"], serde_json::json!({"Throttled": 1}));
    // One identity without an agent user, so the two that have one come next.
    sim.run(&["get", "agent2@contoso.com"]).done(&["agent2"]);
    sim.run(&["get", "agent3@contoso.com"]).done(&["agent3"]);
    sim.run(&["get", "agent4@contoso.com"]).failed(5, &["code: NotFound"]);
}

#[test]
fn the_options_that_the_help_shows() {
    let help = common::run(&["simulator", "--help"]).stdout;
    let shown = help.lines().skip_while(|line| *line != "  {").take_while(|line| !line.trim().is_empty());
    let shown: String = shown.map(|line| format!("{line}\n")).collect();
    // A free port, and nothing that goes wrong by chance.
    let sim = Simulator::start_with(&["--options", "-", "--port", "0", "--faults", "1"], &shown);
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["agentUsers"], 1000);
    sim.json(&["get", "agent1024@contoso.com"]);
    assert!(sim.control("GET", "tenant", "")["tokens"].as_array().unwrap().contains(&"short".into()));
    for path in ["tenant", "stats", "state", "writes", "script", "revoke", "stop"] {
        assert!(help.contains(&format!("/simulator/{path} ")), "{path}");
    }
}

#[test]
fn options_that_are_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("options.json");
    let file = file.to_str().unwrap();
    let run = |more: &[&str]| common::run(&[&["simulator", "--options", file], more].concat());
    run(&[]).failed(1, &["options.json can't be read", "fix: "]);
    for (options, text) in [
        (
            r#"{"faults": {"script": [{"method": "GET", "path": "/", "fault": "rest"}]}}"#,
            "faults.script[0].fault: ",
        ),
        (r#"{"speed": 0}"#, "speed: 0 is not between"),
    ] {
        std::fs::write(file, options).unwrap();
        run(&[]).failed(1, &[text, "fix: ", "code: Invalid"]);
    }
    std::fs::write(file, "{}").unwrap();
    run(&["--speed", "0"]).failed(1, &["speed: 0 is not between", "code: Invalid"]);
    run(&["--brisk"]).failed(1, &["faults.brisk: "]);
}

#[test]
fn faults_tokens_and_writes_while_it_runs() {
    let sim = Simulator::fast();
    sim.control("POST", "script", r#"[{"method": "POST", "path": "/users/", "fault": "lostAnswer"}]"#);
    let create = ["create", "--parent", &parent(1), "--display-name", "Ada", "--upn", ADA];
    sim.run(&create).done(&["created"]);
    assert_eq!(sim.stats()["faults"], serde_json::json!({"LostAnswer": 1}));
    let writes = sim.control("GET", "writes", "");
    assert_eq!((writes.as_array().unwrap().len(), &writes[0]["object"]), (1, &Value::from(parent(1))));
    sim.control("POST", "revoke", r#"{"token": "admin"}"#);
    sim.run(&["sku"]).failed(4, &["code: TokenRejected"]);
}

#[test]
fn a_port_that_is_taken() {
    let sim = Simulator::fast();
    let port = sim.root.rsplit(':').next().unwrap();
    common::run(&["simulator", "--port", port]).failed(1, &["can't be used", "fix: Choose another --port"]);
}
