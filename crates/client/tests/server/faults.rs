//! Faults of the network during provisioning, over real connections.

use crate::common::*;
use agentuser::{Outcome, Readiness, Stage};
use agentuser_core::http::Method;
use agentuser_simulator::server::ServerOptions;
use agentuser_simulator::{Fault, Faults, Planned, RetryAfter, Tenant, ids};
use std::time::Duration;

const CREATE: (Method, &str) = (Method::Post, "/users/microsoft.graph.agentUser");
const LICENSE: (Method, &str) = (Method::Post, "/assignLicense");
const MANAGER: (Method, &str) = (Method::Put, "/manager/$ref");
const PARENT: (Method, &str) = (Method::Get, "/servicePrincipals");

#[tokio::test]
async fn one_agent_user_whatever_happens() {
    let once = [
        Fault::LostAnswer,
        Fault::Reset,
        Fault::Refused,
        Fault::Never { executed: true },
        Fault::Never { executed: false },
        Fault::Throttled(RetryAfter::Seconds(1)),
        Fault::Throttled(RetryAfter::Absent),
        Fault::ServerError { status: 503, executed: true, retry_after: RetryAfter::Seconds(1) },
        Fault::ServerError { status: 500, executed: false, retry_after: RetryAfter::Absent },
        Fault::Delay(Duration::from_secs(60)),
        Fault::TruncatedBody,
        Fault::EmptyBody,
        Fault::GarbageJson,
        Fault::WrongContentType { executed: true },
        Fault::WrongContentType { executed: false },
    ];
    // Many at the same time: what takes time here is waiting.
    let mut runs = Vec::new();
    for fault in once {
        runs.push(tokio::spawn(async move {
            for place in [PARENT, CREATE, LICENSE, MANAGER] {
                provision_with(fault, place).await;
            }
        }));
    }
    for run in runs {
        run.await.unwrap();
    }
}

async fn provision_with(fault: Fault, (method, path): (Method, &'static str)) {
    let name = format!("{} at {method} {path}", fault.name());
    let server = serve(Faults::plan([Planned::new(method, path, 1, fault)]));
    let client = builder(server.root())
        .settings(|settings| settings.request_timeout = Duration::from_secs(1))
        .token(blueprint(server.root(), SECRET))
        .build()
        .unwrap();
    let report = client.provision(wanted(1), Readiness::NONE, false).await.unwrap();
    assert_eq!(report.problem, None, "{name}");
    assert_eq!((report.outcome, report.stage), (Outcome::Created, Stage::Done), "{name}");
    server.network(|network| {
        let directory = network.directory();
        assert_eq!(directory.stats().agent_users_created, 1, "{name}");
        assert_eq!(directory.manager_of(report.id.unwrap()), Some(ids::human(1)), "{name}");
        assert_eq!(network.counts().faults.values().sum::<u64>(), 1, "{name}: the fault happened");
    });
    server.stop().await;
}

#[tokio::test]
async fn a_quarter_of_an_hour_in_a_millisecond() {
    let options = ServerOptions::contoso().speed(1_000_000);
    let server = serve_with(Tenant::contoso(1), Faults::none(), options);
    let client = admin(server.root());
    let report = client.provision(wanted(1), Readiness::MAILBOX_AND_TEAMS, false).await.unwrap();
    assert_eq!((report.stage, report.problem), (Stage::Done, None));
}
