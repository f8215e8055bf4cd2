//! A simulator on a thread of its own.

use crate::common::*;
use agentuser_simulator::server::{Simulator, SimulatorOptions};
use agentuser_simulator::{PatchAnswer, Switches, ids};
use std::net::TcpStream;
use std::time::{Duration, Instant};

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
    let begin = Instant::now();
    while simulator.is_running() {
        assert!(begin.elapsed() < Duration::from_secs(60));
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
    assert!((0..1000).any(|_| seen("short") == 401));
    assert_eq!([seen("long"), seen("endless")], [200, 200]);
}

#[test]
fn faults_and_lags_come_from_the_seed_alone() {
    let reading = (0..).find(|n| Switches::from_seed(*n).patch == PatchAnswer::NoContent).unwrap();
    let run = |seed: u64| {
        let simulator = start(&format!(
            r#"{{"seed": {seed}, "lagMs": 3600000, "latencyMs": [20, 20], "reading": {reading},
                "faults": {{"perMille": 500, "brisk": true}}}}"#
        ));
        let ask = |head: &str, body: &str| ask_now(simulator.endpoint(), head, body);
        let sign_in = "Authorization: Bearer admin|Content-Type: application/json";
        let begin = Instant::now();
        let found: Vec<u16> = (0..20)
            .map(|n| {
                let (line, body) = if n % 4 < 3 {
                    ("PATCH /v1.0/users/human1@contoso.com", format!(r#"{{"jobTitle": "{n}"}}"#))
                } else {
                    let manager = format!("{}/v1.0/users/{}", simulator.endpoint(), ids::human(n % 3 + 1));
                    let line = "PUT /v1.0/users/first.agent@contoso.com/manager/$ref";
                    (line, format!(r#"{{"@odata.id": "{manager}"}}"#))
                };
                status(&ask(&format!("{line}|{sign_in}"), &body))
            })
            .collect();
        assert!(begin.elapsed() >= Duration::from_millis(20 * 20));
        let stats = json(&ask("GET /simulator/stats", ""));
        let state = json(&ask("GET /simulator/state", ""));
        let human = ids::human(1).to_string();
        let users = state["users"].as_array().unwrap();
        let newest =
            users.iter().find(|user| user["id"] == human.as_str()).unwrap()["others"]["jobTitle"].clone();
        let mut read = || ask(&format!("GET /v1.0/users/{human}?$select=jobTitle|{sign_in}"), "");
        let seen = std::iter::repeat_with(&mut read).take(20).find(|answer| status(answer) == 200).unwrap();
        (found, stats["faults"].clone(), newest, json(&seen)["jobTitle"].clone())
    };
    let (found, faults, newest, seen) = run(7);
    assert_eq!(run(7), (found.clone(), faults.clone(), newest.clone(), seen.clone()));
    assert_ne!(run(6).0, found);
    assert_eq!(faults.as_object().unwrap().keys().collect::<Vec<_>>(), ["LostAnswer", "Throttled"]);
    assert!(found.contains(&204) && !found.contains(&200), "{found:?}");
    assert_ne!(newest, seen, "the reader lags behind");
}

#[test]
fn a_request_that_breaks_the_contract_is_refused_in_tests() {
    let simulator = start("{}");
    let ask = |line: &str| ask_now(simulator.endpoint(), &format!("{line}|Authorization: Bearer admin"), "");
    let refused = ask("GET /v1.0/agentUsers");
    assert_eq!(status(&refused), 500, "is AGENTUSER_CONTRACT set?");
    assert_eq!(json(&refused)["error"]["code"], "ContractBreach");
    assert_eq!(status(&ask("GET /v1.0/users?$top=1")), 200);
}
