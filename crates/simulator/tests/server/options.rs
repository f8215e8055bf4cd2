//! A simulator's options as JSON.

use agentuser_core::http::Method;
use agentuser_simulator::options::SimulatorOptions;
use agentuser_simulator::server::Simulator;
use agentuser_simulator::{Fault, Planned, RetryAfter};
use std::time::Duration;

#[test]
fn everything_has_a_default() {
    let options = SimulatorOptions::parse(b"{}").unwrap();
    assert_eq!(options, SimulatorOptions::default());
    assert_eq!((options.identities, options.agent_users, options.idle_seconds), (24, 1, 600));
    assert_eq!((options.seed, options.speed, options.faults.per_mille), (1, 1, 0));
}

#[test]
fn every_fault_has_a_name() {
    let second = Duration::from_secs(1);
    let unavailable = |status, executed, retry_after| Fault::ServerError { status, executed, retry_after };
    for (json, fault) in [
        (r#""lostAnswer""#, Fault::LostAnswer),
        (r#""reset""#, Fault::Reset),
        (r#""refused""#, Fault::Refused),
        (r#""delay", "delayMs": 1000"#, Fault::Delay(second)),
        (r#""lateArrival", "delayMs": 1000"#, Fault::LateArrival(second)),
        (r#""never""#, Fault::Never { executed: false }),
        (r#""never", "executed": true"#, Fault::Never { executed: true }),
        (r#""throttled""#, Fault::Throttled(RetryAfter::Absent)),
        (r#""throttled", "retryAfterSeconds": 20"#, Fault::Throttled(RetryAfter::Seconds(20))),
        (r#""throttled", "retryAfterDateSeconds": 30"#, Fault::Throttled(RetryAfter::Date(30))),
        (r#""serverError""#, unavailable(503, false, RetryAfter::Absent)),
        (
            r#""serverError", "status": 504, "executed": true, "retryAfterSeconds": 2"#,
            unavailable(504, true, RetryAfter::Seconds(2)),
        ),
        (r#""truncatedBody""#, Fault::TruncatedBody),
        (r#""wrongContentType", "executed": true"#, Fault::WrongContentType { executed: true }),
        (r#""emptyBody""#, Fault::EmptyBody),
        (r#""foreignNextLink""#, Fault::ForeignNextLink),
        (r#""endlessPages""#, Fault::EndlessPages { circle: false }),
        (r#""circularPages""#, Fault::EndlessPages { circle: true }),
        (r#""garbageJson""#, Fault::GarbageJson),
    ] {
        let entry = format!(r#"{{"method": "PATCH", "path": "/users/", "nth": 3, "fault": {json}}}"#);
        let options = format!(r#"{{"faults": {{"script": [{entry}]}}}}"#);
        let options = SimulatorOptions::parse(options.as_bytes()).unwrap();
        assert_eq!(options.faults.script, [Planned::new(Method::Patch, "/users/", 3, fault)], "{json}");
    }
}

#[test]
fn a_mistake_is_named_with_its_place() {
    let script =
        |entry: &str| format!(r#"{{"faults": {{"script": [{{"method": "GET", "path": "/", {entry}}}]}}}}"#);
    for (json, texts) in [
        (String::new(), &["EOF", "line 1"][..]),
        (" []".to_owned(), &["an object"]),
        ("{} x".to_owned(), &["trailing characters"]),
        (r#"{"identites": 3}"#.to_owned(), &["identites", "identities"]),
        (r#"{"port": 65536}"#.to_owned(), &["port: ", "65536"]),
        (r#"{"faults": {"permille": 3}}"#.to_owned(), &["faults.permille: ", "perMille"]),
        (r#"{"latencyMs": [1]}"#.to_owned(), &["latencyMs"]),
        (r#"{"tokens": [{"expiresInSeconds": 3}]}"#.to_owned(), &["tokens[0]: ", "`token`"]),
        (
            r#"{"identities": 100001, "agentUsers": 500001, "speed": 0, "lagMs": 86400001, "idleSeconds": 0,
                "latencyMs": [6, 5], "faults": {"perMille": 901}}"#
                .to_owned(),
            &[
                "identities: 100001 is not between 0 and 100000",
                "agentUsers: 500001 ",
                "speed: 0 is not between 1 and",
                "lagMs: ",
                "idleSeconds: 0 ",
                "latencyMs[0]: 6 is not between 0 and 5",
                "faults.perMille: 901 ",
            ],
        ),
        (r#"{"latencyMs": [0, 60001]}"#.to_owned(), &["latencyMs[1]: 60001 "]),
        (r#"{"faults": {"brisk": true}}"#.to_owned(), &["faults.brisk: "]),
        (
            r#"{"tokens": [{"token": "a b"}, {"token": "x"}, {"token": "x"}, {"token": "admin"}]}"#
                .to_owned(),
            &["tokens[0].token: ", "tokens[2].token: ", "tokens[3].token: "],
        ),
        (
            r#"{"tokens": [{"token": "x", "user": "somebody@contoso.com"}]}"#.to_owned(),
            &["tokens[0].user: the tenant has no user 'somebody@contoso.com'"],
        ),
        (r#"{"token": ""}"#.to_owned(), &["token: a token is made of"]),
        (r#"{"token": "reader"}"#.to_owned(), &["token: the tenant has"]),
        (r#"{"token": "x", "tokens": [{"token": "x"}]}"#.to_owned(), &["tokens[0].token: "]),
        (r#"{"root": "graph.microsoft.com"}"#.to_owned(), &["root: 'graph.microsoft.com'"]),
        (r#"{"root": "https://a.example/v1.0"}"#.to_owned(), &["root: "]),
        (
            r#"{"allowOrigins": ["https://a.example", "*"], "allowHosts": ["a.example", "b:80"]}"#.to_owned(),
            &["allowOrigins[1]: '*'", "allowHosts[1]: 'b:80'"],
        ),
        (script(r#""fault": "LostAnswer""#), &["faults.script[0].fault: ", "`lostAnswer`"]),
        (script(r#""fault": "reset", "nth": 0"#), &["faults.script[0].nth: "]),
        (script(r#""fault": "reset", "often": 2"#), &["faults.script[0].often: "]),
        (script(r#""fault": "delay""#), &["faults.script[0]: ", "delayMs"]),
        (script(r#""fault": "reset", "executed": true"#), &["faults.script[0]: ", "executed"]),
        (script(r#""fault": "never", "delayMs": 1"#), &["faults.script[0]: ", "delayMs"]),
        (script(r#""fault": "serverError", "status": 404"#), &["faults.script[0]: ", "404"]),
        (
            script(r#""fault": "throttled", "retryAfterSeconds": 1, "retryAfterDateSeconds": 1"#),
            &["faults.script[0]: ", "exclude"],
        ),
        (
            r#"{"faults": {"script": [{"method": "get", "path": "/", "fault": "reset"}]}}"#.to_owned(),
            &["faults.script[0].method: ", "`GET`"],
        ),
    ] {
        let error = SimulatorOptions::parse(json.as_bytes()).expect_err(&json);
        for text in texts {
            assert!(error.contains(text), "{text:?} is not in {error:?} for {json}");
        }
    }
}

#[test]
fn nothing_starts_with_wrong_options() {
    let options = SimulatorOptions { speed: 0, ..SimulatorOptions::default() };
    let error = Simulator::start(&options).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    assert!(error.to_string().starts_with("speed: "), "{error}");
}

#[test]
fn tenants_with_agent_users_of_their_own_take_no_number_of_them() {
    for tenant in ["troubled", "planted"] {
        assert!(SimulatorOptions::parse(format!(r#"{{"tenant": "{tenant}"}}"#).as_bytes()).is_ok());
        let wrong =
            SimulatorOptions::parse(format!(r#"{{"tenant": "{tenant}", "agentUsers": 7}}"#).as_bytes());
        assert_eq!(wrong.unwrap_err(), format!("agentUsers: the tenant {tenant} has agent users of its own"));
    }
    let wrong = SimulatorOptions::parse(br#"{"tenant": "planted", "identities": 7}"#);
    assert_eq!(wrong.unwrap_err(), "identities: the tenant planted has agent identities of its own");
}
