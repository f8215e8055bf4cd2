//! Requests, items and polls are bounded.

use super::session;
use crate::common::Want;
use agentuser_core::flow::{self, Report};
use agentuser_core::graph::ListQuery;
use agentuser_core::model::AgentUser;
use agentuser_core::operation::{Answer, Items, Limits, RequestId, Step, TokenTag};
use agentuser_simulator::{Faults, Tenant};
use std::time::Duration;

#[test]
fn items_that_are_not_taken_hold_the_list_back() {
    let mut world = crate::common::world(Tenant::contoso(1).populate(1000, 1050, 1), Faults::none());
    let query = ListQuery { page_size: 5, ..ListQuery::default() };
    let mut operation = session().start(0, move |graph, items: Items<Vec<AgentUser>>| {
        flow::list::<Vec<AgentUser>, _>(graph, query, items)
    });
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
                now = now.later(Duration::from_millis(10));
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
