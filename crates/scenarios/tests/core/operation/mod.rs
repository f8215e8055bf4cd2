//! The operation at its border: answers of any kind in any order, deadlines, back pressure, cancelling, tokens.

mod answers;
mod back_pressure;
mod cancellation;
mod deadlines;
mod permission_conflicts;
mod permission_waits;
mod request_tokens;
mod throttling;

use agentuser_core::Now;
use agentuser_core::flow;
use agentuser_core::graph::{Cloud, Endpoint};
use agentuser_core::http::{Headers, Response};
use agentuser_core::model::AgentUser;
use agentuser_core::operation::{Answer, Operation, Session, Settings, Step, TokenTag};
use agentuser_simulator::ids;
use std::time::Duration;

fn at(seconds: u64) -> Now {
    Now { mono: Duration::from_secs(seconds), unix_ms: 0 }
}

fn session() -> Session {
    Session::new(Settings::new(Endpoint::from(Cloud::Global)))
}

fn get(session: &Session) -> Operation<(), AgentUser> {
    let user = ids::agent_user(1).into();
    session.start(0, move |graph, _| async move {
        flow::get(&graph, &user, &agentuser_core::graph::Detail::USUAL).await
    })
}

fn response(status: u16, body: &str) -> Answer {
    let headers = Headers::from_iter([("Content-Type", "application/json")]);
    let response = Response { status, headers, body: body.as_bytes().to_vec() };
    Answer::Response { response, token: TokenTag(1) }
}

fn throttled(seconds: &str) -> Answer {
    let headers = Headers::from_iter([("Retry-After", seconds)]);
    Answer::Response { response: Response { status: 429, headers, body: Vec::new() }, token: TokenTag(1) }
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
