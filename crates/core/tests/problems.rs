//! Answers as Graph and Entra send them, and the problem that each one means.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use agentuser_core::graph::Call;
use agentuser_core::http::{Headers, Response};
use agentuser_core::problem::{Code, Problem, ProblemKind, explain, license_state, retry_after, sign_in};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

fn response(status: u16, body: impl Into<Vec<u8>>) -> Response {
    Response { status, headers: Headers::new(), body: body.into() }
}

fn graph(code: &str, message: &str) -> String {
    serde_json::json!({"error": {"code": code, "message": message, "innerError": {
        "date": "2025-02-13T10:17:05", "request-id": "6b1a2c3d-0000-4000-8000-000000000001",
        "client-request-id": "6b1a2c3d-0000-4000-8000-000000000002"
    }}})
    .to_string()
}

fn conflict(target: &str) -> String {
    serde_json::json!({"error": {
        "code": "Request_BadRequest",
        "message": format!("Another object with the same value for property {target} already exists."),
        "details": [
            {"target": target, "code": "ObjectConflict", "message": "taken"},
            {"code": "ConflictingObjects", "message": "User_1"}
        ],
        "innerError": {"request-id": "6b1a2c3d-0000-4000-8000-000000000001"}
    }})
    .to_string()
}

#[test]
fn every_row_of_the_table_is_whole() {
    for code in Code::ALL {
        let entry = code.entry();
        for text in [entry.meaning, entry.cause, entry.fix] {
            assert!(text.len() > 10 && text.ends_with('.'), "{code}: {text:?}");
        }
        for text in [entry.field, entry.evidence, entry.page].into_iter().flatten() {
            assert!(!text.is_empty(), "{code}");
        }
        if let Some(page) = entry.page {
            assert!(page.starts_with("https://learn.microsoft.com/"), "{code}: {page}");
        }
        assert_eq!(entry.name, code.as_str());
        assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        let problem = Problem::new(*code, "x");
        assert_eq!((problem.kind(), problem.documentation()), (entry.kind, entry.page), "{code}");
        assert_eq!((entry.kind == ProblemKind::Defect), (*code == Code::Internal), "{code}");
    }
    let mut names: Vec<_> = Code::ALL.iter().map(|c| c.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Code::ALL.len());
}

/// The text of every source file below a folder of the workspace.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text.push_str(&sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("problem/code.rs")
        {
            text.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    text
}

/// A code that nothing raises would be a promise of docs/errors.md that is never kept.
#[test]
fn every_code_can_come_or_is_marked_as_not_raised_yet() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let text: String =
        ["core", "client", "ffi", "wasm", "cli"].map(|name| sources(&crates.join(name).join("src"))).concat();
    let words = |text: &str| -> BTreeSet<String> {
        text.split("Code::")
            .skip(1)
            .map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned())
            .collect()
    };
    let named = words(&text);
    for code in Code::ALL {
        let entry = code.entry();
        let answers = entry.graph.len() + entry.aadsts.len() + entry.states.len() + entry.statuses.len();
        assert!(entry.later || answers > 0 || named.contains(entry.name), "{code} is raised by nothing");
    }
    let raised = words(&sources(&crates.join("core/src/flow")));
    let early: Vec<_> = Code::ALL.iter().filter(|c| c.entry().later && raised.contains(c.as_str())).collect();
    assert!(early.is_empty(), "marked as not raised yet: {early:?}");
}

#[test]
fn no_number_state_or_status_has_two_codes() {
    let numbers: Vec<_> = Code::ALL.iter().flat_map(|c| c.entry().aadsts).collect();
    let states: Vec<_> = Code::ALL.iter().flat_map(|c| c.entry().states).collect();
    let statuses: Vec<_> = Code::ALL.iter().flat_map(|c| c.entry().statuses).collect();
    for code in Code::ALL {
        for n in code.entry().aadsts {
            assert_eq!(numbers.iter().filter(|m| **m == n).count(), 1, "{n}");
        }
        for s in code.entry().states {
            assert_eq!(states.iter().filter(|t| **t == s).count(), 1, "{s}");
        }
        for s in code.entry().statuses {
            assert_eq!(statuses.iter().filter(|t| **t == s).count(), 1, "{s}");
        }
    }
}

