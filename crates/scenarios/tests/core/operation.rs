//! The operation at its border: answers of any kind in any order, deadlines, back pressure, cancelling, tokens.

use crate::common::Want;
use agentuser_core::flow::{self, Readiness, Report};
use agentuser_core::graph::{Cloud, ListQuery, Root};
use agentuser_core::hash::mix;
use agentuser_core::http::{Headers, Response};
use agentuser_core::json;
use agentuser_core::model::AgentUser;
use agentuser_core::operation::{
    Accepted, Answer, Event, Items, Limits, Loss, Operation, RequestId, Sent, Session, Settings, Step,
    TokenTag, Waiting,
};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::{Now, ObjectId};
use agentuser_simulator::{Fault, Faults, Interruption, Planned, RetryAfter, Tenant, ids};
use futures_util::future::join;
use std::time::Duration;

fn is_send<T: Send>(value: T) -> T {
    value
}

fn at(seconds: u64) -> Now {
    Now { mono: Duration::from_secs(seconds), unix_ms: 0 }
}

fn session() -> Session {
    Session::new(Settings::new(Root::from(Cloud::Global)))
}

fn get(session: &Session) -> Operation<(), AgentUser> {
    let user = ids::agent_user(1).into();
    session.start(0, move |graph, _| async move {
        flow::get(&graph, &user, agentuser_core::graph::Detail::Usual).await
    })
}

fn response(status: u16, body: &str) -> Answer {
    let headers = Headers::from_iter([("Content-Type", "application/json")]);
    let response = Response { status, headers, body: body.as_bytes().to_vec() };
    Answer::Response { response, token: TokenTag(1) }
}

