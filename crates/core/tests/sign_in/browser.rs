//! Sign-ins in a browser: the page that is opened, and what it brings back.

use crate::common::*;
use agentuser_core::problem::Code;
use agentuser_core::sign_in::{Authorization, ConsentFor, Leg, admin_consent_url};

fn authorization() -> Authorization {
    let random: [u8; 64] = std::array::from_fn(|at| u8::try_from(at).unwrap());
    Authorization::new(app(), scopes(), "http://localhost:49152".to_owned(), &random)
}

/// The members of a URL's query.
fn query(url: &str) -> Vec<(String, String)> {
    fields(url.split_once('?').unwrap().1.as_bytes())
}

fn of<'a>(query: &'a [(String, String)], name: &str) -> &'a str {
    &query.iter().find(|(known, _)| known == name).unwrap().1
}

#[test]
fn the_page_has_the_challenge_and_not_its_verifier() {
    let url = authorization().url(&login(), &tenant(), Some("{}"));
    assert!(url.starts_with("https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize?"), "{url}");
    let sent = query(&url);
    for (name, value) in [
        ("client_id", APP),
        ("response_type", "code"),
        ("response_mode", "query"),
        ("redirect_uri", "http://localhost:49152"),
        ("scope", "openid profile offline_access https://graph.microsoft.com/.default"),
        ("code_challenge_method", "S256"),
        ("prompt", "select_account"),
        ("claims", "{}"),
        ("state", "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"),
        // SHA-256 of AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8, made by `openssl dgst -sha256`.
        ("code_challenge", CHALLENGE),
    ] {
        assert_eq!(of(&sent, name), value, "{name}");
    }
    assert_eq!(sent.len(), 10);
    assert!(!format!("{:?}", authorization()).contains("ICEi"), "the state is shown");
}

const CHALLENGE: &str = "6oZqdX5MOLq_qBJ8vppAnT4fk6AP8UiP9zX8-Rev_9A";

#[test]
fn a_code_becomes_a_leg() {
    let state = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8";
    let read = |query: &str| authorization().leg(query);
    let leg = read(&format!("code=0.AX%2Bx&state={state}&session_state=7#frag")).unwrap().unwrap();
    let Leg::Code { code, verifier, redirect_uri, .. } = leg else { panic!() };
    assert_eq!(code.expose(), "0.AX+x");
    assert_eq!(verifier.expose(), "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
    assert_eq!(redirect_uri, "http://localhost:49152");

    // Another page can send the browser to a port of this machine.
    for foreign in [
        "",
        "code=x",
        "code=x&state=y",
        "error=access_denied&state=y",
        &format!("code=x&state={state}&state={state}"),
    ] {
        assert!(read(foreign).unwrap().is_none(), "{foreign}");
    }
    for (query, code, said) in [
        ("error=access_denied&error_subcode=cancel", Code::SignInDeclined, None),
        (
            "error=access_denied&error_description=AADSTS65004%3a+User+declined+to+consent.",
            Code::SignInDeclined,
            Some("AADSTS65004: User declined to consent."),
        ),
        ("error=server_error", Code::SignInUnavailable, None),
        (
            "error=invalid_request&error_description=AADSTS90002%3A%20No.",
            Code::SignInTenantUnknown,
            Some("AADSTS90002: No."),
        ),
        ("error=never_heard_of", Code::SignInRefused, None),
        ("session_state=7", Code::BadAnswer, None),
        ("code=", Code::BadAnswer, None),
    ] {
        let problem = read(&format!("{query}&state={state}")).unwrap_err();
        assert_eq!(
            (problem.code(), problem.graph_message(), problem.status()),
            (code, said, None),
            "{query}"
        );
    }
}

#[test]
fn an_admin_consents_for_blueprints_alone() {
    let url = |of| {
        let roles = ["AgentIdUser.ReadWrite.IdentityParentedBy"];
        admin_consent_url(&login(), &tenant(), of, &roles, &["User.Read", "Mail.Read"], None, Some("a b"))
    };
    let made = url(ConsentFor::Blueprint(app())).unwrap();
    assert!(made.starts_with("https://login.microsoftonline.com/contoso.com/v2.0/adminconsent?"), "{made}");
    assert_eq!(
        query(&made),
        [
            ("client_id", APP),
            ("role", "AgentIdUser.ReadWrite.IdentityParentedBy"),
            ("scope", "User.Read Mail.Read"),
            ("redirect_uri", "https://entra.microsoft.com/TokenAuthorize"),
            ("state", "a b"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    let refused = url(ConsentFor::AgentIdentity(identity())).unwrap_err();
    assert_eq!(refused.code(), Code::SignInNoInteractiveConsent);
    let nothing = admin_consent_url(&login(), &tenant(), ConsentFor::Blueprint(app()), &[], &[], None, None);
    assert_eq!(nothing.unwrap_err().code(), Code::Invalid);
}
