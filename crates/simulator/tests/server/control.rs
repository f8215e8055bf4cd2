//! Requests that Graph does not have: to look inside, revoke tokens, and stop.

use crate::common::*;
use agentuser_core::http::Method;
use agentuser_simulator::server::{Server, ServerOptions};
use agentuser_simulator::{Fault, Faults, Network, Planned, Tenant, ids, tenant};
use std::net::SocketAddr;
use std::time::Duration;

#[tokio::test]
async fn sums_and_state_can_be_read() {
    let lost = Planned::new(Method::Put, "/manager", 1, Fault::LostAnswer);
    let server = serve(Faults::plan([lost]));
    let root = server.root();
    let send = async |line: &str, body: serde_json::Value| {
        let head = format!("{line}|Authorization: Bearer admin|Content-Type: application/json");
        ask(root, &head, &body.to_string()).await
    };
    let created = json(&send("POST /v1.0/users/microsoft.graph.agentUser", ada()).await);
    let id = created["id"].as_str().unwrap();
    let manager = serde_json::json!({"@odata.id": format!("{root}/v1.0/users/{}", ids::human(1))});
    let put = format!("PUT /v1.0/users/{id}/manager/$ref");
    assert_eq!(send(&put, manager.clone()).await, "");
    assert_eq!(status(&send(&put, manager).await), 204);

    let stats = json(&ask(root, "GET /simulator/stats", "").await);
    assert_eq!(stats["agentUsersCreated"], 1);
    assert_eq!(stats["createdMoreThanOncePerParent"], serde_json::json!({}));
    assert_eq!(stats["faults"], serde_json::json!({"LostAnswer": 1}));
    assert_eq!((stats["writes"].as_u64(), stats["writesWithoutChange"].as_u64()), (Some(3), Some(1)));
    assert_eq!((stats["requests"].as_u64(), stats["batches"].as_u64()), (Some(3), Some(0)));

    let state = json(&ask(root, "GET /simulator/state", "").await);
    let users = state["users"].as_array().unwrap();
    let user = users.iter().find(|user| user["id"] == id).unwrap();
    assert_eq!(user["manager"], ids::human(1).to_string());
}

#[tokio::test]
async fn a_rehearsal_finds_ids_names_and_tokens() {
    let server = serve(Faults::none());
    let seen = json(&ask(server.root(), "GET /simulator/tenant", "").await);
    assert_eq!(seen["root"], server.root());
    let tenant = &seen["tenant"];
    assert_eq!(tenant["verifiedDomains"][0], "contoso.com");
    assert_eq!(tenant["agentIdentities"][0]["id"], ids::identity(1).to_string());
    assert_eq!(tenant["humans"][0]["userPrincipalName"], "human1@contoso.com");
    assert_eq!(tenant["groups"][0]["id"], ids::group(1).to_string());
    assert_eq!(tenant["subscribedSkus"][0]["skuId"], ids::sku(tenant::FULL_SKU).to_string());
    assert_eq!(seen["tokens"]["admin"], "admin");
    assert_eq!(seen["managedIdentity"], ids::plain_app(1).to_string());
    let client = &seen["clients"][0];
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&scope={}/.default",
        client["clientId"].as_str().unwrap(),
        client["clientSecret"].as_str().unwrap(),
        server.root(),
    );
    let path = format!("POST /{}/oauth2/v2.0/token", tenant["id"].as_str().unwrap());
    let answer =
        ask(server.root(), &format!("{path}|Content-Type: application/x-www-form-urlencoded"), &form).await;
    assert_eq!(status(&answer), 200, "{answer}");
}

#[tokio::test]
async fn stopped_by_a_request_but_not_by_a_page() {
    let server = serve(Faults::none());
    let root = server.root().to_owned();
    for origin in ["https://page.example", "http://localhost"] {
        assert_eq!(status(&ask(&root, &format!("POST /simulator/stop|Origin: {origin}"), "").await), 403);
    }
    assert_eq!(status(&ask(&root, "GET /simulator/stop", "").await), 405);
    assert_eq!(status(&ask(&root, "POST /simulator/stop", "").await), 202);
    server.stopped().await;
    assert!(std::net::TcpStream::connect(root.replace("http://", "")).is_err());
}

#[tokio::test]
async fn stops_by_itself() {
    let short = Duration::from_millis(50);
    for options in [ServerOptions::new().idle(short), ServerOptions::new().lifetime(short)] {
        serve_with(Tenant::contoso(1), Faults::none(), options).stopped().await;
    }
}

#[tokio::test]
async fn requests_that_hang_do_not_hold_up_the_end() {
    let never = Planned::new(Method::Get, "/users", 1, Fault::Never { executed: false });
    let server = serve(Faults::plan([never]));
    let root = server.root().to_owned();
    let get = "GET /v1.0/users/microsoft.graph.agentUser|Authorization: Bearer admin";
    let hanging = tokio::spawn(async move { ask(&root, get, "").await });
    until(|| server.network(|network| network.counts().requests == 1)).await;
    server.stop().await;
    assert_eq!(hanging.await.unwrap(), "");
}