fn user() -> String {
    format!(r##"{{"@odata.type":"#microsoft.graph.agentUser","id":"{}"}}"##, ids::agent_user(1))
}

fn first_request<I, T>(operation: &mut Operation<I, T>, now: Now) -> agentuser_core::operation::Outgoing {
    match operation.poll(now) {
        Step::Send(mut requests) if requests.len() == 1 => requests.remove(0),
        _ => panic!("one request was expected"),
    }
}

#[test]
fn an_operation_may_move_between_threads() {
    let operation = is_send(get(&session()));
    drop(std::thread::spawn(move || drop(operation)).join());
    let roster = session().start(0, |graph, items: Items<Report>| {
        flow::apply_rows(
            graph,
            agentuser_core::roster::Roster::default(),
            flow::Readiness::NONE,
            false,
            items,
        )
    });
    is_send(roster);
}

#[test]
fn an_answer_counts_once_and_only_when_it_was_asked_for() {
    let mut operation = get(&session());
    assert_eq!(
        operation.answer(RequestId::from_number(0), response(200, &user())),
        Accepted::Ignored,
        "before"
    );
    let request = first_request(&mut operation, at(0));
    assert!(matches!(operation.poll(at(1)), Step::Wait(Some(_))));
    assert_eq!(
        operation.answer(RequestId::from_number(99), response(200, &user())),
        Accepted::Ignored,
        "unknown"
    );
    assert_eq!(operation.answer(request.id, response(200, &user())), Accepted::Used);
    assert_eq!(operation.answer(request.id, response(500, "")), Accepted::Ignored, "double");
    let Step::Done(Ok(user)) = operation.poll(at(1)) else { panic!("done") };
    assert_eq!(user.id(), Some(ids::agent_user(1)));
    assert_eq!(operation.answer(request.id, response(200, "")), Accepted::Ignored, "ended");
    assert!(
        matches!(operation.poll(at(2)), Step::Done(Err(_))),
        "a poll after the end is a problem, not a panic"
    );
}

#[test]
fn a_request_that_takes_too_long_is_aborted_and_asked_for_again() {
    let mut operation = get(&session());
    let request = first_request(&mut operation, at(0));
    let Step::Wait(Some(until)) = operation.poll(at(0)) else { panic!("wait") };
    assert_eq!(until, Duration::from_secs(100));
    let Step::Abort(aborted) = operation.poll(at(100)) else { panic!("abort") };
    assert_eq!(aborted, [request.id]);
    assert_eq!(operation.answer(request.id, response(200, &user())), Accepted::Ignored, "too late");
    assert!(matches!(operation.poll(at(100)), Step::Event(Event::Waiting { why: Waiting::Retry, .. })));
    let Step::Wait(Some(until)) = operation.poll(at(100)) else { panic!("wait") };
    assert!(until > Duration::from_secs(100) && until < Duration::from_secs(102));
    let again = first_request(&mut operation, Now { mono: until, unix_ms: 0 });
    assert_ne!(again.id, request.id);
}

#[test]
fn an_unauthorized_request_is_repeated_once_with_another_token_and_the_claims() {
    let mut operation = get(&session());
    let request = first_request(&mut operation, at(0));
    assert_eq!(request.rejected_token, None);
    let challenge = r#"Bearer error="insufficient_claims", claims="eyJhIjoxfQ==""#;
    let unauthorized = |tag| Answer::Response {
        response: Response {
            status: 401,
            headers: Headers::from_iter([("WWW-Authenticate", challenge)]),
            body: br#"{"error":{"code":"InvalidAuthenticationToken","message":"no"}}"#.to_vec(),
        },
        token: TokenTag(tag),
    };
    operation.answer(request.id, unauthorized(7));
    let again = first_request(&mut operation, at(0));
    let refused = again.rejected_token.unwrap();
    assert_eq!((refused.tag, refused.claims.as_deref()), (TokenTag(7), Some(r#"{"a":1}"#)));
    operation.answer(again.id, unauthorized(8));
    let Step::Done(Err(problem)) = operation.poll(at(0)) else { panic!("done") };
    assert_eq!(problem.code(), Code::ClaimsChallenge);
    assert!(!problem.fix().is_empty());
}

#[test]
fn without_a_token_the_host_s_problem_is_the_result() {
    let mut operation = get(&session());
    let request = first_request(&mut operation, at(0));
    operation.answer(request.id, Answer::NoToken(Problem::new(Code::TokenMissing, "sign in")));
    let Step::Done(Err(problem)) = operation.poll(at(0)) else { panic!("done") };
    assert_eq!(problem.code(), Code::TokenMissing);
}

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
    let Step::Event(Event::Waiting { row: None, why: Waiting::Throttled, wait_ms }) = other.poll(at(1))
    else {
        panic!("the other's wait is shown")
    };
    assert_eq!(wait_ms, 41_000);
    assert!(matches!(other.poll(at(1)), Step::Wait(Some(until)) if until == Duration::from_secs(42)));
    assert!(matches!(one.poll(at(42)), Step::Send(_)));
    assert!(matches!(other.poll(at(42)), Step::Send(_)));
}

#[test]
fn a_batch_s_answer_counts_for_a_part_that_was_aborted() {
    let session = session();
    let look = |n| (ids::agent_user(n).into(), agentuser_core::graph::Detail::Usual);
    let mut both = session.start(0, move |graph, _: Items<()>| async move {
        let graph = graph.with_batches();
        let ((one, detail), (other, _)) = (look(1), look(2));
        let surviving = graph.for_cleanup();
        let (read, _) = join(flow::get(&surviving, &one, detail), flow::get(&graph, &other, detail)).await;
        read
    });
    let batch = first_request(&mut both, at(0));
    assert!(batch.request.url.ends_with("/$batch"));
    both.canceller().cancel();
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
fn items_that_are_not_taken_hold_the_list_back() {
    let mut world = crate::common::world(Tenant::contoso(1).populate(1000, 1050, 1), Faults::none());
    let query = ListQuery { page_size: 5, ..ListQuery::default() };
    let mut operation =
        session().start(0, move |graph, items: Items<Vec<AgentUser>>| flow::list(graph, query, items));
    let (mut sent, mut now) = (0, world.now());
    // Answer everything at once and take nothing: one page lies ready, a second waits to be put.
    let mut held = Vec::new();
    for _ in 0..50 {
        match operation.poll(now) {
            Step::Send(requests) => {
                for request in requests {
                    sent += 1;
                    let delivery = world.network_mut().deliver(now, Some("Bearer admin"), &request.request);
                    let agentuser_simulator::Delivered::Response(response) = delivery.outcome else {
                        panic!("no faults")
                    };
                    operation.answer(request.id, Answer::Response { response, token: TokenTag(1) });
                }
            }
            Step::Item(page) => {
                held.push(page);
                if held.len() == 1 {
                    // A host that never comes back for more.
                    break;
                }
            }
            Step::Wait(_) => now = now.later(Duration::from_secs(1)),
            _ => {}
        }
    }
    assert_eq!(sent, 2, "requests though nobody takes the pages");
}

#[test]
fn requests_in_flight_are_bounded() {
    let rows: Vec<Want> = (1..=20).map(Want::new).collect();
    let roster = crate::common::roster(&rows);
    let limits = Limits { in_flight: 3, batch: 1, ..Limits::default() };
    let mut operation = session().with_limits(limits).start(0, move |graph, items: Items<Report>| {
        flow::apply_rows(graph, roster, flow::Readiness::NONE, false, items)
    });
    let mut world = crate::common::world(Tenant::contoso(20), Faults::none());
    let mut open: Vec<(RequestId, agentuser_core::http::Request)> = Vec::new();
    let (mut most, mut now, mut done) = (0, world.now(), false);
    while !done {
        match operation.poll(now) {
            Step::Send(requests) => open.extend(requests.into_iter().map(|r| (r.id, r.request))),
            Step::Done(result) => {
                assert_eq!(result.unwrap().created, 20);
                done = true;
            }
            Step::Wait(_) => {
                most = most.max(open.len());
                now = now.later(Duration::from_secs(1));
                if let Some((id, request)) = open.pop() {
                    let delivery = world.network_mut().deliver(now, Some("Bearer admin"), &request);
                    let agentuser_simulator::Delivered::Response(response) = delivery.outcome else {
                        panic!("no faults")
                    };
                    operation.answer(id, Answer::Response { response, token: TokenTag(1) });
                }
            }
            _ => {}
        }
    }
    assert_eq!(most, 3);
}

/// Any answers in any order, with any losses: no panic, no hang, no internal problem.
#[test]
fn no_answer_and_no_order_of_answers_breaks_it() {
    let bodies = [
        "",
        "{}",
        "[]",
        "null",
        "{",
        "<html>",
        "\u{0}",
        r#"{"value":[]}"#,
        r#"{"value":[{}]}"#,
        r#"{"value":null}"#,
        r#"{"error":{}}"#,
        r#"{"error":{"code":"Request_ResourceNotFound","message":"x"}}"#,
        r#"{"id":"x"}"#,
        r#"{"value":[{"id":1}],"@odata.nextLink":"https://evil.example/"}"#,
        r#"{"value":[],"@odata.nextLink":"https://graph.microsoft.com/v1.0/users?$skiptoken=1"}"#,
        r#"{"id":"a6000000-0000-4000-8000-000000000001","servicePrincipalType":"ServiceIdentity","agentIdentityBlueprintId":"a6000000-0000-4000-8000-000000000001"}"#,
    ];
    let statuses = [
        200, 201, 202, 204, 301, 302, 400, 401, 403, 404, 408, 409, 410, 412, 423, 429, 500, 501, 502, 503,
        504, 507, 100, 0, 999,
    ];
    for seed in 0..400_u64 {
        let draw = |purpose: u64, most: usize| (mix(&[seed, purpose]) % most as u64) as usize;
        let want = Want::new(1)
            .manager("human1@contoso.com")
            .sponsor("human2@contoso.com")
            .license("AGENT_365")
            .wanted();
        let mut settings = Settings::new(Root::from(Cloud::Global));
        settings.provision_timeout = Duration::from_secs(3600);
        settings.readiness_timeout = Duration::from_secs(3600);
        let mut operation: Operation<(), Report> = Session::new(settings)
            .with_limits(Limits { in_flight: 4, ..Limits::default() })
            .start(seed, move |graph, _: Items<()>| flow::provision(graph, want, Readiness::ALL, false));
        let (mut open, mut now, mut steps) = (Vec::new(), at(0), 0_u64);
        let result = loop {
            steps += 1;
            assert!(steps < 200_000, "seed {seed} never ends");
            match operation.poll(now) {
                Step::Send(requests) => open.extend(requests.into_iter().map(|request| request.id)),
                Step::Done(result) => break result,
                Step::Wait(until) => {
                    let pick = steps * 31;
                    if !open.is_empty() && draw(pick, 8) != 0 {
                        let id: RequestId = open.swap_remove(draw(pick + 1, open.len()));
                        let answer = match draw(pick + 2, 6) {
                            0 => Answer::Lost { sent: Sent::Maybe, why: Loss::Broken("x".into()) },
                            1 => Answer::Lost { sent: Sent::No, why: Loss::Unreachable("x".into()) },
                            _ => response(
                                statuses[draw(pick + 3, statuses.len())],
                                bodies[draw(pick + 4, bodies.len())],
                            ),
                        };
                        operation.answer(id, answer);
                    } else {
                        let until = until.expect("nothing in flight and no timer is an end, not a wait");
                        now = Now { mono: until.max(now.mono), ..now };
                    }
                }
                _ => {}
            }
        };
        let problem = match result {
            Ok(report) => report.problem,
            Err(problem) => Some(problem),
        };
        assert!(
            problem.as_ref().is_none_or(|problem| problem.code() != Code::Internal),
            "seed {seed}: {problem:?}"
        );
    }
}

#[test]
fn after_a_cancellation_nothing_new_starts_and_what_was_lost_is_looked_up() {
    // The create's answer is lost, and the run is cancelled while it is in flight.
    let planned = Planned::new(agentuser_core::http::Method::Post, "agentUser", 1, Fault::LostAnswer);
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
fn a_deadline_ends_the_operation_with_the_reason() {
    let faults = (1..50).map(|n| {
        Planned::new(
            agentuser_core::http::Method::Get,
            "/servicePrincipals/",
            n,
            Fault::Throttled(RetryAfter::Seconds(120)),
        )
    });
    let mut world = crate::common::world(Tenant::contoso(3), Faults::plan(faults));
    let mut settings = Settings::new(Root::from(Cloud::Global));
    settings.provision_timeout = Duration::from_secs(300);
    let want = Want::new(1).wanted();
    let operation: Operation<(), Report> = Session::new(settings)
        .start(0, move |graph, _: Items<()>| flow::provision(graph, want, Readiness::NONE, false));
    let report = world.run(operation).result.unwrap().unwrap();
    let problem = report.problem.unwrap();
    assert_eq!(
        (problem.code(), problem.retry_after()),
        (Code::Throttled, Some(Duration::from_secs(120))),
        "{problem:?}"
    );
    assert!(world.now().mono <= Duration::from_secs(300), "it does not wait for what can't come in time");
}

#[test]
fn a_poll_costs_one_wake_per_answer() {
    // Wakes are per request: the polls of a run grow with its requests, not with rows times requests.
    let polls = |rows: u32| {
        let wants: Vec<Want> = (1..=rows).map(Want::new).collect();
        let roster = crate::common::roster(&wants);
        let mut world = crate::common::world(Tenant::contoso(rows), Faults::none());
        let ran = crate::common::run(&mut world, move |graph, items: Items<Report>| {
            flow::apply_rows(graph, roster, flow::Readiness::NONE, false, items)
        });
        (ran.polls as f64) / (ran.sent.len() as f64)
    };
    let (few, many) = (polls(10), polls(300));
    assert!(many < few * 1.5, "{few} polls a request with 10 rows, {many} with 300");
}

#[test]
fn ids_are_no_secret_but_bodies_are() {
    let mut operation = get(&session());
    let request = first_request(&mut operation, at(0));
    let text = format!("{request:?} {operation:?}");
    assert!(text.contains(&ObjectId::to_string(&ids::agent_user(1))) && !text.contains("Bearer"), "{text}");
}

fn throttled(seconds: &str) -> Answer {
    let headers = Headers::from_iter([("Retry-After", seconds)]);
    Answer::Response { response: Response { status: 429, headers, body: Vec::new() }, token: TokenTag(1) }
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
fn a_deadline_holds_for_what_waits_behind_somebody_else_s_429() {
    let session = session();
    let mut one = get(&session);
    let request = first_request(&mut one, at(0));
    one.answer(request.id, throttled("3600"));
    while !matches!(one.poll(at(0)), Step::Wait(_)) {}
    let user = ids::agent_user(1).into();
    let mut other: Operation<(), AgentUser> = session.start(0, move |graph, _| async move {
        let within = graph.within(Duration::from_secs(300));
        flow::get(&within, &user, agentuser_core::graph::Detail::Usual).await
    });
    assert!(matches!(other.poll(at(1)), Step::Event(Event::Waiting { why: Waiting::Throttled, .. })));
    assert!(matches!(other.poll(at(1)), Step::Wait(Some(until)) if until <= Duration::from_secs(301)));
    let Step::Done(Err(problem)) = other.poll(at(302)) else { panic!("it must not outwait its deadline") };
    assert_eq!(problem.code(), Code::DeadlineExceeded);
}

#[test]
fn a_page_that_names_itself_as_the_next_ends_the_list() {
    let mut operation = session()
        .start(0, |graph, items: Items<Vec<AgentUser>>| flow::list(graph, ListQuery::default(), items));
    let request = first_request(&mut operation, at(0));
    let body = format!(r#"{{"value":[],"@odata.nextLink":"{}"}}"#, request.request.url);
    operation.answer(request.id, response(200, &body));
    let Step::Done(Err(problem)) = operation.poll(at(0)) else { panic!("done") };
    assert_eq!(problem.code(), Code::BadAnswer);
}

#[test]
fn cleanup_after_a_cancellation_ends_in_time() {
    // The create's answer is lost, the run is cancelled, and then Graph asks for hours.
    let lost = Planned::new(agentuser_core::http::Method::Post, "agentUser", 1, Fault::LostAnswer);
    let hours = (2..200).map(|n| {
        Planned::new(
            agentuser_core::http::Method::Get,
            "agentUser?",
            n,
            Fault::Throttled(RetryAfter::Seconds(3600)),
        )
    });
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
fn a_request_that_waits_for_its_token_has_all_the_time() {
    let mut operation = get(&session());
    let request = first_request(&mut operation, at(0));
    assert_eq!(operation.may_send(RequestId::from_number(99)), Accepted::Ignored, "unknown");
    assert_eq!(operation.token_pending(request.id), Accepted::Used);
    assert!(matches!(operation.poll(at(5000)), Step::Wait(None)), "somebody is asked to sign in");
    assert_eq!(operation.may_send(request.id), Accepted::Used);
    let Step::Wait(Some(until)) = operation.poll(at(6000)) else { panic!("wait") };
    assert_eq!(until, Duration::from_secs(6100), "its time begins when it leaves");
    assert_eq!(operation.answer(request.id, response(200, &user())), Accepted::Used);
    assert!(matches!(operation.poll(at(6001)), Step::Done(Ok(_))));
    assert_eq!(operation.token_pending(request.id), Accepted::Ignored, "ended");
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

#[test]
fn a_deadline_holds_while_a_request_waits_for_its_token_and_nothing_is_taken_for_sent() {
    let mut settings = Settings::new(Root::from(Cloud::Global));
    settings.provision_timeout = Duration::from_secs(30);
    let wanted = Want::new(1).wanted();
    let mut operation: Operation<(), Report> = Session::new(settings)
        .start(0, move |graph, _| flow::provision(graph, wanted, Readiness::NONE, false));
    let request = first_request(&mut operation, at(0));
    operation.token_pending(request.id);
    let Step::Wait(Some(until)) = operation.poll(at(1)) else { panic!("wait") };
    assert_eq!(until, Duration::from_secs(30));
    let mut step = operation.poll(at(30));
    while !matches!(step, Step::Done(_)) {
        assert!(!matches!(step, Step::Wait(_) | Step::Send(_)), "{step:?}");
        step = operation.poll(at(30));
    }
    let Step::Done(Ok(report)) = step else { panic!("a report") };
    assert_eq!(report.problem.unwrap().code(), Code::DeadlineExceeded);
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
                        agentuser_core::http::Method::Delete => {
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
        flow::get(&graph.for_cleanup(), &user, agentuser_core::graph::Detail::Usual).await
    });
    assert!(matches!(looking.poll(at(1)), Step::Event(Event::Waiting { why: Waiting::Throttled, .. })));
    assert!(matches!(looking.poll(at(1)), Step::Wait(Some(_))));
    looking.canceller().cancel();
    let finish = session.settings().cleanup_timeout;
    let until = match looking.poll(at(2)) {
        Step::Wait(Some(until)) => until,
        other => panic!("{other:?}"),
    };
    assert_eq!(until, at(2).mono + finish);
    let end = Now { mono: until, unix_ms: 0 };
    assert!(matches!(looking.poll(end), Step::Done(Err(_))));
}
