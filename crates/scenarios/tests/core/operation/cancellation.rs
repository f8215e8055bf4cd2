//! After a cancellation nothing new starts, and what may have happened is looked up in time.

use super::{at, first_request, get, response, session, user};
use crate::common::{Want, world};
use agentuser_core::Now;
use agentuser_core::flow::{self, Readiness, Report};
use agentuser_core::http::{Headers, Method, Response};
use agentuser_core::json;
use agentuser_core::model::AgentUser;
use agentuser_core::operation::{
    Accepted, Answer, Event, Items, Operation, RequestId, Step, TokenTag, Waiting,
};
use agentuser_core::problem::{Code, Problem};
use agentuser_simulator::{Fault, Faults, Interruption, Planned, RetryAfter, Tenant, ids};
use futures_util::future::join;
use std::time::Duration;

#[test]
fn a_roster_that_is_cancelled_before_it_is_checked_is_cancelled_whatever_its_errors_are() {
    let mut world = world(Tenant::contoso(4), Faults::none());
    let request = br#"{"operation":"applyRoster"}"#;
    let request = json::OperationRequest::parse(request, b"displayName\nx\n".to_vec()).unwrap();
    let operation = json::start(&session(), 0, request);
    operation.canceller().cancel();
    let problem = world.run(operation).result.unwrap().unwrap_err();
    assert_eq!(problem.code(), Code::Cancelled);
}

#[test]
fn a_batch_s_answer_counts_for_a_part_that_was_aborted() {
    let session = session();
    let look = |n| (ids::agent_user(n).into(), agentuser_core::graph::Detail::USUAL);
    let mut both = session.start(0, move |graph, _: Items<()>| async move {
        let graph = graph.with_batches();
        let ((one, detail), (other, _)) = (look(1), look(2));
        let surviving = graph.for_cleanup();
        let (read, _) = join(flow::get(&surviving, &one, &detail), flow::get(&graph, &other, &detail)).await;
        read
    });
    let batch = first_request(&mut both, at(0));
    assert!(batch.request.url.ends_with("/$batch"));
    both.canceller().cancel();
    assert!(matches!(both.poll(at(1)), Step::Event(Event::Ending { within_ms: 30_000 })));
    assert!(matches!(both.poll(at(1)), Step::Wait(Some(_))), "one of them is still waited for");
    let parts =
        r#"{"responses":[{"id":"0","status":500},{"id":"1","status":429,"headers":{"Retry-After":"42"}}]}"#;
    assert_eq!(both.answer(batch.id, response(200, parts)), Accepted::Used);
    while !matches!(both.poll(at(1)), Step::Wait(_)) {}
    let mut next = get(&session);
    assert!(matches!(next.poll(at(2)), Step::Event(Event::Waiting { why: Waiting::Throttled, .. })));
    assert!(matches!(next.poll(at(2)), Step::Wait(Some(until)) if until == Duration::from_secs(43)));
}

#[test]
fn after_a_cancellation_nothing_new_starts_and_what_was_lost_is_looked_up() {
    // The create's answer is lost, and the run is cancelled while it is in flight.
    let planned = Planned::new(Method::Post, "agentUser", 1, Fault::LostAnswer);
    let mut world = crate::common::world(Tenant::contoso(3), Faults::plan([planned]));
    let want = Want::new(1).manager("human1@contoso.com").wanted();
    let interruption = Interruption::cancelled(4);
    let ran = crate::common::run_interrupted(
        &mut world,
        move |graph, _: Items<()>| flow::provision(graph, want, Readiness::NONE, false),
        interruption,
    );
    let report = ran.result.unwrap().unwrap();
    assert_eq!(report.outcome, flow::Outcome::Cancelled, "{report:?}");
    assert!(report.id.is_some(), "the lost create was looked up: {report:?}");
    assert_eq!(report.stage, agentuser_core::model::Stage::Exists);
    let directory = world.network().directory();
    assert_eq!(directory.stats().agent_users_created, 1);
    assert_eq!(directory.stats().writes, 1, "the manager was not set any more");
}

