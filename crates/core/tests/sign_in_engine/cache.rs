//! The cache: the tokens that are given from it, for how long, and when they are renewed.

use crate::common::{Host, agent_identity, application, response};
use agentuser_core::problem::Code;
use agentuser_core::sign_in::acquisition::{AcquisitionSettings, Renewal};
use serde_json::json;

#[test]
fn asks_for_one_token_wait_for_one_request() {
    let mut host = Host::new();
    let asks: Vec<_> = (0..100).map(|_| host.ask(&application())).collect();
    let sent = host.only();
    host.grant(&sent, "one");
    assert!(asks.iter().all(|ask| host.token(*ask) == "one"));
    let later = host.ask(&application());
    assert_eq!((host.token(later).as_str(), host.sent.len()), ("one", 1));
    assert!(host.engine.is_idle());
}

#[test]
fn a_token_is_given_until_five_minutes_before_its_end() {
    let mut host = Host::new();
    host.ask(&application());
    let sent = host.only();
    host.grant(&sent, "one");
    host.pass(3598.0 - 300.0);
    let ask = host.ask(&application());
    assert_eq!(host.token(ask), "one");
    assert_eq!(host.ended[&ask].as_ref().unwrap().expires_in.unwrap().as_secs(), 301);
    host.pass(1.0);
    let ask = host.ask(&application());
    let sent = host.only();
    host.grant(&sent, "two");
    assert_eq!(host.token(ask), "two");
}

#[test]
fn a_short_one_is_given_for_half_of_its_life_and_one_without_a_life_once() {
    let mut host = Host::new();
    for (life, seconds, again) in [(60, 29.0, false), (60, 31.0, true), (0, 0.0, true)] {
        host.engine.forget();
        host.ask(&application());
        let sent = host.only();
        host.grant_with(&sent, "short", json!({"expires_in": life.to_string()}));
        host.pass(seconds);
        host.ask(&application());
        assert_eq!(host.in_flight.len(), usize::from(again), "{life} {seconds}");
        host.grant_all();
    }
}

#[test]
fn the_life_counts_from_when_the_answer_came() {
    let mut host = Host::new();
    host.ask(&application());
    let sent = host.only();
    host.pass(10.0);
    host.grant(&sent, "one");
    host.pass(3299.0 - 1.0);
    let ask = host.ask(&application());
    assert_eq!(host.token(ask), "one");
}

#[test]
fn from_refresh_in_on_it_is_given_and_renewed_and_a_failure_does_not_matter() {
    let mut host = Host::new();
    host.ask(&application());
    let sent = host.only();
    host.grant_with(&sent, "one", json!({"refresh_in": 1800}));
    host.pass(1800.0 - 1.0);
    host.ask(&application());
    assert!(host.in_flight.is_empty());
    // The jitter is a quarter of the time that is left at most.
    host.pass(1.0 + 375.0);
    let ask = host.ask(&application());
    assert_eq!(host.token(ask), "one", "nobody waits for the renewal");
    assert!(!host.engine.is_idle());
    let sent = host.only();
    host.answer(&sent, response(400, &[], &json!({"error": "invalid_client"})));
    let ask = host.ask(&application());
    assert_eq!(host.token(ask), "one");
    assert!(host.in_flight.is_empty(), "it is not tried again at once");
    host.pass(300.0);
    host.ask(&application());
    let sent = host.only();
    host.grant(&sent, "two");
    let ask = host.ask(&application());
    assert_eq!(host.token(ask), "two");
}

#[test]
fn a_renewal_before_the_time_waits_as_long_as_entra_asked() {
    let mut host = Host::new();
    host.ask(&application());
    let sent = host.only();
    host.grant_with(&sent, "one", json!({"refresh_in": 3000}));
    host.pass(3_100.0);
    host.ask(&application());
    let sent = host.only();
    let busy = json!({"error": "temporarily_unavailable"});
    host.answer(&sent, response(503, &[("Retry-After", "300")], &busy));
    host.pass(299.0);
    let ask = host.ask(&application());
    assert_eq!((host.token(ask).as_str(), host.sent.len()), ("one", 2));
    host.pass(1.1);
    host.ask(&application());
    assert_eq!(host.sent.len(), 3);
}

#[test]
fn renewals_before_the_time_have_jitter() {
    let begins = |seed: u64| {
        let mut host = Host::new();
        host.engine = agentuser_core::sign_in::Acquisition::new(AcquisitionSettings::default(), seed);
        host.ask(&application());
        let sent = host.only();
        host.grant_with(&sent, "one", json!({"refresh_in": 1800}));
        host.pass(1799.0);
        (0..400)
            .find(|_| {
                host.pass(1.0);
                host.ask(&application());
                !host.in_flight.is_empty()
            })
            .unwrap()
    };
    let all: std::collections::BTreeSet<u32> = (0..8).map(begins).collect();
    assert!(all.len() > 4, "{all:?}");
}

#[test]
fn a_long_life_is_renewed_at_its_half() {
    let mut host = Host::new();
    host.ask(&application());
    let sent = host.only();
    host.grant_with(&sent, "one", json!({"expires_in": 86400}));
    host.pass(43_000.0);
    host.ask(&application());
    assert!(host.in_flight.is_empty());
    host.pass(200.0 + 10_800.0);
    host.ask(&application());
    assert_eq!(host.in_flight.len(), 1);
}

