use crate::client::*;
use agentuser_core::ObjectId;
use agentuser_simulator::{AssignAgain, Provisioning, Switches, Tenant, ids, tenant};
use serde_json::{Value, json};
use std::time::Duration;

fn add(sku: ObjectId) -> Value {
    json!({"addLicenses": [{"skuId": sku.to_string(), "disabledPlans": []}], "removeLicenses": []})
}

fn full() -> ObjectId {
    ids::sku(tenant::FULL_SKU)
}

fn status_of(graph: &mut Client, id: ObjectId, plan: &str) -> String {
    let (_, details) = graph.get(&format!("/users/{id}/licenseDetails"));
    let skus = details["value"].as_array().unwrap();
    let plans = skus.iter().flat_map(|sku| sku["servicePlans"].as_array().unwrap());
    let found = plans.clone().find(|one| one["servicePlanName"] == plan);
    found.unwrap()["provisioningStatus"].as_str().unwrap().to_owned()
}

#[test]
fn a_mailbox_appears_when_its_plan_is_provisioned() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    let (status, user) = graph.post(&format!("/users/{id}/assignLicense"), &add(full()));
    assert_eq!((status, &user["id"]), (200, &json!(id.to_string())));
    let path = format!("/users/{id}?$select=mail,assignedPlans,assignedLicenses,licenseAssignmentStates");
    let (_, user) = graph.get(&path);
    assert_eq!(user["mail"], Value::Null);
    assert_eq!(user["assignedLicenses"], json!([{"skuId": full().to_string(), "disabledPlans": []}]));
    assert_eq!(user["licenseAssignmentStates"][0]["state"], "Active");
    assert_eq!(status_of(&mut graph, id, "EXCHANGE_S_ENTERPRISE"), "PendingProvisioning");
    // The trap: this plan is there at once, its service is exchange, and it is not a mailbox.
    assert_eq!(status_of(&mut graph, id, "EXCHANGE_S_FOUNDATION"), "Success");
    assert_eq!(user["assignedPlans"][0]["service"], "exchange");

    graph.later(Duration::from_secs(599));
    assert_eq!(status_of(&mut graph, id, "EXCHANGE_S_ENTERPRISE"), "PendingProvisioning");
    graph.later(Duration::from_secs(301));
    assert_eq!(status_of(&mut graph, id, "EXCHANGE_S_ENTERPRISE"), "Success");
    let (_, user) = graph.get(&path);
    assert_eq!(user["mail"], "sales1@contoso.com");
    let plans = user["assignedPlans"].as_array().unwrap();
    assert!(plans.iter().any(|plan| plan["servicePlanId"] == ids::plan(1).to_string()));
}

#[test]
fn plans_that_never_come_or_fail_or_are_off() {
    for (provisioning, status) in
        [(Provisioning::Never, "PendingProvisioning"), (Provisioning::Error, "Error")]
    {
        let plans = vec![tenant::exchange_plan(provisioning), tenant::foundation_plan()];
        let mut graph = Client::of(Tenant::contoso(2).sku(7, "OTHER", 5, plans));
        let id = graph.create(1);
        graph.post(&format!("/users/{id}/assignLicense"), &add(ids::sku(7)));
        graph.later(Duration::from_secs(1_000_000));
        assert_eq!(status_of(&mut graph, id, "EXCHANGE_S_ENTERPRISE"), status);
        assert_eq!(graph.get(&format!("/users/{id}")).1["mail"], Value::Null);
    }
    let mut graph = Client::contoso();
    let id = graph.create(1);
    let body = json!({
        "addLicenses": [{"skuId": full().to_string(), "disabledPlans": [ids::plan(1).to_string()]}],
        "removeLicenses": [],
    });
    graph.post(&format!("/users/{id}/assignLicense"), &body);
    graph.later(Duration::from_secs(1_000_000));
    assert_eq!(status_of(&mut graph, id, "EXCHANGE_S_ENTERPRISE"), "Disabled");
    assert_eq!(status_of(&mut graph, id, "TEAMS1"), "Success");
}

#[test]
fn a_create_through_graph_may_never_get_a_mailbox() {
    let switches = Switches { graph_create_without_mailbox: true, ..Switches::default() };
    let mut graph = Client::with(switches);
    let made = graph.create(1);
    let found = ids::agent_user(tenant::TAKEN_IDENTITY);
    for id in [made, found] {
        graph.post(&format!("/users/{id}/assignLicense"), &add(full()));
    }
    graph.later(Duration::from_secs(1_000_000));
    assert_eq!(status_of(&mut graph, made, "EXCHANGE_S_ENTERPRISE"), "PendingProvisioning");
    assert_eq!(status_of(&mut graph, made, "TEAMS1"), "Success");
    assert_eq!(status_of(&mut graph, found, "EXCHANGE_S_ENTERPRISE"), "Success");
}

