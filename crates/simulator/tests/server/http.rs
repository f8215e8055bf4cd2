//! HTTP itself: methods, paths, bodies, CORS, garbage.

use crate::common::*;
use agentuser_core::http::Method;
use agentuser_simulator::server::ServerOptions;
use agentuser_simulator::{Fault, Faults, Planned, RetryAfter, Tenant};

const USERS: &str = "/v1.0/users/microsoft.graph.agentUser";

#[tokio::test]
async fn a_page_of_this_machine_may_ask_and_sees_the_headers_of_graph() {
    let throttled = Planned::new(Method::Get, "/users", 1, Fault::Throttled(RetryAfter::Seconds(7)));
    let server = serve(Faults::plan([throttled]));
    let origin = "Origin: http://localhost:3000";
    let wanted = "authorization, sdkversion, client-request-id, x-anything";
    let head = format!(
        "OPTIONS {USERS}|{origin}|Access-Control-Request-Method: PATCH|Access-Control-Request-Headers: {wanted}"
    );
    let preflight = ask(server.root(), &head, "").await.to_lowercase();
    assert_eq!(status(&preflight), 204);
    assert!(preflight.contains("access-control-allow-origin: http://localhost:3000\r\n"), "{preflight}");
    assert!(preflight.contains(&format!("access-control-allow-headers: {wanted}\r\n")), "{preflight}");
    for allowed in ["get", "post", "patch", "put", "delete"] {
        let methods =
            preflight.lines().find(|line| line.starts_with("access-control-allow-methods")).unwrap();
        assert!(methods.contains(allowed), "{methods}");
    }
    let get = format!("GET {USERS}|{origin}|Authorization: Bearer admin");
    for expected in [429, 200] {
        let answer = ask(server.root(), &get, "").await.to_lowercase();
        assert_eq!(status(&answer), expected);
        assert!(answer.contains("access-control-allow-origin: http://localhost:3000\r\n"), "{answer}");
        let exposed = answer.lines().find(|line| line.starts_with("access-control-expose-headers")).unwrap();
        for header in ["request-id", "retry-after", "www-authenticate", "location"] {
            assert!(exposed.contains(header), "{exposed}");
        }
        assert_eq!(answer.contains("retry-after: 7\r\n"), expected == 429);
        assert!(answer.contains("request-id: "), "{answer}");
    }
    server
        .network(|network| assert_eq!(network.counts().requests, 2, "a preflight is not a request to Graph"));
}

#[tokio::test]
async fn a_page_from_elsewhere_reads_nothing_unless_it_is_allowed() {
    let options = ServerOptions::contoso().allow_origin("https://admin.example");
    let server = serve_with(Tenant::contoso(1), Faults::none(), options);
    let root = server.root();
    let token = "Authorization: Bearer admin";
    for target in [USERS, "/simulator/state", "/simulator/writes", "/simulator/stats", "/simulator/tenant"] {
        for origin in ["https://evil.example", "null", "https://admin.example.evil.example"] {
            let answer = ask(root, &format!("GET {target}|{token}|Origin: {origin}"), "").await;
            assert_eq!(status(&answer), 403, "{target} {origin}");
            assert_eq!(json(&answer)["error"]["code"], "OriginNotAllowed");
            assert!(!answer.to_lowercase().contains("access-control-allow"), "{answer}");
        }
        let rebound =
            format!("GET {target} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n{token}\r\n\r\n");
        let answer = raw(root, rebound).await;
        assert_eq!((status(&answer), &json(&answer)["error"]["code"]), (403, &"HostNotAllowed".into()));
        let allowed = ask(root, &format!("GET {target}|{token}|Origin: https://admin.example"), "").await;
        assert_eq!(status(&allowed), 200, "{target}");
        assert!(allowed.contains("access-control-allow-origin: https://admin.example\r\n"), "{allowed}");
    }
    // A page can load a script or an image from anywhere, without an origin.
    let image = ask(root, "GET /simulator/state|Sec-Fetch-Site: cross-site", "").await;
    assert_eq!(status(&image), 403);
    let preflight =
        format!("OPTIONS {USERS}|Origin: https://evil.example|Access-Control-Request-Method: GET");
    assert_eq!(status(&ask(root, &preflight, "").await), 403);
    let stop = ask(root, "POST /simulator/stop|Origin: https://admin.example", "").await;
    assert_eq!(json(&stop)["error"]["code"], "NotFromAPage", "an allowed page reads, and changes nothing");
}

