//! Runs that wait for somebody to sign in.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

use agentuser::{AccessToken, Client, Code, ListQuery, Problem, Root, TokenRequest, from_fn};
use agentuser_sim::server::{Running, Server, ServerOptions};
use agentuser_sim::{Faults, Network, Tenant, ids, tenant};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};

fn server() -> Running {
    let server = Server::bind(
        SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        |root| Network::new(Tenant::contoso(3).root(root).build(), Faults::none()),
        ServerOptions::contoso(),
    );
    server.unwrap().spawn().unwrap()
}

/// A client whose sign-in says that it was asked, and waits until it is let through.
fn client(server: &Running) -> (Client, mpsc::UnboundedReceiver<TokenRequest>, Arc<Semaphore>) {
    let (asked, requests) = mpsc::unbounded_channel();
    let gate = Arc::new(Semaphore::new(0));
    let door = Arc::clone(&gate);
    let provider = from_fn(move |request| {
        let (asked, door) = (asked.clone(), Arc::clone(&door));
        async move {
            asked.send(request).unwrap();
            door.acquire().await.unwrap().forget();
            Ok(AccessToken::new("admin".to_owned(), None))
        }
    });
    let client = Client::builder()
        .root(Root::new(server.root()).unwrap())
        .token(provider)
        .settings(|settings| settings.request_timeout = Duration::from_millis(200))
        .build();
    (client.unwrap(), requests, gate)
}

#[tokio::test]
async fn a_sign_in_may_take_longer_than_a_request() {
    let server = server();
    let (client, mut requests, gate) = client(&server);
    let run = client.get(ids::agent_user(tenant::TAKEN_IDENTITY));
    let waits = run.token_waits();
    let mut waiting = waits.watch();
    assert!(!waits.is_waiting());
    let user = tokio::spawn(async move { run.await });
    waiting.wait_for(|waiting| *waiting > 0).await.unwrap();
    let request = requests.recv().await.unwrap();
    assert_eq!((request.refused, request.claims), (false, None));
    // Somebody thinks about it for three times as long as the request may take.
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert!(waits.is_waiting());
    gate.add_permits(1);
    let user = user.await.unwrap().unwrap();
    assert_eq!(user.id(), Some(ids::agent_user(tenant::TAKEN_IDENTITY)));
    assert!(!waits.is_waiting());
    assert!(requests.try_recv().is_err(), "asked once");
    server.stop().await;
}

#[tokio::test]
async fn who_gives_up_the_sign_in_ends_one_run_and_the_other_goes_on() {
    let server = server();
    let (client, mut requests, gate) = client(&server);
    let (gives_up, goes_on) =
        (client.get(ids::agent_user(tenant::TAKEN_IDENTITY)), client.list(ListQuery::default()));
    let (waits, others) = (gives_up.token_waits(), goes_on.token_waits());
    let (first, second) = (tokio::spawn(async { gives_up.await }), tokio::spawn(async { goes_on.await }));
    requests.recv().await.unwrap();
    waits.watch().wait_for(|waiting| *waiting > 0).await.unwrap();
    others.watch().wait_for(|waiting| *waiting > 0).await.unwrap();
    waits.fail(Problem::new(Code::TokenMissing, "Somebody closed the window."));
    let problem = first.await.unwrap().unwrap_err();
    assert_eq!((problem.code(), problem.message()), (Code::TokenMissing, "Somebody closed the window."));
    assert!(others.is_waiting());
    gate.add_permits(1);
    assert_eq!(second.await.unwrap().unwrap(), 1);
    server.stop().await;
}

#[tokio::test]
async fn a_cancelled_run_does_not_wait_for_the_sign_in() {
    let server = server();
    let (client, mut requests, _gate) = client(&server);
    let run = client.get(ids::agent_user(tenant::TAKEN_IDENTITY));
    let cancel = run.cancel_handle();
    let ended = tokio::spawn(async { run.await });
    requests.recv().await.unwrap();
    cancel.cancel();
    assert_eq!(ended.await.unwrap().unwrap_err().code(), Code::Cancelled);
    server.stop().await;
}
