//! People: the browser, device codes, refresh tokens, and on behalf of.

use crate::common::{GRAPH, Host, on_behalf_of, person, response};
use agentuser_core::operation::Answer;
use agentuser_core::problem::{Code, Problem};
use agentuser_core::sign_in::acquisition::{DemandAnswer, DemandKind, Renewal};
use agentuser_core::sign_in::{Prompt, Secret};
use serde_json::{Value, json};

const CLAIMS: &str = r#"{"access_token":{"nbf":{"essential":true,"value":"1780272000"}}}"#;

fn codes(interval: u64) -> Value {
    json!({"device_code": "SECRET-device", "user_code": "ABC123", "verification_uri": "https://login.example/device",
        "message": "Go there.", "expires_in": 60, "interval": interval})
}

fn code() -> Result<DemandAnswer, Problem> {
    Ok(DemandAnswer::Code {
        code: Secret::from("SECRET-code".to_owned()),
        verifier: Secret::from("SECRET-verifier".to_owned()),
        redirect_uri: "http://localhost:4711".to_owned(),
    })
}

fn meet(host: &mut Host, answer: Result<DemandAnswer, Problem>) {
    let demand = host.demands.remove(0);
    assert!(matches!(demand.kind, DemandKind::Authorize { .. }), "{demand:?}");
    host.engine.meet(demand.id, answer);
    host.run();
}

#[test]
fn a_person_signs_in_once_and_the_refresh_token_gets_the_rest() {
    let mut host = Host::new();
    let person = person(Prompt::Browser);
    let ask = host.ask(&person);
    let other = host.ask_for(&person, "https://vault.azure.net/.default", Renewal::default());
    assert_eq!(host.demands.len(), 1, "two browsers for one person");
    meet(&mut host, code());
    let sent = host.only();
    assert_eq!((sent.leg, sent.form["code"].as_str()), ("code", "SECRET-code"));
    assert_eq!(sent.form["code_verifier"], "SECRET-verifier");
    host.grant_with(&sent, "one", json!({"refresh_token": "SECRET-refresh-1"}));
    assert_eq!(host.token(ask), "one");
    let sent = host.only();
    assert_eq!((sent.leg, sent.form["refresh_token"].as_str()), ("refresh", "SECRET-refresh-1"));
    host.grant_with(&sent, "two", json!({"refresh_token": "SECRET-refresh-2"}));
    assert_eq!(host.token(other), "two");
    assert_eq!(host.engine.refresh_token(&person).unwrap().expose(), "SECRET-refresh-2");
    host.engine.forget();
    assert!(host.engine.refresh_token(&person).is_none());
}

#[test]
fn a_remembered_refresh_token_asks_nobody_and_a_revoked_one_asks_the_person() {
    let mut host = Host::new();
    let person = person(Prompt::Browser);
    host.engine.remember(&person, Secret::from("SECRET-stored".to_owned()));
    let ask = host.ask(&person);
    let sent = host.only();
    assert_eq!(sent.form["refresh_token"], "SECRET-stored");
    host.refuse_with(&sent, "invalid_grant", 50_173, json!({"suberror": "bad_token"}));
    assert!(host.engine.refresh_token(&person).is_none(), "it is not tried again");
    meet(&mut host, code());
    let sent = host.only();
    host.grant(&sent, "one");
    assert_eq!(host.token(ask), "one");
}

#[test]
fn claims_go_to_the_browser_when_the_refresh_token_can_t_meet_them() {
    let mut host = Host::new();
    let person = person(Prompt::Browser);
    host.engine.remember(&person, Secret::from("SECRET-stored".to_owned()));
    host.ask_for(&person, GRAPH, Renewal { claims: Some("{\"a\":1}".to_owned()), ..Renewal::default() });
    let sent = host.only();
    assert_eq!(sent.form["claims"], "{\"a\":1}");
    host.answer(&sent, response(400, &[], &json!({"error": "interaction_required", "claims": "{\"b\":2}"})));
    let DemandKind::Authorize { claims, .. } = &host.demands[0].kind else { panic!("{:?}", host.demands) };
    assert_eq!(claims.as_deref(), Some("{\"b\":2}"));
    assert!(host.engine.refresh_token(&person).is_some(), "it was not refused for itself");
    meet(&mut host, code());
    assert!(!host.in_flight[0].form.contains_key("claims"));
}

