//! The Conditional Access policies that are printed, against the documented contract. Nothing sends them.

use agentuser_core::http::{Headers, Method, Request, Response};
use agentuser_core::json;
use agentuser_simulator::contract::check_response;
use serde_json::{Value, json};

fn policies() -> Vec<Value> {
    let made: Value = serde_json::from_str(&json::access_policies(b"{}").unwrap()).unwrap();
    made["policies"].as_array().unwrap().clone()
}

/// The mistakes of a policy as Graph would give it back.
fn breaches(policy: &Value) -> Vec<String> {
    let mut policy = policy.clone();
    policy["id"] = "ca000000-0000-4000-8000-000000000001".into();
    let url = "https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies/ca000000-0000-4000-8000-000000000001";
    let request =
        Request { method: Method::Get, url: url.to_owned(), headers: Headers::new(), body: Vec::new() };
    let headers = Headers::from_iter([("Content-Type".to_owned(), "application/json".to_owned())]);
    let response = Response { status: 200, headers, body: policy.to_string().into_bytes() };
    check_response(&request, &response).into_iter().map(|breach| breach.what).collect()
}

#[test]
fn the_contract_of_v1_0_has_the_policies_that_say_so() {
    let (v1, beta): (Vec<Value>, Vec<Value>) =
        policies().into_iter().partition(|policy| policy["version"] == "v1.0");
    assert_eq!((v1.len(), beta.len()), (2, 1));
    for one in &v1 {
        assert_eq!(breaches(&one["policy"]), Vec::<String>::new(), "{one}");
    }
    // A policy of beta says what v1.0 lacks, and has nothing else of its own.
    for one in &beta {
        let mut policy = one["policy"].clone();
        let told = breaches(&policy);
        assert!(!told.is_empty() && told.iter().all(|what| what.contains("agentIdRiskLevels")), "{told:?}");
        policy["conditions"].as_object_mut().unwrap().remove("agentIdRiskLevels").unwrap();
        assert_eq!(breaches(&policy), Vec::<String>::new());
        assert!(one["assumed"].as_str().unwrap().contains("agentIdRiskLevels"));
    }
    // The check sees what is wrong.
    let mut wrong = v1[0]["policy"].clone();
    wrong["state"] = "reportOnly".into();
    wrong["conditions"]["agents"] = json!({});
    assert!(breaches(&wrong).len() >= 2, "{:?}", breaches(&wrong));
}

#[test]
fn each_policy_reports_about_agent_users_alone() {
    for one in policies() {
        let policy = &one["policy"];
        assert_eq!(policy["state"], "enabledForReportingButNotEnforced");
        assert_eq!(policy["conditions"]["users"], json!({ "includeUsers": ["AllAgentIdUsers"] }));
        assert_eq!(policy["grantControls"]["builtInControls"], json!(["block"]));
        let path = format!("/{}/identity/conditionalAccess/policies", one["version"].as_str().unwrap());
        assert_eq!(one["path"], path);
    }
}
