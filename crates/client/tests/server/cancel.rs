//! Ends in the middle.

use crate::common::*;
use agentuser::{Event, Outcome, Readiness, Stage, Waiting};
use agentuser_core::http::Method;
use agentuser_simulator::server::Running;
use agentuser_simulator::{Fault, Faults, Planned};
use std::time::Duration;

/// A server whose create takes place at once and is answered half a second later.
fn slow_create() -> Running {
    let create = "/users/microsoft.graph.agentUser";
    let slow = Fault::Delay(Duration::from_millis(500));
    serve(Faults::plan([Planned::new(Method::Post, create, 1, slow)]))
}

async fn created(server: &Running) {
    until(|| server.network(|network| network.directory().stats().agent_users_created == 1)).await;
}

#[tokio::test]
async fn by_a_handle_while_it_waits() {
    let server = serve(Faults::none());
    let run = admin(server.root()).provision(wanted(1), Readiness::MAILBOX_AND_TEAMS, false);
    let handle = run.cancel_handle();
    let run = run.on_event(move |event| {
        if matches!(event, Event::Waiting { why: Waiting::License | Waiting::Mailbox, .. }) {
            handle.cancel();
        }
    });
    let report = run.await.unwrap();
    assert_eq!(report.outcome, Outcome::Cancelled);
    assert!(report.stage >= Stage::ManagerSet && report.stage < Stage::Done, "{report:?}");
    assert!(report.id.is_some());
}

#[tokio::test]
async fn by_a_handle_while_a_write_is_on_its_way() {
    let server = slow_create();
    let run = admin(server.root()).provision(wanted(1), Readiness::NONE, false);
    let handle = run.cancel_handle();
    let (report, ()) = tokio::join!(run.into_future(), async {
        created(&server).await;
        handle.cancel();
    });
    let report = report.unwrap();
    assert_eq!(report.outcome, Outcome::Cancelled);
    assert!(report.id.is_some(), "what was in flight is finished and written down: {report:?}");
    server.network(|network| assert_eq!(network.directory().stats().writes, 1));
}

#[tokio::test]
async fn by_dropping_it_and_again() {
    let server = slow_create();
    let client = admin(server.root());
    tokio::select! {
        biased;
        () = created(&server) => {}
        report = client.provision(wanted(1), Readiness::NONE, false).into_future() => panic!("{report:?}"),
    }
    let report = client.provision(wanted(1), Readiness::NONE, false).await.unwrap();
    assert_eq!((report.stage, report.problem), (Stage::Done, None));
    server.network(|network| assert_eq!(network.directory().stats().agent_users_created, 1));
}
