//! The README's example really runs, against the simulator, as the file it is.
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
fn program() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    tests
        .ancestors()
        .nth(2)
        .unwrap()
        .join("examples")
        .join(format!("provision{}", std::env::consts::EXE_SUFFIX))
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
            let output = Command::new(program()).args([&root, "admin", &parent]).output().unwrap();
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
