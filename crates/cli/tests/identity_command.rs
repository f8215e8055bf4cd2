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
    sim.run(&["identity", "list", "--disabled"]).done(&["Agent 900001", "no"]);
    let page = sim.json(&["identity", "list", "--page-size", "5", "--enabled"]);
    assert_eq!(page.len(), 26);
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
