//! The README's examples really run, against the simulator, as the files they are.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

use agentuser_simulator::options::SimulatorOptions;
use agentuser_simulator::server::{Server, ServerOptions};
use agentuser_simulator::tenant::{DEMO_SECRET, TAKEN_IDENTITY};
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_signs_in_as_an_agent_user_and_reads_its_account_and_licenses() {
    let (identity, user) = (ids::identity(TAKEN_IDENTITY), ids::agent_user(TAKEN_IDENTITY));
    let options = format!(
        r#"{{"licenses": [{{"user": "first.agent@contoso.com", "sku": "AGENT_365"}}],
            "signIn": {{"consent": [{{"client": "{identity}", "user": "first.agent@contoso.com", "scope": "User.Read"}}]}}}}"#
    );
    let server = SimulatorOptions::parse(options.as_bytes()).unwrap().bind();
    let server = server.unwrap().spawn().unwrap();
    let variables = [
        ("AGENTUSER_GRAPH_ENDPOINT", server.root().to_owned()),
        ("AGENTUSER_TENANT", "contoso.com".to_owned()),
        ("AGENTUSER_CLIENT_ID", ids::blueprint_app(1).to_string()),
        ("AGENTUSER_CLIENT_SECRET", DEMO_SECRET.to_owned()),
        ("AGENT_IDENTITY", identity.to_string()),
        ("AGENT_USER", user.to_string()),
    ];
    let run = |secret: Option<&'static str>| {
        let variables = variables.clone();
        tokio::task::spawn_blocking(move || {
            let mut program = Command::new(program("agent"));
            program.envs(variables);
            if let Some(secret) = secret {
                program.env("AGENTUSER_CLIENT_SECRET", secret);
            }
            program.output().unwrap()
        })
    };
    let good = run(None).await.unwrap();
    let (out, err) = (String::from_utf8_lossy(&good.stdout), String::from_utf8_lossy(&good.stderr));
    assert_eq!(out, "first.agent@contoso.com (first.agent)\nAGENT_365\n", "{err}");
    let wrong = run(Some("a wrong secret")).await.unwrap();
    let err = String::from_utf8_lossy(&wrong.stderr);
    assert!(
        !wrong.status.success() && err.contains("SignInSecretWrong") && !err.contains("a wrong secret"),
        "{err}"
    );
    server.stop().await;
}
