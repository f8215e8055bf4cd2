//! Groups, memberships and administrative units.

use crate::client::*;
use agentuser_core::http::Method;
use agentuser_simulator::{Tenant, contract, ids, tenant};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn new_group(nickname: &str) -> Value {
    json!({"displayName": "Operations", "mailNickname": nickname, "mailEnabled": false, "securityEnabled": true})
}

#[track_caller]
fn checked(graph: &mut Client, method: Method, path: &str, body: Option<&Value>, status: u16) -> Value {
    let request = request(method, path, body);
    let response = graph.send(&request);
    assert_eq!(response.status, status, "{method} {path}: {}", json_of(&response));
    assert_eq!(contract::check_response(&request, &response), []);
    json_of(&response)
}

fn ids_of(page: &Value) -> Vec<String> {
    page["value"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_security_group_lives_and_is_gone_for_good() {
    let mut graph = Client::contoso();
    let body =
        with(new_group("ops"), "owners@odata.bind", json!([format!("{ROOT}/v1.0/users/{}", ids::human(1))]));
    let group = checked(&mut graph, Method::Post, "/groups", Some(&body), 201);
    assert_eq!((&group["groupTypes"], &group["securityEnabled"]), (&json!([]), &json!(true)));
    let path = format!("/groups/{}", group["id"].as_str().unwrap());
    assert_eq!(graph.patch(&path, &json!({"description": "For operations"})).0, 204);
    let seen = checked(&mut graph, Method::Get, &path, None, 200);
    assert_eq!((&seen["description"], &seen["mailNickname"]), (&json!("For operations"), &json!("ops")));
    assert_eq!(ids_of(&graph.get(&format!("{path}/owners")).1), [ids::human(1).to_string()]);
    bad_request(&graph.delete(&format!("{path}/owners/{}/$ref", ids::human(1))));
    for bad in [
        without(new_group("x"), "mailNickname"),
        without(new_group("x"), "securityEnabled"),
        new_group("a b"),
        with(new_group("x"), "mailEnabled", json!(true)),
        with(new_group("x"), "securityEnabled", json!(false)),
        with(new_group("x"), "sessionState", json!("x")),
    ] {
        bad_request(&graph.post("/groups", &bad));
    }
    bad_request(&graph.patch(&path, &json!({"groupTypes": ["Unified"]})));
    let rule = with(new_group("x"), "membershipRule", json!("user.department -eq \"x\""));
    refused(&graph.post("/groups", &rule), 501, "NotSimulated");
    assert_eq!(graph.delete(&path).0, 204);
    not_found(&graph.get(&path));
    assert_eq!(graph.all("/directory/deletedItems/microsoft.graph.group"), [] as [Value; 0]);
}

#[test]
fn a_microsoft_365_group_comes_back_with_its_members() {
    let mut graph = Client::contoso();
    let body = with(with(new_group("team"), "groupTypes", json!(["Unified"])), "mailEnabled", json!(true));
    let members = json!([format!("{ROOT}/v1.0/directoryObjects/{}", ids::human(2))]);
    let group = checked(
        &mut graph,
        Method::Post,
        "/groups",
        Some(&with(body.clone(), "members@odata.bind", members)),
        201,
    );
    bad_request(&graph.post("/groups", &body));
    let path = format!("/groups/{}", group["id"].as_str().unwrap());
    assert_eq!(graph.delete(&path).0, 204);
    let bin = graph.get("/directory/deletedItems/microsoft.graph.group").1;
    assert_eq!(ids_of(&bin), [group["id"].as_str().unwrap()]);
    let restore = format!("/directory/deletedItems/{}/restore", group["id"].as_str().unwrap());
    assert_eq!(graph.act(&restore).0, 200);
    assert_eq!(ids_of(&graph.get(&format!("{path}/members")).1), [ids::human(2).to_string()]);
    graph.delete(&path);
    graph.later(seconds(31 * 24 * 3_600));
    not_found(&graph.act(&restore));
}

#[test]
fn members_of_a_group_inherit_its_licenses() {
    let sku = ids::sku(tenant::FULL_SKU);
    let tenant =
        Tenant::contoso(10).change_group(1, |group| drop(group.licenses.insert(sku, BTreeSet::new())));
    let mut graph = Client::of(tenant);
    let agent = graph.create(1);
    let members = format!("/groups/{}/members", ids::group(1));
    checked(
        &mut graph,
        Method::Post,
        &format!("{members}/$ref"),
        Some(&reference("directoryObjects", agent)),
        204,
    );
    let again = graph.post(&format!("{members}/$ref"), &reference("users", agent));
    let words =
        "One or more added object references already exist for the following modified properties: 'members'.";
    assert_eq!(again.1["error"]["message"], words);
    let states = format!("/users/{agent}?$select=licenseAssignmentStates");
    let by =
        |graph: &mut Client| graph.get(&states).1["licenseAssignmentStates"][0]["assignedByGroup"].clone();
    assert_eq!(by(&mut graph), ids::group(1).to_string());
    assert_eq!(ids_of(&checked(&mut graph, Method::Get, &members, None, 200)), [agent.to_string()]);
    checked(&mut graph, Method::Delete, &format!("{members}/{agent}/$ref"), None, 204);
    assert_eq!(by(&mut graph), Value::Null);
    not_found(&graph.delete(&format!("{members}/{agent}/$ref")));
    not_found(&graph.post(&format!("{members}/$ref"), &reference("users", ids::nothing(1))));
    graph.token = tenant::READER;
    refused(
        &graph.post(&format!("{members}/$ref"), &reference("users", agent)),
        403,
        "Authorization_RequestDenied",
    );
}

#[test]
fn memberships_through_groups_and_units() {
    let identity = ids::identity(1);
    let tenant = Tenant::contoso(10)
        .change_group(1, |group| _ = group.members.insert(identity))
        .change_group(2, |group| _ = group.members.insert(ids::group(1)))
        .administrative_unit(2, [ids::human(1)]);
    let mut graph = Client::of(tenant);
    graph.post(&format!("/groups/{}/members/$ref", ids::group(1)), &reference("users", ids::human(1)));
    for path in [format!("/users/{}", ids::human(1)), format!("/servicePrincipals/{identity}")] {
        let groups = |graph: &mut Client, way: &str| {
            ids_of(&checked(graph, Method::Get, &format!("{path}/{way}/microsoft.graph.group"), None, 200))
        };
        // The metadata has the cast for users alone.
        if path.starts_with("/users") {
            assert_eq!(groups(&mut graph, "memberOf"), [ids::group(1).to_string()]);
            assert_eq!(groups(&mut graph, "transitiveMemberOf").len(), 2);
        }
        assert_eq!(graph.all(&format!("{path}/transitiveMemberOf/microsoft.graph.group")).len(), 2);
        let asked = json!({"securityEnabledOnly": true});
        assert_eq!(
            graph.post(&format!("{path}/getMemberGroups"), &asked).1["value"].as_array().unwrap().len(),
            2
        );
        let asked = json!({"groupIds": [ids::group(2).to_string(), ids::nothing(1).to_string()]});
        assert_eq!(
            graph.post(&format!("{path}/checkMemberGroups"), &asked).1["value"],
            json!([ids::group(2).to_string()])
        );
    }
    let all =
        checked(&mut graph, Method::Get, &format!("/groups/{}/transitiveMembers", ids::group(2)), None, 200);
    assert_eq!(all["value"].as_array().unwrap().len(), 3, "the group and its two members");
    let count = format!("/groups/{}/transitiveMembers/$count", ids::group(2));
    assert_eq!(graph.get_eventual(&count).1, 3);
    bad_request(&graph.get(&count));
    let units = format!("/users/{}/memberOf/microsoft.graph.administrativeUnit", ids::human(1));
    assert_eq!(ids_of(&checked(&mut graph, Method::Get, &units, None, 200)), [ids::unit(2).to_string()]);
    let listed = checked(&mut graph, Method::Get, "/directory/administrativeUnits", None, 200);
    assert_eq!(listed["value"].as_array().unwrap().len(), 2);
    let unit = format!("/directory/administrativeUnits/{}", ids::unit(1));
    let add = reference("users", ids::human(2));
    checked(&mut graph, Method::Post, &format!("{unit}/members/$ref"), Some(&add), 204);
    assert_eq!(ids_of(&graph.get(&format!("{unit}/members")).1), [ids::human(2).to_string()]);
    checked(&mut graph, Method::Delete, &format!("{unit}/members/{}/$ref", ids::human(2)), None, 204);
    assert_eq!(checked(&mut graph, Method::Get, &unit, None, 200)["displayName"], "Unit 1");
}

#[test]
fn groups_come_in_pages() {
    let mut graph = Client::of((3..=250).fold(Tenant::contoso(1), Tenant::group));
    let first = graph.get("/groups?$top=100").1;
    assert_eq!(first["value"].as_array().unwrap().len(), 100);
    assert_eq!(graph.all("/groups").len(), 250);
    assert_eq!(graph.get_eventual("/groups/$count").1, 250);
}
