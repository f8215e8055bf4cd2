//! Faults by name, asked for and met over HTTP.

use crate::common::*;
use agentuser_simulator::server::{Running, ServerOptions};
use agentuser_simulator::{Faults, Tenant};
use std::time::{Duration, Instant};

const CREATE: &str = "POST /v1.0/users/microsoft.graph.agentUser";

fn start() -> Running {
    let options = ServerOptions::contoso().hold(Duration::from_millis(50));
    serve_with(Tenant::contoso(1), Faults::none(), options)
}

/// Asks for faults; the answer's status and message.
async fn script(root: &str, faults: &str) -> (u16, String) {
    let answer = ask(root, "POST /simulator/script", faults).await;
    (status(&answer), json(&answer)["error"]["message"].as_str().unwrap_or_default().to_owned())
}

async fn create(root: &str) -> String {
    let head = format!("{CREATE}|Authorization: Bearer admin|Content-Type: application/json");
    ask(root, &head, &ada().to_string()).await
}

/// The answer to a create that meets the fault, and how often the tenant did it.
async fn met(fault: &str) -> (String, u64) {
    let server = start();
    let fault = format!(r#"[{{"method": "POST", "path": "/users/", "fault": {fault}}}]"#);
    assert_eq!(script(server.root(), &fault).await.0, 200);
    let answer = create(server.root()).await;
    let stats = json(&ask(server.root(), "GET /simulator/stats", "").await);
    assert_eq!(stats["faults"].as_object().unwrap().len(), 1, "{fault}");
    (answer, stats["agentUsersCreated"].as_u64().unwrap())
}

#[tokio::test]
async fn every_fault_by_name() {
    for (fault, expected, created) in [
        (r#""lostAnswer""#, "", 1),
        (r#""reset""#, "", 0),
        (r#""refused""#, "", 0),
        (r#""never""#, "", 0),
        (r#""never", "executed": true"#, "", 1),
        (r#""throttled""#, "HTTP/1.1 429 ", 0),
        (r#""throttled", "retryAfterSeconds": 20"#, "retry-after: 20\r\n", 0),
        (r#""serverError""#, "HTTP/1.1 503 ", 0),
        (r#""serverError", "status": 504, "executed": true"#, "HTTP/1.1 504 ", 1),
        (r#""serverError", "retryAfterSeconds": 7"#, "retry-after: 7\r\n", 0),
        (r#""wrongContentType""#, "content-type: text/html\r\n", 0),
        (r#""wrongContentType", "executed": true"#, "content-type: text/html\r\n", 1),
        (r#""emptyBody""#, "content-length: 0\r\n", 1),
        (r#""garbageJson""#, r#"["not", "#, 1),
        (r#""foreignNextLink""#, "HTTP/1.1 201 ", 1),
    ] {
        let (answer, times) = met(fault).await;
        assert!(answer.contains(expected), "{fault}: {answer}");
        assert_eq!(answer.is_empty(), expected.is_empty(), "{fault}: {answer}");
        assert_eq!(times, created, "{fault}");
    }
}

#[tokio::test]
async fn half_a_body() {
    let (answer, created) = met(r#""truncatedBody""#).await;
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    assert!(body.starts_with('{') && serde_json::from_str::<serde_json::Value>(body).is_err(), "{answer}");
    assert_eq!((status(&answer), created), (201, 1));
}

#[tokio::test]
async fn a_date_to_wait_for() {
    let (answer, created) = met(r#""throttled", "retryAfterDateSeconds": 30"#).await;
    let header = |name: &str| {
        let line = answer.lines().find_map(|line| line.strip_prefix(name));
        httpdate::parse_http_date(line.unwrap_or_else(|| panic!("{answer}"))).unwrap()
    };
    let wait = header("retry-after: ").duration_since(header("date: ")).unwrap();
    assert_eq!((status(&answer), wait, created), (429, Duration::from_secs(30), 0));
}

#[tokio::test]
async fn a_late_answer_and_a_late_request() {
    let begin = Instant::now();
    let (answer, created) = met(r#""delay", "delayMs": 300"#).await;
    assert_eq!((status(&answer), created), (201, 1));
    assert!(begin.elapsed() >= Duration::from_millis(300));

    // Too late for this test, and at once.
    let (answer, created) = met(r#""lateArrival", "delayMs": 3600000"#).await;
    assert_eq!((answer.as_str(), created), ("", 0));
    let (answer, created) = met(r#""lateArrival", "delayMs": 1"#).await;
    assert_eq!((answer.as_str(), created), ("", 1), "nobody asked Graph for anything since");
}

#[tokio::test]
async fn a_page_that_leads_elsewhere() {
    let server = start();
    let root = server.root();
    let fault = r#"[{"method": "GET", "path": "$top=1", "fault": "foreignNextLink"}]"#;
    assert_eq!(script(root, fault).await.0, 200);
    create(root).await;
    let list = async || {
        let head = "GET /v1.0/users/microsoft.graph.agentUser?$top=1|Authorization: Bearer admin";
        json(&ask(root, head, "").await)["@odata.nextLink"].as_str().unwrap().to_owned()
    };
    assert!(list().await.starts_with("https://graph.microsoft.com.decoy.example/"));
    assert!(list().await.starts_with(root));
}

#[tokio::test]
async fn they_count_from_the_moment_they_are_asked_for() {
    let server = start();
    let root = server.root();
    let list = async || {
        let head = "GET /v1.0/users/microsoft.graph.agentUser|Authorization: Bearer admin";
        status(&ask(root, head, "").await)
    };
    assert_eq!(list().await, 200);
    let second = r#"[{"method": "GET", "path": "/users/", "nth": 2, "fault": "throttled"},
        {"method": "DELETE", "path": "", "fault": "throttled"}]"#;
    assert_eq!(script(root, second).await.0, 200);
    assert_eq!([list().await, list().await, list().await], [200, 429, 200]);
    assert_eq!(script(root, second).await.0, 200);
    assert_eq!([list().await, list().await, list().await], [200, 429, 200]);
}

#[tokio::test]
async fn a_mistake_is_named_and_nothing_is_done() {
    let server = start();
    let root = server.root();
    for (faults, text) in [
        ("", "EOF"),
        ("{}", "sequence"),
        (r#"[{"method": "POST", "path": "/", "fault": "reset"}, {"method": "POST"}]"#, "[1]: "),
        (r#"[{"method": "POST", "path": "/", "fault": "reset", "nth": -1}]"#, "[0].nth: "),
    ] {
        let (status, message) = script(root, faults).await;
        assert_eq!(status, 400, "{faults}");
        assert!(message.contains(text), "{message}");
    }
    let fault = r#"[{"method": "POST", "path": "/", "fault": "reset"}]"#;
    let page = ask(root, "POST /simulator/script|Origin: http://localhost", fault).await;
    assert_eq!(status(&page), 403);
    assert_eq!(status(&create(root).await), 201);
}
