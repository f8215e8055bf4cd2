//! Claims challenges: passed on, and never answered by a token that was got without them.

use crate::common::{GRAPH, Host, agent_user, application, on_behalf_of, response};
use agentuser_core::operation::TokenTag;
use agentuser_core::problem::Code;
use agentuser_core::sign_in::acquisition::Renewal;
use serde_json::json;

const CLAIMS: &str = r#"{"access_token":{"nbf":{"essential":true,"value":"1780272000"}}}"#;

fn challenged(refused: Option<TokenTag>) -> Renewal {
    Renewal { claims: Some(CLAIMS.to_owned()), refused, ..Renewal::default() }
}

#[test]
fn claims_go_past_the_cache_into_the_last_leg() {
    let mut host = Host::new();
    let first = host.ask(&agent_user(1));
    host.grant_all();
    let refused = Some(host.tag(first));
    let ask = host.ask_for(&agent_user(1), GRAPH, challenged(refused));
    let sent = host.only();
    assert_eq!((sent.leg, sent.form["claims"].as_str()), ("agentUser", CLAIMS));
    host.grant(&sent, "with claims");
    assert_eq!(host.token(ask), "with claims");
    // Without the tag of a refused token, nothing says that the new one was not challenged as well.
    host.ask_for(&agent_user(1), GRAPH, challenged(None));
    assert_eq!(host.in_flight.len(), 1);
}

#[test]
fn claims_do_not_join_a_flight_without_them() {
    let mut host = Host::new();
    let plain = host.ask(&application());
    let ask = host.ask_for(&application(), GRAPH, challenged(None));
    let other = host.ask_for(&application(), GRAPH, challenged(None));
    assert_eq!(host.in_flight.len(), 2);
    let late = host.of("application");
    let sent = host.of("application");
    assert_eq!((late.form.get("claims"), sent.form["claims"].as_str()), (None, CLAIMS));
    host.grant(&sent, "with claims");
    assert_eq!((host.token(ask), host.token(other)), ("with claims".to_owned(), "with claims".to_owned()));
    // The flight without claims began before, so its token takes no place.
    host.grant(&late, "plain");
    assert_eq!(host.token(plain), "plain");
    let next = host.ask(&application());
    assert_eq!(host.token(next), "with claims");
}

#[test]
fn whoever_asks_without_claims_may_join_a_flight_with_them() {
    let mut host = Host::new();
    let ask = host.ask_for(&application(), GRAPH, challenged(None));
    let plain = host.ask(&application());
    let sent = host.only();
    host.grant(&sent, "with claims");
    assert_eq!((host.token(ask), host.token(plain)), ("with claims".to_owned(), "with claims".to_owned()));
}

#[test]
fn those_that_met_one_challenge_together_cost_one_request() {
    let mut host = Host::new();
    let first = host.ask(&application());
    host.grant_all();
    let refused = Some(host.tag(first));
    host.ask_for(&application(), GRAPH, challenged(refused));
    host.grant_all();
    let late = host.ask_for(&application(), GRAPH, challenged(refused));
    assert_eq!((host.ended[&late].is_ok(), host.sent.len()), (true, 2));
    // The new token, refused in its turn, is not given out for these claims again.
    let again = Some(host.tag(late));
    host.ask_for(&application(), GRAPH, challenged(again));
    assert_eq!(host.in_flight.len(), 1);
}

#[test]
fn other_claims_are_another_flight_and_another_failure() {
    let mut host = Host::new();
    let ask = host.ask(&application());
    let sent = host.only();
    host.refuse(&sent, "invalid_client", 7_000_215);
    assert_eq!(host.code(ask), Code::SignInSecretWrong);
    host.ask_for(&application(), GRAPH, challenged(None));
    assert_eq!(host.in_flight.len(), 1, "a failure without claims says nothing about one with them");
}

#[test]
fn a_leg_that_entra_challenges_is_asked_for_once_more_with_its_claims() {
    let mut host = Host::new();
    let ask = host.ask(&agent_user(1));
    let challenge = json!({"error": "interaction_required", "error_codes": [50076], "claims": CLAIMS});
    let sent = host.of("exchange");
    host.answer(&sent, response(400, &[], &challenge));
    let sent = host.of("exchange");
    assert_eq!(sent.form["claims"], CLAIMS);
    host.grant(&sent, "T1");
    host.grant_all();
    assert!(host.ended[&ask].is_ok());
    assert!(!host.sent.last().unwrap().form.contains_key("claims"));
}

#[test]
fn a_challenge_that_stays_ends_the_sign_in() {
    let mut host = Host::new();
    let ask = host.ask(&application());
    for _ in 0..2 {
        let sent = host.only();
        let challenge = json!({"error": "interaction_required", "claims": CLAIMS});
        host.answer(&sent, response(400, &[], &challenge));
    }
    assert_eq!(host.code(ask), Code::ClaimsChallenge);
}

#[test]
fn a_challenge_of_a_person_elsewhere_is_theirs_to_meet() {
    let mut host = Host::new();
    let ask = host.ask(&on_behalf_of("SECRET-of-a-person"));
    let sent = host.of("exchange");
    host.grant(&sent, "T1");
    let sent = host.only();
    host.answer(&sent, response(400, &[], &json!({"error": "interaction_required", "claims": CLAIMS})));
    assert_eq!((host.code(ask), host.sent.len()), (Code::ClaimsChallenge, 2));
    assert_eq!(host.problem(ask).claims(), Some(CLAIMS), "the middle tier passes them on");
}

#[test]
fn a_challenge_that_fails_brings_no_renewal_forward() {
    let mut host = Host::new();
    host.ask(&application());
    let sent = host.only();
    host.grant_with(&sent, "one", json!({"refresh_in": 3000}));
    let ask = host.ask_for(&application(), GRAPH, challenged(None));
    let sent = host.only();
    host.refuse(&sent, "invalid_client", 7_000_215);
    assert_eq!(host.code(ask), Code::SignInSecretWrong);
    host.pass(2_900.0);
    let ask = host.ask(&application());
    assert_eq!((host.token(ask).as_str(), host.in_flight.len()), ("one", 0));
}
