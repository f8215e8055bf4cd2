use crate::client::*;
use agentuser_simulator::{Cascade, Life, Switches, ids, tenant};
use serde_json::{Value, json};
use std::time::Duration;

const BIN: &str = "/directory/deletedItems";
const DAY: u64 = 86_400;

#[test]
fn a_deleted_user_is_in_the_bin_and_comes_back() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    assert_eq!(graph.delete(&format!("{AGENTS}/{id}")), (204, Value::Null));
    not_found(&graph.get(&format!("/users/{id}")));
    not_found(&graph.delete(&format!("/users/{id}")));
    for list in ["microsoft.graph.user", "graph.user"] {
        let found = graph.all(&format!("{BIN}/{list}"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["@odata.type"], "#microsoft.graph.agentUser");
        assert_eq!(found[0]["deletedDateTime"], "2026-11-22T10:17:05Z");
    }
    let (status, item) = graph.get(&format!("{BIN}/{id}?$select=id,identityParentId"));
    assert_eq!((status, &item["identityParentId"]), (200, &json!(ids::identity(1).to_string())));
    assert_eq!(graph.directory.deleted_users().count(), 1);

    let (status, user) = graph.act(&format!("{BIN}/{id}/restore"));
    assert_eq!((status, &user["id"]), (200, &json!(id.to_string())));
    assert_eq!(graph.get(&format!("/users/{id}")).0, 200);
    not_found(&graph.get(&format!("{BIN}/{id}")));
    not_found(&graph.act(&format!("{BIN}/{id}/restore")));
    assert_eq!(graph.all(&format!("{BIN}/graph.user")).len(), 0);
}

#[test]
fn the_bin_keeps_things_for_thirty_days() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    graph.delete(&format!("/users/{id}"));
    graph.later(seconds(30 * DAY - 1));
    assert_eq!(graph.get(&format!("{BIN}/{id}")).0, 200);
    graph.later(seconds(1));
    not_found(&graph.get(&format!("{BIN}/{id}")));
    not_found(&graph.act(&format!("{BIN}/{id}/restore")));
    assert_eq!(graph.directory.find_user(id).unwrap().life, Life::Gone);
}

#[test]
fn a_restored_user_is_not_swept_away_by_its_first_deletion() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    graph.delete(&format!("/users/{id}"));
    graph.later(seconds(10 * DAY));
    graph.act(&format!("{BIN}/{id}/restore"));
    graph.delete(&format!("/users/{id}"));
    graph.later(seconds(25 * DAY));
    assert_eq!(graph.get(&format!("{BIN}/{id}")).0, 200);
    graph.later(seconds(5 * DAY));
    not_found(&graph.get(&format!("{BIN}/{id}")));
}

#[test]
fn a_deleted_user_may_hold_parent_and_upn() {
    for (parent, upn) in [(false, false), (true, false), (false, true)] {
        let mut graph = Client::with(Switches {
            deleted_holds_parent: parent,
            deleted_holds_upn: upn,
            ..Switches::default()
        });
        let id = graph.create(1);
        graph.delete(&format!("/users/{id}"));
        let answer = graph.post(AGENTS, &new_user(1));
        assert_eq!(answer.0, if parent || upn { 400 } else { 201 });
        let target = match (parent, upn) {
            (true, _) => json!("identityParentId"),
            (_, true) => json!("userPrincipalName"),
            _ => Value::Null,
        };
        assert_eq!(answer.1["error"]["details"][0]["target"], target);
    }
}

