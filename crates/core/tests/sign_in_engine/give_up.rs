//! Asks that are given up.

use crate::common::{Host, agent_identity, agent_user, application, person};
use agentuser_core::sign_in::Prompt;
use agentuser_core::sign_in::acquisition::{DemandAnswer, DemandKind};
use agentuser_core::sign_in::{Proof, Secret};
use serde_json::json;

#[test]
fn the_last_one_to_give_up_ends_the_fetch() {
    let mut host = Host::new();
    let (one, other) = (host.ask(&application()), host.ask(&application()));
    let sent = host.in_flight[0].clone();
    host.engine.give_up(one);
    host.run();
    assert!(host.aborted.is_empty());
    host.engine.give_up(other);
    host.run();
    assert_eq!(host.aborted, [sent.id]);
    assert!(host.engine.is_idle() && host.ended.is_empty());
    // Its answer comes all the same, and is not taken.
    host.grant(&sent, "late");
    host.ask(&application());
    assert_eq!(host.in_flight.len(), 1);
}

#[test]
fn a_chain_that_is_given_up_leaves_what_others_need() {
    let mut host = Host::new();
    let user = host.ask(&agent_user(1));
    let identity = host.ask(&agent_identity(1));
    host.engine.give_up(user);
    host.run();
    assert!(host.aborted.is_empty());
    host.grant_all();
    assert!(host.ended[&identity].is_ok() && !host.ended.contains_key(&user));
    assert_eq!(host.legs(), ["exchange", "agentIdentity"]);
    let user = host.ask(&agent_user(2));
    host.engine.give_up(user);
    host.run();
    assert_eq!(host.aborted.len(), 1, "T1 was for that one alone");
}

#[test]
fn an_ask_that_is_given_up_before_its_first_poll_begins_nothing() {
    let mut host = Host::new();
    let scopes = agentuser_core::sign_in::Scopes::new([super::common::GRAPH]).unwrap();
    let wanted = agentuser_core::sign_in::acquisition::Wanted { sign_in: application(), scopes };
    let ask = host.engine.ask(&wanted, Default::default()).unwrap();
    host.engine.give_up(ask);
    host.run();
    assert!(host.sent.is_empty() && host.ended.is_empty() && host.engine.is_idle());
}

#[test]
fn a_demand_for_nobody_is_withdrawn_and_takes_no_answer() {
    let mut host = Host::new();
    host.proves = false;
    let ask = host.ask(&application());
    let demand = host.demands.remove(0);
    assert_eq!(demand.asks, [ask]);
    host.engine.give_up(ask);
    host.run();
    assert_eq!(host.withdrawn, [demand.id]);
    host.engine.meet(demand.id, Ok(DemandAnswer::Proof(Proof::Secret(Secret::from("late".to_owned())))));
    host.run();
    assert!(host.sent.is_empty());
}

#[test]
fn a_person_who_is_not_waited_for_is_not_asked_any_more() {
    let mut host = Host::new();
    let ask = host.ask(&person(Prompt::DeviceCode));
    let sent = host.only();
    let codes = json!({"device_code": "SECRET-device", "user_code": "ABC", "verification_uri": "https://a.example",
        "expires_in": 900, "interval": 5});
    host.answer(&sent, super::common::response(200, &[], &codes));
    assert!(matches!(host.demands[0].kind, DemandKind::ShowDeviceCode { .. }));
    host.engine.give_up(ask);
    host.run();
    assert_eq!(host.withdrawn, [host.demands[0].id]);
    host.pass(1000.0);
    assert_eq!((host.sent.len(), host.next_poll), (1, None));
}

#[test]
fn a_renewal_before_the_time_goes_on_for_nobody() {
    let mut host = Host::new();
    host.ask(&application());
    let sent = host.only();
    host.grant_with(&sent, "one", json!({"refresh_in": 1000}));
    host.pass(2000.0);
    let ask = host.ask(&application());
    host.engine.give_up(ask);
    host.run();
    assert!(host.aborted.is_empty());
    let sent = host.only();
    host.grant(&sent, "two");
    let ask = host.ask(&application());
    assert_eq!(host.token(ask), "two");
}
