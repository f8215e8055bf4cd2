//! Parents: docs/graph.md#verifying-a-parent.

use agentuser_core::Now;
use agentuser_core::json::{self, Config, OperationRequest};
use agentuser_core::operation::{RequestId, Session};
use serde_json::{Value, json};

const BLUEPRINT: &str = "a1d00000-0000-4000-8000-000000000001";
const PARENT: &str = "a1d00000-0000-4000-8000-000000000002";

/// The result of verifying the parent, and the number of requests, where Graph shows this service principal, by the cast
/// only if it is an agent identity.
fn verified(principal: &Value) -> (Value, usize) {
    let session = Session::new(Config::parse(b"{}").unwrap().settings());
    let request = json!({"operation": "verifyParent", "identityParentId": PARENT}).to_string();
    let start = OperationRequest::parse(request.as_bytes(), Vec::new()).unwrap();
    let mut operation = json::start(&session, 0, start);
    let (mut now, mut requests) = (Now::default(), 0);
    loop {
        let (text, _) = json::step_json(operation.poll(now));
        let step: Value = serde_json::from_str(&text).unwrap();
        match step["step"].as_str().unwrap() {
            "send" => {
                for request in step["requests"].as_array().unwrap() {
                    requests += 1;
                    let cast = request["url"].as_str().unwrap().contains("/microsoft.graph.agentIdentity/");
                    let shown = !cast || principal["@odata.type"] == "#microsoft.graph.agentIdentity";
                    let status = if shown { 200 } else { 404 };
                    let answer = json!({"answer": "response", "status": status, "token": 1}).to_string();
                    let body = if shown {
                        principal.clone()
                    } else {
                        json!({"error": {"code": "Request_ResourceNotFound"}})
                    };
                    let answer = json::answer(answer.as_bytes(), body.to_string().into_bytes()).unwrap();
                    operation.answer(RequestId::from_number(request["id"].as_u64().unwrap()), answer);
                }
            }
            "wait" => now.mono = std::time::Duration::from_millis(step["untilMs"].as_u64().unwrap()),
            "event" => {}
            _ => return (step, requests),
        }
    }
}

/// Such an agent identity has no blueprint principal and shares its client id with its blueprint. Neither is looked at.
#[test]
fn an_agent_identity_of_the_single_instance_kind_is_a_parent() {
    let single = json!({
        "@odata.type": "#microsoft.graph.agentIdentity", "id": PARENT, "appId": BLUEPRINT, "accountEnabled": true,
        "servicePrincipalType": "ServiceIdentity", "agentIdentityBlueprintId": BLUEPRINT, "instanceMode": "singleInstance",
        "displayName": "Solo",
    });
    let mut without_blueprint = single.clone();
    without_blueprint["agentIdentityBlueprintId"] = Value::Null;
    for parent in [single, without_blueprint] {
        let (step, requests) = verified(&parent);
        assert_eq!((&step["result"]["displayName"], requests), (&json!("Solo"), 1), "{step}");
    }
    let plain =
        json!({"@odata.type": "#microsoft.graph.servicePrincipal", "id": PARENT, "accountEnabled": true});
    let (step, requests) = verified(&plain);
    assert_eq!((&step["problem"]["code"], requests), (&json!("ParentIsServicePrincipal"), 2));
}
