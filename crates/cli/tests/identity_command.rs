//! Agent identities, against the simulator.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use agentuser_simulator::ids;
use common::simulator::Simulator;

#[test]
fn agent_identities_are_listed_by_their_conditions() {
    let sim = Simulator::fast();
    let all = sim.run(&["identity", "list"]);
    all.done(&["DISPLAY NAME", "Agent 1", "yes"]);
    assert_eq!(all.stderr, "27 agent identities\n");
    assert_eq!(sim.run(&["identity", "list", "--without-agent-user"]).stderr, "26 agent identities\n");
    let blueprint = ids::blueprint_principal(2).to_string();
    let one = sim.run(&["identity", "list", "--blueprint", &blueprint, "--name-starts-with", "agent 20"]);
    one.done(&["Agent 20"]);
    assert_eq!(one.stderr, "1 agent identity\n");
    let disabled = sim.run(&["identity", "list", "--disabled"]);
    disabled.done(&["Agent 900001", "no", "Agent 900002", "no, by Microsoft"]);
    assert_eq!(disabled.stderr, "2 agent identities\n");
    let page = sim.json(&["identity", "list", "--page-size", "5", "--enabled"]);
    assert_eq!(page.len(), 25);
    assert_eq!(page[0]["id"], ids::identity(1).to_string());
    sim.run(&["identity", "list", "--blueprint", &ids::nothing(1).to_string()])
        .failed(5, &["code: BlueprintNotFound"]);
    sim.run(&["identity", "list", "--blueprint", "x"]).failed(1, &["blueprint"]);
    sim.run(&["identity", "list", "--page-size", "101"]).failed(2, &["101 is not in 1..=100"]);
    for wrong in [&["identity"][..], &["identity", "get"]] {
        sim.run(wrong).failed(2, &["Usage:"]);
    }
}

#[test]
fn agent_identities_are_shown_with_their_sponsors_and_owners() {
    let sim = Simulator::fast();
    let (one, app) = (ids::identity(1).to_string(), ids::identity_app(1).to_string());
    sim.run(&["identity", "get", &one]).done(&["Agent 1", "createdDateTime", "agentIdentityBlueprintId"]);
    sim.run(&["identity", "get", &one, &app]).failed(3, &["code: ParentIsAppId", &one]);
    sim.run(&["identity", "sponsors", &one]).done(&["Human 1", "human1@contoso.com"]);
    assert_eq!(sim.run(&["identity", "owners", &one]).stderr, "It has no owners.\n");
    assert_eq!(sim.json(&["identity", "sponsors", &one])[0]["id"], ids::human(1).to_string());
    sim.run(&["identity", "owners", &ids::plain(1).to_string()])
        .failed(1, &["code: ParentIsServicePrincipal"]);
    assert_eq!(sim.writes(), 0);
}

#[test]
fn the_next_action_on_an_agent_identity_is_shown_and_it_is_attested() {
    let sim = Simulator::start_with(
        &["--options", "-"],
        r#"{"lifecyclePolicies": [{"name": "Attest now", "attestationDays": 0, "graceDays": 14, "deleteAfterDays": 30}]}"#,
    );
    let (one, two) = (ids::identity(1).to_string(), ids::identity(2).to_string());
    sim.run(&["identity", "lifecycle", &one]).done(&[
        "Agent 1",
        "next action disable on",
        "Attest now",
        "nonCompliant",
        "Microsoft will disable the agent identity on",
        "its attestation is due",
    ]);
    let told = sim.json(&["identity", "lifecycle", &one, &two]);
    assert_eq!((told.len(), &told[1]["nextAction"]), (2, &"disable".into()));
    sim.run(&["attest", &one, "--dry-run"]).done(&["Agent 1", "would  attest"]);
    assert_eq!(sim.writes(), 0);
    sim.run(&["attest", &one, &two]).done(&["Agent 1", "attested", "Agent 2", "done   attest"]);
    assert_eq!(sim.writes(), 2);
    let app = ids::identity_app(1).to_string();
    let both = sim.run(&["attest", &app, &one]);
    both.failed(3, &["code: ParentIsAppId"]);
    assert!(both.stdout.contains("Agent 1") && both.stdout.contains("attested"), "{both:#?}");
    sim.run(&["identity", "lifecycle", &ids::nothing(1).to_string()]).failed(5, &["code: ParentNotFound"]);
}
