//! The contract declares all that the simulator shows.

use crate::client::*;
use agentuser_simulator::{ids, tenant};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn contract() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/contract/documented-v1.0.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Names that a schema declares, with those of its bases.
fn declared(contract: &Value, name: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![contract["components"]["schemas"][name].clone()];
    assert!(open[0].is_object(), "{name}");
    while let Some(schema) = open.pop() {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap();
            open.push(contract["components"]["schemas"][name].clone());
        }
        found.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
        open.extend(schema["allOf"].as_array().into_iter().flatten().cloned());
    }
    found
}

#[track_caller]
fn fits(contract: &Value, object: &Value, schema: &str) {
    let declared = declared(contract, schema);
    for name in object.as_object().unwrap().keys() {
        assert!(name.starts_with("@odata.") || declared.contains(name), "{schema} has no {name}");
    }
}

#[test]
fn every_member_is_declared() {
    let contract = contract();
    let mut graph = Client::contoso();
    let id = graph.create(1);
    let sku = ids::sku(tenant::FULL_SKU).to_string();
    let add = json!({"addLicenses": [{"skuId": sku, "disabledPlans": []}], "removeLicenses": []});
    graph.post(&format!("/users/{id}/assignLicense"), &add);
    graph.later(seconds(2_000));

    let select = "assignedLicenses,assignedPlans,licenseAssignmentStates,provisionedPlans,usageLocation,\
                  accountEnabled,createdDateTime,signInSessionsValidFromDateTime,identityParentId,userType,mail";
    let user = graph.get(&format!("/users/{id}?$select={select}")).1;
    fits(&contract, &user, "microsoft.graph.agentUser");
    fits(&contract, &user["assignedLicenses"][0], "microsoft.graph.assignedLicense");
    fits(&contract, &user["assignedPlans"][0], "microsoft.graph.assignedPlan");
    fits(&contract, &user["provisionedPlans"][0], "microsoft.graph.provisionedPlan");
    fits(&contract, &user["licenseAssignmentStates"][0], "microsoft.graph.licenseAssignmentState");
    fits(&contract, &graph.get(&format!("/users/{id}")).1, "microsoft.graph.agentUser");

    let details = graph.get(&format!("/users/{id}/licenseDetails")).1;
    fits(&contract, &details["value"][0], "microsoft.graph.licenseDetails");
    fits(&contract, &details["value"][0]["servicePlans"][0], "microsoft.graph.servicePlanInfo");
    let skus = graph.get("/subscribedSkus").1;
    fits(&contract, &skus["value"][0], "microsoft.graph.subscribedSku");
    fits(&contract, &skus["value"][0]["prepaidUnits"], "microsoft.graph.licenseUnitsDetail");
    let organization = graph.get("/organization").1;
    fits(&contract, &organization["value"][0], "microsoft.graph.organization");
    fits(&contract, &organization["value"][0]["verifiedDomains"][0], "microsoft.graph.verifiedDomain");
    fits(&contract, &graph.get("/domains").1["value"][0], "microsoft.graph.domain");
    fits(
        &contract,
        &graph.get(&format!("/servicePrincipals/{}", ids::plain(1))).1,
        "microsoft.graph.servicePrincipal",
    );
    let identity = graph.get(&format!("/servicePrincipals/{}", ids::identity(1))).1;
    fits(&contract, &identity, "microsoft.graph.agentIdentity");
}