#[test]
fn assignments_that_are_refused() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    let path = format!("/users/{id}/assignLicense");
    for body in [
        json!({}),
        json!({"addLicenses": []}),
        json!({"removeLicenses": []}),
        json!({"addLicenses": null, "removeLicenses": []}),
        json!({"addLicenses": [{}], "removeLicenses": []}),
        json!({"addLicenses": [{"skuId": "x"}], "removeLicenses": []}),
        json!({"addLicenses": [], "removeLicenses": [full().to_string()]}),
        add(ids::nothing(1)),
        json!({
            "addLicenses": [{"skuId": full().to_string(), "disabledPlans": [ids::nothing(1).to_string()]}],
            "removeLicenses": [],
        }),
        json!({"addLicenses": [{"skuId": full().to_string()}], "removeLicenses": [full().to_string()]}),
    ] {
        bad_request(&graph.post(&path, &body));
    }
    let nowhere = graph.post(AGENTS, &without(new_user(2), "usageLocation")).1;
    let refusal =
        graph.post(&format!("/users/{}/assignLicense", nowhere["id"].as_str().unwrap()), &add(full()));
    bad_request(&refusal);
    assert_eq!(
        refusal.1["error"]["message"],
        "License assignment cannot be done for user with invalid usage location."
    );
    assert_eq!(graph.directory.licenses_of(id), []);
}

fn seats(graph: &mut Client, sku: ObjectId) -> (i64, i64) {
    let (_, skus) = graph.get("/subscribedSkus");
    let found = skus["value"].as_array().unwrap().iter().find(|one| one["skuId"] == sku.to_string());
    let found = found.unwrap();
    (found["consumedUnits"].as_i64().unwrap(), found["prepaidUnits"]["enabled"].as_i64().unwrap())
}

#[test]
fn seats_are_counted() {
    let mut graph = Client::contoso();
    let small = ids::sku(tenant::SMALL_SKU);
    let users: Vec<ObjectId> = (1..=6).map(|n| graph.create(n)).collect();
    for id in &users[..5] {
        assert_eq!(graph.post(&format!("/users/{id}/assignLicense"), &add(small)).0, 200);
    }
    assert_eq!(seats(&mut graph, small), (5, 5));
    bad_request(&graph.post(&format!("/users/{}/assignLicense", users[5]), &add(small)));
    // A user that has the license keeps it, seats or not.
    assert_eq!(graph.post(&format!("/users/{}/assignLicense", users[0]), &add(small)).0, 200);
    assert!(!graph.directory.journal().last().unwrap().changed);
    let remove = json!({"addLicenses": [], "removeLicenses": [small.to_string()]});
    assert_eq!(graph.post(&format!("/users/{}/assignLicense", users[0]), &remove).0, 200);
    assert_eq!(seats(&mut graph, small), (4, 5));
    graph.delete(&format!("/users/{}", users[1]));
    assert_eq!(seats(&mut graph, small), (3, 5));
    for id in [users[0], users[5]] {
        assert_eq!(graph.post(&format!("/users/{id}/assignLicense"), &add(small)).0, 200);
    }
    // No seat is left for the one that comes back.
    assert_eq!(graph.act(&format!("/directory/deletedItems/{}/restore", users[1])).0, 200);
    let path = format!("/users/{}?$select=licenseAssignmentStates", users[1]);
    assert_eq!(graph.get(&path).1["licenseAssignmentStates"][0]["error"], "CountViolation");
    assert_eq!(seats(&mut graph, small), (5, 5));
    graph.post(&format!("/users/{}/assignLicense", users[0]), &remove);
    assert_eq!(graph.act(&format!("/users/{}/reprocessLicenseAssignment", users[1])).0, 200);
    assert_eq!(graph.get(&path).1["licenseAssignmentStates"][0]["state"], "Active");
    assert_eq!(seats(&mut graph, small), (5, 5));
}

#[test]
fn the_same_license_again() {
    for (switch, status) in [(AssignAgain::NoOp, 200), (AssignAgain::Refused, 400)] {
        let mut graph = Client::with(Switches { assign_again: switch, ..Switches::default() });
        let id = graph.create(1);
        let path = format!("/users/{id}/assignLicense");
        assert_eq!(graph.post(&path, &add(full())).0, 200);
        assert_eq!(graph.post(&path, &add(full())).0, status);
        assert_eq!(seats(&mut graph, full()).0, 1);
        // Other disabled plans are a change, not a repetition.
        let other = json!({
            "addLicenses": [{"skuId": full().to_string(), "disabledPlans": [ids::plan(2).to_string()]}],
            "removeLicenses": [],
        });
        assert_eq!(graph.post(&path, &other).0, 200);
    }
}

#[test]
fn a_sku_without_user_plans_is_for_no_user() {
    let mut plan = tenant::foundation_plan();
    plan.for_users = false;
    let mut graph = Client::of(Tenant::contoso(2).sku(7, "COMPANY", 5, vec![plan]));
    let id = graph.create(1);
    let refusal = graph.post(&format!("/users/{id}/assignLicense"), &add(ids::sku(7)));
    bad_request(&refusal);
    assert!(refusal.1["error"]["message"].as_str().unwrap().contains("cannot be assigned to a user"));
}
