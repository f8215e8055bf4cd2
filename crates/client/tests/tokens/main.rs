//! Runs that wait for a person to sign in.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod replaced;

use agentuser::core::ObjectId;
use agentuser::sign_in::{Application, Proof};
use agentuser::{
    AccessToken, Client, Code, Endpoint, FixedToken, ListQuery, Outcome, Problem, RosterRequest,
    TokenRequest, from_fn,
};
use agentuser_simulator::server::{Running, Server, ServerOptions};
use agentuser_simulator::{Faults, Network, Tenant, ids, tenant};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};

/// A roster of so many rows.
fn roster(rows: u32) -> Vec<u8> {
    let rows = (1..=rows).map(|n| format!("{},Agent {n},agent.{n}@contoso.com\n", ids::identity(n)));
    format!("identityParentId,displayName,userPrincipalName\n{}", rows.collect::<String>()).into_bytes()
}

/// Applies its rows and asks for nothing else.
fn rows_alone() -> RosterRequest {
    RosterRequest { check_domains: false, ..RosterRequest::default() }
}

fn server() -> Running {
    server_of(3)
}

fn server_of(identities: u32) -> Running {
    let server = Server::bind(
        SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        move |root| Network::new(Tenant::contoso(identities).root(root).build(), Faults::none()),
        ServerOptions::contoso().contract_of_the_environment(),
    );
    server.unwrap().spawn().unwrap()
}

