//! Sign-in on another device.

use crate::common::*;
use agentuser_core::http::Method;
use agentuser_simulator::ids;
use serde_json::Value;

fn begin(sim: &mut Sim, scope: &str) -> Value {
    let client = text(ids::plain_app(2));
    sim.post("oauth2/v2.0/devicecode", &[("client_id", &client), ("scope", scope)]).1
}

fn look(sim: &mut Sim, code: &Value) -> (u16, Value) {
    let client = text(ids::plain_app(2));
    let code = code["device_code"].as_str().unwrap();
    sim.token(&[("client_id", &client), ("grant_type", DEVICE_CODE), ("device_code", code)])
}

#[test]
fn a_person_approves() {
    let mut sim = Sim::new(tenant());
    let code = begin(&mut sim, "User.Read openid profile offline_access");
    assert_eq!((&code["expires_in"], &code["interval"]), (&900.into(), &5.into()));
    let (uri, user_code) = (code["verification_uri"].as_str().unwrap(), code["user_code"].as_str().unwrap());
    assert!(code["message"].as_str().unwrap().contains(user_code) && uri.starts_with(LOGIN));
    let (status, pending) = look(&mut sim, &code);
    assert_eq!(
        (status, &pending["error"], number_of(&pending)),
        (400, &"authorization_pending".into(), 70_016)
    );
    sim.pass(5);
    assert_eq!(look(&mut sim, &code).1["error"], "authorization_pending");
    // At the page, as a browser does.
    let page = sim.send(Method::Get, uri, &[], "");
    assert!(String::from_utf8_lossy(&page.body).contains("human2@contoso.com"));
    let approve = format!("{uri}?code={user_code}&user=human2%40contoso.com&decision=approve");
    assert!(String::from_utf8_lossy(&sim.send(Method::Get, &approve, &[], "").body).contains("Done."));
    sim.pass(5);
    let (status, answer) = look(&mut sim, &code);
    assert_eq!(status, 200, "{answer}");
    assert_eq!(sim.get(answer["access_token"].as_str().unwrap(), "/me").1["id"], text(ids::human(2)));
    assert_eq!(claims(answer["id_token"].as_str().unwrap())["name"], "Human 2");
    assert_eq!(look(&mut sim, &code).1["error"], "bad_verification_code", "a code gives one token");
}

#[test]
fn looks_that_come_too_often_are_slowed_down() {
    let mut sim = Sim::new(tenant());
    let code = begin(&mut sim, "User.Read");
    for (wait, expected) in [
        (0, "authorization_pending"),
        (4, "slow_down"),
        // Ten seconds from now on.
        (6, "slow_down"),
        (15, "authorization_pending"),
    ] {
        sim.pass(wait);
        assert_eq!(look(&mut sim, &code).1["error"], expected, "after {wait} s");
    }
}

#[test]
fn a_person_declines_or_comes_too_late() {
    let mut sim = Sim::new(tenant());
    let code = begin(&mut sim, "User.Read");
    let user_code = code["user_code"].as_str().unwrap().to_owned();
    assert!(sim.directory.decline_device_code(sim.now, &user_code.to_lowercase()));
    assert_eq!(look(&mut sim, &code).1["error"], "authorization_declined");
    assert!(!sim.directory.approve_device_code(sim.now, &user_code, ids::human(1)), "it was declined");

    let code = begin(&mut sim, "User.Read");
    sim.pass(900);
    let late = look(&mut sim, &code).1;
    assert_eq!((&late["error"], number_of(&late)), (&"expired_token".into(), 70_020));
    let user_code = code["user_code"].as_str().unwrap();
    assert!(!sim.directory.approve_device_code(sim.now, user_code, ids::human(1)));
    for (code, number) in [(user_code, "AADSTS70019"), ("XXXX", "AADSTS70018")] {
        let fields = [("code", code), ("user", "human1@contoso.com"), ("decision", "approve")];
        let url = format!("{LOGIN}/common/oauth2/deviceauth?{}", form(&fields));
        let page = sim.send(Method::Get, &url, &[], "");
        assert!(String::from_utf8_lossy(&page.body).contains(number));
    }
    let unknown = serde_json::json!({"device_code": "x"});
    assert_eq!(number_of(&look(&mut sim, &unknown).1), 70_018);
}

#[test]
fn only_a_public_client_may() {
    let mut sim = Sim::new(tenant());
    let code = begin(&mut sim, "User.Read");
    let (manager, device_code) = (text(ids::plain_app(1)), code["device_code"].as_str().unwrap());
    let fields = [("client_id", manager.as_str()), ("grant_type", DEVICE_CODE), ("device_code", device_code)];
    assert_eq!(sim.number(&fields), 7_000_218);
    let identity = text(ids::identity(1));
    let refused = sim.post("oauth2/v2.0/devicecode", &[("client_id", &identity), ("scope", "User.Read")]).1;
    assert_eq!(number_of(&refused), 82_014);
}

#[test]
fn what_only_an_admin_may_consent_to() {
    let mut sim = Sim::new(tenant());
    for (person, expected) in [(2, false), (1, true)] {
        let code = begin(&mut sim, "Directory.AccessAsUser.All");
        let user_code = code["user_code"].as_str().unwrap();
        assert_eq!(sim.directory.approve_device_code(sim.now, user_code, ids::human(person)), expected);
        if expected {
            let token = look(&mut sim, &code).1["access_token"].as_str().unwrap().to_owned();
            assert_eq!(claims(&token)["scp"], "Directory.AccessAsUser.All");
            // Tokens with this scope are refused where agent users are managed.
            assert_eq!(sim.get(&token, "/users/microsoft.graph.agentUser").0, 403);
        }
    }
}