#[test]
fn after_a_cancellation_every_row_reports_how_far_it_came() {
    let rows: Vec<Want> = (1..=12).map(Want::new).collect();
    for after in [0, 1, 5, 13, 20, 30, 37] {
        let mut world = crate::common::world(Tenant::contoso(12), Faults::none());
        let roster = crate::common::roster(&rows);
        let interruption = Interruption::cancelled(after);
        let ran = crate::common::run_interrupted(
            &mut world,
            move |graph, items: Items<Report>| {
                flow::apply_rows(graph, roster, flow::Readiness::NONE, false, items)
            },
            interruption,
        );
        let summary = ran.result.unwrap().unwrap();
        assert_eq!((summary.rows, ran.items.len()), (12, 12));
        let reported = ran.items.iter().filter(|report| report.id.is_some()).count();
        assert_eq!(
            reported,
            world.network().directory().agent_users().count() - 1,
            "every user that is there is reported"
        );
    }
}

#[test]
fn cleanup_after_a_cancellation_ends_in_time() {
    // The create's answer is lost, the run is cancelled, and then Graph asks for hours.
    let lost = Planned::new(Method::Post, "agentUser", 1, Fault::LostAnswer);
    let hours = (2..200)
        .map(|n| Planned::new(Method::Get, "agentUser?", n, Fault::Throttled(RetryAfter::Seconds(3600))));
    let mut world =
        crate::common::world(Tenant::contoso(3), Faults::plan(std::iter::once(lost).chain(hours)));
    let roster = crate::common::roster(&[Want::new(1)]);
    let interruption = Interruption::cancelled(3);
    let ran = crate::common::run_interrupted(
        &mut world,
        move |graph, items: Items<Report>| {
            flow::apply_rows(graph, roster, flow::Readiness::NONE, false, items)
        },
        interruption,
    );
    assert_eq!(ran.items.len(), 1, "every row reports");
    assert!(world.now().mono < Duration::from_secs(3600), "{:?} after the cancellation", world.now().mono);
}

#[test]
fn a_license_is_reported_as_assigned_whatever_becomes_of_the_wait_for_it() {
    let want = Want::new(1).license("AGENT_365");
    for after in 3..14 {
        let mut world = crate::common::world(Tenant::contoso(3), Faults::none());
        let wanted = want.wanted();
        let interruption = Interruption::cancelled(after);
        let ran = crate::common::run_interrupted(
            &mut world,
            move |graph, _: Items<()>| flow::provision(graph, wanted, Readiness::NONE, false),
            interruption,
        );
        let report = ran.result.unwrap().unwrap();
        let said =
            report.changes.iter().any(|c| c.applied && matches!(c.change, flow::Change::AddLicense { .. }));
        let is = report.id.is_some_and(|id| !world.network().directory().licenses_of(id).is_empty());
        assert_eq!(said, is, "{report:?}");
    }
}

#[test]
fn a_cancellation_does_not_wait_for_somebody_to_sign_in() {
    let mut operation = get(&session());
    let request = first_request(&mut operation, at(0));
    operation.token_pending(request.id);
    operation.canceller().cancel();
    let Step::Abort(aborted) = operation.poll(at(1)) else { panic!("abort") };
    assert_eq!(aborted, [request.id]);
    let Step::Done(Err(problem)) = operation.poll(at(1)) else { panic!("done") };
    assert_eq!(problem.code(), Code::Cancelled);
}

