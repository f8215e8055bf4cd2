//! Which answers are asked for again, when, and which end a sign-in.

use crate::common::{Host, agent_identity, agent_user, application, response, unreachable};
use agentuser_core::operation::{Answer, Loss, Sent};
use agentuser_core::problem::Code;
use agentuser_core::sign_in::acquisition::AskId;
use serde_json::json;

/// Gives every request this answer, and says how many it took and how long.
fn until_ended(host: &mut Host, ask: AskId, answer: impl Fn() -> Answer) -> (usize, f64) {
    let began = host.now.mono;
    let before = host.sent.len() - host.in_flight.len();
    while !host.ended.contains_key(&ask) {
        if !host.in_flight.is_empty() {
            let sent = host.in_flight.remove(0);
            host.answer(&sent, answer());
        } else {
            let next = host.next_poll.expect("it waits for nothing");
            let wait = next.saturating_sub(host.now.mono).as_secs_f64();
            host.pass(wait.max(0.001));
        }
    }
    (host.sent.len() - before, (host.now.mono - began).as_secs_f64())
}

#[test]
fn a_throttled_request_waits_as_long_as_asked() {
    let mut host = Host::new();
    let ask = host.ask(&application());
    let sent = host.only();
    host.answer(&sent, response(429, &[("Retry-After", "90")], &json!({"error": "temporarily_unavailable"})));
    host.pass(89.9);
    assert!(host.in_flight.is_empty());
    host.pass(0.2);
    let sent = host.only();
    host.grant(&sent, "one");
    assert_eq!(host.token(ask), "one");
}

#[test]
fn a_wait_outlives_the_one_who_gave_up() {
    let mut host = Host::new();
    let ask = host.ask(&application());
    let sent = host.only();
    host.answer(&sent, response(503, &[("Retry-After", "90")], &json!({"error": "temporarily_unavailable"})));
    host.engine.give_up(ask);
    host.pass(10.0);
    let ask = host.ask(&application());
    host.pass(79.0);
    assert_eq!(host.sent.len(), 1, "Entra asked for 90 seconds");
    host.pass(1.1);
    let sent = host.only();
    host.grant(&sent, "one");
    assert_eq!(host.token(ask), "one");
}

#[test]
fn a_wait_beyond_the_longest_ends_it_and_the_next_ask_waits() {
    let mut host = Host::new();
    let ask = host.ask(&application());
    let sent = host.only();
    host.answer(&sent, response(429, &[("Retry-After", "3000")], &json!({})));
    assert_eq!((host.code(ask), host.problem(ask).retry_after().unwrap().as_secs()), (Code::Throttled, 3000));
    host.engine.forget();
    host.pass(2999.0);
    let ask = host.ask(&application());
    assert_eq!((host.code(ask), host.sent.len()), (Code::Throttled, 1), "nobody asks meanwhile");
    host.pass(1.1);
    host.ask(&application());
    assert_eq!(host.sent.len(), 2);
}

#[test]
fn whoever_needs_what_is_waited_for_waits_no_longer_than_that() {
    let mut host = Host::new();
    host.ask(&agent_user(1));
    let sent = host.of("exchange");
    host.answer(
        &sent,
        response(503, &[("Retry-After", "3000")], &json!({"error": "temporarily_unavailable"})),
    );
    host.pass(2000.0);
    let ask = host.ask(&agent_identity(1));
    assert_eq!(host.problem(ask).retry_after().unwrap().as_secs(), 1000);
    host.pass(1000.1);
    host.ask(&agent_identity(1));
    assert_eq!(host.only().leg, "exchange");
}

#[test]
fn a_wait_of_years_is_kept_up_for_an_hour() {
    let mut host = Host::new();
    host.ask(&application());
    let sent = host.only();
    host.answer(&sent, response(429, &[("Retry-After", "99999999")], &json!({})));
    host.pass(3599.0);
    host.ask(&application());
    assert_eq!(host.sent.len(), 1);
    host.pass(1.1);
    host.ask(&application());
    assert_eq!(host.sent.len(), 2);
}

