//! Refresh tokens: they rotate, end, and are revoked; and so are access tokens.

use crate::common::*;
use agentuser_core::http::Method;
use agentuser_simulator::{Switches, ids};
use serde_json::Value;
use std::time::Duration;

/// A person's session, by the code of a device.
fn session(sim: &mut Sim, person: u32) -> Value {
    let client = text(ids::plain_app(2));
    let scope = "User.Read openid profile offline_access";
    let (status, code) = sim.post("oauth2/v2.0/devicecode", &[("client_id", &client), ("scope", scope)]);
    assert_eq!(status, 200, "{code}");
    assert!(sim.directory.approve_device_code(
        sim.now,
        code["user_code"].as_str().unwrap(),
        ids::human(person)
    ));
    let device_code = code["device_code"].as_str().unwrap();
    let fields = [("client_id", client.as_str()), ("grant_type", DEVICE_CODE), ("device_code", device_code)];
    let (status, answer) = sim.token(&fields);
    assert_eq!(status, 200, "{answer}");
    answer
}

fn refresh(sim: &mut Sim, answer: &Value) -> (u16, Value) {
    let client = text(ids::plain_app(2));
    let token = answer["refresh_token"].as_str().unwrap();
    sim.token(&[("client_id", &client), ("grant_type", "refresh_token"), ("refresh_token", token)])
}

#[test]
fn each_use_gives_another_one() {
    let mut sim = Sim::new(tenant());
    let first = session(&mut sim, 2);
    let (_, second) = refresh(&mut sim, &first);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_eq!(sim.get(second["access_token"].as_str().unwrap(), "/me").1["id"], text(ids::human(2)));
    // The older one stays good.
    assert_eq!(refresh(&mut sim, &first).0, 200);
    // It is of no use to another client, and nobody else's text is.
    let token = first["refresh_token"].as_str().unwrap();
    let other = text(ids::plain_app(1));
    let fields = [("client_id", other.as_str()), ("grant_type", "refresh_token"), ("refresh_token", token)];
    assert_eq!(sim.number(&fields), 70_000);
    let client = text(ids::plain_app(2));
    let fields = [("client_id", client.as_str()), ("grant_type", "refresh_token"), ("refresh_token", "1.x")];
    assert_eq!(sim.number(&fields), 70_000);
    // A public client shows no secret.
    let fields = [
        ("client_id", client.as_str()),
        ("grant_type", "refresh_token"),
        ("refresh_token", token),
        ("client_secret", "x"),
    ];
    assert_eq!(sim.number(&fields), 700_025);
}

#[test]
fn it_ends() {
    let day = 24 * 3_600;
    let mut sim = Sim::new(tenant());
    let first = session(&mut sim, 2);
    sim.pass(89 * day);
    let (_, second) = refresh(&mut sim, &first);
    sim.pass(2 * day);
    assert_eq!(number_of(&refresh(&mut sim, &first).1), 700_082, "unused for 90 days");
    assert_eq!(refresh(&mut sim, &second).0, 200);
    sim.directory.entra_mut().set_sign_in_frequency(Some(Duration::from_secs(day)));
    assert_eq!(number_of(&refresh(&mut sim, &second).1), 70_043, "the person must sign in each day");
}

#[test]
fn revoked_sessions_are_over_and_so_are_their_tokens() {
    let mut sim = Sim::new(tenant());
    let first = session(&mut sim, 2);
    let access = first["access_token"].as_str().unwrap();
    assert_eq!(sim.get(access, "/me").0, 200);
    let url = format!("{GRAPH}/v1.0/users/{}/revokeSignInSessions", ids::human(2));
    let request = agentuser_core::http::Request {
        method: Method::Post,
        url,
        headers: agentuser_core::http::Headers::new(),
        body: Vec::new(),
    };
    assert_eq!(sim.directory.handle(sim.now, Some("Bearer admin"), &request).status, 200);
    let (status, refused) = refresh(&mut sim, &first);
    assert_eq!((status, number_of(&refused), &refused["suberror"]), (400, 50_173, &"bad_token".into()));
    let me =
        agentuser_core::http::Request { url: format!("{GRAPH}/v1.0/me"), method: Method::Get, ..request };
    let answer = sim.directory.handle(sim.now, Some(&format!("Bearer {access}")), &me);
    assert_eq!(answer.status, 401);
    let challenge = answer.headers.get("WWW-Authenticate").unwrap();
    assert!(challenge.contains("insufficient_claims") && challenge.contains("claims=\""), "{challenge}");
    // Another person's, and a new session, are as good as ever, in the same moment.
    for person in [2, 3] {
        let again = session(&mut sim, person);
        assert_eq!(sim.get(again["access_token"].as_str().unwrap(), "/me").0, 200);
        assert_eq!(refresh(&mut sim, &again).0, 200);
    }
}

#[test]
fn an_agent_user_s_sessions_are_revoked_too() {
    let mut sim = Sim::new(tenant());
    let form = sim.user_form(AGENT);
    let token = sim.good(&pairs(&form));
    let request = agentuser_core::http::Request {
        method: Method::Post,
        url: format!("{GRAPH}/v1.0/users/{}/revokeSignInSessions", ids::agent_user(1)),
        headers: agentuser_core::http::Headers::new(),
        body: Vec::new(),
    };
    assert_eq!(sim.directory.handle(sim.now, Some("Bearer admin"), &request).status, 200);
    assert_eq!(sim.get(&token, "/me").0, 401);
    let again = sim.good(&pairs(&form));
    assert_eq!(sim.get(&again, "/me").0, 200);
}

#[test]
fn the_grant_of_agent_users_may_give_none() {
    for given in [true, false] {
        let switches = Switches { user_fic_refresh_token: given, ..Switches::default() };
        let mut sim = Sim::new(tenant().switches(switches));
        let form = sim.user_form(AGENT);
        assert_eq!(sim.token(&pairs(&form)).1["refresh_token"].is_string(), given);
        let plain = with(&form, &[("scope", GRAPH_SCOPE)]);
        let (_, answer) = sim.token(&plain);
        assert!(answer["refresh_token"].is_null() && answer["id_token"].is_null(), "it was not asked for");
    }
}
