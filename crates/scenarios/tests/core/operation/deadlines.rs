//! Requests and operations that take too long.

use super::{at, first_request, get, response, session, throttled, user};
use crate::common::Want;
use agentuser_core::Now;
use agentuser_core::flow::{self, Readiness, Report, Summary};
use agentuser_core::graph::{Cloud, Endpoint};
use agentuser_core::http::Method;
use agentuser_core::model::AgentUser;
use agentuser_core::operation::{
    Accepted, Event, Items, Limits, Operation, Session, Settings, Step, Waiting,
};
use agentuser_core::problem::Code;
use agentuser_simulator::{Fault, Faults, Planned, RetryAfter, Tenant, ids};
use std::time::Duration;

#[test]
fn a_request_that_takes_too_long_is_aborted_and_asked_for_again() {
    let mut operation = get(&session());
    let request = first_request(&mut operation, at(0));
    let Step::Wait(Some(until)) = operation.poll(at(0)) else { panic!("wait") };
    assert_eq!(until, Duration::from_secs(10));
    let Step::Event(told) = operation.poll(at(10)) else { panic!("that it is not answered is told") };
    assert!(
        matches!(told, Event::Waiting { row: None, why: Waiting::Answer, wait_ms: 5_000, .. }),
        "{told:?}"
    );
    let Step::Wait(Some(until)) = operation.poll(at(10)) else { panic!("wait") };
    assert_eq!(until, Duration::from_secs(15));
    let Step::Abort(aborted) = operation.poll(at(15)) else { panic!("abort") };
    assert_eq!(aborted, [request.id]);
    assert_eq!(operation.answer(request.id, response(200, &user())), Accepted::Ignored, "too late");
    assert!(matches!(operation.poll(at(15)), Step::Event(Event::Waiting { why: Waiting::Retry, .. })));
    let Step::Wait(Some(until)) = operation.poll(at(15)) else { panic!("wait") };
    assert!(until > Duration::from_secs(15) && until < Duration::from_secs(17));
    let again = first_request(&mut operation, Now { mono: until, unix_ms: 0 });
    assert_ne!(again.id, request.id);
}

#[test]
fn a_deadline_ends_the_operation_with_the_reason() {
    let faults = (1..50).map(|n| {
        Planned::new(Method::Get, "/servicePrincipals/", n, Fault::Throttled(RetryAfter::Seconds(120)))
    });
    let mut world = crate::common::world(Tenant::contoso(3), Faults::plan(faults));
    let mut settings = Settings::new(Endpoint::from(Cloud::Global));
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
fn a_deadline_holds_for_what_waits_behind_somebody_else_s_429() {
    let session = session();
    let mut one = get(&session);
    let request = first_request(&mut one, at(0));
    one.answer(request.id, throttled("3600"));
    while !matches!(one.poll(at(0)), Step::Wait(_)) {}
    let user = ids::agent_user(1).into();
    let mut other: Operation<(), AgentUser> = session.start(0, move |graph, _| async move {
        let within = graph.within(Duration::from_secs(300));
        flow::get(&within, &user, &agentuser_core::graph::Detail::USUAL).await
    });
    let mut step = other.poll(at(1));
    while matches!(step, Step::Event(_)) {
        step = other.poll(at(1));
    }
    let Step::Done(Err(problem)) = step else { panic!("it must not wait in vain: {step:?}") };
    assert_eq!((problem.code(), problem.retry_after()), (Code::Throttled, Some(Duration::from_secs(3599))));
}

#[test]
fn a_deadline_holds_while_a_request_waits_for_its_token_and_nothing_is_taken_for_sent() {
    let mut settings = Settings::new(Endpoint::from(Cloud::Global));
    settings.provision_timeout = Duration::from_secs(30);
    let wanted = Want::new(1).wanted();
    let mut operation: Operation<(), Report> = Session::new(settings)
        .start(0, move |graph, _| flow::provision(graph, wanted, Readiness::NONE, false));
    let request = first_request(&mut operation, at(0));
    operation.token_pending(request.id);
    let told = operation.poll(at(10));
    assert!(matches!(told, Step::Event(Event::Waiting { why: Waiting::SignIn, .. })), "{told:?}");
    let Step::Wait(Some(until)) = operation.poll(at(11)) else { panic!("wait") };
    assert_eq!(until, Duration::from_secs(30));
    let mut step = operation.poll(at(30));
    while !matches!(step, Step::Done(_)) {
        assert!(!matches!(step, Step::Wait(_) | Step::Send(_)), "{step:?}");
        step = operation.poll(at(30));
    }
    let Step::Done(Ok(report)) = step else { panic!("a report") };
    assert_eq!(report.problem.unwrap().code(), Code::DeadlineExceeded);
}

#[test]
fn a_server_that_is_gone_costs_no_further_row_its_time() {
    const ROWS: u32 = 60;
    let never = |path| {
        (1..=400).map(move |nth| Planned::new(Method::Get, path, nth, Fault::Never { executed: false }))
    };
    let faults = Faults::plan(never("/servicePrincipals/").chain(never("/users/")));
    let mut world = crate::common::world(Tenant::contoso(ROWS), faults);
    let roster = crate::common::roster(&(1..=ROWS).map(Want::new).collect::<Vec<_>>());
    let limits = Limits { batch: 1, in_flight: 1, ..Limits::default() };
    let operation = session().with_limits(limits).start(0, |graph, items: Items<Report>| {
        flow::apply_rows(graph, roster, Readiness::NONE, false, items)
    });
    let ran = world.run(operation);
    let summary: Summary = ran.result.unwrap().unwrap();
    assert_eq!((summary.rows, summary.failed), (60, 60));
    assert!(world.now().mono < Duration::from_secs(150), "it took {:?}", world.now().mono);
    assert!(ran.sent.len() < 20, "{} requests were sent", ran.sent.len());
    for report in &ran.items {
        let problem = report.problem.as_ref().unwrap();
        assert!(
            problem.is_transient() && problem.message().contains("did not answer in time"),
            "{problem:?}"
        );
    }
}
