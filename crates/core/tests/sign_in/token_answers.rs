//! The meaning of an answer to a leg.

use crate::common::*;
use agentuser_core::http::{Headers, Response};
use agentuser_core::problem::Code;
use agentuser_core::sign_in::{Leg, Reply, Token};
use base64::Engine as _;
use proptest::prelude::*;
use serde_json::json;
use std::time::Duration;

fn leg() -> Leg {
    Leg::AgentIdentity { identity: identity(), t1: secret("t1"), scopes: scopes() }
}

fn token(body: &serde_json::Value) -> Result<Token, Reply> {
    match leg().read(&response(200, body.to_string())) {
        Reply::Token(token) => Ok(*token),
        other => Err(other),
    }
}

fn refusal(error: &str, number: u32) -> String {
    let description = format!("AADSTS{number}: No. Trace ID: 6b1a2c3d-0000-4000-8000-00000000000a");
    json!({"error": error, "error_description": description, "error_codes": [number]}).to_string()
}

#[test]
fn a_token_is_read_with_numbers_as_numbers_and_as_texts() {
    for (expires_in, refresh_in) in [(json!(3599), json!(1800)), (json!("3599"), json!(" 1800 "))] {
        let body = json!({
            "token_type": "bearer", "access_token": "top-secret", "expires_in": expires_in, "refresh_in": refresh_in,
            "refresh_token": "top-refresh", "scope": "User.Read Mail.Read", "foo": {"bar": [1]},
        });
        let token = token(&body).unwrap();
        assert_eq!(token.secret.expose(), "top-secret");
        assert_eq!(token.refresh_token.as_ref().unwrap().expose(), "top-refresh");
        assert_eq!(token.expires_in, Some(Duration::from_secs(3599)));
        assert_eq!(token.refresh_in, Some(Duration::from_secs(1800)));
        assert_eq!(token.scope.as_deref(), Some("User.Read Mail.Read"));
        let shown = format!("{token:?}");
        assert!(!shown.contains("top-"), "{shown}");
    }
}

#[test]
fn a_token_that_lives_long_is_renewed_at_half_of_its_life() {
    for (expires_in, refresh_in, wanted) in [
        (json!(7200), json!(null), None),
        (json!(7201), json!(null), Some(Duration::from_millis(3_600_500))),
        (json!("86400"), json!(null), Some(Duration::from_secs(43_200))),
        (json!(86400), json!(100), Some(Duration::from_secs(100))),
        (json!(null), json!(null), None),
        (json!(-1), json!(true), None),
        (json!(1.5), json!([1]), None),
    ] {
        let body = json!({
            "token_type": "Bearer", "access_token": "x", "expires_in": expires_in, "refresh_in": refresh_in,
        });
        assert_eq!(token(&body).unwrap().refresh_in, wanted, "{body}");
    }
}

#[test]
fn an_id_token_names_the_account_for_display() {
    let claims = json!({"preferred_username": "agent@contoso.com", "oid": USER, "tid": APP}).to_string();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims);
    for (id_token, name) in [
        (format!("e30.{claims}.c2ln"), Some("agent@contoso.com")),
        (format!("e30.{claims}=="), Some("agent@contoso.com")),
        ("e30.e30.x".to_owned(), None),
        ("not a token".to_owned(), None),
        (String::new(), None),
    ] {
        let body = json!({"token_type": "Bearer", "access_token": "x", "id_token": id_token});
        let account = token(&body).unwrap().account;
        assert_eq!(account.as_ref().and_then(|account| account.name.as_deref()), name, "{id_token}");
    }
}

#[test]
fn what_is_not_a_token_may_be_one_the_next_time() {
    for body in [
        "",
        "null",
        "[]",
        "{}",
        "<html>",
        r#"{"access_token":"x"}"#,
        r#"{"token_type":"Bearer","access_token":""}"#,
        r#"{"token_type":"pop","access_token":"x"}"#,
        r#"{"token_type":"Bearer","access_token":7}"#,
        r#"{"token_type":"Bearer","access_token":"x""#,
    ] {
        let Reply::Again(problem) = leg().read(&response(200, body)) else { panic!("{body}") };
        assert_eq!(problem.code(), Code::BadAnswer, "{body}");
    }
}

