//! Entra's answers to a sign-in.

use crate::common::{graph, response};
use agentuser_core::problem::{Code, sign_in};

fn entra(error: &str, number: u32) -> String {
    serde_json::json!({
        "error": error, "error_description": format!("AADSTS{number}: No. Trace ID: 0 Timestamp: 2026-11-22 21:00:00Z"),
        "error_codes": [number], "timestamp": "2026-11-22 21:00:00Z",
        "trace_id": "6b1a2c3d-0000-4000-8000-00000000000a", "correlation_id": "6b1a2c3d-0000-4000-8000-00000000000b",
        "error_uri": format!("https://login.microsoftonline.com/error?code={number}")
    })
    .to_string()
}

#[test]
fn every_sign_in_number() {
    for (number, code) in [
        (7000215, Code::SignInSecretWrong),
        (7000222, Code::SignInSecretExpired),
        (700027, Code::SignInAssertionRejected),
        (700024, Code::SignInAssertionOutOfTime),
        (7000216, Code::SignInNoCredential),
        (7000214, Code::SignInCertificateInvalid),
        (7000274, Code::SignInCertificateInvalid),
        (7000277, Code::SignInCertificateInvalid),
        (1000502, Code::SignInCertificateInvalid),
        (700016, Code::SignInClientUnknown),
        (700211, Code::SignInNoMatchingTrust),
        (700229, Code::SignInFederatedTokenNotAppOnly),
        (82001, Code::SignInAppOnlyRefused),
        (82002, Code::SignInBlueprintOnBehalfOf),
        (82014, Code::SignInNoInteractiveConsent),
        (50013, Code::SignInUserTokenAudience),
        (500133, Code::SignInUserTokenExpired),
        (65001, Code::SignInConsentMissing),
        (50000, Code::SignInUpnAsUserId),
        (1002012, Code::SignInScopeInvalid),
        (70011, Code::SignInScopeInvalid),
        (500011, Code::SignInResourceUnknown),
        (90094, Code::SignInConsentMissing),
        (90002, Code::SignInTenantUnknown),
        (9002326, Code::SignInRedirectType),
        (9002327, Code::SignInRedirectType),
        (50173, Code::SignInOver),
        (70008, Code::SignInOver),
        (70043, Code::SignInOver),
        (700082, Code::SignInOver),
        (50072, Code::SignInMfaNeeded),
        (50074, Code::SignInMfaNeeded),
        (50076, Code::SignInMfaNeeded),
        (50078, Code::SignInMfaNeeded),
        (50079, Code::SignInMfaNeeded),
        (65004, Code::SignInDeclined),
        (54005, Code::SignInCodeExpired),
        (70018, Code::SignInCodeExpired),
        (70019, Code::SignInCodeExpired),
        (70020, Code::SignInCodeExpired),
        (7000218, Code::SignInPublicClientOff),
        (53003, Code::SignInBlockedByPolicy),
        (530030, Code::SignInBlockedByPolicy),
        (530035, Code::SignInBlockedByPolicy),
        (530039, Code::SignInBlockedByPolicy),
    ] {
        assert_eq!(Code::from_aadsts(number), Some(code), "{number}");
        for status in [400, 401, 500] {
            let problem = sign_in(&response(status, entra("invalid_grant", number)));
            assert_eq!(problem.code(), code, "{number}");
            assert_eq!(problem.graph_code(), Some("invalid_grant"));
            assert!(problem.graph_message().unwrap().starts_with(&format!("AADSTS{number}: No.")));
            assert_eq!(problem.request_id(), Some("6b1a2c3d-0000-4000-8000-00000000000a"));
        }
        let only_text = format!(r#"{{"error":"x","error_description":"AADSTS{number}: no"}}"#);
        assert_eq!(sign_in(&response(400, only_text)).code(), code, "{number}");
        let as_text = format!(r#"{{"error":"x","error_codes":["{number}"]}}"#);
        assert_eq!(sign_in(&response(400, as_text)).code(), code, "{number}");
    }
}

#[test]
fn sign_in_answers_without_a_known_number() {
    for (status, body, code) in [
        (400, entra("invalid_grant", 1), Code::SignInRefused),
        (401, entra("invalid_client", 1), Code::SignInClientRefused),
        (400, entra("unauthorized_client", 1), Code::SignInClientRefused),
        (400, entra("invalid_scope", 1), Code::SignInScopeInvalid),
        (400, r#"{"error":"interaction_required","claims":"{}"}"#.to_owned(), Code::ClaimsChallenge),
        (400, entra("authorization_declined", 1), Code::SignInDeclined),
        (400, entra("access_denied", 1), Code::SignInDeclined),
        (400, entra("expired_token", 1), Code::SignInCodeExpired),
        (400, entra("bad_verification_code", 1), Code::SignInCodeExpired),
        (400, entra("server_error", 1), Code::SignInUnavailable),
        (503, entra("temporarily_unavailable", 1), Code::SignInUnavailable),
        (502, "<html>".to_owned(), Code::SignInUnavailable),
        (429, String::new(), Code::Throttled),
        (302, String::new(), Code::Redirected),
        (200, "{}".to_owned(), Code::BadAnswer),
        (400, "<html>".to_owned(), Code::BadAnswer),
        (400, String::new(), Code::SignInRefused),
        (400, graph("Request_BadRequest", "no"), Code::SignInRefused),
    ] {
        assert_eq!(sign_in(&response(status, body.clone())).code(), code, "{status} {body}");
    }
}
