//! Groups: those that rosters name, those that a retirement leaves, and the permissions that both need.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::simulator::{Simulator, parent};
use serde_json::{Value, json};
use std::path::PathBuf;

const ONE: &str = "agent1@contoso.com";

fn simulator(options: &Value) -> Simulator {
    Simulator::start_with(&["--options", "-"], &options.to_string())
}

/// A file in a folder of its own, which lasts as long as the test.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

fn groups_of(sim: &Simulator, user: &str) -> Vec<String> {
    let listed = sim.json(&["group", "list", user]);
    listed.iter().map(|group| group["displayName"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn rosters_and_creates_name_groups() {
    let groups = json!([{"name": "Sales; North"}, {"name": "Team", "kind": "microsoft365"}]);
    let sim = simulator(&json!({"agentUsers": 1, "groups": groups}));
    let folder = Folder::new();
    let id = "60000000-0000-4000-8000-000000000003";
    let rows = format!(
        "identityParentId,displayName,userPrincipalName,groups\n{},Ada,ada@contoso.com,{id};Team\n",
        parent(1)
    );
    let roster = folder.file("roster.csv", &rows);
    sim.run(&["roster", "plan", &roster]).done(&["add to group 60000000", "add to group Team"]);
    assert_eq!(sim.writes(), 0);
    sim.run(&["roster", "apply", &roster]).done(&["1 row: 1 created"]);
    assert_eq!(
        (groups_of(&sim, "ada@contoso.com"), sim.writes()),
        (vec!["Sales; North".into(), "Team".into()], 3)
    );
    sim.run(&["roster", "apply", &roster]).done(&["nothing to change"]);
    // An agent user stays in the groups that its row does not name.
    let fewer = folder.file("fewer.csv", &rows.replace(&format!("{id};"), ""));
    sim.run(&["roster", "apply", &fewer]).done(&["nothing to change"]);
    assert_eq!(sim.writes(), 3);

    let second = parent(2);
    let create =
        ["create", "--parent", &second, "--display-name", "Bob", "--domain", "contoso.com", "--group"];
    sim.run(&[&create[..], &["Nobody"]].concat()).failed(5, &["code: GroupNotFound"]);
    assert_eq!(sim.writes(), 3);
    sim.run(&[&create[..], &["Sales; North"]].concat()).done(&["done   add to group Sales; North"]);
}

#[test]
fn the_permissions_of_a_roster_with_groups_are_those_that_its_run_uses() {
    let sim = simulator(&json!({
        "agentUsers": 1, "groups": [{"name": "Sales"}],
        "permissions": ["AgentIdUser.ReadWrite.All", "AgentIdentity.Read.All", "GroupMember.Read.All"],
    }));
    let folder = Folder::new();
    let rows = format!(
        "identityParentId,displayName,userPrincipalName,groups\n{},Ada,ada@contoso.com,Sales\n",
        parent(1)
    );
    let roster = folder.file("roster.csv", &rows);
    sim.run(&["permissions", "--roster", &roster])
        .done(&["GroupMember.ReadWrite.All", "GroupMember.Read.All"]);
    // Reading is enough for a plan, and what changes it lacks is told.
    sim.run(&["roster", "plan", &roster]).done(&["add to group Sales"]);
    let failed = sim.run(&["roster", "apply", &roster, "--skip-domain-check"]);
    failed.failed(3, &["PermissionMissing", "GroupMember.ReadWrite.All"]);
}

#[test]
fn a_retirement_leaves_groups_and_a_group_that_is_gone_is_named() {
    let member = json!([ONE]);
    let groups = json!([
        {"name": "Sales", "members": member}, {"name": "Short", "members": member},
        {"name": "By rule", "dynamic": true, "members": member},
    ]);
    let sim = simulator(&json!({"identities": 0, "agentUsers": 2, "groups": groups}));
    let folder = Folder::new();
    let dry = sim.run(&["retire", ONE, "--leave-groups", "--dry-run"]);
    dry.done(&[
        "would  remove from group",
        "without the groups that it leaves",
        "Sales (60000000",
        "By rule",
    ]);
    assert_eq!(sim.writes(), 0);
    let retired = sim.run(&["retire", ONE, "--leave-groups", "--yes", "--json"]);
    // As if the second group did not exist any more.
    let gone = "60000000-0000-4000-8000-000000000099";
    let said = retired.stdout.replace("60000000-0000-4000-8000-000000000004", gone);
    let report = folder.file("report.json", &said);
    let restored = sim.run(&["restore", "--from", &report, "--json"]);
    restored
        .done(&["\"outcome\":\"changed\"", "The tenant has no group 60000000-0000-4000-8000-000000000099."]);
    assert_eq!(groups_of(&sim, ONE), ["Sales", "By rule"]);
    sim.run(&["restore", "--from", &report]).done(&["nothing to change"]);
}

#[test]
fn without_the_permission_nobody_is_deleted_with_its_groups() {
    let permissions = ["AgentIdUser.ReadWrite.All", "GroupMember.Read.All", "User.RevokeSessions.All"];
    let sim = simulator(&json!({
        "identities": 0, "agentUsers": 2, "groups": [{"name": "Sales", "members": [ONE]}], "permissions": permissions,
    }));
    let refused = sim.run(&["retire", ONE, "--leave-groups", "--yes"]);
    refused.failed(4, &["PermissionMissing", "GroupMember.ReadWrite.All"]);
    assert_eq!(groups_of(&sim, ONE), ["Sales"]);
    sim.run(&["get", ONE]).done(&["false"]);
}

#[test]
fn a_sponsor_beyond_those_that_a_list_expands_is_audited() {
    let sim = simulator(&json!({"identities": 0, "agentUsers": 24}));
    let found = |sim: &Simulator| {
        let report = sim.run(&["audit", "--rules", "sponsor-unusable", "--json"]);
        report.stdout.matches("\"rule\":\"sponsor-unusable\"").count()
    };
    for n in 1..=21 {
        sim.run(&["sponsor", "add", "agent23@contoso.com", &format!("agent{n}@contoso.com")]).done(&[]);
    }
    let before = found(&sim);
    sim.run(&["disable", "agent21@contoso.com"]).done(&[]);
    assert_eq!(found(&sim), before + 1);
}
