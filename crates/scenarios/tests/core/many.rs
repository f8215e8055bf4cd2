//! Many operations side by side: what each does, in which order, and how one that fails leaves the others alone.

use crate::common::world;
use agentuser_core::json::{self, Config, OperationRequest};
use agentuser_core::operation::Session;
use agentuser_core::problem::Problem;
use agentuser_simulator::{Faults, Tenant, World, ids};
use serde_json::{Value, json};

fn read(request: &Value) -> Result<OperationRequest, Problem> {
    OperationRequest::parse(request.to_string().as_bytes(), Vec::new())
}

struct Came {
    items: Vec<Value>,
    summary: Value,
    requests: usize,
}

fn run(world: &mut World, operations: &[Value]) -> Came {
    let session = Session::new(Config::parse(b"{}").unwrap().settings());
    let start = read(&json!({ "operation": "many", "operations": operations })).unwrap();
    let ran = world.run(json::start(&session, 0, start));
    let items = ran.items.iter().map(|item| serde_json::to_value(item).unwrap()).collect();
    let summary = serde_json::from_str(ran.result.unwrap().unwrap().as_str()).unwrap();
    Came { items, summary, requests: ran.sent.len() }
}

fn city_of(world: &World, n: u32) -> Value {
    world.network().directory().find_user(ids::agent_user(n)).unwrap().extras["city"].clone()
}

fn user(n: u32) -> String {
    ids::agent_user(n).to_string()
}

fn city(user: &str, city: &str) -> Value {
    json!({ "operation": "update", "user": user, "changes": { "city": city } })
}

fn populated(n: u32) -> World {
    world(Tenant::contoso(0).populate(1, n, 1), Faults::none())
}

#[test]
fn changes_of_many_are_made_in_batches_and_each_is_reported_at_its_place() {
    let mut world = populated(60);
    let operations: Vec<Value> = (1..=60).map(|n| city(&user(n), &format!("City {n}"))).collect();
    let Came { items, summary, requests } = run(&mut world, &operations);
    assert_eq!((summary["rows"].clone(), summary["changed"].clone()), (json!(60), json!(60)));
    let mut rows: Vec<(u64, String)> = items
        .iter()
        .map(|item| {
            (item["value"]["row"].as_u64().unwrap(), item["value"]["id"].as_str().unwrap().to_owned())
        })
        .collect();
    rows.sort();
    assert_eq!(rows, (1..=60).map(|n| (u64::from(n), user(n))).collect::<Vec<_>>());
    for n in [1, 33, 60] {
        assert_eq!(city_of(&world, n), format!("City {n}"));
    }
    // 60 reads and 60 writes, of which 20 go in one $batch.
    assert!(requests <= 8, "{requests}");
}

#[test]
fn one_that_fails_leaves_the_others_alone() {
    let mut world = populated(3);
    let Came { items, summary, .. } = run(
        &mut world,
        &[
            city(&user(1), "Bonn"),
            city("not a name", "Bonn"),
            city(&user(9), "Bonn"),
            json!({ "operation": "update", "user": user(2), "changes": { "cty": "Bonn" } }),
            json!({ "operation": "get", "user": user(3) }),
            json!({ "operation": "findByParent", "identityParentId": ids::identity(3).to_string() }),
        ],
    );
    let problem = |row: u64| {
        let report = items.iter().find(|item| item["value"]["row"] == row).unwrap();
        (report["value"]["userPrincipalName"].clone(), report["value"]["problem"]["code"].clone())
    };
    assert_eq!(problem(1).1, Value::Null);
    assert_eq!(problem(2), (json!("not a name"), json!("Invalid")));
    assert_eq!(problem(3), (json!(user(9)), json!("NotFound")));
    assert_eq!(problem(4).1, json!("Invalid"));
    let pages: Vec<&Value> = items.iter().filter(|item| item["kind"] == "agentUsers").collect();
    assert_eq!(pages.len(), 2);
    assert!(pages.iter().all(|page| page["value"][0]["id"] == user(3)), "{pages:?}");
    assert_eq!((summary["rows"].clone(), summary["failed"].clone()), (json!(4), json!(3)));
}

