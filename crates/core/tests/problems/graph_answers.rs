//! Graph's answers, and states of licenses.

use crate::common::{graph, response};
use agentuser_core::graph::Call;
use agentuser_core::problem::{Code, explain, license_state, sign_in};
use std::time::Duration;

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
fn every_documented_graph_code_has_its_own_code() {
    for (graph_code, want) in [
        ("Agent_Directory_QuotaExceeded", Code::QuotaExceeded),
        ("Directory_QuotaExceeded", Code::QuotaExceeded),
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

/// A conflict of a call that holds no value which must be unique is not one of names.
#[test]
fn what_a_conflict_says_fits_its_call() {
    // These say what is there already.
    let own = [
        (Call::RestoreDeletedItem, Code::RestoreConflict),
        (Call::CreatePermissionGrant, Code::PermissionGrantExists),
        (Call::AssignAppRole, Code::AppRoleAssigned),
        (Call::AddInheritablePermission, Code::InheritablePermissionExists),
    ];
    for (call, code) in own {
        assert_eq!(explain(call, &response(409, graph("Conflict", "Busy."))).code(), code, "{call}");
    }
    for call in Call::ALL.iter().copied().filter(|call| own.iter().all(|(other, _)| other != call)) {
        let problem = explain(call, &response(409, graph("Conflict", "Busy.")));
        assert_eq!(problem.code(), Code::Conflict, "{call}");
        let of_values = matches!(call, Call::CreateAgentUser | Call::UpdateAgentUser);
        for text in [problem.message(), problem.cause(), problem.fix()] {
            assert!(of_values || !text.contains("value") && !text.contains("name "), "{call}: {text}");
        }
        assert!(problem.message().ends_with("Graph says: Busy."), "{call}");
    }
    let fix = |call, field| explain(call, &response(400, conflict(field))).fix().to_owned();
    let of_name = fix(Call::RestoreDeletedItem, "userPrincipalName");
    assert!(of_name.contains("newUserPrincipalName") && of_name.contains("--new-user-principal-name"));
    assert!(fix(Call::RestoreDeletedItem, "mailNickname").starts_with("Change the mailNickname of the user"));
    let fix = |call| explain(call, &response(400, conflict("userPrincipalName"))).fix().to_owned();
    assert!(fix(Call::CreateAgentUser).contains("reuse") && !fix(Call::UpdateAgentUser).contains("reuse"));
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
        (
            RestoreDeletedItem,
            400,
            conflict("identityParentId"),
            Code::ParentHasAnotherUser,
            Some("identityParentId"),
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
        (
            CreateAgentUser,
            400,
            graph(
                bad,
                "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.",
            ),
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
        (AddGroupMember, 404, missing.clone(), Code::GroupMemberMissing, Some("group")),
        (
            AddGroupMember,
            400,
            graph(
                bad,
                "One or more added object references already exist for the following modified properties: 'members'.",
            ),
            Code::GroupMemberExists,
            Some("group"),
        ),
        (
            AddGroupMember,
            400,
            graph(bad, "Cannot Update a mail-enabled security groups and or distribution list."),
            Code::GroupKeptByExchange,
            Some("group"),
        ),
        (
            RemoveGroupMember,
            400,
            graph(
                bad,
                "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.",
            ),
            Code::GroupKeptOnPremises,
            Some("group"),
        ),
        (
            UpdateAgentUser,
            403,
            graph(
                "Authorization_RequestDenied",
                "Target object is a member of a restricted management administrative unit and can only be modified by administrators scoped to that administrative unit.",
            ),
            Code::ManagementRestricted,
            None,
        ),
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
        (
            AssignLicense,
            400,
            graph(
                bad,
                "License assignment failed because service plan [a] depends on the service plan(s) [b].",
            ),
            Code::LicenseDependencyMissing,
            Some("assignedLicenses"),
        ),
        (
            AssignLicense,
            400,
            graph(bad, "License assignment failed because service plan a conflicts with service plan b."),
            Code::LicenseMutuallyExclusive,
            Some("assignedLicenses"),
        ),
        (
            AssignLicense,
            400,
            graph(bad, "User license is inherited from group membership and cannot be removed directly."),
            Code::LicenseInherited,
            Some("assignedLicenses"),
        ),
        (
            AssignLicense,
            400,
            graph(bad, "Subscription with SKU x does not have any available licenses."),
            Code::NoFreeSeats,
            Some("assignedLicenses"),
        ),
        (
            AssignLicense,
            400,
            graph(bad, "License x does not correspond to a valid company License."),
            Code::SkuNotFound,
            Some("assignedLicenses"),
        ),
        // The same words about another call say nothing of licenses.
        (UpdateAgentUser, 400, graph(bad, "a and b are mutually exclusive"), Code::RequestRefused, None),
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

/// Not for want of a permission, although it comes with the same status and may have the same code.
#[test]
fn a_full_directory_is_told_by_its_words() {
    for (code, whose) in [("Authorization_RequestDenied", "Tenant"), ("Unknown", "Principal")] {
        let words = format!("The directory object quota limit for the {whose} has been exceeded.");
        for call in [Call::CreateAgentUser, Call::AssignLicense, Call::RestoreDeletedItem] {
            let problem = explain(call, &response(403, graph(code, &words)));
            assert_eq!((problem.code(), problem.permissions().len()), (Code::QuotaExceeded, 0), "{code}");
            assert_eq!(problem.graph_message(), Some(words.as_str()));
        }
    }
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
fn a_claims_challenge_is_told_from_a_bad_token() {
    let claims = r#"{"access_token":{"nbf":{"essential":true,"value":"1780272000"}}}"#;
    let header = r#"Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwidmFsdWUiOiIxNzgwMjcyMDAwIn19fQ==""#;
    for status in [401, 403] {
        let mut answer =
            response(status, graph("InvalidAuthenticationToken", "Continuous access evaluation"));
        answer.headers.push("WWW-Authenticate", header);
        let problem = explain(Call::GetUser, &answer);
        assert_eq!((problem.code(), problem.claims()), (Code::ClaimsChallenge, Some(claims)));
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