#[test]
fn refusals_end_it_and_faults_do_not() {
    for (status, error, number, code) in [
        (401, "invalid_client", 7_000_215, Code::SignInSecretWrong),
        (400, "invalid_grant", 65_001, Code::SignInConsentMissing),
        (400, "unauthorized_client", 700_016, Code::SignInClientUnknown),
        (400, "invalid_grant", 50_173, Code::SignInOver),
        (400, "interaction_required", 50_076, Code::SignInMfaNeeded),
        (400, "server_error", 50_000, Code::SignInUpnAsUserId),
        (500, "server_error", 50_000, Code::SignInUpnAsUserId),
    ] {
        let Reply::Refused { problem, .. } = leg().read(&response(status, refusal(error, number))) else {
            panic!("{number}")
        };
        assert_eq!(
            (problem.code(), problem.status(), problem.claims()),
            (code, Some(status), None),
            "{number}"
        );
    }
    for (status, body, code) in [
        (502, "<html>Bad gateway</html>".to_owned(), Code::SignInUnavailable),
        (503, refusal("temporarily_unavailable", 90_006), Code::SignInUnavailable),
        (500, String::new(), Code::SignInUnavailable),
        (429, String::new(), Code::Throttled),
        (400, "<html>".to_owned(), Code::BadAnswer),
    ] {
        let Reply::Again(problem) = leg().read(&response(status, &body)) else { panic!("{body}") };
        assert_eq!((problem.code(), problem.status()), (code, Some(status)), "{body}");
    }
}

#[test]
fn a_server_says_how_long_to_wait() {
    let mut headers = Headers::new();
    headers.push("Retry-After", "7");
    let Reply::Again(problem) = leg().read(&Response { status: 429, headers, body: Vec::new() }) else {
        panic!()
    };
    assert_eq!(problem.retry_after(), Some(Duration::from_secs(7)));
}

#[test]
fn an_assertion_out_of_its_time_is_got_afresh() {
    let stale = response(401, refusal("invalid_client", 700_024));
    for leg in legs() {
        let has_assertion = fields(&leg.request(&login(), &tenant(), None).body)
            .iter()
            .any(|(name, _)| name == "client_assertion");
        match leg.read(&stale) {
            Reply::Stale(_) => assert!(has_assertion, "{}", leg.name()),
            Reply::Refused { .. } => assert!(!has_assertion, "{}", leg.name()),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_challenge_brings_its_claims() {
    let claims = r#"{"access_token":{"capolids":{"essential":true,"values":["1"]}}}"#;
    for (body, code) in [
        (json!({"error": "interaction_required", "claims": claims}), Code::ClaimsChallenge),
        (
            json!({"error": "invalid_grant", "suberror": "basic_action", "claims": claims}),
            Code::ClaimsChallenge,
        ),
        (
            json!({"error": "interaction_required", "error_codes": [50_076], "claims": claims}),
            Code::SignInMfaNeeded,
        ),
    ] {
        let Reply::Refused { problem, .. } = leg().read(&response(400, body.to_string())) else {
            panic!("{body}")
        };
        assert_eq!((problem.code(), problem.claims()), (code, Some(claims)));
        assert_eq!(serde_json::to_value(&problem).unwrap()["claims"], claims);
    }
}

#[test]
fn a_device_code_is_waited_for() {
    let start = Leg::DeviceCode { client_id: app(), scopes: scopes() };
    let body = json!({
        "device_code": "top-device", "user_code": "FJC3-DSAT", "verification_uri": "https://microsoft.com/devicelogin",
        "expires_in": "900", "message": "To sign in,\nuse a web browser.",
    });
    let Reply::DeviceCode(code) = start.read(&response(200, body.to_string())) else { panic!() };
    assert_eq!((code.user_code.as_str(), code.device_code.expose()), ("FJC3-DSAT", "top-device"));
    assert_eq!((code.expires_in.as_secs(), code.interval.as_secs()), (900, 5));
    assert_eq!(code.message.as_deref(), Some("To sign in, use a web browser."));
    assert!(!format!("{code:?}").contains("top-"));
    for page in ["http://example.com/login", "javascript:alert(1)", "https://", "file:///etc/passwd", ""] {
        let mut body = body.clone();
        body["verification_uri"] = page.into();
        let Reply::Again(problem) = start.read(&response(200, body.to_string())) else { panic!("{page}") };
        assert_eq!(problem.code(), Code::BadAnswer, "{page}");
    }
    let poll = Leg::DeviceToken { client_id: app(), device_code: secret("top-device") };
    for (error, slower) in [("authorization_pending", false), ("slow_down", true)] {
        let Reply::Pending { slower: read } = poll.read(&response(400, refusal(error, 70_016))) else {
            panic!("{error}")
        };
        assert_eq!(read, slower);
    }
    for (error, code) in [
        ("authorization_declined", Code::SignInDeclined),
        ("access_denied", Code::SignInDeclined),
        ("expired_token", Code::SignInCodeExpired),
        ("bad_verification_code", Code::SignInCodeExpired),
    ] {
        let Reply::Refused { problem, .. } = poll.read(&response(400, json!({"error": error}).to_string()))
        else {
            panic!("{error}")
        };
        assert_eq!(problem.code(), code);
    }
}

proptest! {
    /// A server may repeat anything; nothing of it may look like a secret.
    #[test]
    fn any_answer_has_a_meaning(status in 100_u16..600, body in prop::collection::vec(any::<u8>(), 0..200)) {
        for leg in legs() {
            let shown = format!("{:?}", leg.read(&response(status, &body)));
            prop_assert!(!shown.is_empty());
        }
    }
}