#[test]
fn a_refresh_token_that_some_scopes_may_not_use_serves_the_others() {
    for (error, number) in
        [("invalid_grant", 65_001), ("invalid_grant", 90_094), ("consent_required", 65_001)]
    {
        let mut host = Host::new();
        let person = person(Prompt::Browser);
        host.engine.remember(&person, Secret::from("SECRET-stored".to_owned()));
        let ask = host.ask_for(&person, "https://graph.microsoft.com/Mail.Send", Renewal::default());
        let sent = host.only();
        host.refuse_with(&sent, error, number, json!({"suberror": "consent_required"}));
        meet(&mut host, Err(Problem::new(Code::SignInDeclined, "The person declined.")));
        let (problem, number) = (host.problem(ask), format!("AADSTS{number}"));
        assert_eq!(problem.code(), Code::SignInDeclined, "{error} {number}");
        assert!(problem.message().contains(&number) && problem.message().contains("declined"), "{problem}");
        let ask = host.ask(&person);
        let sent = host.only();
        assert_eq!(sent.form["refresh_token"], "SECRET-stored");
        host.grant(&sent, "one");
        assert_eq!((host.token(ask).as_str(), host.demands.len()), ("one", 0));
    }
}

#[test]
fn a_refresh_token_that_was_just_refused_is_not_shown_again_when_a_sign_in_is_given_up() {
    let mut host = Host::new();
    let person = person(Prompt::Browser);
    host.engine.remember(&person, Secret::from("SECRET-stored".to_owned()));
    let ask = host.ask(&person);
    let sent = host.only();
    host.refuse_with(&sent, "invalid_grant", 53_003, json!({"suberror": "message_only"}));
    host.engine.give_up(ask);
    host.run();
    host.demands.clear();
    let again = host.ask(&person);
    assert_eq!((host.sent.len(), host.demands.len()), (1, 1), "the person is asked at once");
    host.engine.give_up(again);
    host.run();
    host.pass(5.0);
    let later = host.ask(&person);
    let sent = host.only();
    assert_eq!(sent.leg, "refresh");
    host.refuse_with(&sent, "invalid_grant", 53_003, json!({"suberror": "message_only"}));
    host.engine.give_up(later);
    host.run();
    // Another refresh token was not refused.
    host.engine.remember(&person, Secret::from("SECRET-other".to_owned()));
    host.ask(&person);
    assert_eq!(host.only().form["refresh_token"], "SECRET-other");
}

#[test]
fn a_refresh_token_that_is_done_with_is_forgotten() {
    for suberror in ["bad_token", "token_expired"] {
        let mut host = Host::new();
        let person = person(Prompt::Browser);
        host.engine.remember(&person, Secret::from("SECRET-stored".to_owned()));
        host.ask(&person);
        let sent = host.only();
        host.refuse_with(&sent, "invalid_grant", 70_000, json!({"suberror": suberror}));
        assert!(host.engine.refresh_token(&person).is_none(), "{suberror}");
        meet(&mut host, code());
        assert_eq!(host.only().leg, "code");
    }
}

#[test]
fn a_fault_of_the_sign_in_does_not_ask_the_person() {
    let mut host = Host::new();
    let person = person(Prompt::Browser);
    host.engine.remember(&person, Secret::from("SECRET-stored".to_owned()));
    let ask = host.ask(&person);
    while !host.ended.contains_key(&ask) {
        if !host.in_flight.is_empty() {
            let sent = host.only();
            assert_eq!(sent.form["refresh_token"], "SECRET-stored", "a lost answer is asked for again");
            host.lose(&sent);
        }
        host.pass(1.0);
    }
    assert_eq!((host.code(ask), host.demands.len()), (Code::ConnectionLost, 0));
    assert!(host.engine.refresh_token(&person).is_some());
}

