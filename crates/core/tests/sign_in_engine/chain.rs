//! Chains: T1, T2 and the agent user's token.

use crate::common::{BLUEPRINT, Host, agent_identity, agent_user, identity, response};
use agentuser_core::problem::Code;
use serde_json::json;
use std::collections::BTreeMap;

#[test]
fn an_agent_user_takes_three_requests_each_with_its_own_fields() {
    let mut host = Host::new();
    let ask = host.ask(&agent_user(1));
    let t1 = host.only();
    assert_eq!((t1.form["client_id"].as_str(), t1.form["fmi_path"].clone()), (BLUEPRINT, identity(1)));
    host.grant(&t1, "T1");
    let t2 = host.only();
    assert_eq!((t2.leg, t2.form["client_assertion"].as_str()), ("userExchange", "T1"));
    host.grant(&t2, "T2");
    let last = host.only();
    assert_eq!(last.form["grant_type"], "user_fic");
    assert_eq!(last.form["client_assertion"], "T1");
    assert_eq!(last.form["user_federated_identity_credential"], "T2");
    host.grant(&last, "user");
    assert_eq!(host.token(ask), "user");
    assert_eq!(host.proofs, 1, "T1 alone needs one");
}

#[test]
fn with_warm_t1_and_t2_it_takes_one() {
    let mut host = Host::new();
    host.ask(&agent_user(1));
    host.grant_all();
    let ask = host.ask_for(&agent_user(1), "https://vault.azure.net/.default", Default::default());
    assert_eq!(host.sent.len(), 4);
    host.grant_all();
    assert!(host.ended[&ask].is_ok());
    // The agent identity's own token needs T1 alone.
    host.ask(&agent_identity(1));
    assert_eq!(host.in_flight.iter().map(|sent| sent.leg).collect::<Vec<_>>(), ["agentIdentity"]);
}

#[test]
fn a_thousand_agents_at_once_cost_one_of_each_and_none_twice() {
    let mut host = Host::new();
    let mut asks = Vec::new();
    for number in 0..1000 {
        asks.push(host.ask(&agent_user(number)));
        asks.push(host.ask(&agent_user(number)));
        asks.push(host.ask(&agent_identity(number)));
    }
    host.grant_all();
    assert!(asks.iter().all(|ask| host.ended[ask].is_ok()));
    let mut legs: BTreeMap<&str, usize> = BTreeMap::new();
    host.sent.iter().for_each(|sent| *legs.entry(sent.leg).or_default() += 1);
    let each = [("agentIdentity", 1000), ("agentUser", 1000), ("exchange", 1000), ("userExchange", 1000)];
    assert_eq!(legs, BTreeMap::from(each));
    assert!(host.most_in_flight <= 32, "{}", host.most_in_flight);
    assert_eq!(host.proofs, 1000);
}

#[test]
fn a_stale_t1_is_got_again_with_t2_once_and_not_twice() {
    let mut host = Host::new();
    let ask = host.ask(&agent_user(1));
    for _ in 0..2 {
        for leg in ["exchange", "userExchange"] {
            let sent = host.of(leg);
            host.grant(&sent, leg);
        }
        let sent = host.of("agentUser");
        host.refuse(&sent, "invalid_client", 700_024);
    }
    assert_eq!(host.code(ask), Code::SignInAssertionOutOfTime);
    assert_eq!(host.sent.len(), 6);
}

#[test]
fn a_stale_t1_that_is_good_once_fresh_costs_nobody_anything() {
    let mut host = Host::new();
    host.ask(&agent_user(1));
    host.grant_all();
    let ask = host.ask_for(&agent_user(1), "https://vault.azure.net/.default", Default::default());
    let sent = host.only();
    host.refuse(&sent, "invalid_client", 700_024);
    assert_eq!(host.legs()[4..], ["exchange"]);
    host.grant_all();
    assert!(host.ended[&ask].is_ok());
    assert_eq!(host.legs()[4..], ["exchange", "userExchange", "agentUser"]);
}

#[test]
fn a_t1_that_ends_while_its_user_waits_is_got_again_before_the_next_try() {
    let mut host = Host::new();
    let ask = host.ask(&agent_user(1));
    for leg in ["exchange", "userExchange"] {
        let sent = host.of(leg);
        host.grant_with(&sent, leg, json!({"expires_in": 120}));
    }
    let sent = host.of("agentUser");
    host.answer(&sent, response(429, &[("Retry-After", "100")], &json!({})));
    host.pass(99.0);
    assert!(host.in_flight.is_empty());
    host.pass(1.5);
    assert_eq!(host.legs()[3..], ["exchange"]);
    host.grant_all();
    assert_eq!(host.legs()[3..], ["exchange", "userExchange", "agentUser"]);
    assert!(host.ended[&ask].is_ok());
}

#[test]
fn the_failure_of_t1_is_that_of_everyone_who_waits_for_it() {
    let mut host = Host::new();
    let asks = [host.ask(&agent_user(1)), host.ask(&agent_identity(1))];
    let sent = host.only();
    host.refuse(&sent, "invalid_client", 7_000_215);
    for ask in asks {
        assert_eq!(host.code(ask), Code::SignInSecretWrong);
    }
    // And nobody asks for it at once again.
    let ask = host.ask_for(&agent_user(1), "https://vault.azure.net/.default", Default::default());
    assert_eq!((host.code(ask), host.sent.len()), (Code::SignInSecretWrong, 1));
    host.pass(5.1);
    host.ask(&agent_user(1));
    assert_eq!(host.sent.len(), 2);
}

#[test]
fn each_try_shows_a_proof_of_its_own() {
    let mut host = Host::new();
    host.ask(&agent_identity(1));
    let first = host.only();
    host.lose(&first);
    host.pass(1.0);
    let second = host.only();
    assert_ne!(first.form["client_assertion"], second.form["client_assertion"]);
    assert_eq!(host.proofs, 2);
}
