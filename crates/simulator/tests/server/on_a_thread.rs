//! A simulator on a thread of its own.

use crate::common::*;
use agentuser_simulator::options::SimulatorOptions;
use agentuser_simulator::server::Simulator;
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
        let simulator = start(r#"{"token": "admin"}"#);
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
    let simulator = start(r#"{"token": "admin"}"#);
    let port = simulator.endpoint().rsplit(':').next().unwrap().parse().unwrap();
    let options = SimulatorOptions { port, ..SimulatorOptions::default() };
    let error = Simulator::start(&options).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}

#[test]
fn agent_users_from_the_start() {
    let simulator = start(r#"{"token": "admin", "identities": 2, "agentUsers": 4, "seats": 7}"#);
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
fn no_agent_user_from_the_start() {
    let simulator = start(r#"{"token": "admin", "agentUsers": 0}"#);
    let path = "GET /v1.0/users/microsoft.graph.agentUser|Authorization: Bearer admin";
    assert_eq!(json(&ask_now(simulator.endpoint(), path, ""))["value"].as_array().unwrap().len(), 0);
}

#[test]
fn a_token_that_expires() {
    // A second of the simulator's is a microsecond of ours.
    let simulator = start(
        r#"{"token": "admin", "speed": 100000, "tokens": [
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
            r#"{{"token": "admin", "seed": {seed}, "lagMs": 3600000, "latencyMs": [20, 20], "reading": {reading},
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
fn each_run_has_tokens_of_its_own() {
    let (one, other) = (start("{}"), start("{}"));
    assert_ne!(one.token(), other.token());
    let seen = |simulator: &Simulator, token: &str| {
        status(&ask_now(simulator.endpoint(), &format!("{USERS}|Authorization: Bearer {token}"), ""))
    };
    assert_eq!([seen(&one, one.token()), seen(&other, one.token())], [200, 401]);
    for fixed in ["admin", "reader", "manager", "blueprint-1"] {
        assert_eq!(seen(&one, fixed), 401, "{fixed}");
    }
    let tokens = json(&ask_now(one.endpoint(), "GET /simulator/tenant", ""))["tokens"].clone();
    assert_eq!(tokens["admin"], one.token());
    assert_eq!(seen(&one, tokens["reader"].as_str().unwrap()), 200);
    assert_eq!(seen(&one, tokens["expired"].as_str().unwrap()), 401);
    let claims = claims(one.token());
    assert_eq!((&claims["idtyp"], &claims["aud"]), (&"app".into(), &"https://graph.microsoft.com".into()));
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!(claims["exp"].as_u64().unwrap() > now + 12 * 3600, "it outlives the simulator");

    let fixed = start(r#"{"token": "mine"}"#);
    assert_eq!(fixed.token(), "mine");
    assert_eq!([seen(&fixed, "mine"), seen(&fixed, "reader"), seen(&fixed, "admin")], [200, 200, 401]);
}

#[test]
fn a_root_of_its_own() {
    let simulator = start(r#"{"token": "admin", "root": "https://graph.example:8443/", "identities": 3}"#);
    let endpoint = simulator.endpoint();
    let ask = |head: &str, body: &str| {
        ask_now(endpoint, &format!("{head}|Authorization: Bearer admin|Content-Type: application/json"), body)
    };
    let page = json(&ask("GET /v1.0/users?$top=1&$select=id", ""));
    assert_eq!(page["@odata.context"], "https://graph.example:8443/v1.0/$metadata#users(id)");
    let next = page["@odata.nextLink"].as_str().unwrap();
    let path = next.strip_prefix("https://graph.example:8443").unwrap();
    assert_eq!(status(&ask(&format!("GET {path}"), "")), 200);
    for root in ["https://graph.example:8443", "https://graph.microsoft.com"] {
        let manager = format!(r#"{{"@odata.id": "{root}/v1.0/users/{}"}}"#, ids::human(1));
        let put = ask("PUT /v1.0/users/first.agent@contoso.com/manager/$ref", &manager);
        assert_eq!(status(&put), 204, "{root}: {put}");
    }
    let request = "GET /v1.0/users HTTP/1.1\r\nHost: graph.example:8443\r\nConnection: close\r\nAuthorization: Bearer admin\r\n\r\n";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    assert_eq!(status(&runtime.block_on(raw(endpoint, request))), 200, "the root's host is its own");
}

#[test]
fn a_request_that_breaks_the_contract_is_refused_in_tests() {
    let simulator = start(r#"{"token": "admin"}"#);
    let ask = |line: &str| ask_now(simulator.endpoint(), &format!("{line}|Authorization: Bearer admin"), "");
    let refused = ask("GET /v1.0/agentUsers");
    assert_eq!(status(&refused), 500, "is AGENTUSER_CONTRACT set?");
    assert_eq!(json(&refused)["error"]["code"], "ContractBreach");
    assert_eq!(status(&ask("GET /v1.0/users?$top=1")), 200);
}
