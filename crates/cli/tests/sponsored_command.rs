//! Sponsored objects, against the simulator.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::simulator::Simulator;

#[test]
fn sponsored_objects_are_listed_by_their_types() {
    // By this reading applications are answered, too.
    let sim = Simulator::start(&["--reading", "12", "--agent-users", "2", "--identities", "0"]);
    sim.run(&["sponsor", "add", "agent1@contoso.com", "human3@contoso.com"]).done(&[]);
    let listed = sim.run(&["sponsored", "human3@contoso.com"]);
    listed.done(&["TYPE", "agentUser", "agent1@contoso.com", "yes"]);
    assert_eq!(listed.stderr, "");
    sim.run(&["sponsored", "human1@contoso.com"]).done(&[
        "agentIdentity ",
        "Agent 900001",
        "agentIdentityBlueprint",
        "Blueprint 3",
    ]);
    let lines = sim.json(&["sponsored", "human1@contoso.com"]);
    let blueprints =
        lines.iter().filter(|one| one["@odata.type"] == "#microsoft.graph.agentIdentityBlueprint");
    assert_eq!(blueprints.count(), 3);
    assert_eq!(sim.run(&["sponsored", "human4@contoso.com"]).stderr, "Nothing is sponsored.\n");
    sim.run(&["sponsored", "nobody@contoso.com"]).failed(5, &["code: NotFound"]);
    sim.run(&["sponsored", "nobody"]).failed(1, &["person"]);
    sim.run(&["sponsored"])
        .failed(4, &["code: CallerNotAllowed", "fix: Name the person, or sign in as the person."]);
}