#[test]
fn whoever_can_t_show_a_code_says_why_at_once() {
    let mut host = Host::new();
    let ask = host.ask(&person(Prompt::DeviceCode));
    let sent = host.only();
    host.answer(&sent, response(200, &[], &codes(5)));
    let shown = host.demands.remove(0);
    host.engine.meet(shown.id, Err(Problem::new(Code::SignInRefused, "There is nobody.")));
    host.run();
    assert_eq!(host.problem(ask).message(), "There is nobody.");
    assert!(host.in_flight.is_empty());
}

#[test]
fn whoever_can_t_open_a_browser_says_why() {
    let mut host = Host::new();
    let ask = host.ask(&person(Prompt::Browser));
    meet(&mut host, Err(Problem::new(Code::SignInRefused, "There is no browser.")));
    assert_eq!(host.problem(ask).message(), "There is no browser.");
}

#[test]
fn a_code_that_was_taken_while_its_answer_was_lost_says_so() {
    let mut host = Host::new();
    let ask = host.ask(&person(Prompt::Browser));
    meet(&mut host, code());
    let sent = host.only();
    host.lose(&sent);
    host.pass(1.0);
    let sent = host.only();
    assert_eq!(sent.form["code"], "SECRET-code");
    host.refuse(&sent, "invalid_grant", 54_005);
    assert_eq!(host.code(ask), Code::SignInInterrupted);
}

#[test]
fn a_device_code_is_shown_and_looked_at_as_often_as_asked() {
    let mut host = Host::new();
    let ask = host.ask(&person(Prompt::DeviceCode));
    let sent = host.only();
    assert!(sent.url.ends_with("/oauth2/v2.0/devicecode"), "{}", sent.url);
    host.answer(&sent, response(200, &[], &codes(5)));
    let DemandKind::ShowDeviceCode { user_code, .. } = &host.demands[0].kind else { panic!() };
    assert_eq!(user_code, "ABC123");
    for (error, wait) in [("authorization_pending", 5.0), ("slow_down", 5.0), ("authorization_pending", 10.0)]
    {
        host.pass(wait - 0.01);
        assert!(host.in_flight.is_empty(), "{error}");
        host.pass(0.02);
        let sent = host.only();
        assert_eq!(sent.form["device_code"], "SECRET-device");
        host.refuse(&sent, error, 70_016);
    }
    host.pass(10.1);
    let sent = host.only();
    host.grant_with(&sent, "one", json!({"refresh_token": "SECRET-refresh"}));
    assert_eq!(host.token(ask), "one");
    assert_eq!(host.withdrawn, [host.demands[0].id], "the code is over");
}

#[test]
fn a_device_code_carries_claims_to_both_of_its_endpoints() {
    let mut host = Host::new();
    let challenged = Renewal { claims: Some(CLAIMS.to_owned()), ..Renewal::default() };
    let ask = host.ask_for(&person(Prompt::DeviceCode), GRAPH, challenged);
    let sent = host.only();
    assert_eq!((sent.leg, sent.form["claims"].as_str()), ("deviceCode", CLAIMS));
    host.answer(&sent, response(200, &[], &codes(5)));
    for error in [Some("authorization_pending"), None] {
        host.pass(5.1);
        let sent = host.only();
        assert_eq!((sent.leg, sent.form["claims"].as_str()), ("deviceToken", CLAIMS));
        match error {
            Some(error) => host.refuse(&sent, error, 70_016),
            None => host.grant(&sent, "one"),
        }
    }
    assert_eq!(host.token(ask), "one");
}