/// A client whose sign-in says that it was asked, and waits until it is let through.
fn client(server: &Running) -> (Client, mpsc::UnboundedReceiver<TokenRequest>, Arc<Semaphore>) {
    let (asked, requests) = mpsc::unbounded_channel();
    let gate = Arc::new(Semaphore::new(0));
    let waiting = Arc::clone(&gate);
    let provider = from_fn(move |request| {
        let (asked, held) = (asked.clone(), Arc::clone(&waiting));
        async move {
            asked.send(request).unwrap();
            held.acquire().await.unwrap().forget();
            Ok(AccessToken::new("admin".to_owned(), None))
        }
    });
    let client = Client::builder()
        .graph_endpoint(Endpoint::new(server.root()).unwrap())
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
    // The sign-in takes three times as long as the request may take.
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
async fn giving_up_a_sign_in_ends_one_run_and_the_other_goes_on() {
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
    assert!(requests.try_recv().is_err(), "who goes on is not asked again");
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

#[tokio::test]
async fn a_run_that_gave_up_signing_in_asks_no_more() {
    let server = server_of(50);
    let (client, mut requests, _gate) = client(&server);
    let run = client.apply_roster(roster(50), rows_alone());
    let waits = run.token_waits();
    let ended = tokio::spawn(async { run.await });
    requests.recv().await.unwrap();
    waits.fail(Problem::new(Code::TokenMissing, "Somebody closed the window."));
    let problem = ended.await.unwrap().unwrap_err();
    let told_once = "Somebody closed the window. This is so of all 50 rows. Nothing was changed.";
    assert_eq!((problem.code(), problem.message()), (Code::TokenMissing, told_once));
    assert!(requests.try_recv().is_err(), "asked once");
    server.stop().await;
}

#[tokio::test]
async fn a_provider_that_panics_ends_the_run() {
    let server = server();
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let provider = from_fn(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        async {
            tokio::task::yield_now().await;
            panic!("the provider has a defect")
        }
    });
    let client = Client::builder()
        .graph_endpoint(Endpoint::new(server.root()).unwrap())
        .token(provider)
        .build()
        .unwrap();
    let problem = client.list(ListQuery::default()).await.unwrap_err();
    assert_eq!((problem.code(), asked.load(Ordering::Relaxed)), (Code::Internal, 1));
    server.stop().await;
}

/// The clock of timeouts stands still and jumps when nothing else happens, so that minutes take none.
#[tokio::test(start_paused = true)]
async fn a_sign_in_server_that_says_nothing_is_given_up() {
    let silent = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let login = format!("http://{}", silent.local_addr().unwrap());
    let provider = Application::new(
        "contoso.com",
        "0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f",
        Proof::secret("secret".to_owned().into()),
    )
    .unwrap();
    let provider = provider.login_endpoint(&login).unwrap();
    let client =
        Client::builder().graph_endpoint(Endpoint::new(&login).unwrap()).token(provider).build().unwrap();
    let problem = client.list(ListQuery::default()).await.unwrap_err();
    assert_eq!(problem.code(), Code::TimedOut, "{problem:?}");
}

const ROWS: u32 = 60;

/// Cancels a run whose first write waits for its token, and lets the token come at the same time. The number of agent
/// users that it created and reported.
async fn reported_by_a_cancelled_run(batch: Option<usize>, looks: usize) -> usize {
    let server = server_of(ROWS);
    let asked = Arc::new(AtomicUsize::new(0));
    let (arrived, mut all_there) = mpsc::unbounded_channel();
    let gate = Arc::new(Semaphore::new(0));
    let waiting = Arc::clone(&gate);
    // Every request asks anew, for the tokens live for no time; those of the writes wait at the gate.
    let provider = from_fn(move |_| {
        let number = asked.fetch_add(1, Ordering::Relaxed);
        let (arrived, held) = (arrived.clone(), Arc::clone(&waiting));
        async move {
            if number >= looks {
                arrived.send(()).unwrap();
                held.acquire().await.unwrap().forget();
            }
            Ok(AccessToken::new("admin".to_owned(), Some(Duration::ZERO)))
        }
    });
    let root = || Endpoint::new(server.root()).unwrap();
    let builder = Client::builder().graph_endpoint(root()).token(provider);
    let builder = if let Some(batch) = batch { builder.batch(batch) } else { builder };
    let client = builder.build().unwrap();
    let mut run = client.apply_roster(roster(ROWS), rows_alone());
    let cancel = run.cancel_handle();
    let mut reports = tokio::spawn(async move {
        let mut reports = Vec::new();
        while let Some(report) = run.next().await {
            reports.push(report);
        }
        reports
    });
    // Requests that wait at the same time share a sign-in: a slow machine may come to the end without so many.
    let early = tokio::select! {
        _ = all_there.recv() => None,
        reports = &mut reports => Some(reports.unwrap()),
    };
    let canceller = tokio::spawn(async move { cancel.cancel() });
    gate.add_permits(10_000);
    canceller.await.unwrap();
    let reports = match early {
        Some(reports) => reports,
        None => reports.await.unwrap(),
    };
    let mut said: Vec<ObjectId> = reports.iter().filter_map(|report| report.id).collect();
    said.sort();
    let admin = FixedToken::new("admin".to_owned());
    let admin = Client::builder().graph_endpoint(root()).token(admin).build().unwrap();
    let mut pages = admin.list(ListQuery::default());
    let mut there = Vec::new();
    while let Some(page) = pages.next().await {
        there.extend(page.iter().filter_map(agentuser::AgentUser::id));
    }
    there.retain(|id| *id != ids::agent_user(tenant::TAKEN_IDENTITY));
    there.sort();
    assert_eq!(said, there, "reported and created");
    let unsaid = reports.iter().filter(|report| report.id.is_none());
    assert!(unsaid.into_iter().all(|report| report.outcome == Outcome::Cancelled));
    server.stop().await;
    there.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cancellation_and_a_token_at_the_same_time_leave_nothing_unsaid() {
    let mut created = 0;
    // The number of looks before the first write: each on its own, or, unless told otherwise, twenty in one
    // batch.
    let alone = (Some(1), 2 * ROWS as usize);
    for (batch, looks) in [alone, (Some(20), 6), alone, (None, 6)] {
        created += reported_by_a_cancelled_run(batch, looks).await;
    }
    assert!(created > 0, "every cancellation came before everything");
}

#[test]
fn the_last_root_that_was_set_counts() {
    let config =
        agentuser::core::json::Config::parse(br#"{"cloud":"usgov","settings":{"requestTimeoutMs":7}}"#);
    let builder = Client::builder().token(FixedToken::new("t".to_owned()));
    let client = builder
        .config(&config.unwrap())
        .unwrap()
        .graph_endpoint(Endpoint::new("http://127.0.0.1:9").unwrap())
        .build()
        .unwrap();
    let settings = format!("{client:?}");
    assert!(settings.contains("http://127.0.0.1:9/v1.0") && !settings.contains("microsoft"), "{settings}");
    assert!(settings.contains("request_timeout: 7ms"), "{settings}");
}

#[tokio::test]
async fn a_token_serves_the_request_that_asked_for_it_however_short_it_lives() {
    let server = server();
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let provider = from_fn(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        async { Ok(AccessToken::new("admin".to_owned(), Some(Duration::ZERO))) }
    });
    let client = Client::builder()
        .graph_endpoint(Endpoint::new(server.root()).unwrap())
        .token(provider)
        .build()
        .unwrap();
    assert_eq!(client.list(ListQuery::default()).await.unwrap(), 1);
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    server.stop().await;
}

#[tokio::test]
async fn a_fixed_token_that_is_refused_has_graphs_reason_and_no_guess() {
    let server = server();
    let client = Client::builder()
        .graph_endpoint(Endpoint::new(server.root()).unwrap())
        .token(FixedToken::new("of-nobody".to_owned()))
        .build()
        .unwrap();
    let problem = client.list(ListQuery::default()).await.unwrap_err();
    assert_eq!((problem.code(), problem.status()), (Code::TokenRejected, Some(401)));
    let said = problem.graph_message().unwrap();
    let expected = format!("Graph refuses the token, and a fixed token can't be renewed. Graph says: {said}");
    assert!(problem.message().starts_with(expected.trim_end_matches('.')), "{problem}");
    server.stop().await;
}

#[tokio::test]
async fn a_fixed_token_serves_graph_alone() {
    let client = Client::builder()
        .graph_endpoint(Endpoint::new("http://127.0.0.1:9").unwrap())
        .token(FixedToken::new("admin".to_owned()))
        .build()
        .unwrap();
    assert_eq!(client.token(&[]).await.unwrap().expose_secret(), "admin");
    let problem = client.token(&["https://storage.azure.com/.default"]).await.unwrap_err();
    assert_eq!(problem.code(), Code::TokenMissing, "{problem:?}");
    assert_eq!(client.new_token(&[]).await.unwrap_err().code(), Code::TokenRejected);
}
