use crate::client::*;
use agentuser_simulator::{ManagerUnset, Switches, ids};
use serde_json::{Value, json};

#[test]
fn a_manager_is_set_read_and_removed() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    let path = format!("/users/{id}/manager");
    assert_eq!(graph.put(&format!("{path}/$ref"), &reference("users", ids::human(1))), (204, Value::Null));
    let (status, manager) = graph.get(&path);
    assert_eq!((status, &manager["displayName"]), (200, &json!("Human 1")));
    assert_eq!(manager["@odata.type"], "#microsoft.graph.user");
    assert_eq!(graph.put(&format!("{path}/$ref"), &reference("directoryObjects", ids::human(2))).0, 204);
    assert_eq!(graph.directory.manager_of(id), Some(ids::human(2)));
    assert_eq!(graph.delete(&format!("{path}/$ref")).0, 204);
    assert_eq!(graph.directory.manager_of(id), None);
    not_found(&graph.delete(&format!("{path}/$ref")));
}

#[test]
fn the_same_manager_again_changes_nothing() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    for expected in [true, false] {
        graph.put(&format!("/users/{id}/manager/$ref"), &reference("users", ids::human(1)));
        assert_eq!(graph.directory.journal().last().unwrap().changed, expected);
    }
}

#[test]
fn no_manager_answers_in_three_ways() {
    for (switch, status) in
        [(ManagerUnset::NotFound, 404), (ManagerUnset::NoContent, 204), (ManagerUnset::Null, 200)]
    {
        let mut graph = Client::with(Switches { manager_unset: switch, ..Switches::default() });
        let id = graph.create(1);
        let answer = graph.get(&format!("/users/{id}/manager"));
        assert_eq!(answer.0, status);
        assert!(status != 200 || answer.1["value"].is_null());
        // A deleted manager is not shown either.
        graph.put(&format!("/users/{id}/manager/$ref"), &reference("users", ids::human(1)));
        graph.delete(&format!("/users/{}", ids::human(1)));
        assert_eq!(graph.get(&format!("/users/{id}/manager")).0, status);
    }
}

#[test]
fn references_that_are_refused() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    let path = format!("/users/{id}/manager/$ref");
    not_found(&graph.put(&path, &reference("users", ids::nothing(1))));
    not_found(&graph.put(&path, &reference("groups", ids::group(1))));
    for body in [
        json!({}),
        json!({"@odata.type": "#microsoft.graph.user"}),
        json!({"@odata.id": ids::human(1).to_string()}),
        json!({"@odata.id": format!("https://elsewhere.example/v1.0/users/{}", ids::human(1))}),
        json!({"@odata.id": format!("{ROOT}/v1.0/users/nobody@contoso.com")}),
        json!({"@odata.id": format!("{ROOT}/users/{}", ids::human(1))}),
    ] {
        bad_request(&graph.put(&path, &body));
    }
    not_found(&graph.put("/users/nobody@contoso.com/manager/$ref", &reference("users", ids::human(1))));
}

#[test]
fn sponsors_are_added_listed_and_removed() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    let path = format!("/users/{id}/sponsors");
    for body in [reference("users", ids::human(1)), reference("groups", ids::group(1))] {
        assert_eq!(graph.post(&format!("{path}/$ref"), &body).0, 204);
    }
    let (_, list) = graph.get(&path);
    let kinds: Vec<&Value> =
        list["value"].as_array().unwrap().iter().map(|one| &one["@odata.type"]).collect();
    assert_eq!(kinds, ["#microsoft.graph.user", "#microsoft.graph.group"]);
    let (_, list) = graph.get(&format!("{path}?$select=id"));
    assert!(list["value"][0].get("displayName").is_none());

    let again = graph.post(&format!("{path}/$ref"), &reference("users", ids::human(1)));
    bad_request(&again);
    assert_eq!(
        again.1["error"]["message"],
        "One or more added object references already exist for the following modified properties: 'sponsors'."
    );
    not_found(&graph.post(&format!("{path}/$ref"), &reference("users", ids::nothing(1))));
    assert_eq!(graph.delete(&format!("{path}/{}/$ref", ids::human(1))).0, 204);
    not_found(&graph.delete(&format!("{path}/{}/$ref", ids::human(1))));
    assert_eq!(graph.directory.sponsors_of(id), [ids::group(1)]);
}

#[test]
fn sponsors_may_come_back_with_ids_only() {
    let mut graph = Client::with(Switches { sponsors_only_ids: true, ..Switches::default() });
    let id = graph.create(1);
    graph.post(&format!("/users/{id}/sponsors/$ref"), &reference("users", ids::human(1)));
    let (_, list) = graph.get(&format!("/users/{id}/sponsors?$select=displayName"));
    let expected = json!([{"@odata.type": "#microsoft.graph.user", "id": ids::human(1).to_string()}]);
    assert_eq!(list["value"], expected);
}
