//! A simulator on a thread of its own.

use crate::common::*;
use agentuser_sim::ids;
use agentuser_sim::server::{Simulator, SimulatorOptions};
use std::net::TcpStream;

const USERS: &str = "GET /v1.0/users/microsoft.graph.agentUser";

fn start(json: &str) -> Simulator {
    Simulator::start(&SimulatorOptions::parse(json.as_bytes()).unwrap()).unwrap()
}

fn is_there(endpoint: &str) -> bool {
    TcpStream::connect(endpoint.replace("http://", "")).is_ok()
}

const fn can_cross_threads<T: Send + Sync>() {}

#[test]
fn it_answers_until_it_is_stopped_or_dropped() {
    const { can_cross_threads::<Simulator>() };
    for stop in [true, false] {
        let simulator = start("{}");
        let endpoint = simulator.endpoint().to_owned();
        let head = format!("{USERS}|Authorization: Bearer {}", simulator.token());
        assert_eq!(status(&ask_now(&endpoint, &head, "")), 200);
        assert!(simulator.is_running());
        if stop {
            simulator.stop();
            assert!(!simulator.is_running());
            assert!(!is_there(&endpoint));
            simulator.stop();
        } else {
            drop(simulator);
        }
        assert!(!is_there(&endpoint));
    }
}

#[test]
fn it_ends_when_nobody_asks() {
    let simulator = start(r#"{"idleSeconds": 1}"#);
    while simulator.is_running() {
        std::thread::yield_now();
    }
    assert!(!is_there(simulator.endpoint()));
    simulator.stop();
}

#[test]
fn a_port_that_is_taken_is_an_error() {
    let simulator = start("{}");
    let port = simulator.endpoint().rsplit(':').next().unwrap().parse().unwrap();
    let options = SimulatorOptions { port, ..SimulatorOptions::default() };
    let error = Simulator::start(&options).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}

#[test]
fn agent_users_from_the_start() {
    let simulator = start(r#"{"identities": 2, "agentUsers": 3, "seats": 7}"#);
    let ask = |path: &str| {
        json(&ask_now(simulator.endpoint(), &format!("GET /v1.0{path}|Authorization: Bearer admin"), ""))
    };
    let users = ask("/users/microsoft.graph.agentUser?$select=userPrincipalName,identityParentId");
    let users: Vec<_> = users["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| {
            [&user["userPrincipalName"], &user["identityParentId"]]
                .map(|text| text.as_str().unwrap().to_owned())
        })
        .collect();
    let expected = [3, 4, 5].map(|n| [format!("agent{n}@contoso.com"), ids::identity(n).to_string()]);
    assert_eq!(users[..3], expected);
    assert_eq!((users.len(), users[3][0].as_str()), (4, "first.agent@contoso.com"));
    for sku in ask("/subscribedSkus")["value"].as_array().unwrap() {
        assert_eq!(sku["prepaidUnits"]["enabled"], 7);
    }
}

#[test]
fn a_token_that_expires() {
    // A second of the simulator's is a microsecond of ours.
    let simulator = start(
        r#"{"speed": 100000, "tokens": [
            {"token": "short", "expiresInSeconds": 1}, {"token": "long", "expiresInSeconds": 1000000000},
            {"token": "endless"}]}"#,
    );
    let seen = |token: &str| {
        status(&ask_now(simulator.endpoint(), &format!("{USERS}|Authorization: Bearer {token}"), ""))
    };
    while seen("short") == 200 {}
    assert_eq!([seen("short"), seen("long"), seen("endless")], [401, 200, 200]);
}
