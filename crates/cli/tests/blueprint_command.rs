//! Blueprints, against the simulator.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use agentuser_simulator::ids;
use common::simulator::Simulator;

#[test]
fn blueprints_are_listed_and_shown() {
    let sim = Simulator::fast();
    let all = sim.run(&["blueprint", "list"]);
    all.done(&["DISPLAY NAME", "Blueprint 1"]);
    assert_eq!(all.stderr, "3 blueprints\n");
    assert_eq!(sim.run(&["blueprint", "list", "--name-starts-with", "blueprint 2"]).stderr, "1 blueprint\n");
    let listed = sim.json(&["blueprint", "list"]);
    assert_eq!((listed.len(), &listed[0]["displayName"]), (3, &"Blueprint 1".into()));
    for id in [ids::blueprint_app(1), ids::blueprint(1), ids::blueprint_principal(1)] {
        sim.run(&["blueprint", "get", &id.to_string()]).done(&["Blueprint 1", "createdDateTime"]);
    }
    sim.run(&["blueprint", "get", &ids::nothing(1).to_string()]).failed(5, &["code: BlueprintNotFound"]);
    sim.run(&["blueprint", "get", "x"]).failed(1, &["blueprint"]);
    for wrong in [&["blueprint"][..], &["blueprint", "get"], &["blueprint", "verify"]] {
        sim.run(wrong).failed(2, &["Usage:"]);
    }
}

#[test]
fn a_chain_is_verified_from_the_blueprint_to_the_agent_users() {
    let sim = Simulator::fast();
    let (one, two) = (ids::blueprint_app(1).to_string(), ids::blueprint_app(2).to_string());
    sim.run(&["blueprint", "verify", &two]).done(&[
        "blueprint",
        "principal",
        "Agent 2",
        "The chain is sound.",
    ]);
    // Its disabled agent identities have no agent user.
    sim.run(&["blueprint", "verify", &one]).done(&[
        "first.agent@contoso.com",
        "disabled by Microsoft",
        "1 agent identity is disabled",
        "sound",
    ]);
    let chain = &sim.json(&["blueprint", "verify", &one])[0];
    assert_eq!((&chain["verdict"], &chain["principal"]["state"]), (&"sound".into(), &"present".into()));
    sim.run(&["blueprint", "verify", &ids::nothing(1).to_string()]).failed(5, &["code: BlueprintNotFound"]);
    assert_eq!(sim.writes(), 0);
}
