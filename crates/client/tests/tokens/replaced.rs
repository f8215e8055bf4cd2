//! Tokens that are renewed on demand, and those that are forgotten.

use crate::{client, server};
use agentuser::core::json::TokenQuery;
use agentuser::{AccessToken, Client, Endpoint, ListQuery, TokenRequest, TokenWaits, from_fn};
use std::sync::{Arc, Mutex};

#[tokio::test]
async fn a_new_token_takes_the_place_of_the_refused_one() {
    let server = server();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    let provider = from_fn(move |request: TokenRequest| {
        let mut seen = seen.lock().unwrap();
        seen.push((request.claims, request.refused));
        let token = ["expired", "admin", "admin-again"][seen.len() - 1];
        async { Ok(AccessToken::new(token.to_owned(), None)) }
    });
    let client = Client::builder()
        .graph_endpoint(Endpoint::new(server.root()).unwrap())
        .token(provider)
        .build()
        .unwrap();
    assert_eq!(client.token(&[]).await.unwrap().expose_secret(), "expired");
    assert_eq!(client.new_token(&[]).await.unwrap().expose_secret(), "admin");
    assert_eq!(client.token(&[]).await.unwrap().expose_secret(), "admin");
    assert_eq!(client.list(ListQuery::default()).await.unwrap(), 1);
    assert_eq!(*asked.lock().unwrap(), [(None, false), (None, true)]);
    // The one for a challenge, too.
    let query = TokenQuery::parse(br#"{"claims":"{\"access_token\":{}}"}"#).unwrap();
    let waits = TokenWaits::new();
    assert_eq!(client.token_waiting(&query, &waits).await.unwrap().expose_secret(), "admin-again");
    assert_eq!(client.token(&[]).await.unwrap().expose_secret(), "admin-again");
    server.stop().await;
}

#[tokio::test]
async fn a_sign_in_under_way_is_forgotten_as_well() {
    let server = server();
    let (client, mut requests, gate) = client(&server);
    let list = || {
        let run = client.list(ListQuery::default());
        tokio::spawn(async move { run.await })
    };
    let before = list();
    requests.recv().await.unwrap();
    client.forget_token();
    // A later request starts a sign-in of its own.
    let after = list();
    requests.recv().await.unwrap();
    gate.add_permits(1);
    assert_eq!(before.await.unwrap().unwrap(), 1, "it still gets what it waits for");
    let along = list();
    gate.add_permits(1);
    assert_eq!(after.await.unwrap().unwrap(), 1);
    assert_eq!(along.await.unwrap().unwrap(), 1);
    assert!(requests.try_recv().is_err(), "the later sign-in is not forgotten with the earlier one");

    // The token of a forgotten sign-in is not used by the next request.
    client.forget_token();
    let before = list();
    requests.recv().await.unwrap();
    client.forget_token();
    gate.add_permits(1);
    assert_eq!(before.await.unwrap().unwrap(), 1);
    let after = list();
    requests.recv().await.unwrap();
    gate.add_permits(1);
    assert_eq!(after.await.unwrap().unwrap(), 1);
    server.stop().await;
}

#[tokio::test]
async fn a_forgotten_token_is_asked_for_again_and_claims_reach_the_provider() {
    let server = server();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    let provider = from_fn(move |request: TokenRequest| {
        seen.lock().unwrap().push((request.claims, request.refused));
        async { Ok(AccessToken::new("admin".to_owned(), None)) }
    });
    let client = Client::builder()
        .graph_endpoint(Endpoint::new(server.root()).unwrap())
        .token(provider)
        .build()
        .unwrap();
    client.token(&[]).await.unwrap();
    client.token(&[]).await.unwrap();
    client.forget_token();
    client.token(&[]).await.unwrap();
    let query = TokenQuery::parse(br#"{"claims":"{\"access_token\":{}}"}"#).unwrap();
    client.token_waiting(&query, &TokenWaits::new()).await.unwrap();
    let challenge = Some(r#"{"access_token":{}}"#.to_owned());
    assert_eq!(*asked.lock().unwrap(), [(None, false), (None, false), (challenge, true)]);
    server.stop().await;
}