/// A deletion whose refusal is looked into: drives it to that look.
fn to_the_last_look(operation: &mut json::Operation) -> (RequestId, Now) {
    let mut now = at(0);
    loop {
        match operation.poll(now) {
            Step::Send(requests) => {
                for request in requests {
                    let url = &request.request.url;
                    if url.contains("deletedItems") {
                        return (request.id, now);
                    }
                    let answer = match request.request.method {
                        Method::Delete => {
                            response(404, r#"{"error":{"code":"Request_ResourceNotFound","message":"x"}}"#)
                        }
                        _ => response(200, &user()),
                    };
                    operation.answer(request.id, answer);
                }
            }
            Step::Wait(Some(until)) => now = Now { mono: until, unix_ms: 0 },
            Step::Event(_) => {}
            step => panic!("{step:?}"),
        }
    }
}

fn deletion() -> json::Operation {
    let request = format!(r#"{{"operation":"delete","user":"{}"}}"#, ids::agent_user(1));
    let start = json::OperationRequest::parse(request.as_bytes(), Vec::new()).unwrap();
    json::start(&session(), 0, start)
}

#[test]
fn a_look_that_survives_a_cancellation_does_not_wait_for_somebody_to_sign_in() {
    let mut operation = deletion();
    let (look, now) = to_the_last_look(&mut operation);
    operation.token_pending(look);
    operation.canceller().cancel();
    assert!(matches!(operation.poll(now), Step::Abort(ids) if ids == [look]));
    let Step::Done(Err(problem)) = operation.poll(now) else { panic!("it ends") };
    assert_ne!(problem.code(), Code::Internal, "{problem:?}");
}

#[test]
fn a_look_that_was_sent_survives_a_cancellation_and_decides() {
    let mut operation = deletion();
    let (look, now) = to_the_last_look(&mut operation);
    operation.canceller().cancel();
    assert!(matches!(operation.poll(now), Step::Event(Event::Ending { .. })));
    assert!(matches!(operation.poll(now), Step::Wait(Some(_))), "it is waited for");
    operation.answer(look, response(200, &user()));
    assert!(matches!(operation.poll(now), Step::Done(Ok(_))), "it is deleted, and that is known");
}

#[test]
fn requests_that_wait_for_their_turn_when_cancelled_end_in_time() {
    // The server asks every read to wait for an hour, and a look that survives the cancellation is queued behind that.
    let hour = [("Content-Type", "application/json"), ("Retry-After", "3600")];
    let body = r#"{"error":{"code":"TooManyRequests","message":"Slow down."}}"#.as_bytes().to_vec();
    let response = Response { status: 429, headers: Headers::from_iter(hour), body };
    let session = session();
    let mut throttled = get(&session);
    let first = first_request(&mut throttled, at(0));
    throttled.answer(first.id, Answer::Response { response, token: TokenTag(1) });
    while !matches!(throttled.poll(at(0)), Step::Wait(_)) {}

    let user = ids::agent_user(1).into();
    let mut looking: Operation<(), AgentUser> = session.start(0, move |graph, _| async move {
        flow::get(&graph.for_cleanup(), &user, &agentuser_core::graph::Detail::USUAL).await
    });
    assert!(matches!(looking.poll(at(1)), Step::Event(Event::Waiting { why: Waiting::Throttled, .. })));
    assert!(matches!(looking.poll(at(1)), Step::Wait(Some(_))));
    looking.canceller().cancel();
    // The hour is longer than the time for the cleanup.
    let Step::Done(Err(problem)) = looking.poll(at(2)) else { panic!("it waits in vain") };
    assert_eq!((problem.code(), problem.retry_after()), (Code::Cancelled, Some(Duration::from_secs(3598))));
    assert!(problem.message().contains("no such request within the next 3598 s"), "{problem:?}");
}

/// An answer of Graph's own, with everything that it can say.
fn said(status: u16, code: &str, wait: Option<&str>) -> Answer {
    let mut headers = Headers::from_iter([("Content-Type", "application/json"), ("request-id", "r-1")]);
    if let Some(wait) = wait {
        headers.push("Retry-After", wait);
    }
    let body = format!(r#"{{"error":{{"code":"{code}","message":"Words of {code}."}}}}"#).into_bytes();
    Answer::Response { response: Response { status, headers, body }, token: TokenTag(1) }
}

/// Refusals and failures that a read is asked again after, or that end it.
const ANSWERS: [(u16, &str, Option<&str>); 7] = [
    (429, "TooManyRequests", Some("600")),
    (429, "TooManyRequests", Some("1")),
    (429, "TooManyRequests", Some("7200")),
    (503, "serviceNotAvailable", Some("20")),
    (500, "generalException", None),
    (403, "Authorization_RequestDenied", None),
    (404, "Request_ResourceNotFound", None),
];

/// Polls to the end, at that moment.
fn ended<I, T>(operation: &mut Operation<I, T>, now: Now) -> Result<T, Problem> {
    loop {
        match operation.poll(now) {
            Step::Done(result) => return result,
            Step::Event(_) => {}
            Step::Wait(until) => panic!("it waits until {until:?}"),
            _ => panic!("nothing new is begun"),
        }
    }
}

fn is_cancelled_with_the_words(problem: &Problem, (status, code, wait): (u16, &str, Option<&str>)) {
    let words = format!("Words of {code}.");
    assert_eq!(problem.code(), Code::Cancelled, "{problem:?}");
    assert_eq!((problem.status(), problem.graph_code()), (Some(status), Some(code)), "{problem:?}");
    assert_eq!((problem.graph_message(), problem.request_id()), (Some(&*words), Some("r-1")), "{problem:?}");
    assert!(problem.message().contains(&words) && problem.client_request_id().is_some(), "{problem:?}");
    let asked = wait.map(|seconds| Duration::from_secs(seconds.parse().unwrap()));
    assert_eq!(problem.retry_after(), asked, "{problem:?}");
}

#[test]
fn a_cancelled_read_is_cancelled_in_whatever_order_its_refusal_comes() {
    for answer @ (status, code, wait) in ANSWERS {
        for cancels_first in [true, false] {
            let mut operation = get(&session());
            let request = first_request(&mut operation, at(0));
            if cancels_first {
                operation.canceller().cancel();
            }
            operation.answer(request.id, said(status, code, wait));
            operation.canceller().cancel();
            is_cancelled_with_the_words(&ended(&mut operation, at(0)).unwrap_err(), answer);
        }
    }
}

#[test]
fn a_cancellation_in_the_wait_after_a_refusal_keeps_its_words() {
    for answer @ (status, code, wait) in ANSWERS.into_iter().take(5).filter(|answer| answer.2 != Some("7200"))
    {
        let mut operation = get(&session());
        let request = first_request(&mut operation, at(0));
        operation.answer(request.id, said(status, code, wait));
        while !matches!(operation.poll(at(0)), Step::Wait(_)) {}
        operation.canceller().cancel();
        is_cancelled_with_the_words(&ended(&mut operation, at(0)).unwrap_err(), answer);
    }
}

#[test]
fn a_cancellation_while_a_refused_request_waits_for_its_turn_or_its_answer_keeps_the_words() {
    for (status, code, wait) in
        [ANSWERS[1], ANSWERS[3], ANSWERS[4], (401, "InvalidAuthenticationToken", None)]
    {
        let mut operation = get(&session());
        let request = first_request(&mut operation, at(0));
        operation.answer(request.id, said(status, code, wait));
        let mut now = at(0);
        loop {
            match operation.poll(now) {
                Step::Wait(until) => now = Now { mono: until.unwrap(), ..now },
                Step::Send(_) => break,
                _ => {}
            }
        }
        operation.canceller().cancel();
        assert!(matches!(operation.poll(now), Step::Abort(_)));
        is_cancelled_with_the_words(&ended(&mut operation, now).unwrap_err(), (status, code, wait));
    }
}

#[test]
fn a_cancelled_row_is_cancelled_by_a_refusal_that_could_pass_and_failed_by_one_that_could_not() {
    let answers = [
        (said(429, "TooManyRequests", Some("600")), Code::Cancelled),
        (said(429, "TooManyRequests", Some("7200")), Code::Cancelled),
        (said(404, "Request_ResourceNotFound", None), Code::Cancelled),
        (said(403, "Authorization_RequestDenied", None), Code::PermissionMissing),
        // Nothing is known of this one, and the look for it is refused.
        (said(503, "serviceNotAvailable", Some("600")), Code::OutcomeUnknown),
    ];
    for (refusal, code) in answers {
        let want = Want::new(1).wanted();
        let mut operation: Operation<(), Report> =
            session().start(0, move |graph, _| flow::provision(graph, want, Readiness::NONE, false));
        let (mut now, mut refusal) = (at(0), Some(refusal));
        let report = loop {
            match operation.poll(now) {
                Step::Send(requests) => {
                    for request in requests {
                        let path = request.request.url.as_str();
                        let answer = match request.request.method {
                            Method::Post => {
                                // Either order: the canceller takes effect with the next poll.
                                operation.canceller().cancel();
                                refusal.take().expect("one create")
                            }
                            _ if refusal.is_none() => said(403, "Authorization_RequestDenied", None),
                            _ if path.contains("servicePrincipals") => response(200, &parent()),
                            _ => response(200, r#"{"value":[]}"#),
                        };
                        operation.answer(request.id, answer);
                    }
                }
                Step::Wait(until) => now = Now { mono: until.unwrap(), ..now },
                Step::Done(result) => break result.unwrap(),
                _ => {}
            }
        };
        let problem = report.problem.as_ref().expect("a problem");
        assert_eq!(problem.code(), code, "{problem:?}");
        assert!(problem.graph_message().is_some_and(|said| said.starts_with("Words of ")), "{problem:?}");
        let outcome = if code == Code::Cancelled { flow::Outcome::Cancelled } else { flow::Outcome::Failed };
        assert_eq!(report.outcome, outcome, "{report:?}");
    }
}

fn parent() -> String {
    let id = ids::identity(1);
    format!(
        r##"{{"@odata.type":"#microsoft.graph.agentIdentity","id":"{id}","servicePrincipalType":"ServiceIdentity"}}"##
    )
}
