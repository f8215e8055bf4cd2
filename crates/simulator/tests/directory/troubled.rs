//! The tenant with everything that an audit finds.

use crate::client::*;
use agentuser_simulator::tenant::{PLANTED, SOUND, troubled_user};
use agentuser_simulator::{Tenant, ids};
use serde_json::Value;

fn troubled() -> Client {
    Client::of(Tenant::contoso_without_agent_users(2).created_at(start().unix_ms).troubled())
}

fn user(graph: &mut Client, local: &str, select: &str) -> Value {
    let id = troubled_user(local).unwrap();
    let (status, user) = graph.get(&format!("/users/{id}?$select=id,userPrincipalName,{select}"));
    assert_eq!(status, 200, "{local}: {user}");
    user
}

#[test]
fn each_planted_agent_user_is_there_once() {
    let mut graph = troubled();
    let listed = graph.all(&format!("{AGENTS}?$select=id,userPrincipalName&$top=999"));
    let names: Vec<&str> = listed
        .iter()
        .map(|user| user["userPrincipalName"].as_str().unwrap().split('@').next().unwrap())
        .collect();
    for name in PLANTED.iter().map(|(_, name)| *name).chain(SOUND.iter().copied()) {
        let expected = usize::from(!name.starts_with("Blueprint") && name != "deleted");
        assert_eq!(names.iter().filter(|one| **one == name).count(), expected, "{name}");
    }
    let deleted = graph.all("/directory/deletedItems/microsoft.graph.user?$select=id,deletedDateTime");
    assert!(deleted.iter().any(|one| one["id"] == troubled_user("deleted").unwrap().to_string()));
    let crowded = ids::blueprint_app(5);
    let path = format!(
        "/servicePrincipals/microsoft.graph.agentIdentity?$select=id&$filter=agentIdentityBlueprintId%20eq%20%27{crowded}%27"
    );
    assert_eq!(graph.all(&path).len(), 201);
}

#[test]
fn parents_are_gone_deleted_disabled_or_shared() {
    let mut graph = troubled();
    let mut parent = |local: &str| {
        let parent = user(&mut graph, local, "identityParentId")["identityParentId"].clone();
        let path = format!("/servicePrincipals/{}", parent.as_str().unwrap());
        let live = graph.get(&path);
        let deleted = graph.get(&format!("/directory/deletedItems/{}", parent.as_str().unwrap())).0;
        (parent, live.0, deleted, live.1["accountEnabled"].clone())
    };
    let both = |(_, live, deleted, _): (Value, u16, u16, Value)| (live, deleted);
    assert_eq!(both(parent("parent.gone")), (404, 404));
    assert_eq!(both(parent("parent.deleted")), (404, 200));
    assert_eq!(parent("parent.disabled").3, false);
    assert_eq!(parent("shared.parent.one").0, parent("shared.parent.two").0);
    assert_eq!(parent("parent.not.identity").0, ids::plain(1).to_string());
    assert_eq!(both(parent("ada")), (200, 404));
    graph.later(seconds(21 * 24 * 3_600));
    let id = user(&mut graph, "parent.deleted", "identityParentId")["identityParentId"].clone();
    let path = format!("/directory/deletedItems/{}", id.as_str().unwrap());
    not_found(&graph.get(&path));
}

#[test]
fn sound_agent_users_have_what_rules_ask_for() {
    let mut graph = troubled();
    let members = "accountEnabled,usageLocation,mail,assignedLicenses,employeeLeaveDateTime,signInActivity";
    let seen = user(&mut graph, "ada", members);
    assert_eq!((&seen["accountEnabled"], &seen["usageLocation"]), (&Value::from(true), &"US".into()));
    assert_eq!(seen["mail"], "ada@contoso.com", "the mailbox is there from the start");
    assert!(seen["employeeLeaveDateTime"].is_null() && !seen["signInActivity"].is_null(), "{seen}");
    assert!(user(&mut graph, "mailbox.missing", "mail")["mail"].is_null());
    assert!(user(&mut graph, "idle", "signInActivity")["signInActivity"].is_object());
    let policy = ids::policy(1);
    let subject = user(&mut graph, "attestation.due", "identityParentId")["identityParentId"].clone();
    let path = format!(
        "/identityGovernance/lifecycleWorkflows/lifecyclePolicies/{policy}/report/subjects?$filter=id%20eq%20%27{}%27",
        subject.as_str().unwrap()
    );
    let report = graph.get(&path).1["value"][0].clone();
    assert_eq!(report["compliance"]["status"], "nonCompliant");
    assert_eq!(report["enforcement"]["nextAction"], "disable");
    assert!(report["enforcement"]["nextActionDateTime"].as_str() > Some("2026-12"), "{report}");
}