#[test]
fn a_restore_meets_who_came_in_between() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    graph.delete(&format!("/users/{id}"));
    // Another user takes the name only.
    let thief = with(new_user(2), "userPrincipalName", json!("sales1@contoso.com"));
    assert_eq!(graph.post(AGENTS, &thief).0, 201);
    let path = format!("{BIN}/{id}/restore");
    let refusal = graph.act(&path);
    bad_request(&refusal);
    assert_eq!(refusal.1["error"]["details"][0]["target"], "userPrincipalName");
    bad_request(&graph.post(&path, &json!({"newUserPrincipalName": "x@fabrikam.com"})));
    bad_request(&graph.post(&path, &json!({"autoReconcileProxyConflict": "yes"})));
    let body = json!({"newUserPrincipalName": "again@contoso.com", "autoReconcileProxyConflict": true});
    assert_eq!(graph.post(&path, &body).0, 200);
    assert_eq!(graph.get("/users/again@contoso.com").1["id"], id.to_string());

    // Another user takes the parent.
    graph.delete(&format!("/users/{id}"));
    let heir = with(new_user(1), "userPrincipalName", json!("heir@contoso.com"));
    assert_eq!(graph.post(AGENTS, &heir).0, 201);
    let refusal = graph.post(&path, &json!({"newUserPrincipalName": "third@contoso.com"}));
    bad_request(&refusal);
    assert_eq!(refusal.1["error"]["details"][0]["target"], "identityParentId");
    assert!(graph.directory.duplicates().is_empty());
}

#[test]
fn permanent_delete() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    not_found(&graph.delete(&format!("{BIN}/{id}")));
    graph.delete(&format!("/users/{id}"));
    assert_eq!(graph.delete(&format!("{BIN}/{id}")), (204, Value::Null));
    not_found(&graph.get(&format!("{BIN}/{id}")));

    let switches = Switches { permanent_delete_refused_to_apps: true, ..Switches::default() };
    let mut graph = Client::with(switches);
    let id = graph.create(1);
    graph.delete(&format!("/users/{id}"));
    refused(&graph.delete(&format!("{BIN}/{id}")), 403, "Authorization_RequestDenied");
    let delegated = agentuser_simulator::Token::delegated(None, ["User.ReadWrite.All"]);
    graph.directory.add_token("delegated", delegated);
    graph.token = "Bearer delegated";
    assert_eq!(graph.delete(&format!("{BIN}/{id}")).0, 204);
}

#[test]
fn a_deleted_parent_takes_its_user_along_or_not() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    assert_eq!(graph.delete(&format!("/servicePrincipals/{}", ids::identity(1))).0, 204);
    graph.later(seconds(10 * DAY));
    assert_eq!(graph.get(&format!("/users/{id}")).0, 200, "it stays, an orphan");
    not_found(&graph.get(&format!("/servicePrincipals/{}", ids::identity(1))));

    let cascade = Cascade::SoftDeletes(Duration::from_secs(DAY));
    let mut graph = Client::with(Switches { cascade, ..Switches::default() });
    let id = graph.create(1);
    graph.delete(&format!("/servicePrincipals/{}", ids::identity(1)));
    assert_eq!(graph.get(&format!("/users/{id}")).0, 200, "not at once");
    graph.later(seconds(DAY));
    not_found(&graph.get(&format!("/users/{id}")));
    assert_eq!(graph.get(&format!("{BIN}/{id}")).0, 200);
    // The parent comes back without its child.
    assert_eq!(graph.act(&format!("{BIN}/{}/restore", ids::identity(1))).0, 200);
    assert_eq!(graph.get(&format!("/servicePrincipals/{}", ids::identity(1))).0, 200);
    not_found(&graph.get(&format!("/users/{id}")));
    assert_eq!(graph.directory.deleted_users().count(), 1);
}

#[test]
fn a_parent_that_came_back_in_time_keeps_its_user() {
    let cascade = Cascade::SoftDeletes(Duration::from_secs(30 * DAY));
    let mut graph = Client::with(Switches { cascade, ..Switches::default() });
    let user = ids::agent_user(tenant::TAKEN_IDENTITY);
    let parent = ids::identity(tenant::TAKEN_IDENTITY);
    graph.delete(&format!("/servicePrincipals/{parent}"));
    graph.act(&format!("{BIN}/{parent}/restore"));
    graph.later(seconds(60 * DAY));
    assert_eq!(graph.get(&format!("/users/{user}")).0, 200);
}
