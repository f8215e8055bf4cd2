//! Servers that stall, die, or ask for a wait of years. The limits are shortened, so that what takes minutes takes a second.

use crate::common::*;
use agentuser::{
    Client, Code, Event, FixedToken, ListQuery, Outcome, Problem, Readiness, RosterRequest, Waiting,
};
use agentuser_core::http::Method;
use agentuser_simulator::server::ServerOptions;
use agentuser_simulator::{Fault, Faults, Planned, RetryAfter, Tenant, ids};
use std::io::{Read as _, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Far longer than any of these ends takes, and far shorter than what they once took.
const SOON: Duration = Duration::from_secs(20);

/// A client whose two minutes are a second and a half.
fn impatient(root: &str) -> Client {
    builder(root)
        .settings(|settings| {
            settings.request_timeout = Duration::from_millis(400);
            settings.read_timeout = Duration::from_millis(150);
            settings.outage_timeout = Duration::from_millis(1500);
            settings.cleanup_timeout = Duration::from_millis(900);
        })
        .token(FixedToken::new("admin".to_owned()))
        .build()
        .unwrap()
}

/// A server that answers each connection in this way, in a thread of its own, and never closes it first.
fn stalling(answer: fn(&mut TcpStream) -> std::io::Result<()>) -> String {
    let listener = TcpListener::bind(any_port()).unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            std::thread::spawn(move || {
                let mut request = [0; 16 << 10];
                if stream.read(&mut request).is_ok_and(|read| read > 0) && answer(&mut stream).is_ok() {
                    // Until the client hangs up.
                    while stream.read(&mut request).is_ok_and(|read| read > 0) {}
                }
            });
        }
    });
    root
}

/// A server's way of never ending its answer.
type Way = fn(&mut TcpStream) -> std::io::Result<()>;

/// Lists from it: the problem, and what was told meanwhile.
async fn list_from(root: &str) -> (Problem, Vec<Event>) {
    let events = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&events);
    let begun = Instant::now();
    let run =
        impatient(root).list(ListQuery::default()).on_event(move |event| told.lock().unwrap().push(event));
    let problem = run.await.unwrap_err();
    assert!(begun.elapsed() < SOON, "it took {:?}: {problem:?}", begun.elapsed());
    let events = events.lock().unwrap().clone();
    (problem, events)
}

#[tokio::test]
async fn an_answer_that_never_ends_is_told_of_and_given_up() {
    let ways: [(&str, Way); 4] = [
        ("a short body", |stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"value\"")
        }),
        ("a chunk that never ends", |stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n{\"value\"")
        }),
        ("a byte now and then", |stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")?;
            loop {
                stream.write_all(b" ")?;
                std::thread::sleep(Duration::from_millis(20));
            }
        }),
        ("a head that never ends", |stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
            for n in 0.. {
                write!(stream, "X-{n}: y\r\n")?;
                std::thread::sleep(Duration::from_millis(20));
            }
            Ok(())
        }),
    ];
    for (name, way) in ways {
        let (problem, events) = list_from(&stalling(way)).await;
        assert!(matches!(problem.code(), Code::TimedOut | Code::ConnectionLost), "{name}: {problem:?}");
        assert!(problem.client_request_id().is_some() && problem.run_id().is_some(), "{name}: {problem:?}");
        let told = |event: &Event| matches!(event, Event::Waiting { why: Waiting::Retry, .. });
        assert!(events.iter().any(told), "{name}: {events:?}");
    }
}

#[tokio::test]
async fn two_million_interim_answers_are_no_answer() {
    let root = stalling(|stream| {
        let many = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(1000);
        for _ in 0..2000 {
            stream.write_all(&many)?;
        }
        Ok(())
    });
    let (problem, _) = list_from(&root).await;
    assert!(matches!(problem.code(), Code::TimedOut | Code::ConnectionLost), "{problem:?}");
}

#[tokio::test]
async fn a_wait_of_years_is_an_answer() {
    for wait in ["1000000000", "99999999999999999999999"] {
        let headers = format!("Retry-After: {wait}\r\nContent-Type: application/json");
        let body = r#"{"error":{"code":"TooManyRequests","message":"Later."}}"#;
        for (status, code) in [
            ("429 Too Many Requests", Code::Throttled),
            ("503 Service Unavailable", Code::ServiceUnavailable),
        ] {
            let (problem, _) = list_from(&canned(http(status, &headers, body))).await;
            assert_eq!(problem.code(), code, "{wait}: {problem:?}");
            assert!(
                problem.retry_after().is_some_and(|wait| wait > Duration::from_secs(1 << 20)),
                "{problem:?}"
            );
        }
    }
}