#[test]
fn every_documented_graph_code_has_its_own_code() {
    for (graph_code, want) in [
        ("Agent_Directory_QuotaExceeded", Code::QuotaExceeded),
        ("AgentBlueprint_LimitExceeded", Code::BlueprintLimit),
        ("AgentIdentity_LimitExceeded", Code::IdentityLimit),
        ("AgentBlueprint_IncompatibleProperty", Code::BlueprintIncompatibleProperty),
        ("AgentBlueprint_IncompatibleProperty_NullPropertyName", Code::BlueprintIncompatibleProperty),
        ("AgentBlueprint_NotSupportedOnApiVersion", Code::ApiVersionUnsupported),
        ("AgentBlueprintPrincipal_AgentIdentity_IncompatibleProperty", Code::IdentityIncompatibleProperty),
        ("AgentBlueprintPrincipal_IncompatibleProperty", Code::BlueprintPrincipalIncompatibleProperty),
        ("AgentBlueprintPrincipal_NotSupportedOnApiVersion", Code::ApiVersionUnsupported),
        ("AgentBlueprintPrincipal_RequireAgentBlueprint", Code::BlueprintPrincipalNeedsBlueprint),
        // An older edition of the page spells it so.
        ("AgentBlueprintPrincipal_requireAgentBlueprint", Code::BlueprintPrincipalNeedsBlueprint),
        ("AgentIdentity_AgentBlueprintPrincipalDoesNotExist", Code::BlueprintPrincipalMissing),
        ("AgentIdentity_CredentialsNotSupported", Code::IdentityCredentialsUnsupported),
        ("AgentIdentity_IncompatibleParentType", Code::IdentityParentIncompatible),
        ("AgentIdentity_NotSupportedOnApiVersion", Code::ApiVersionUnsupported),
        ("Error_AgentBlueprintCannotCreateAssociatedIdentity", Code::BlueprintCannotCreateIdentity),
        ("Error_AgentIdentitiesCreatingAgentIdentitiesNotAllowed", Code::IdentityCannotCreateIdentity),
        ("Error_AgentIdentitySelfCreateRequired", Code::IdentitySelfCreateRequired),
        ("PropertyNotCompatibleWithAgentIdentity", Code::PropertyNotCompatibleWithAgentIdentity),
    ] {
        for status in [400, 403] {
            let problem = explain(Call::CreateAgentUser, &response(status, graph(graph_code, "no")));
            assert_eq!(problem.code(), want, "{graph_code}");
            assert_eq!(problem.graph_code(), Some(graph_code));
        }
        // The same as an inner error of a vague one.
        let inner =
            format!(r#"{{"error":{{"code":"Request_BadRequest","innererror":{{"code":"{graph_code}"}}}}}}"#);
        assert_eq!(explain(Call::CreateAgentUser, &response(400, inner)).code(), want, "{graph_code}");
    }
}

#[test]
fn graph_answers() {
    use Call::*;
    let bad = "Request_BadRequest";
    let denied = graph("Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
    let missing = graph("Request_ResourceNotFound", "Resource 'x' does not exist.");
    let taken = "Another object with the same value for property userPrincipalName already exists.";
    let old_taken =
        "A conflicting object with one or more of the specified property values is present in the directory.";
    let lag = "Object with id 11111111-2222-4333-8444-555555555555 not found.";
    let location = "License assignment cannot be done for user with invalid usage location.";
    let seats =
        r#"{"error":{"code":"Request_BadRequest","message":"no","details":[{"code":"CountViolation"}]}}"#;
    let cases: Vec<(Call, u16, String, Code, Option<&str>)> = vec![
        (CreateAgentUser, 400, conflict("userPrincipalName"), Code::UpnTaken, Some("userPrincipalName")),
        (CreateAgentUser, 409, conflict("userPrincipalName"), Code::UpnTaken, Some("userPrincipalName")),
        (CreateAgentUser, 400, graph(bad, taken), Code::UpnTaken, Some("userPrincipalName")),
        (CreateAgentUser, 400, graph(bad, old_taken), Code::Conflict, None),
        (CreateAgentUser, 409, graph("Conflict", "no"), Code::Conflict, None),
        (CreateAgentUser, 400, conflict("mailNickname"), Code::MailNicknameTaken, Some("mailNickname")),
        (UpdateAgentUser, 400, conflict("proxyAddresses"), Code::ProxyAddressTaken, Some("proxyAddresses")),
        (UpdateAgentUser, 400, conflict("employeeId"), Code::Conflict, Some("employeeId")),
        (
            RestoreDeletedItem,
            400,
            conflict("userPrincipalName"),
            Code::RestoreConflict,
            Some("userPrincipalName"),
        ),
        (RestoreDeletedItem, 409, graph("Conflict", "no"), Code::RestoreConflict, Some("userPrincipalName")),
        (CreateAgentUser, 400, graph(bad, lag), Code::ParentNotVisibleYet, Some("identityParentId")),
        (
            CreateAgentUser,
            400,
            graph(bad, "Agent user IdentityParent does not exist"),
            Code::ParentNotVisibleYet,
            Some("identityParentId"),
        ),
        (CreateAgentUser, 404, missing.clone(), Code::ParentNotVisibleYet, Some("identityParentId")),
        (UpdateAgentUser, 400, graph(bad, lag), Code::NotVisibleYet, None),
        (
            CreateAgentUser,
            400,
            graph(bad, "The root domain of the specified UPN does not belong to a verified domain"),
            Code::DomainNotVerified,
            Some("userPrincipalName"),
        ),
        (CreateAgentUser, 400, graph(bad, "No."), Code::RequestRefused, None),
        (GetServicePrincipal, 404, missing.clone(), Code::ParentNotFound, Some("identityParentId")),
        (GetAgentIdentity, 404, missing.clone(), Code::ParentNotFound, Some("identityParentId")),
        (GetUser, 404, missing.clone(), Code::NotFound, None),
        (GetUser, 404, String::new(), Code::NotFound, None),
        (GetUser, 410, graph("Gone", "no"), Code::NotFound, None),
        (GetManager, 404, missing.clone(), Code::ManagerNotSet, Some("manager")),
        (RemoveManager, 404, missing.clone(), Code::ManagerNotSet, Some("manager")),
        (SetManager, 404, missing.clone(), Code::ManagerNotFound, Some("manager")),
        (AddSponsor, 404, missing.clone(), Code::SponsorNotFound, Some("sponsors")),
        (RemoveSponsor, 404, missing.clone(), Code::SponsorNotSet, Some("sponsors")),
        (
            AddSponsor,
            400,
            graph(
                bad,
                "One or more added object references already exist for the following modified properties: 'sponsors'.",
            ),
            Code::SponsorAlreadySet,
            Some("sponsors"),
        ),
        (
            CreateAgentUser,
            400,
            graph(bad, "No sponsor specified. Please provide at least one sponsor."),
            Code::SponsorRequired,
            Some("sponsors"),
        ),
        (
            CreateAgentUser,
            400,
            graph(bad, "The Agent Blueprint Principal for the Agent Blueprint does not exist."),
            Code::BlueprintPrincipalMissing,
            Some("agentIdentityBlueprintId"),
        ),
        (
            UpdateAgentUser,
            400,
            graph(bad, "Property is not applicable and cannot be set. paramName: CertificateUserIds"),
            Code::PropertyNotApplicable,
            None,
        ),
        (
            GetUser,
            400,
            graph("BadRequest", "Resource not found for the segment 'x'."),
            Code::RequestUnsupported,
            None,
        ),
        (AssignLicense, 400, graph(bad, location), Code::LicenseNeedsUsageLocation, Some("usageLocation")),
        (AssignLicense, 400, seats.to_owned(), Code::NoFreeSeats, Some("assignedLicenses")),
        (
            AssignLicense,
            400,
            graph("DependencyViolation", "no"),
            Code::LicenseDependencyMissing,
            Some("assignedLicenses"),
        ),
        (
            AssignLicense,
            400,
            graph(bad, "License X cannot be assigned to a user."),
            Code::SkuNotAssignableToUsers,
            Some("assignedLicenses"),
        ),
        (AssignLicense, 400, graph(bad, "No."), Code::LicenseRefused, Some("assignedLicenses")),
        (AssignLicense, 404, missing.clone(), Code::NotFound, None),
        (GetDeletedItem, 404, missing.clone(), Code::DeletedItemNotFound, None),
        (RestoreDeletedItem, 404, missing.clone(), Code::DeletedItemNotFound, None),
        (PurgeDeletedItem, 404, missing, Code::DeletedItemNotFound, None),
        (PurgeDeletedItem, 403, denied.clone(), Code::PermissionMissing, None),
        (PurgeDeletedItem, 405, graph("NotAllowed", "no"), Code::PermanentDeleteUnsupported, None),
        (PurgeDeletedItem, 501, graph("NotImplemented", "no"), Code::PermanentDeleteUnsupported, None),
        (CreateAgentUser, 403, denied.clone(), Code::PermissionMissing, None),
        (CreateAgentUser, 400, denied, Code::PermissionMissing, None),
        (
            CreateAgentUser,
            403,
            graph(
                "Authorization_RequestDenied",
                "The operation cannot be performed for the specified calling identity type.",
            ),
            Code::CallerNotAllowed,
            None,
        ),
        (GetUser, 403, graph("insufficient_claims", "no"), Code::ClaimsChallenge, None),
        (GetUser, 401, graph("InvalidAuthenticationToken", "no"), Code::TokenRejected, None),
        (GetUser, 405, graph("x", "no"), Code::RequestUnsupported, None),
        (GetUser, 412, graph("x", "no"), Code::PreconditionFailed, None),
        (GetUser, 413, String::new(), Code::PayloadTooLarge, None),
        (GetUser, 415, graph("x", "no"), Code::UnsupportedMediaType, None),
        (GetUser, 422, graph("x", "no"), Code::RequestRefused, None),
        (GetUser, 423, graph("x", "no"), Code::Locked, None),
        (GetUser, 424, graph("x", "no"), Code::DependencyFailed, None),
        (GetUser, 429, graph("TooManyRequests", "no"), Code::Throttled, None),
        (GetUser, 509, String::new(), Code::Throttled, None),
        (GetUser, 500, graph("x", "no"), Code::ServerError, None),
        (GetUser, 501, graph("x", "no"), Code::RequestUnsupported, None),
        (GetUser, 502, "<html>Bad gateway</html>".to_owned(), Code::ServerError, None),
        (GetUser, 503, String::new(), Code::ServiceUnavailable, None),
        (GetUser, 504, graph("x", "no"), Code::ServerError, None),
        (GetUser, 507, graph("x", "no"), Code::StorageFull, None),
        (GetUser, 599, String::new(), Code::ServerError, None),
        (GetUser, 302, String::new(), Code::Redirected, None),
        (GetUser, 200, "{\"id\":".to_owned(), Code::BadAnswer, None),
        (GetUser, 0, String::new(), Code::BadAnswer, None),
        // A server that answers 404 with a page is not Graph, and must not be taken for "does not exist".
        (GetUser, 404, "<!DOCTYPE html><title>Not found</title>".to_owned(), Code::BadAnswer, None),
        (GetUser, 403, "Blocked by proxy".to_owned(), Code::BadAnswer, None),
        (GetUser, 401, "<html>".to_owned(), Code::TokenRejected, None),
        (GetUser, 404, r#"{"error":{"code":"Request_Reso"#.to_owned(), Code::NotFound, None),
        (GetUser, 404, r#"{"error":"gone"}"#.to_owned(), Code::NotFound, None),
        (
            GetUser,
            400,
            r#"{"error":{"code":7,"message":[],"details":{},"innerError":3}}"#.to_owned(),
            Code::RequestRefused,
            None,
        ),
        (GetUser, 499, "{}".to_owned(), Code::RequestRefused, None),
    ];
    for (call, status, body, code, field) in cases {
        let problem = explain(call, &response(status, body.clone()));
        assert_eq!(problem.code(), code, "{call} {status} {body}");
        assert_eq!(problem.field(), field, "{call} {status} {body}");
        assert_eq!(problem.status(), Some(status));
        assert!(problem.message().starts_with("Could not ") && problem.message().contains(call.what()));
        assert!(!problem.fix().is_empty() && !problem.cause().is_empty());
    }
}

#[test]
fn what_the_server_said_is_kept() {
    let mut answer = response(429, graph("TooManyRequests", "Slow\r\ndown\u{1b}[2J."));
    answer.headers.push("Date", "Sun, 22 Nov 2026 21:00:00 GMT");
    answer.headers.push("Retry-After", "Sun, 22 Nov 2026 21:00:30 GMT");
    let problem = explain(Call::CreateAgentUser, &answer);
    assert_eq!(problem.graph_code(), Some("TooManyRequests"));
    assert_eq!(problem.graph_message(), Some("Slow  down[2J."));
    assert_eq!(problem.request_id(), Some("6b1a2c3d-0000-4000-8000-000000000001"));
    assert_eq!(problem.retry_after(), Some(Duration::from_secs(30)));
    assert!(problem.is_transient());

    answer.headers.push("request-id", "from-the-header");
    assert_eq!(explain(Call::GetUser, &answer).request_id(), Some("from-the-header"));

    let long = explain(Call::GetUser, &response(400, graph("x", &"ä".repeat(5_000))));
    assert_eq!(long.graph_message().unwrap().chars().count(), 1_000);

    let json = serde_json::to_value(&problem).unwrap();
    assert_eq!(json["code"], "Throttled");
    assert_eq!((&json["kind"], &json["retryAfterMs"]), (&"busy".into(), &30_000.into()));
    assert_eq!(json["graphCode"], "TooManyRequests");
    assert_eq!(json["requestId"], "6b1a2c3d-0000-4000-8000-000000000001");
    assert!(json.get("field").is_none());
}

#[test]
fn a_missing_permission_names_the_permission_and_the_role() {
    let denied = response(403, graph("Authorization_RequestDenied", "Insufficient privileges."));
    for call in Call::ALL {
        let problem = explain(*call, &denied);
        assert_eq!(problem.code(), Code::PermissionMissing, "{call}");
        assert_eq!(problem.permissions(), call.permissions(), "{call}");
        if let Some(least) = call.permissions().first() {
            assert!(problem.fix().contains(least), "{call}: {}", problem.fix());
        }
        if let Some(role) = call.role() {
            assert!(problem.fix().contains(role), "{call}: {}", problem.fix());
        }
    }
}

#[test]
fn a_claims_challenge_is_told_from_a_bad_token_and_not_kept() {
    for status in [401, 403] {
        let mut answer =
            response(status, graph("InvalidAuthenticationToken", "Continuous access evaluation"));
        answer
            .headers
            .push("WWW-Authenticate", r#"Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4i""#);
        let problem = explain(Call::GetUser, &answer);
        assert_eq!(problem.code(), Code::ClaimsChallenge);
        assert!(!serde_json::to_string(&problem).unwrap().contains("eyJ"));
    }
}

#[test]
fn huge_and_deep_bodies() {
    let deep = format!(
        r#"{{"error":{{"code":"x","innerError":{}1{}}}}}"#,
        r#"{"innerError":"#.repeat(100_000),
        "}".repeat(100_000)
    );
    assert_eq!(explain(Call::GetUser, &response(404, deep)).code(), Code::NotFound);
    let huge = graph("Request_ResourceNotFound", &"x".repeat(3 << 20));
    assert_eq!(explain(Call::GetUser, &response(404, huge.clone())).code(), Code::NotFound);
    assert_eq!(sign_in(&response(400, huge)).code(), Code::SignInRefused);
}

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
        (65001, Code::SignInConsentMissing),
        (50000, Code::SignInUpnAsUserId),
        (1002012, Code::SignInScopeInvalid),
        (70011, Code::SignInScopeInvalid),
        (500011, Code::SignInResourceUnknown),
        (90094, Code::SignInConsentMissing),
        (90002, Code::SignInTenantUnknown),
        (9002326, Code::SignInRedirectType),
        (9002327, Code::SignInRedirectType),
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

#[test]
fn license_states() {
    for (state, code) in [
        ("CountViolation", Code::LicenseCountViolation),
        ("MutuallyExclusiveViolation", Code::LicenseMutuallyExclusive),
        ("DependencyViolation", Code::LicenseDependencyMissing),
        ("ProhibitedInUsageLocationViolation", Code::LicenseProhibitedInLocation),
        ("UniquenessViolation", Code::LicenseUniquenessViolation),
        ("Other", Code::LicenseError),
        ("Others", Code::LicenseError),
        ("SomethingNew", Code::LicenseError),
    ] {
        let problem = license_state(state, "SPE_E5");
        assert_eq!(problem.code(), code, "{state}");
        assert_eq!(problem.graph_code(), Some(state));
        assert!(problem.message().contains("SPE_E5"));
    }
}

const JWT: &str = "eyJ0eXAiOiJKV1QifQ.eyJvaWQiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlLXRoYXQtaXMtc2VjcmV0";

fn assert_silent(problem: &Problem) {
    let shown = format!("{problem} {problem:?} {}", serde_json::to_string(problem).unwrap());
    for part in JWT.split('.') {
        assert!(!shown.contains(part), "{shown}");
    }
}

fn planted() -> impl Strategy<Value = Vec<u8>> {
    let around = || proptest::collection::vec(any::<u8>(), 0..200);
    let anywhere =
        (around(), around()).prop_map(|(before, after)| [&before, JWT.as_bytes(), &after].concat());
    let text = || ("\\PC{0,40}", "\\PC{0,40}").prop_map(|(a, b)| format!("{a}{JWT}{b}"));
    let member = (text(), text(), text(), text()).prop_map(|(a, b, c, d)| {
        serde_json::json!({
            "error": {"code": a, "message": b, "target": c, "details": [{"code": d, "target": a}],
                      "innerError": {"code": b, "request-id": JWT}},
        })
        .to_string()
        .into_bytes()
    });
    let token = (text(), text()).prop_map(|(a, b)| {
        serde_json::json!({"error": a, "error_description": b, "trace_id": JWT, "claims": JWT})
            .to_string()
            .into_bytes()
    });
    prop_oneof![anywhere, member, token, proptest::collection::vec(any::<u8>(), 0..400)]
}

proptest! {
    #[test]
    fn any_answer_is_explained_without_its_tokens(
        status in any::<u16>(),
        body in planted(),
        headers in proptest::collection::vec(("retry-after|date|request-id|www-authenticate", "\\PC{0,30}"), 0..4),
        pick in 0..Call::ALL.len(),
    ) {
        let mut headers: Headers = headers.into_iter().collect();
        headers.push("request-id", JWT);
        let _ = retry_after(&headers);
        for status in [status, 200 + status % 400] {
            let answer = Response { status, headers: headers.clone(), body: body.clone() };
            assert_silent(&explain(Call::ALL[pick], &answer));
            assert_silent(&sign_in(&answer));
        }
    }

    #[test]
    fn any_retry_after_is_a_wait_or_nothing(value in "\\PC{0,30}|[0-9]{1,40}(\\.[0-9]{0,40})?", date in "\\PC{0,30}") {
        let headers = Headers::from_iter([("Retry-After", value), ("Date", date)]);
        if let Some(wait) = retry_after(&headers) {
            assert!(wait <= Duration::from_secs(u64::from(u32::MAX)));
        }
    }
}