#[test]
fn faults_and_lost_answers_are_tried_six_times() {
    for (answer, code) in [
        (response(503, &[], &json!({"error": "server_error"})), Code::SignInUnavailable),
        (response(500, &[], &json!("<html>")), Code::SignInUnavailable),
        (response(200, &[], &json!({"token_type": "Bearer"})), Code::BadAnswer),
        (Answer::Lost { sent: Sent::Maybe, why: Loss::Broken("reset".to_owned()) }, Code::ConnectionLost),
    ] {
        let mut host = Host::new();
        // Entra has answered before.
        host.ask(&agent_user(1));
        host.grant_all();
        let ask = host.ask(&application());
        let again = || match &answer {
            Answer::Response { response, token } => {
                Answer::Response { response: response.clone(), token: *token }
            }
            Answer::Lost { sent, why } => Answer::Lost { sent: *sent, why: why.clone() },
            Answer::NoToken(problem) => Answer::NoToken(problem.clone()),
        };
        let (requests, took) = until_ended(&mut host, ask, again);
        assert_eq!((requests, host.code(ask)), (6, code));
        assert!((7.0..32.0).contains(&took), "{took}");
    }
}

#[test]
fn a_login_that_never_answered_is_given_up_soon() {
    let mut host = Host::new();
    let ask = host.ask(&application());
    let (requests, took) = until_ended(&mut host, ask, unreachable);
    assert_eq!((requests, host.code(ask)), (3, Code::Unreachable));
    assert!(took < 3.0, "{took}");
}

#[test]
fn what_will_not_change_ends_at_once() {
    for (error, number, code) in [
        ("invalid_client", 7_000_215, Code::SignInSecretWrong),
        ("unauthorized_client", 700_016, Code::SignInClientUnknown),
        ("invalid_grant", 65_001, Code::SignInConsentMissing),
        ("invalid_grant", 53_003, Code::SignInBlockedByPolicy),
        ("invalid_request", 900_144, Code::SignInRefused),
    ] {
        let mut host = Host::new();
        let ask = host.ask(&application());
        let sent = host.only();
        host.refuse(&sent, error, number);
        assert_eq!((host.code(ask), host.next_poll), (code, None), "{error}");
        // Nor is it repeated for everybody who comes in the next seconds.
        let ask = host.ask(&application());
        assert_eq!((host.code(ask), host.sent.len()), (code, 1));
        host.pass(5.0);
        host.ask(&application());
        assert_eq!(host.sent.len(), 2);
    }
}

#[test]
fn redirects_are_not_followed() {
    let mut host = Host::new();
    let ask = host.ask(&application());
    let sent = host.only();
    host.answer(&sent, response(302, &[("Location", "https://evil.example")], &json!({})));
    assert_eq!((host.code(ask), host.sent.len()), (Code::Redirected, 1));
}

#[test]
fn each_try_has_more_time_and_two_minutes_of_silence_end_all() {
    let mut host = Host::new();
    host.ask(&application());
    host.grant_all();
    let asks: Vec<_> = (0..500).map(|number| host.ask(&agent_user(number))).collect();
    let began = host.now.mono;
    while asks.iter().any(|ask| !host.ended.contains_key(ask)) {
        host.in_flight.clear();
        let next = host.next_poll.expect("it waits for nothing");
        let wait = next.saturating_sub(host.now.mono).as_secs_f64();
        host.pass(wait.max(0.001));
    }
    let took = (host.now.mono - began).as_secs_f64();
    assert!((100.0..=135.0).contains(&took), "{took}");
    assert!(asks.iter().all(|ask| host.code(*ask) == Code::TimedOut));
    // A minute later it may be over.
    host.pass(61.0);
    host.in_flight.clear();
    let ask = host.ask(&agent_user(1));
    host.grant_all();
    assert!(host.ended[&ask].is_ok());
}

#[test]
fn a_proof_that_can_t_be_had_ends_it_with_its_problem() {
    let mut host = Host::new();
    host.proves = false;
    let ask = host.ask(&agent_user(1));
    let demand = host.demands.remove(0);
    let problem = agentuser_core::problem::Problem::new(Code::TokenMissing, "The token file is gone.");
    host.engine.meet(demand.id, Err(problem));
    host.run();
    assert_eq!(host.problem(ask).message(), "The token file is gone.");
    assert!(host.sent.is_empty());
}
