//! The waits that servers ask for: how long, and for whom.

use agentuser_core::Now;
use agentuser_core::flow;
use agentuser_core::graph::{Cloud, Detail, Endpoint, RestoreOptions};
use agentuser_core::http::{Headers, Method, Response};
use agentuser_core::model::AgentUser;
use agentuser_core::operation::{
    Answer, Event, Items, Operation, Outgoing, Session, Settings, Step, TokenTag, Waiting,
};
use agentuser_core::problem::{Code, Problem};
use agentuser_simulator::ids;
use std::time::Duration;

const DATE: &str = "Mon, 01 Jun 2026 00:00:00 GMT";
const PAGE: &str = "<html><body>Down for maintenance.</body></html>";
const GRAPHS: &str = r#"{"error":{"code":"serviceNotAvailable","message":"Busy."}}"#;
const HOUR: Duration = Duration::from_secs(3600);

fn at(seconds: u64) -> Now {
    Now { mono: Duration::from_secs(seconds), unix_ms: 0 }
}

fn session() -> Session {
    Session::new(Settings::new(Endpoint::from(Cloud::Global)))
}

fn get(session: &Session) -> Operation<(), AgentUser> {
    let user = ids::agent_user(1).into();
    session.start(0, move |graph, _| async move { flow::get(&graph, &user, &Detail::USUAL).await })
}

fn answer(status: u16, retry_after: &str, body: &str) -> Answer {
    let headers = [("Date", DATE), ("Retry-After", retry_after)].into_iter().collect::<Headers>();
    Answer::Response { response: Response { status, headers, body: body.into() }, token: TokenTag(1) }
}

/// The next request of an operation; progress is skipped.
fn next<I: std::fmt::Debug, T: std::fmt::Debug>(operation: &mut Operation<I, T>, now: Now) -> Outgoing {
    loop {
        match operation.poll(now) {
            Step::Send(mut requests) if requests.len() == 1 => return requests.remove(0),
            Step::Event(_) => {}
            step => panic!("one request was expected: {step:?}"),
        }
    }
}

/// When an operation asks to be polled next, or how it ended.
fn wait<I: std::fmt::Debug, T: std::fmt::Debug>(
    operation: &mut Operation<I, T>,
    now: Now,
) -> Result<Duration, Result<T, Problem>> {
    loop {
        match operation.poll(now) {
            Step::Wait(until) => return Ok(until.unwrap()),
            Step::Done(result) => return Err(result),
            Step::Event(_) => {}
            step => panic!("a wait or an end was expected: {step:?}"),
        }
    }
}

fn ended<T: std::fmt::Debug>(ended: Result<Duration, Result<T, Problem>>) -> Problem {
    ended.unwrap_err().unwrap_err()
}

#[test]
fn a_page_that_asks_for_ages_ends_its_own_request_and_holds_nobody_else() {
    let session = session();
    let mut refused = get(&session);
    let first = next(&mut refused, at(0));
    refused.answer(first.id, answer(503, "Fri, 31 Dec 9999 23:59:59 GMT", PAGE));
    let problem = ended(wait(&mut refused, at(1)));
    assert_eq!(problem.status(), Some(503));
    assert!(problem.retry_after().unwrap() > HOUR, "the real wait is told: {problem:?}");
    next(&mut get(&session), at(1));
}

#[test]
fn a_page_that_asks_for_a_minute_delays_its_own_request_only() {
    let session = session();
    let mut refused = get(&session);
    let first = next(&mut refused, at(0));
    refused.answer(first.id, answer(503, "60", PAGE));
    assert_eq!(wait(&mut refused, at(1)).unwrap(), at(61).mono);
    next(&mut get(&session), at(1));
}

#[test]
fn graph_s_own_busy_answer_holds_its_class() {
    let session = session();
    let mut refused = get(&session);
    let first = next(&mut refused, at(0));
    refused.answer(first.id, answer(503, "60", GRAPHS));
    assert_eq!(wait(&mut refused, at(1)).unwrap(), at(61).mono);
    let mut other = get(&session);
    assert!(matches!(
        other.poll(at(2)),
        Step::Event(Event::Waiting { why: Waiting::Throttled, wait_ms: 59_000, .. })
    ));
    assert_eq!(wait(&mut other, at(2)).unwrap(), at(61).mono);
    next(&mut other, at(61));
}

#[test]
fn a_read_that_is_asked_to_wait_two_hours_ends_at_once_and_so_do_others_for_an_hour() {
    let session = session();
    let mut refused = get(&session);
    let first = next(&mut refused, at(0));
    refused.answer(first.id, answer(429, "7200", GRAPHS));
    let problem = ended(wait(&mut refused, at(1)));
    assert_eq!((problem.code(), problem.retry_after()), (Code::Throttled, Some(2 * HOUR)));
    let problem = ended(wait(&mut get(&session), at(2)));
    let left = 2 * HOUR - Duration::from_secs(1);
    assert_eq!(
        (problem.code(), problem.retry_after(), problem.status()),
        (Code::Throttled, Some(left), Some(429))
    );
    next(&mut get(&session), at(3601));
}

#[test]
fn a_write_that_is_asked_to_wait_two_hours_ends_at_once() {
    let session = session();
    let user = ids::agent_user(1);
    let mut deletion = session
        .start(0, move |graph, _: Items<()>| async move { flow::delete(&graph, &user.into(), false).await });
    let read = next(&mut deletion, at(0));
    let body = format!(r##"{{"@odata.type":"#microsoft.graph.agentUser","id":"{user}"}}"##);
    deletion.answer(read.id, answer(200, "0", &body));
    let write = next(&mut deletion, at(0));
    assert_eq!(write.request.method, Method::Delete);
    deletion.answer(write.id, answer(429, "7200", GRAPHS));
    let problem = ended(wait(&mut deletion, at(1)));
    assert_eq!((problem.code(), problem.retry_after()), (Code::Throttled, Some(2 * HOUR)));
}

#[test]
fn the_longest_wait_is_a_setting() {
    let mut settings = Settings::new(Endpoint::from(Cloud::Global));
    settings.retry.longest_retry_after = Duration::from_secs(10);
    let session = Session::new(settings);
    let mut refused = get(&session);
    let first = next(&mut refused, at(0));
    refused.answer(first.id, answer(429, "11", GRAPHS));
    assert_eq!(ended(wait(&mut refused, at(1))).code(), Code::Throttled);
    assert_eq!(ended(wait(&mut get(&session), at(1))).code(), Code::Throttled);
    next(&mut get(&session), at(11));
}

#[test]
fn a_look_that_is_asked_to_wait_two_hours_ends_what_waits_for_it() {
    let session = session();
    let user = ids::agent_user(1);
    let mut restoration = session.start(0, move |graph, _: Items<()>| async move {
        flow::restore(&graph, &user.into(), &RestoreOptions::default(), false).await
    });
    let body = format!(r##"{{"@odata.type":"#microsoft.graph.agentUser","id":"{user}"}}"##);
    for _ in ["read", "write"] {
        let request = next(&mut restoration, at(0));
        restoration.answer(request.id, answer(200, "0", &body));
    }
    let look = next(&mut restoration, at(0));
    restoration.answer(look.id, answer(429, "7200", GRAPHS));
    let report = wait(&mut restoration, at(1)).unwrap_err().unwrap();
    assert!(report.changes.iter().all(|change| change.applied));
    let problem = report.problem.unwrap();
    assert_eq!((problem.code(), problem.retry_after()), (Code::Throttled, Some(2 * HOUR)));
}