#[test]
fn those_on_one_object_keep_their_order() {
    let mut world = populated(2);
    let name = user(1).to_uppercase();
    let Came { items, .. } = run(
        &mut world,
        &[city(&user(1), "Bonn"), city(&user(2), "Kiel"), city(&name, "Jena"), city(&user(1), "Trier")],
    );
    assert_eq!(city_of(&world, 1), "Trier");
    let from = |row: u64| {
        let report = items.iter().find(|item| item["value"]["row"] == row).unwrap();
        report["value"]["changes"][0]["from"].clone()
    };
    assert_eq!((from(3), from(4)), (json!("Bonn"), json!("Jena")));
}

#[test]
fn the_skus_are_read_once_for_all() {
    let mut world = populated(25);
    let operations: Vec<Value> = (1..=25)
        .map(|n| json!({ "operation": "changeLicenses", "user": user(n), "remove": ["AGENT_365"] }))
        .collect();
    let Came { summary, requests, .. } = run(&mut world, &operations);
    assert_eq!((summary["rows"].clone(), summary["unchanged"].clone()), (json!(25), json!(25)));
    // The SKUs, and 25 users in two batches.
    assert_eq!(requests, 3);
}

#[test]
fn changes_of_permissions_end_with_reports_like_the_others() {
    let mut world = populated(2);
    let (identity, blueprint) = (ids::identity(2).to_string(), ids::blueprint_app(1).to_string());
    let operations = [
        json!({ "operation": "grantPermission", "user": user(1), "scopes": ["User.Read"] }),
        json!({ "operation": "grantPermission", "agentIdentityId": identity, "allPrincipals": true, "scopes": ["User.Read"] }),
        json!({ "operation": "assignAppRole", "agentIdentityId": identity, "appRole": "User.Read.All" }),
        json!({ "operation": "allowCreation", "blueprint": blueprint }),
        json!({ "operation": "inheritPermissions", "blueprint": blueprint, "inheritableScopes": "allAllowed" }),
        json!({ "operation": "revokePermission", "user": user(1), "scopes": ["User.Raed"] }),
        json!({ "operation": "removeAppRole", "agentIdentityId": identity, "appRole": "User.Read.All" }),
    ];
    let Came { items, summary, .. } = run(&mut world, &operations);
    assert_eq!((summary["rows"].clone(), summary["changed"].clone()), (json!(7), json!(6)));
    let report = |row: u64| &items.iter().find(|item| item["value"]["row"] == row).unwrap()["value"];
    let kinds: Vec<Value> = (1..=7).map(|row| report(row)["kind"].clone()).collect();
    let (of_identity, none) = (json!("agentIdentity"), Value::Null);
    let (principal, application) = (json!("blueprintPrincipal"), json!("blueprint"));
    assert_eq!(
        kinds,
        [&of_identity, &of_identity, &of_identity, &principal, &application, &none, &of_identity]
            .map(Clone::clone)
    );
    assert_eq!(report(1)["changes"][0]["scope"], "User.Read");
    assert!(report(1)["userPrincipalName"].as_str().unwrap().contains('@'));
    assert_eq!(
        (report(2)["userPrincipalName"].clone(), report(2)["resourceAppId"].clone()),
        (json!(""), json!("00000003-0000-0000-c000-000000000000"))
    );
    // The role was assigned before it was taken away.
    assert_eq!(
        (report(7)["changes"][0]["change"].clone(), report(7)["id"].clone()),
        (json!("removeAppRole"), json!(identity))
    );
    assert_eq!(report(6)["problem"]["code"], "ScopeNotFound");
}

#[test]
fn a_request_that_is_none_of_theirs_is_refused_with_its_place() {
    let of = |inner: Value| {
        let operations = json!([city(&user(1), "Bonn"), inner]);
        read(&json!({ "operation": "many", "operations": operations })).unwrap_err().to_string()
    };
    assert!(of(json!({ "operation": "list" })).contains("operations[1]: unknown variant `list`"));
    assert!(
        of(json!({ "operation": "many", "operations": [] }))
            .contains("operations[1]: unknown variant `many`")
    );
    assert!(of(json!({ "operation": "delete", "usr": "a" })).contains("operations[1]: missing field `user`"));
}
