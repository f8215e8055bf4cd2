//! Answers of any kind, in any order.

use super::{at, first_request, get, response, session, user};
use crate::common::Want;
use agentuser_core::flow::{self, Readiness, Report};
use agentuser_core::graph::{Cloud, Endpoint, ListQuery};
use agentuser_core::hash::mix;
use agentuser_core::model::AgentUser;
use agentuser_core::operation::{
    Accepted, Answer, Items, Limits, Loss, Operation, RequestId, Sent, Session, Settings, Step,
};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::{Now, ObjectId};
use agentuser_simulator::ids;
use std::time::Duration;

fn is_send<T: Send>(value: T) -> T {
    value
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
fn a_page_that_names_itself_as_the_next_ends_the_list() {
    let mut operation = session().start(0, |graph, items: Items<Vec<AgentUser>>| {
        flow::list::<Vec<AgentUser>, _>(graph, ListQuery::default(), items)
    });
    let request = first_request(&mut operation, at(0));
    let body = format!(r#"{{"value":[],"@odata.nextLink":"{}"}}"#, request.request.url);
    operation.answer(request.id, response(200, &body));
    let Step::Done(Err(problem)) = operation.poll(at(0)) else { panic!("done") };
    assert_eq!(problem.code(), Code::BadAnswer);
}

#[test]
fn ids_are_no_secret_but_bodies_are() {
    let mut operation = get(&session());
    let request = first_request(&mut operation, at(0));
    let text = format!("{request:?} {operation:?}");
    assert!(text.contains(&ObjectId::to_string(&ids::agent_user(1))) && !text.contains("Bearer"), "{text}");
}

const BODIES: [&str; 16] = [
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

const STATUSES: [u16; 25] = [
    200, 201, 202, 204, 301, 302, 400, 401, 403, 404, 408, 409, 410, 412, 423, 429, 500, 501, 502, 503, 504,
    507, 100, 0, 999,
];

/// The result of provisioning where the seed draws what answers each request, and when.
fn provisioned_by_chance(seed: u64) -> Result<Report, Problem> {
    let draw = |purpose: u64, most: usize| (mix(&[seed, purpose]) % most as u64) as usize;
    let want = Want::new(1)
        .manager("human1@contoso.com")
        .sponsor("human2@contoso.com")
        .license("AGENT_365")
        .wanted();
    let mut settings = Settings::new(Endpoint::from(Cloud::Global));
    settings.provision_timeout = Duration::from_secs(3600);
    settings.readiness_timeout = Duration::from_secs(3600);
    let mut operation: Operation<(), Report> = Session::new(settings)
        .with_limits(Limits { in_flight: 4, ..Limits::default() })
        .start(seed, move |graph, _: Items<()>| {
            flow::provision(graph, want, Readiness::MAILBOX_AND_TEAMS, false)
        });
    let (mut open, mut now, mut steps) = (Vec::new(), at(0), 0_u64);
    loop {
        steps += 1;
        assert!(steps < 200_000, "seed {seed} never ends");
        match operation.poll(now) {
            Step::Send(requests) => open.extend(requests.into_iter().map(|request| request.id)),
            Step::Done(result) => return result,
            Step::Wait(until) => {
                let pick = steps * 31;
                if !open.is_empty() && draw(pick, 8) != 0 {
                    let id: RequestId = open.swap_remove(draw(pick + 1, open.len()));
                    let answer = match draw(pick + 2, 6) {
                        0 => Answer::Lost { sent: Sent::Maybe, why: Loss::Broken("x".into()) },
                        1 => Answer::Lost { sent: Sent::No, why: Loss::Unreachable("x".into()) },
                        _ => response(
                            STATUSES[draw(pick + 3, STATUSES.len())],
                            BODIES[draw(pick + 4, BODIES.len())],
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
    }
}

/// Any answers in any order, with any losses: no panic, no hang, no internal problem.
#[test]
fn no_answer_and_no_order_of_answers_breaks_it() {
    for seed in 0..400 {
        let problem = match provisioned_by_chance(seed) {
            Ok(report) => report.problem,
            Err(problem) => Some(problem),
        };
        assert!(
            problem.as_ref().is_none_or(|problem| problem.code() != Code::Internal),
            "seed {seed}: {problem:?}"
        );
    }
}
