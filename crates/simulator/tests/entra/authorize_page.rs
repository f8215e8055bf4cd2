//! Sign-in in a browser, with a proof key.

use crate::common::*;
use crate::signing::sha256;
use agentuser_core::http::{Method, Response};
use agentuser_simulator::entra::{Application, Redirect};
use agentuser_simulator::{Tenant, ids};
use serde_json::Value;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const REDIRECT: &str = "http://localhost:51234/";
const WEB: &str = "https://localhost/web";
const PAGE: &str = "http://localhost:3000/page";

fn with_approver() -> Tenant {
    tenant().sign_in(|entra| entra.set_approver(Some(ids::human(2))))
}

fn authorize(sim: &mut Sim, changes: &[(&str, &str)]) -> Response {
    let (client, challenge) = (text(ids::plain_app(2)), sha256(VERIFIER.as_bytes()));
    let fields = [
        ("client_id", client.as_str()),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("scope", "User.Read openid profile offline_access"),
        ("state", "st&te"),
        ("nonce", "n-1"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let owned: Vec<(String, String)> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let url = format!("{LOGIN}/{}/oauth2/v2.0/authorize?{}", sim.tenant, form(&with(&owned, changes)));
    sim.send(Method::Get, &url, &[], "")
}

/// The parameters with which the browser comes back.
fn back(answer: &Response) -> Value {
    assert_eq!(answer.status, 302, "{}", String::from_utf8_lossy(&answer.body));
    let location = answer.headers.get("Location").unwrap();
    let (to, query) = location.split_once(['?', '#']).unwrap();
    assert!(to.starts_with("http://localhost") || to.starts_with("https://localhost"), "{location}");
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
    pairs
        .map(|(name, value)| (name.to_owned(), Value::from(decode(value))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn redeem(sim: &mut Sim, code: &str, changes: &[(&str, &str)]) -> (u16, Value) {
    let fields = [
        ("client_id", text(ids::plain_app(2))),
        ("grant_type", "authorization_code".to_owned()),
        ("code", code.to_owned()),
        ("redirect_uri", REDIRECT.to_owned()),
        ("code_verifier", VERIFIER.to_owned()),
        ("client_info", "1".to_owned()),
    ];
    let fields: Vec<(String, String)> =
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    sim.token(&with(&fields, changes))
}

fn code(sim: &mut Sim) -> String {
    let answer = back(&authorize(sim, &[]));
    assert_eq!(answer["state"], "st&te");
    answer["code"].as_str().unwrap().to_owned()
}

#[test]
fn a_code_is_redeemed_once_with_its_proof() {
    let mut sim = Sim::new(with_approver());
    let code = code(&mut sim);
    assert_eq!(number_of(&redeem(&mut sim, &code, &[("code_verifier", &"y".repeat(43))]).1), 501_481);
    assert_eq!(number_of(&redeem(&mut sim, &code, &[("code_verifier", "")]).1), 900_144);
    assert_eq!(number_of(&redeem(&mut sim, &code, &[("redirect_uri", "http://localhost:1/")]).1), 50_011);
    let (status, answer) = redeem(&mut sim, &code, &[]);
    assert_eq!(status, 200, "{answer}");
    let id_token = claims(answer["id_token"].as_str().unwrap());
    assert_eq!((&id_token["nonce"], &id_token["aud"]), (&"n-1".into(), &text(ids::plain_app(2)).into()));
    assert_eq!(sim.get(answer["access_token"].as_str().unwrap(), "/me").1["id"], text(ids::human(2)));
    assert_eq!(number_of(&redeem(&mut sim, &code, &[]).1), 54_005);
    assert_eq!(number_of(&redeem(&mut sim, "1.unknown", &[]).1), 70_000);
}

#[test]
fn a_code_ends_and_is_one_client_s() {
    let mut sim = Sim::new(with_approver());
    let first = code(&mut sim);
    let manager = text(ids::plain_app(1));
    assert_eq!(number_of(&redeem(&mut sim, &first, &[("client_id", &manager)]).1), 70_000);
    sim.pass(600);
    assert_eq!(number_of(&redeem(&mut sim, &first, &[]).1), 70_008);
}

#[test]
fn the_page_asks_who_signs_in() {
    let mut sim = Sim::new(tenant());
    let page = authorize(&mut sim, &[]);
    assert_eq!(page.status, 200);
    let html = String::from_utf8(page.body.clone()).unwrap();
    assert!(html.contains("human3@contoso.com") && html.contains("st&amp;te"), "{html}");
    let approved =
        authorize(&mut sim, &[("simulator_decision", "approve"), ("simulator_user", "human3@contoso.com")]);
    let code = back(&approved)["code"].as_str().unwrap().to_owned();
    let (_, answer) = redeem(&mut sim, &code, &[]);
    assert_eq!(sim.get(answer["access_token"].as_str().unwrap(), "/me").1["id"], text(ids::human(3)));
    let denied = back(&authorize(&mut sim, &[("simulator_decision", "deny")]));
    assert_eq!((&denied["error"], &denied["state"]), (&"access_denied".into(), &"st&te".into()));
    assert!(denied["error_description"].as_str().unwrap().starts_with("AADSTS65004: "));
    let silent = back(&authorize(&mut sim, &[("prompt", "none")]));
    assert_eq!(silent["error"], "login_required");
    // A hint is a choice, where somebody approves.
    sim.directory.entra_mut().set_approver(Some(ids::human(2)));
    let hinted = back(&authorize(&mut sim, &[("login_hint", "human4@contoso.com")]));
    let (_, answer) = redeem(&mut sim, hinted["code"].as_str().unwrap(), &[]);
    assert_eq!(sim.get(answer["access_token"].as_str().unwrap(), "/me").1["id"], text(ids::human(4)));
}

#[test]
fn nothing_is_sent_to_an_address_that_is_not_registered() {
    let mut sim = Sim::new(with_approver());
    for (changes, number) in [
        (vec![("redirect_uri", "https://evil.example/")], "50011"),
        (vec![("redirect_uri", "http://localhost.evil.example/")], "50011"),
        (vec![("redirect_uri", "http://localhost/elsewhere")], "50011"),
        (vec![("redirect_uri", "http://localhost@evil.example/")], "50011"),
        (vec![("redirect_uri", "")], "900971"),
        (vec![("client_id", "")], "900144"),
        (vec![("client_id", &text(ids::nothing(1)))], "700016"),
        (vec![("client_id", &text(ids::identity(1)))], "82014"),
    ] {
        let answer = authorize(&mut sim, &changes);
        let page = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status, 400, "{changes:?}");
        assert!(page.contains(&format!("AADSTS{number}")), "{changes:?}: {page}");
        assert_eq!(answer.headers.get("Location"), None);
    }
    for good in ["http://127.0.0.1:8400/", "http://127.0.0.1:8400", "http://localhost"] {
        assert_eq!(authorize(&mut sim, &[("redirect_uri", good)]).status, 302, "{good}");
    }
    // An address elsewhere is never one, not even when it is registered.
    let app = Application::new(ids::plain_app(3)).redirect(Redirect::Web, "https://app.example/");
    let mut sim = Sim::new(with_approver().application(app));
    let client = text(ids::plain_app(3));
    let answer = authorize(&mut sim, &[("client_id", &client), ("redirect_uri", "https://app.example/")]);
    assert_eq!(answer.status, 400);
}

#[test]
fn mistakes_come_back_with_the_browser() {
    let mut sim = Sim::new(with_approver());
    for (changes, error, number) in [
        (vec![("response_type", "token")], "unsupported_response_type", "70005"),
        (vec![("response_mode", "web_message")], "invalid_request", "70007"),
        (vec![("scope", "No.Such.Scope")], "invalid_scope", "70011"),
        (vec![("scope", "")], "invalid_request", "900144"),
        (vec![("code_challenge", "short")], "invalid_request", "501491"),
        (vec![("scope", "User.Read.All")], "access_denied", "90094"),
    ] {
        let answer = back(&authorize(&mut sim, &changes));
        assert_eq!(answer["error"], error, "{changes:?}");
        let text = answer["error_description"].as_str().unwrap();
        assert!(text.starts_with(&format!("AADSTS{number}: ")), "{text}");
    }
    let fragment = authorize(&mut sim, &[("response_mode", "fragment")]);
    assert!(fragment.headers.get("Location").unwrap().contains("#code="));
    let posted = authorize(&mut sim, &[("response_mode", "form_post")]);
    assert!(String::from_utf8_lossy(&posted.body).contains("name=\"code\""));
}

#[test]
fn the_kind_of_the_address_says_who_may_redeem() {
    let secret = "s-1";
    let app = Application::new(ids::plain_app(3)).secret(secret);
    let app = app.redirect(Redirect::Web, WEB).redirect(Redirect::SinglePage, PAGE);
    let app = app.redirect(Redirect::Public, "http://localhost");
    let mut sim = Sim::new(with_approver().application(app));
    let client = text(ids::plain_app(3));
    let code = |sim: &mut Sim, redirect: &str| {
        let answer = back(&authorize(sim, &[("client_id", &client), ("redirect_uri", redirect)]));
        answer["code"].as_str().unwrap().to_owned()
    };
    // A server's, with its secret.
    let web = code(&mut sim, WEB);
    let changes = [("client_id", client.as_str()), ("redirect_uri", WEB)];
    assert_eq!(number_of(&redeem(&mut sim, &web, &changes).1), 7_000_218);
    let with_secret = [changes[0], changes[1], ("client_secret", secret)];
    assert_eq!(redeem(&mut sim, &web, &with_secret).0, 200);
    // A program's, whose application does not allow it.
    let public = code(&mut sim, "http://localhost");
    let changes = [("client_id", client.as_str()), ("redirect_uri", "http://localhost")];
    assert_eq!(number_of(&redeem(&mut sim, &public, &changes).1), 7_000_218);
    // A page's, with its origin, for a day.
    let page = code(&mut sim, PAGE);
    let fields = [
        ("client_id", client.as_str()),
        ("grant_type", "authorization_code"),
        ("code", &page),
        ("redirect_uri", PAGE),
        ("code_verifier", VERIFIER),
    ];
    assert_eq!(sim.number(&fields), 9_002_327);
    let url = format!("{LOGIN}/contoso.com/oauth2/v2.0/token");
    let headers =
        [("Content-Type", "application/x-www-form-urlencoded"), ("Origin", "http://localhost:3000")];
    let answer = json_of(&sim.send(Method::Post, &url, &headers, &form(&fields)));
    let token = answer["refresh_token"].as_str().unwrap().to_owned();
    let renew = [("client_id", client.as_str()), ("grant_type", "refresh_token"), ("refresh_token", &token)];
    assert_eq!(sim.send(Method::Post, &url, &headers, &form(&renew)).status, 200);
    sim.pass(24 * 3_600);
    let late = json_of(&sim.send(Method::Post, &url, &headers, &form(&renew)));
    assert_eq!(number_of(&late), 700_084);
    // A page with a code that is not a page's.
    sim.directory.entra_mut().change(ids::plain_app(3), Application::public_flows);
    let public = code(&mut sim, "http://localhost");
    let fields = [fields[0], fields[1], ("code", &public), ("redirect_uri", "http://localhost"), fields[4]];
    assert_eq!(number_of(&json_of(&sim.send(Method::Post, &url, &headers, &form(&fields)))), 9_002_326);
    // Without a proof key no page gets a code.
    let bare =
        back(&authorize(&mut sim, &[("client_id", &client), ("redirect_uri", PAGE), ("code_challenge", "")]));
    assert!(bare["error_description"].as_str().unwrap().starts_with("AADSTS9002325"));
}