#[test]
fn a_person_whose_sign_in_is_challenged_is_asked_once_more_with_the_claims() {
    let challenge = |claims: &str| {
        let body = json!({"error": "interaction_required", "error_codes": [50_076], "claims": claims});
        response(400, &[], &body)
    };
    let mut host = Host::new();
    let ask = host.ask(&person(Prompt::DeviceCode));
    let mut claims = None;
    for next in [CLAIMS, "{\"other\":1}"] {
        let sent = host.of("deviceCode");
        assert_eq!(sent.form.get("claims").map(String::as_str), claims);
        host.answer(&sent, response(200, &[], &codes(5)));
        host.pass(5.1);
        let sent = host.of("deviceToken");
        assert_eq!(sent.form.get("claims").map(String::as_str), claims);
        host.answer(&sent, challenge(next));
        claims = Some(next);
    }
    assert_eq!((host.code(ask), host.problem(ask).claims()), (Code::SignInMfaNeeded, claims));
    let mut host = Host::new();
    let ask = host.ask(&person(Prompt::Browser));
    for _ in 0..2 {
        meet(&mut host, code());
        let sent = host.only();
        host.answer(&sent, challenge(CLAIMS));
    }
    assert_eq!((host.code(ask), host.problem(ask).claims()), (Code::SignInMfaNeeded, Some(CLAIMS)));
    assert!(host.demands.is_empty() && host.in_flight.is_empty(), "the same claims are not asked for twice");
}

#[test]
fn no_interval_outlives_the_device_code() {
    for interval in [1_000_000_000, u64::MAX] {
        let mut host = Host::new();
        let ask = host.ask(&person(Prompt::DeviceCode));
        let sent = host.only();
        host.answer(&sent, response(200, &[], &codes(interval)));
        host.pass(59.9);
        assert!(!host.ended.contains_key(&ask) && host.in_flight.is_empty());
        host.pass(0.2);
        assert_eq!((host.code(ask), host.withdrawn.len()), (Code::SignInCodeExpired, 1));
    }
}

#[test]
fn a_lost_look_is_made_again_no_sooner_than_the_interval() {
    let mut host = Host::new();
    host.ask(&person(Prompt::DeviceCode));
    let sent = host.only();
    host.answer(&sent, response(200, &[], &codes(7)));
    host.pass(7.0);
    let sent = host.only();
    host.lose(&sent);
    host.pass(6.9);
    assert!(host.in_flight.is_empty());
    host.pass(0.2);
    assert_eq!(host.in_flight.len(), 1);
}

#[test]
fn a_person_who_declines_or_comes_too_late_ends_it() {
    for (error, code) in [
        (Some("authorization_declined"), Code::SignInDeclined),
        (Some("expired_token"), Code::SignInCodeExpired),
        (None, Code::SignInCodeExpired),
    ] {
        let mut host = Host::new();
        let ask = host.ask(&person(Prompt::DeviceCode));
        let sent = host.only();
        host.answer(&sent, response(200, &[], &codes(5)));
        while !host.ended.contains_key(&ask) {
            host.pass(5.0);
            if !host.in_flight.is_empty() {
                let sent = host.only();
                host.refuse(&sent, error.unwrap_or("authorization_pending"), 0);
            }
        }
        assert_eq!(host.code(ask), code, "{error:?}");
    }
}

#[test]
fn on_behalf_of_a_person_by_refresh_token_while_it_is_good() {
    let mut host = Host::new();
    let sign_in = on_behalf_of("SECRET-of-ada");
    host.ask(&sign_in);
    let sent = host.of("exchange");
    host.grant(&sent, "T1");
    let sent = host.only();
    assert_eq!((sent.leg, sent.form["assertion"].as_str()), ("onBehalfOf", "SECRET-of-ada"));
    host.grant_with(&sent, "one", json!({"refresh_token": "SECRET-refresh", "expires_in": 600}));
    host.pass(400.0);
    host.ask(&sign_in);
    let sent = host.only();
    assert_eq!((sent.leg, sent.form["refresh_token"].as_str()), ("onBehalfOfAgain", "SECRET-refresh"));
    assert_eq!(sent.form["client_assertion"], "T1");
    host.refuse(&sent, "invalid_grant", 700_082);
    let sent = host.only();
    assert_eq!(sent.leg, "onBehalfOf");
    host.grant(&sent, "two");
    // Another person's token is another person.
    host.ask(&on_behalf_of("SECRET-of-bob"));
    let sent = host.only();
    assert_eq!(sent.form["assertion"], "SECRET-of-bob");
    let nothing = Answer::NoToken(Problem::new(Code::Cancelled, "Not sent."));
    host.answer(&sent, nothing);
}
