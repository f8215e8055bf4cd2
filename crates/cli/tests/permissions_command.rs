//! The permissions that operations need, offline.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::{example, run};
use serde_json::Value;

#[test]
fn operations_and_rosters_tell_what_they_need() {
    let create = run(&["permissions", "create"]);
    create.done(&[
        "application",
        "AgentIdUser.ReadWrite.IdentityParentedBy",
        "User.ReadBasic.All where a manager is named",
        "the role Agent ID Administrator",
        "Application.Read.All is optional. Without it:",
    ]);
    let roster = run(&["permissions", "--roster", &example("roster.csv"), "--json"]);
    let needed: Value = serde_json::from_str(&roster.stdout).unwrap();
    assert_eq!(needed["operations"][0], "applyRoster");
    let permissions = needed["application"]["permissions"].as_array().unwrap();
    assert!(permissions.contains(&"LicenseAssignment.Read.All".into()), "{permissions:?}");
    assert_eq!(needed["application"]["conditional"], Value::Null);
}

#[test]
fn requests_are_shown_with_their_sources() {
    let shown = run(&["permissions", "delete", "--requests"]);
    shown.done(&[
        "DELETE /users/microsoft.graph.agentUser/{id}",
        "map of 2026-08-07",
        "User.DeleteRestore.All",
    ]);
    let all = run(&["permissions"]);
    all.done(&["OPERATION", "verifyBlueprint", "AgentIdentity.Read.All"]);
}

#[test]
fn what_is_not_an_operation_is_named() {
    run(&["permissions", "creat", "steal"]).failed(1, &["Use create.", "There is no operation \"steal\"."]);
    run(&["permissions", "--wait", "mailbox"]).failed(2, &["--roster"]);
}