/// A roster of so many rows without a manager or a license.
fn roster(rows: u32) -> Vec<u8> {
    let row = |n| format!("{},Agent {n},agent.{n}@contoso.com\n", ids::identity(n));
    let rows: String = (1..=rows).map(row).collect();
    format!("identityParentId,displayName,userPrincipalName\n{rows}").into_bytes()
}

#[tokio::test]
async fn a_wait_of_years_ends_a_roster_at_once() {
    let create = "/users/microsoft.graph.agentUser";
    for path in [create, "/$batch"] {
        let years = Fault::Throttled(RetryAfter::Seconds(1_000_000_000));
        let faults = Faults::plan((1..=40).map(|nth| Planned::new(Method::Post, path, nth, years)));
        let server = serve_with(Tenant::contoso(10), faults, ServerOptions::contoso().speed(60));
        let begun = Instant::now();
        let mut run = impatient(server.root()).apply_roster(roster(3), RosterRequest::default());
        let mut reports = Vec::new();
        while let Some(report) = run.next().await {
            reports.push(report);
        }
        let ended = run.await;
        assert!(begun.elapsed() < SOON, "{path} took {:?}", begun.elapsed());
        let codes: Vec<Code> = reports
            .iter()
            .filter_map(|report| report.problem.as_ref())
            .chain(ended.as_ref().err())
            .map(Problem::code)
            .collect();
        assert!(
            !codes.is_empty() && codes.iter().all(|code| *code == Code::Throttled),
            "{path}: {reports:?} {ended:?}"
        );
    }
}

#[tokio::test]
async fn a_server_that_dies_under_sixty_creates_is_given_up() {
    let create = "/users/microsoft.graph.agentUser";
    let hangs = Fault::Never { executed: false };
    let faults = Faults::plan((1..=60).map(|nth| Planned::new(Method::Post, create, nth, hangs)));
    let server = serve_with(Tenant::contoso(60), faults, ServerOptions::contoso().speed(60));
    let client = impatient(server.root());
    let begun = Instant::now();
    let events = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&events);
    let run = client
        .apply_roster(roster(60), RosterRequest::default())
        .on_event(move |event| told.lock().unwrap().push(event));
    let kill = async {
        until(|| server.network(|network| !network.counts().faults.is_empty())).await;
        server.stop().await;
    };
    let (summary, ()) = tokio::join!(run.into_future(), kill);
    let summary = summary.unwrap();
    assert!(begun.elapsed() < SOON, "it took {:?}", begun.elapsed());
    assert_eq!((summary.rows, summary.failed), (60, 60), "{summary:?}");
    assert!(!summary.run_id.is_empty());
    let events = events.lock().unwrap();
    assert!(events.iter().any(|event| matches!(event, Event::Waiting { .. })), "{events:?}");
}

#[tokio::test]
async fn a_create_that_hangs_ends_after_a_cancellation() {
    let create =
        Planned::new(Method::Post, "/users/microsoft.graph.agentUser", 1, Fault::Never { executed: false });
    let server = serve(Faults::plan([create]));
    let client = builder(server.root())
        .settings(|settings| settings.cleanup_timeout = Duration::from_millis(900))
        .token(FixedToken::new("admin".to_owned()))
        .build()
        .unwrap();
    let events = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&events);
    let run = client
        .provision(wanted(1), Readiness::NONE, false)
        .on_event(move |event| told.lock().unwrap().push(event));
    let handle = run.cancel_handle();
    let begun = Instant::now();
    let (report, ()) = tokio::join!(run.into_future(), async {
        until(|| server.network(|network| !network.counts().faults.is_empty())).await;
        handle.cancel();
    });
    let report = report.unwrap();
    assert!(begun.elapsed() < SOON, "it took {:?}", begun.elapsed());
    assert_eq!(report.outcome, Outcome::Failed, "{report:?}");
    assert_eq!(report.problem.unwrap().code(), Code::OutcomeUnknown);
    let events = events.lock().unwrap();
    assert!(events.contains(&Event::Ending { within_ms: 900 }), "{events:?}");
}
