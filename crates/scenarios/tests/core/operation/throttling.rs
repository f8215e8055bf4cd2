//! Waits that a server asks for.

use super::{at, first_request, get, session, throttled};
use crate::common::Want;
use agentuser_core::Now;
use agentuser_core::flow::{self, Readiness};
use agentuser_core::http::{Headers, Response};
use agentuser_core::operation::{Answer, Event, Step, TokenTag, Waiting};
use agentuser_simulator::{Fault, Faults, Planned, RetryAfter, Tenant};
use std::time::Duration;

#[test]
fn the_server_s_retry_after_is_kept_to_shown_and_shared_with_the_session() {
    let session = session();
    let (mut one, mut other) = (get(&session), get(&session));
    let request = first_request(&mut one, at(0));
    let headers = Headers::from_iter([("Retry-After", "42")]);
    one.answer(
        request.id,
        Answer::Response {
            response: Response { status: 429, headers, body: Vec::new() },
            token: TokenTag(1),
        },
    );
    let Step::Event(Event::Waiting { why: Waiting::Throttled, wait_ms, .. }) = one.poll(at(0)) else {
        panic!("the wait is shown")
    };
    assert_eq!(wait_ms, 42_000);
    assert!(matches!(one.poll(at(0)), Step::Wait(Some(until)) if until == Duration::from_secs(42)));
    // Another operation of the same client does not run into the same wall, and says why it waits.
    let Step::Event(Event::Waiting { row: None, why: Waiting::Throttled, wait_ms, .. }) = other.poll(at(1))
    else {
        panic!("the other's wait is shown")
    };
    assert_eq!(wait_ms, 41_000);
    assert!(matches!(other.poll(at(1)), Step::Wait(Some(until)) if until == Duration::from_secs(42)));
    assert!(matches!(one.poll(at(42)), Step::Send(_)));
    assert!(matches!(other.poll(at(42)), Step::Send(_)));
}

#[test]
fn a_server_that_asks_for_no_wait_is_not_asked_in_a_loop() {
    let mut operation = get(&session());
    let (mut now, mut sent) = (at(0), 0);
    while now.mono < Duration::from_secs(60) {
        match operation.poll(now) {
            Step::Send(requests) => {
                sent += requests.len();
                for request in requests {
                    operation.answer(request.id, throttled("0"));
                }
            }
            Step::Wait(until) => now = Now { mono: until.unwrap(), ..now },
            Step::Done(_) => break,
            _ => {}
        }
    }
    assert!((2..15).contains(&sent), "{sent} requests in a minute");
}

#[test]
fn a_wait_of_less_than_a_second_is_told_only_for_the_request_that_was_refused() {
    for (asked, told) in [("0.4", false), ("4", true)] {
        let session = session();
        let (mut one, mut other) = (get(&session), get(&session));
        let request = first_request(&mut one, at(0));
        one.answer(request.id, throttled(asked));
        while !matches!(one.poll(at(0)), Step::Wait(_)) {}
        let step = other.poll(at(0));
        assert_eq!(
            matches!(step, Step::Event(Event::Waiting { why: Waiting::Throttled, .. })),
            told,
            "{asked}"
        );
        assert_eq!(matches!(step, Step::Wait(Some(_))), !told, "{asked}");
    }
}

#[test]
fn a_write_that_was_refused_for_a_time_is_not_repeated_before() {
    let busy = Fault::ServerError { status: 503, executed: false, retry_after: RetryAfter::Seconds(60) };
    let planned = Planned::new(agentuser_core::http::Method::Put, "/manager/$ref", 1, busy);
    let mut world = crate::common::world(Tenant::contoso(3), Faults::plan([planned]));
    let want = Want::new(1).manager("human1@contoso.com").wanted();
    let ran =
        crate::common::single(&mut world, move |graph| flow::provision(graph, want, Readiness::NONE, false));
    assert_eq!(ran.result.unwrap().unwrap().problem, None);
    let puts: Vec<Duration> =
        ran.sent.iter().filter(|(_, r)| r.url.ends_with("manager/$ref")).map(|(at, _)| *at).collect();
    assert!(puts[1] - puts[0] >= Duration::from_secs(60), "{puts:?}");
}

#[test]
fn the_look_for_a_lost_write_waits_as_long_as_the_server_asked() {
    let busy = Fault::ServerError { status: 503, executed: true, retry_after: RetryAfter::Seconds(60) };
    let planned =
        Planned::new(agentuser_core::http::Method::Post, "/users/microsoft.graph.agentUser", 1, busy);
    let mut world = crate::common::world(Tenant::contoso(3), Faults::plan([planned]));
    let want = Want::new(1).wanted();
    let ran =
        crate::common::single(&mut world, move |graph| flow::provision(graph, want, Readiness::NONE, false));
    assert_eq!(ran.result.unwrap().unwrap().problem, None);
    let posted = ran.sent.iter().position(|(_, r)| r.method == agentuser_core::http::Method::Post).unwrap();
    let waited = ran.sent[posted + 1].0 - ran.sent[posted].0;
    assert!(waited >= Duration::from_secs(60), "{waited:?}");
}