#[test]
fn this_machine_only_and_the_right_root() {
    let bind = |address: &str, root: &'static str| {
        let address: SocketAddr = address.parse().unwrap();
        let network = |real: &str| {
            let root = if root.is_empty() { real } else { root };
            Network::new(Tenant::contoso(1).root(root).build(), Faults::none())
        };
        Server::bind(address, network, ServerOptions::new())
    };
    assert!(bind("127.0.0.1:0", "").is_ok());
    for address in ["0.0.0.0:0", "[::]:0", "[::1]:0", "127.0.0.2:0", "192.0.2.1:0"] {
        assert!(bind(address, "").is_err(), "{address}");
    }
    assert!(bind("127.0.0.1:0", "https://graph.microsoft.com").is_err());
    assert!(bind("127.0.0.1:0", "").unwrap().spawn().is_err(), "there is no runtime");
}

#[tokio::test]
async fn a_token_is_revoked_but_not_by_a_page() {
    let server = serve(Faults::none());
    let root = server.root();
    let revoke = async |fields: &str, body: &str| {
        let answer = ask(root, &format!("POST /simulator/revoke{fields}"), body).await;
        (status(&answer), json(&answer))
    };
    let list = async |token: &str| {
        let head = format!("GET /v1.0/users/microsoft.graph.agentUser|Authorization: Bearer {token}");
        status(&ask(root, &head, "").await)
    };
    let admin = r#"{"token": "admin"}"#;
    assert_eq!(revoke("|Origin: https://page.example", admin).await.0, 403);
    assert_eq!(list("admin").await, 200);
    assert_eq!(revoke("", admin).await.0, 200);
    assert_eq!([list("admin").await, list("reader").await], [401, 200]);
    assert_eq!(revoke("", admin).await.0, 404);
    for (body, text) in [("", "EOF"), (r#"{"tokens": []}"#, "tokens: "), (r#"{"token": 1}"#, "token: ")] {
        let (status, answer) = revoke("", body).await;
        assert_eq!(status, 400, "{body}");
        assert!(answer["error"]["message"].as_str().unwrap().contains(text), "{answer}");
    }
    assert_eq!(status(&ask(root, "GET /simulator/revoke", "").await), 405);
}

#[tokio::test]
async fn the_network_and_the_lag_are_changed_while_it_runs() {
    let server = serve(Faults::none());
    let root = server.root();
    let order = async |name: &str, body: serde_json::Value| {
        let head = format!("POST /simulator/{name}|Content-Type: application/json");
        ask(root, &head, &body.to_string()).await
    };
    let read = async |path: &str| {
        status(&ask(root, &format!("GET /v1.0{path}|Authorization: Bearer admin"), "").await)
    };
    // The faults of `brisk` are answers, or connections that end at once.
    let said = json(
        &order("network", serde_json::json!({"perMille": 900, "brisk": true, "latencyMs": [0, 1]})).await,
    );
    assert_eq!(said, serde_json::json!({"perMille": 900, "brisk": true, "latencyMs": [0, 1]}));
    for _ in 0..10 {
        read("/domains").await;
    }
    let stats = json(&ask(root, "GET /simulator/stats", "").await);
    let faults = stats["faults"].as_object().unwrap();
    assert!(
        !faults.is_empty() && faults.keys().all(|name| ["LostAnswer", "Throttled"].contains(&name.as_str())),
        "{stats}"
    );

    // A member that is left out stays. The lag is that of changes from now on.
    let identity = format!("/servicePrincipals/{}", ids::identity(1));
    json(&order("network", serde_json::json!({"perMille": 0, "lagMs": 3_600_000})).await);
    assert_eq!(read(&identity).await, 200);
    let head = "POST /v1.0/users/microsoft.graph.agentUser|Authorization: Bearer admin|Content-Type: application/json";
    assert_eq!(status(&ask(root, head, &ada().to_string()).await), 201);
    assert_eq!(read("/users/ada@contoso.com").await, 404);
    order("advance", serde_json::json!({"seconds": 4 * 3_600})).await;
    assert_eq!(read("/users/ada@contoso.com").await, 200);

    let wrong = order("network", serde_json::json!({"perMille": 901, "latencyMs": [5, 3]})).await;
    assert_eq!(status(&wrong), 400);
    assert!(wrong.contains("perMille: 901 is not between 0 and 900"), "{wrong}");
    assert!(wrong.contains("latencyMs[0]: 5 is not between 0 and 3"), "{wrong}");
    assert_eq!(status(&order("network", serde_json::json!({"speed": 5})).await), 400);
}
