//! The writes of two runs, compared.

use crate::common::*;
use agentuser_simulator::server::Running;
use agentuser_simulator::{Faults, Tenant, ids, tenant};
use serde_json::{Value, json};

async fn send(root: &str, line: &str, body: &Value) -> Value {
    let head = format!("{line}|Authorization: Bearer admin|Content-Type: application/json");
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answer = ask(root, &head, &body).await;
    assert!((200..300).contains(&status(&answer)), "{line}: {answer}");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap_or_default()
}

fn start(seed: u64) -> Running {
    serve_with(
        Tenant::contoso(3).seed(seed),
        Faults::none(),
        agentuser_simulator::server::ServerOptions::contoso(),
    )
}

/// Creates the children of these agent identities in this order; their ids by the number of the parent.
async fn create(root: &str, order: [u32; 3]) -> [String; 4] {
    let mut found = [const { String::new() }; 4];
    for n in order {
        let body = json!({
            "accountEnabled": true,
            "displayName": format!("Agent {n}"),
            "mailNickname": format!("a{n}"),
            "userPrincipalName": format!("a{n}@contoso.com"),
            "identityParentId": ids::identity(n).to_string(),
            "usageLocation": "DE",
        });
        let user = send(root, "POST /v1.0/users/microsoft.graph.agentUser", &body).await;
        found[usize::try_from(n).unwrap()] = user["id"].as_str().unwrap().to_owned();
    }
    found
}

/// Everything that can be written, with the given order among objects and the address that each run has.
async fn run(server: &Running, order: [u32; 3]) {
    let root = server.root();
    let users = create(root, order).await;
    let reference = |set: &str, id: &str| json!({"@odata.id": format!("{root}/v1.0/{set}/{id}")});
    for n in order {
        let user = &users[usize::try_from(n).unwrap()];
        let manager = if n == 1 { &ids::human(1).to_string() } else { &users[1] };
        let path = format!("/v1.0/users/{user}");
        send(root, &format!("PUT {path}/manager/$ref"), &reference("users", manager)).await;
        let group = ids::group(1).to_string();
        for (set, sponsor) in [("groups", &group), ("users", &users[1])] {
            send(root, &format!("POST {path}/sponsors/$ref"), &reference(set, sponsor)).await;
        }
        send(root, &format!("DELETE {path}/sponsors/{}/$ref", users[1]), &Value::Null).await;
        let license = json!({
            "addLicenses": [{"skuId": ids::sku(tenant::FULL_SKU).to_string(), "disabledPlans": []}],
            "removeLicenses": [],
        });
        send(root, &format!("POST {path}/assignLicense"), &license).await;
        let by_upn = format!("PATCH /v1.0/users/microsoft.graph.agentUser/a{n}@contoso.com");
        send(root, &by_upn, &json!({"jobTitle": "Analyst"})).await;
    }
    send(root, &format!("DELETE /v1.0/users/{}", users[3]), &Value::Null).await;
}

async fn look(server: &Running, what: &str) -> Value {
    json(&ask(server.root(), &format!("GET /simulator/{what}"), "").await)
}

#[tokio::test]
async fn the_same_in_two_orders_is_the_same() {
    let (one, other, stranger) = (start(1), start(1), start(2));
    run(&one, [1, 2, 3]).await;
    run(&other, [3, 2, 1]).await;
    run(&stranger, [2, 3, 1]).await;
    let writes = look(&one, "writes").await;
    assert_eq!(writes.as_array().unwrap().len(), 3 * 7 + 1);
    assert_eq!(writes, look(&other, "writes").await);
    assert_eq!(writes, look(&stranger, "writes").await, "names don't depend on the seed");
    let state = look(&one, "state").await;
    assert_eq!(state, look(&other, "state").await);
    assert_ne!(state, look(&stranger, "state").await);

    // One write more, in one of them, shows.
    let again = "PATCH /v1.0/users/a1@contoso.com";
    send(other.root(), again, &json!({"jobTitle": "Analyst"})).await;
    assert_eq!(look(&other, "state").await, state);
    let more = look(&other, "writes").await;
    assert_eq!(more.as_array().unwrap().len(), 3 * 7 + 2);
}

#[tokio::test]
async fn a_write_says_what_was_written_and_nothing_that_was_drawn() {
    let server = start(1);
    run(&server, [1, 2, 3]).await;
    let writes = look(&server, "writes").await;
    let (first, second) = (ids::identity(1).to_string(), ids::identity(2).to_string());
    for expected in [
        json!({
            "method": "PUT", "path": "/users/{id}/manager/$ref", "object": second, "status": 204,
            "body": {"@odata.id": format!("/v1.0/users/{first}")},
        }),
        json!({
            "method": "PUT", "path": "/users/{id}/manager/$ref", "object": first, "status": 204,
            "body": {"@odata.id": format!("/v1.0/users/{}", ids::human(1))},
        }),
        json!({
            "method": "POST", "path": "/users/{id}/sponsors/$ref", "object": second, "status": 204,
            "body": {"@odata.id": format!("/v1.0/groups/{}", ids::group(1))},
        }),
        json!({
            "method": "DELETE", "path": "/users/{id}/sponsors/{sponsor}/$ref", "object": second,
            "sponsor": first, "status": 204,
        }),
        json!({
            "method": "PATCH", "path": "/users/microsoft.graph.agentUser/{id}", "object": second, "status": 200,
            "body": {"jobTitle": "Analyst"},
        }),
    ] {
        assert!(writes.as_array().unwrap().contains(&expected), "{expected} is not in {writes:#}");
    }
    let create = writes.as_array().unwrap().iter().find(|write| write["body"]["displayName"] == "Agent 1");
    let create = create.unwrap();
    assert_eq!((&create["object"], &create["status"]), (&json!(first), &json!(201)));
    assert_eq!(create["body"]["identityParentId"], first.as_str());
    let texts: Vec<String> = writes.as_array().unwrap().iter().map(Value::to_string).collect();
    assert!(texts.is_sorted());
    let drawn = server.network(|network| {
        let users: Vec<_> = network.directory().agent_users().map(|user| user.id).collect();
        users.into_iter().filter(|id| *id != ids::agent_user(tenant::TAKEN_IDENTITY)).collect::<Vec<_>>()
    });
    assert_eq!(drawn.len(), 2);
    for id in drawn.iter().map(ToString::to_string).chain([server.root().to_owned()]) {
        assert!(!writes.to_string().contains(&id), "{id} is in {writes:#}");
    }
}

#[tokio::test]
async fn refused_requests_and_reads_are_not_listed_and_a_lost_answer_is() {
    let server = start(1);
    let root = server.root();
    let lost = r#"[{"method": "POST", "path": "/users/", "fault": "lostAnswer"}]"#;
    assert_eq!(status(&ask(root, "POST /simulator/script", lost).await), 200);
    let body = json!({
        "accountEnabled": true, "displayName": "A", "mailNickname": "a", "userPrincipalName": "a@contoso.com",
        "identityParentId": ids::identity(1).to_string(),
    });
    let head = "POST /v1.0/users/microsoft.graph.agentUser|Authorization: Bearer admin|Content-Type: application/json";
    assert_eq!(ask(root, head, &body.to_string()).await, "");
    assert_eq!(status(&ask(root, head, &body.to_string()).await), 400, "the parent is taken");
    send(root, "GET /v1.0/users/a@contoso.com", &Value::Null).await;
    let writes = look(&server, "writes").await;
    assert_eq!(writes.as_array().unwrap().len(), 1, "{writes:#}");
    assert_eq!((&writes[0]["body"], &writes[0]["status"]), (&body, &json!(201)));
}