#[test]
fn a_renewal_that_fails_for_now_leaves_the_token_that_is_still_good() {
    for (status, error, left) in [(503, "server_error", true), (400, "invalid_client", false)] {
        let mut host = Host::new();
        host.ask(&application());
        let sent = host.only();
        host.grant(&sent, "one");
        host.pass(3400.0);
        let ask = host.ask(&application());
        while !host.in_flight.is_empty() {
            let sent = host.only();
            host.answer(&sent, response(status, &[("Retry-After", "1")], &json!({"error": error})));
            host.pass(1.0);
        }
        assert_eq!(host.ended[&ask].is_ok(), left, "{status}");
        let next = host.ask(&application());
        assert_eq!(host.ended[&next].is_ok(), left, "{status}");
    }
}

#[test]
fn a_refused_token_is_not_given_out_again_and_a_newer_one_will_do() {
    let mut host = Host::new();
    let first = host.ask(&application());
    let sent = host.only();
    host.grant(&sent, "one");
    let refused = |host: &Host| Renewal { refused: Some(host.tag(first)), ..Renewal::default() };
    let renewal = refused(&host);
    let ask = host.ask_for(&application(), super::common::GRAPH, renewal);
    let plain = host.ask(&application());
    let sent = host.only();
    host.grant(&sent, "two");
    assert_eq!((host.token(ask), host.token(plain)), ("two".to_owned(), "two".to_owned()));
    // Another request that carried the first token is refused a moment later.
    let renewal = refused(&host);
    let ask = host.ask_for(&application(), super::common::GRAPH, renewal);
    assert_eq!((host.token(ask).as_str(), host.sent.len()), ("two", 2));
}

#[test]
fn whoever_had_a_token_refused_without_its_tag_gets_another_by_one_request() {
    let mut host = Host::new();
    let anew = || Renewal { anew: true, ..Renewal::default() };
    // Nothing is fetched only to be refused.
    let cold = host.ask_for(&application(), super::common::GRAPH, anew());
    let sent = host.only();
    host.grant(&sent, "one");
    assert_eq!((host.token(cold).as_str(), host.sent.len()), ("one", 1));
    let warm = host.ask_for(&application(), super::common::GRAPH, anew());
    // An ask meanwhile gets the other one, too.
    let plain = host.ask(&application());
    let sent = host.only();
    host.grant(&sent, "two");
    assert_eq!((host.token(warm), host.token(plain)), ("two".to_owned(), "two".to_owned()));
    let later = host.ask(&application());
    assert_eq!((host.token(later).as_str(), host.sent.len()), ("two", 2));
}

#[test]
fn the_cache_has_bounds_and_the_one_that_ends_first_goes() {
    let mut settings = AcquisitionSettings::default();
    settings.tokens = 2;
    let mut host = Host::with(settings);
    let scopes = ["https://a.example/.default", "https://b.example/.default", "https://c.example/.default"];
    for (scope, life) in scopes.iter().zip([2000, 1000, 3000]) {
        host.ask_for(&application(), scope, Renewal::default());
        let sent = host.only();
        host.grant_with(&sent, scope, json!({"expires_in": life}));
    }
    for (scope, is_there) in scopes.iter().zip([true, false, true]) {
        host.ask_for(&application(), scope, Renewal::default());
        assert_eq!(host.in_flight.is_empty(), is_there, "{scope}");
        host.in_flight.clear();
    }
    assert!(format!("{:?}", host.engine).contains("tokens: 2"), "{:?}", host.engine);
}

#[test]
fn what_was_forgotten_is_asked_for_again_and_what_was_on_its_way_is_not_kept() {
    let mut host = Host::new();
    let ask = host.ask(&application());
    host.engine.forget();
    // A later ask does not wait for it either.
    let after = host.ask(&application());
    let first = host.only();
    host.grant(&first, "one");
    assert_eq!(host.token(ask), "one");
    let second = host.only();
    assert!(!host.ended.contains_key(&after));
    let along = host.ask(&application());
    assert!(host.in_flight.is_empty(), "it waits for the second one");
    host.grant(&second, "two");
    let later = host.ask(&application());
    assert_eq!([after, along, later].map(|ask| host.token(ask)), ["two", "two", "two"].map(str::to_owned));
}

#[test]
fn scopes_and_holders_have_tokens_of_their_own() {
    let mut host = Host::new();
    host.ask(&application());
    host.ask(&agent_identity(1));
    host.ask_for(&application(), "https://GRAPH.microsoft.com/.default", Renewal::default());
    assert_eq!(host.legs(), ["application", "exchange"]);
    host.ask_for(&application(), "https://vault.azure.net/.default", Renewal::default());
    assert_eq!(host.sent.len(), 3);
}

#[test]
fn scopes_that_can_t_be_asked_for_are_refused_at_once() {
    let mut host = Host::new();
    let scopes = agentuser_core::sign_in::Scopes::new(["User.Read"]).unwrap();
    let wanted = agentuser_core::sign_in::acquisition::Wanted { sign_in: application(), scopes };
    let problem = host.engine.ask(&wanted, Renewal::default()).unwrap_err();
    assert_eq!(problem.code(), Code::SignInScopeInvalid);
}