#[tokio::test]
async fn unknown_paths_are_refused_in_graph_s_shape() {
    let server = serve(Faults::none());
    for (head, expected, code) in [
        ("GET /v1.0/agentUsers", 400, "BadRequest"),
        ("GET /", 501, "NotSimulated"),
        ("GET /v1.0/users/%ff%00", 501, "NotSimulated"),
        ("PUT /v1.0/users", 405, "Request_BadRequest"),
        ("BREW /v1.0/users", 405, "Request_BadRequest"),
        ("GET /v1.0/drives", 501, "NotSimulated"),
        ("GET http://elsewhere.example/v1.0/users", 403, "HostNotAllowed"),
    ] {
        let answer = ask(server.root(), &format!("{head}|Authorization: Bearer admin"), "").await;
        assert_eq!(status(&answer), expected, "{head}: {answer}");
        assert_eq!(json(&answer)["error"]["code"], code, "{head}");
    }
    let get = ask(server.root(), &format!("GET {USERS}?$top=1|Authorization: Bearer admin"), "").await;
    let head = ask(server.root(), &format!("HEAD {USERS}?$top=1|Authorization: Bearer admin"), "").await;
    assert_eq!((status(&get), status(&head)), (200, 200));
    assert!(head.ends_with("\r\n\r\n"), "an answer to HEAD has no body: {head}");
    let options = ask(server.root(), "OPTIONS *", "").await;
    assert_eq!(status(&options), 204);
    for token in ["", "|Authorization: Bearer ", "|Authorization: Bearer unknown", "|Authorization: \u{7f}x"]
    {
        let answer = ask(server.root(), &format!("GET {USERS}{token}"), "").await;
        assert!([400, 401].contains(&status(&answer)), "{token}: {answer}");
    }
}

#[tokio::test]
async fn garbage_harms_nobody() {
    let server = serve_with(Tenant::contoso(1), Faults::none(), ServerOptions::contoso().body_limit(1000));
    let root = server.root();
    for garbage in [
        &b"GARBAGE\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /v1.0/users HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /v1.0/users HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    ] {
        let mut garbage = garbage.to_vec();
        garbage.extend_from_slice(b"\r\n\r\n");
        let answer = raw(root, garbage.clone()).await;
        assert!(answer.is_empty() || (400..600).contains(&status(&answer)), "{garbage:?}: {answer}");
    }
    let body = "x".repeat(2000);
    let post = |kind: &str| format!("POST {USERS}|Authorization: Bearer admin|Content-Type: {kind}");
    let answer = ask(root, &post("application/json"), &body).await;
    assert_eq!(status(&answer), 413);
    assert!(json(&answer)["error"]["message"].is_string());
    for (kind, body) in
        [("application/json", "{"), ("application/json", "[[["), ("text/plain", "{}"), ("\u{e9}", "")]
    {
        assert_eq!(status(&ask(root, &post(kind), body).await), 400, "{kind} {body}");
    }
    assert_eq!(status(&ask(root, &format!("GET {USERS}|Authorization: Bearer admin"), "").await), 200);
}

#[tokio::test]
async fn a_lost_answer_never_arrives() {
    for fault in [Fault::LostAnswer, Fault::Reset, Fault::Refused, Fault::Never { executed: true }] {
        let fault = Planned::new(Method::Get, "/users", 1, fault);
        let options = ServerOptions::contoso().hold(std::time::Duration::from_millis(50));
        let server = serve_with(Tenant::contoso(1), Faults::plan([fault]), options);
        let get = format!("GET {USERS}|Authorization: Bearer admin");
        assert_eq!(ask(server.root(), &get, "").await, "");
        assert_eq!(status(&ask(server.root(), &get, "").await), 200);
    }
}
