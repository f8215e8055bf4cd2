//! The README's examples really run, against the simulator, as the files they are.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

use agentuser_simulator::server::{Server, ServerOptions};
use agentuser_simulator::{Faults, Network, Tenant, ids};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::Command;

/// `cargo test` builds a package's examples beside its tests.
fn program(name: &str) -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    tests.ancestors().nth(2).unwrap().join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_creates_one_agent_user() {
    let server = Server::bind(
        SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        |root| Network::new(Tenant::contoso(3).root(root).build(), Faults::none()),
        ServerOptions::contoso().speed(60).contract_of_the_environment(),
    );
    let server = server.unwrap().spawn().unwrap();
    let root = server.root().to_owned();
    let parent = ids::identity(1).to_string();
    let run = |expected: &'static str| {
        let (root, parent) = (root.clone(), parent.clone());
        tokio::task::spawn_blocking(move || {
            let output = Command::new(program("provision")).args([&root, "admin", &parent]).output().unwrap();
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert_eq!(text.trim(), expected, "{}", String::from_utf8_lossy(&output.stderr));
        })
    };
    run("sales.agent@contoso.com is Created").await.unwrap();
    run("sales.agent@contoso.com is Unchanged").await.unwrap();
    let created = server.network(|network| network.directory().stats().agent_users_created);
    assert_eq!(created, 1);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_with_settings_trusts_a_certificate_and_tells_what_was_sent_and_changed() {
    let server = Server::bind(
        SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        |root| Network::new(Tenant::contoso(3).root(root).build(), Faults::none()),
        ServerOptions::contoso().tls().contract_of_the_environment(),
    );
    let server = server.unwrap().spawn().unwrap();
    let certificates = server.authority().unwrap().to_owned();
    let root = server.root().to_owned();
    let run = tokio::task::spawn_blocking(move || {
        Command::new(program("settings")).args([&root, "admin"]).arg(certificates).output().unwrap()
    });
    let output = run.await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let [read, sent, changed, end] = text.lines().collect::<Vec<_>>()[..] else {
        panic!("{text}{}", String::from_utf8_lossy(&output.stderr))
    };
    assert!(read.contains(r#""method":"GET""#) && sent.contains(r#""method":"PATCH""#), "{text}");
    assert!(changed.contains(r#""reason":"Ticket 7""#), "{text}");
    assert_eq!(end, "first.agent@contoso.com is Changed");
    server.stop().await;
}
