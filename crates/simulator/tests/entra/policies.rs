//! Conditional Access: a block, claims at the sign-in, claims at Graph.

use crate::common::*;
use agentuser_core::http::{Headers, Method, Request};
use agentuser_simulator::entra::{Effect, Policy};
use agentuser_simulator::ids;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

fn policy(effect: Effect) -> Policy {
    Policy { name: "c1".to_owned(), user: Some(ids::agent_user(1)), client: None, effect }
}

#[test]
fn a_block_is_a_block() {
    for number in [53_003, 530_035] {
        let mut sim = Sim::new(tenant().sign_in(|entra| entra.add_policy(policy(Effect::Block(number)))));
        let form = sim.user_form(AGENT);
        let (status, answer) = sim.token(&pairs(&form));
        assert_eq!((status, number_of(&answer)), (400, number.into()));
        assert_eq!(
            (&answer["error"], &answer["suberror"]),
            (&"invalid_grant".into(), &"message_only".into())
        );
        sim.directory.entra_mut().clear_policies();
        assert_eq!(sim.token(&pairs(&form)).0, 200);
    }
}

#[test]
fn claims_at_the_sign_in() {
    let mut sim =
        Sim::new(tenant().sign_in(|entra| entra.add_policy(policy(Effect::ClaimsAtSignIn(50_076)))));
    let form = sim.user_form(AGENT);
    let (status, answer) = sim.token(&pairs(&form));
    assert_eq!((status, number_of(&answer), &answer["error"]), (400, 50_076, &"interaction_required".into()));
    let claims = answer["claims"].as_str().unwrap();
    let carried = with(&form, &[("claims", claims)]);
    assert_eq!(sim.token(&carried).0, 200);
    let other = with(&form, &[("claims", r#"{"access_token":{"polids":{"values":["c2"]}}}"#)]);
    assert_eq!(sim.token(&other).0, 400);
    assert_eq!(sim.token(&with(&form, &[("claims", "not JSON")])).1["error"], "invalid_request");
}

#[test]
fn claims_at_graph() {
    let mut sim = Sim::new(tenant().sign_in(|entra| entra.add_policy(policy(Effect::ClaimsAtGraph))));
    let form = sim.user_form(AGENT);
    let token = sim.good(&pairs(&form));
    let request = Request {
        method: Method::Get,
        url: format!("{GRAPH}/v1.0/me"),
        headers: Headers::new(),
        body: Vec::new(),
    };
    let answer = sim.directory.handle(sim.now, Some(&format!("Bearer {token}")), &request);
    assert_eq!(answer.status, 401);
    let challenge = answer.headers.get("WWW-Authenticate").unwrap();
    let encoded = challenge.split("claims=\"").nth(1).unwrap().trim_end_matches('"');
    let claims = String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap();
    let token = sim.good(&with(&form, &[("claims", &claims)]));
    assert_eq!(sim.get(&token, "/me").0, 200);
    assert_eq!(sim.get("admin", "/users").0, 200, "tokens that Entra did not give have no policies");
}

#[test]
fn whom_a_policy_is_for() {
    let (user, client) = (ids::agent_user(1), ids::identity_app(1));
    let one = |user, client| Policy { name: "c1".to_owned(), user, client, effect: Effect::Block(53_003) };
    for (policy, app_token, user_token) in [
        (one(None, None), 400, 400),
        (one(Some(user), None), 200, 400),
        (one(None, Some(client)), 400, 400),
        (one(Some(ids::human(1)), None), 200, 200),
        (one(None, Some(ids::identity_app(2))), 200, 200),
    ] {
        let mut sim = Sim::new(tenant());
        let form = sim.user_form(AGENT);
        let t1 = sim.exchange(1, 1);
        sim.directory.entra_mut().add_policy(policy.clone());
        assert_eq!(sim.token(&pairs(&form)).0, user_token, "{policy:?}");
        let id = text(ids::identity(1));
        let mut fields = by(&id, &t1, "client_credentials");
        fields.push(("scope", GRAPH_SCOPE));
        assert_eq!(sim.token(&fields).0, app_token, "{policy:?}");
    }
}
