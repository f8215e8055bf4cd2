use crate::client::*;
use agentuser_core::http::Method;
use agentuser_simulator::{
    InnerError, LeaveDateUnread, PatchAnswer, Switches, Undeclared, Unwelcome, ids, tenant,
};
use serde_json::{Value, json};

#[test]
fn three_paths_and_two_keys_lead_to_one_user() {
    let mut graph = Client::contoso();
    let odd = with(new_user(1), "userPrincipalName", json!("o'neil#1^x@contoso.com"));
    let id = graph.post(AGENTS, &odd).1["id"].as_str().unwrap().to_owned();
    for key in [id.clone(), id.to_uppercase(), "O%27neil%231%5Ex@contoso.com".to_owned()] {
        for path in [
            format!("/users/{key}"),
            format!("{AGENTS}/{key}"),
            format!("/users/{key}/microsoft.graph.agentUser"),
        ] {
            let (status, user) = graph.get(&path);
            assert_eq!((status, &user["id"]), (200, &json!(id)), "{path}");
        }
    }
    not_found(&graph.get("/users/nobody@contoso.com"));
    not_found(&graph.get(&format!("/users/{}", ids::nothing(1))));
}

#[test]
fn a_cast_reaches_agent_users_only() {
    let mut graph = Client::contoso();
    let human = ids::human(1);
    assert_eq!(graph.get(&format!("/users/{human}")).0, 200);
    not_found(&graph.get(&format!("{AGENTS}/{human}")));
    not_found(&graph.patch(&format!("{AGENTS}/{human}"), &json!({"jobTitle": "x"})));
    not_found(&graph.delete(&format!("/users/{human}/microsoft.graph.agentUser")));
    assert!(graph.directory.find_user(human).unwrap().life.is_live());
}

#[test]
fn the_default_set_and_select() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    let (_, user) = graph.get(&format!("/users/{id}"));
    let names: Vec<&str> = user.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "@odata.context",
            "@odata.type",
            "businessPhones",
            "displayName",
            "givenName",
            "id",
            "jobTitle",
            "mail",
            "mobilePhone",
            "officeLocation",
            "preferredLanguage",
            "surname",
            "userPrincipalName"
        ]
    );
    let (_, user) = graph.get(&format!("/users/{id}?$select=id,IdentityParentId,accountEnabled"));
    assert_eq!(
        user,
        json!({
            "@odata.context": format!("{ROOT}/v1.0/$metadata#users(id,IdentityParentId,accountEnabled)/$entity"),
            "@odata.type": "#microsoft.graph.agentUser",
            "id": id.to_string(),
            "identityParentId": ids::identity(1).to_string(),
            "accountEnabled": true,
        })
    );
    let (_, human) = graph.get(&format!("/users/{}?$select=identityParentId", ids::human(1)));
    assert_eq!(human["identityParentId"], Value::Null);
    assert!(human.get("@odata.type").is_none());
}

#[test]
fn switches_of_the_default_set() {
    let mut graph =
        Client::with(Switches { parent_id_by_default: true, cast_omits_type: true, ..Switches::default() });
    let id = graph.create(1);
    let (_, plain) = graph.get(&format!("/users/{id}"));
    assert_eq!(plain["identityParentId"], ids::identity(1).to_string());
    assert_eq!(plain["@odata.type"], "#microsoft.graph.agentUser");
    let (_, cast) = graph.get(&format!("{AGENTS}/{id}"));
    assert!(cast.get("@odata.type").is_none());
}

#[test]
fn patch_changes_what_it_names_and_keeps_the_rest() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    let path = format!("/users/{id}");
    let (status, user) =
        graph.patch(&path, &json!({"displayName": "New", "jobTitle": "Seller", "city": "Bern"}));
    assert_eq!((status, &user["displayName"]), (200, &json!("New")));
    assert_eq!(graph.patch(&path, &json!({"jobTitle": null, "accountEnabled": false})).0, 200);
    let (_, user) =
        graph.get(&format!("{path}?$select=displayName,jobTitle,accountEnabled,city,mailNickname"));
    assert_eq!(user["displayName"], "New");
    assert_eq!(user["jobTitle"], Value::Null);
    assert_eq!(user["accountEnabled"], false);
    assert_eq!(user["city"], "Bern");
    assert_eq!(user["mailNickname"], "sales1");
}

#[test]
fn patch_answers_with_a_body_or_without() {
    for (switch, status) in [(PatchAnswer::Body, 200), (PatchAnswer::NoContent, 204)] {
        let mut graph = Client::with(Switches { patch: switch, ..Switches::default() });
        let id = graph.create(1);
        let answer = graph.patch(&format!("/users/{id}"), &json!({"city": "Bern"}));
        assert_eq!((answer.0, answer.1.is_null()), (status, status == 204));
    }
}

#[test]
fn a_patch_that_changes_nothing_is_noted() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    graph.patch(&format!("/users/{id}"), &json!({"city": "Bern"}));
    graph.patch(&format!("/users/{id}"), &json!({"displayName": "Sales Agent 1"}));
    assert_eq!(graph.directory.stats().writes_without_change, 1);
    assert_eq!(graph.directory.stats().writes, 3);
    assert_eq!(graph.directory.stats().writes_per_object[&id], 3);
    let last = graph.directory.journal().last().unwrap();
    assert_eq!(
        (last.method, last.template, last.status, last.changed),
        (Method::Patch, "/users/{id}", 200, false)
    );
    assert_eq!(last.object, Some(id));
}

#[test]
fn patches_that_are_refused_change_nothing() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    graph.create(2);
    let before = graph.directory.snapshot();
    for (name, value) in [
        ("displayName", Value::Null),
        ("displayName", json!("")),
        ("mail", Value::Null),
        ("usageLocation", Value::Null),
        ("userPrincipalName", json!("sales2@contoso.com")),
        ("userPrincipalName", json!("sales1@fabrikam.com")),
        ("mailNickname", json!("sales2")),
        ("id", json!("x")),
        ("identityParentId", json!(ids::identity(3).to_string())),
        ("identityParentId", Value::Null),
        ("passwordProfile", json!({})),
        ("businessPhones", json!(["1", "2"])),
        ("assignedPlans", json!([])),
        ("sessionState", json!("active")),
        ("expirationDateTime", json!("2026-01-01T00:00:00Z")),
        ("jobtitel", json!("x")),
        ("memberOf", json!([])),
        ("oauth2PermissionGrants", json!([])),
        ("ageGroup", json!(5)),
        ("employeeHireDate", json!("yesterday")),
        ("isResourceAccount", json!(3)),
        ("employeeOrgData", json!({"divison": "North"})),
    ] {
        bad_request(&graph.patch(&format!("/users/{id}"), &json!({"city": "Bern", name: value})));
    }
    assert_eq!(graph.directory.snapshot(), before);
}

#[test]
fn members_that_no_type_declares_are_taken_when_the_switch_says_so() {
    let taken = Switches { undeclared_members: Undeclared::Taken, ..Switches::default() };
    let mut graph = Client::with(taken);
    let id = graph.create(1);
    assert_eq!(graph.patch(&format!("/users/{id}"), &json!({"sessionState": "active"})).0, 200);
    let (_, user) = graph.get(&format!("/users/{id}?$select=sessionState"));
    assert_eq!(user["sessionState"], "active");
    let wrong = graph.patch(&format!("/users/{id}"), &json!({"ageGroup": 5}));
    bad_request(&wrong);
}

#[test]
fn licenses_in_a_patch_are_ignored_or_refused() {
    for (switch, status) in [(Unwelcome::Ignored, 200), (Unwelcome::Refused, 400)] {
        let mut graph = Client::with(Switches { licenses_in_patch: switch, ..Switches::default() });
        let id = graph.create(1);
        let body = json!({"assignedLicenses": [{"disabledPlans": [], "skuId": ids::sku(1).to_string()}]});
        assert_eq!(graph.patch(&format!("/users/{id}"), &body).0, status);
        assert!(graph.directory.licenses_of(id).is_empty());
    }
}

#[test]
fn members_with_a_permission_of_their_own() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    let path = format!("/users/{id}");
    let mut manager = graph.using(tenant::MANAGER);
    for body in
        [json!({"employeeLeaveDateTime": "2026-12-31T00:00:00Z"}), json!({"customSecurityAttributes": {}})]
    {
        refused(&manager.patch(&path, &body), 403, "Authorization_RequestDenied");
    }
    for select in ["signInActivity", "customSecurityAttributes", "employeeLeaveDateTime"] {
        refused(&manager.get(&format!("{path}?$select={select}")), 403, "Authorization_RequestDenied");
    }
    let mut graph = manager.using(tenant::ADMIN);
    assert_eq!(graph.patch(&path, &json!({"employeeLeaveDateTime": "2026-12-31T00:00:00Z"})).0, 200);
    let (_, user) = graph.get(&format!("{path}?$select=employeeLeaveDateTime,signInActivity"));
    assert_eq!(user["employeeLeaveDateTime"], "2026-12-31T00:00:00Z");
    assert_eq!(user["signInActivity"], Value::Null, "nobody signs in here");
    let null = Switches { leave_date_without_permission: LeaveDateUnread::Null, ..Switches::default() };
    graph.directory.set_switches(null);
    let mut manager = graph.using(tenant::MANAGER);
    let (status, user) = manager.get(&format!("{path}?$select=employeeLeaveDateTime"));
    assert_eq!((status, &user["employeeLeaveDateTime"]), (200, &Value::Null));
}

#[test]
fn the_own_name_in_another_letter_case_does_not_conflict() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    let body = json!({"userPrincipalName": "SALES1@contoso.com", "mailNickname": "SALES1"});
    assert_eq!(graph.patch(&format!("/users/{id}"), &body).0, 200);
    assert_eq!(graph.get("/users/sales1@contoso.com").1["userPrincipalName"], "SALES1@contoso.com");
}

#[test]
fn a_new_upn_frees_the_old_one() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    graph.patch(&format!("/users/{id}"), &json!({"userPrincipalName": "new@contoso.com"}));
    not_found(&graph.get("/users/sales1@contoso.com"));
    let body = with(new_user(2), "userPrincipalName", json!("sales1@contoso.com"));
    assert_eq!(graph.post(AGENTS, &body).0, 201);
}

#[test]
fn a_parent_in_a_patch_may_be_ignored() {
    let mut graph = Client::with(Switches { parent_id_in_patch: Unwelcome::Ignored, ..Switches::default() });
    let id = graph.create(1);
    let body = json!({"identityParentId": ids::identity(2).to_string()});
    assert_eq!(graph.patch(&format!("/users/{id}"), &body).0, 200);
    assert_eq!(graph.directory.find_user(id).unwrap().parent, Some(ids::identity(1)));
}

#[test]
fn usage_location_may_fail_right_after_the_create() {
    let mut graph = Client::with(Switches { usage_location_fails_for: seconds(20), ..Switches::default() });
    let id = graph.create(1);
    let path = format!("/users/{id}");
    let refusal = graph.patch(&path, &json!({"usageLocation": "CH"}));
    bad_request(&refusal);
    assert_eq!(refusal.1["error"]["message"], format!("Object with id {id} not found."));
    assert_eq!(graph.patch(&path, &json!({"city": "Bern"})).0, 200);
    graph.later(seconds(20));
    assert_eq!(graph.patch(&path, &json!({"usageLocation": "CH"})).0, 200);
}

#[test]
fn revoke_moves_the_moment_from_which_sessions_are_valid() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    graph.later(seconds(60));
    let (status, answer) = graph.act(&format!("/users/{id}/revokeSignInSessions"));
    assert_eq!((status, &answer["value"]), (200, &json!(true)));
    let (_, user) =
        graph.get(&format!("/users/{id}?$select=signInSessionsValidFromDateTime,createdDateTime"));
    assert_eq!(user["createdDateTime"], "2026-11-22T10:17:05Z");
    assert_eq!(user["signInSessionsValidFromDateTime"], "2026-11-22T10:18:05Z");
}

#[test]
fn the_error_envelope_and_the_headers() {
    for (switch, member) in [(InnerError::Camel, "innerError"), (InnerError::Lower, "innererror")] {
        let mut graph =
            Client::with(Switches { inner_error: switch, clock_ahead_ms: 300_000, ..Switches::default() });
        let mut request = request(Method::Get, "/users/nobody@contoso.com", None);
        request.headers.push("client-request-id", "mine");
        let response = graph.send(&request);
        assert_eq!(response.headers.get("Date"), Some("Sun, 22 Nov 2026 10:22:05 GMT"));
        assert_eq!(response.headers.get("x-ms-resource-unit"), Some("1"));
        assert_eq!(response.headers.get("client-request-id"), Some("mine"));
        let inner = &json_of(&response)["error"][member];
        assert_eq!(inner["date"], "2026-11-22T10:22:05");
        assert_eq!(inner["request-id"].as_str(), response.headers.get("request-id"));
        assert_eq!(inner["client-request-id"], "mine");
    }
}

#[test]
fn requests_that_the_simulator_does_not_know_are_refused() {
    let mut graph = Client::contoso();
    for (status, answer) in [
        graph.get("/drives"),
        graph.get("/auditLogs/signIns"),
        graph.get("https://graph.microsoft.com/v2.0/users"),
        graph.get("https://graph.microsoft.com/beta/nobodyKnowsAllOfBeta"),
        graph.post("/domains", &json!({})),
    ] {
        assert_eq!((status, &answer["error"]["code"]), (501, &json!("NotSimulated")));
    }
    refused(&graph.get("https://elsewhere.example/v1.0/users"), 404, "NotSimulated");
    refused(&graph.get("https://graph.microsoft.com.evil.example/v1.0/users"), 404, "NotSimulated");
}

#[test]
fn typed_inspection() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    graph.put(&format!("/users/{id}/manager/$ref"), &reference("users", ids::human(2)));
    graph.post(&format!("/users/{id}/sponsors/$ref"), &reference("groups", ids::group(1)));
    let user = graph.directory.agent_users().find(|user| user.id == id).unwrap();
    assert_eq!(user.display_name, "Sales Agent 1");
    assert_eq!(graph.directory.agent_users().count(), 2, "and the one the tenant began with");
    assert_eq!(graph.directory.manager_of(id), Some(ids::human(2)));
    assert_eq!(graph.directory.sponsors_of(id), [ids::group(1)]);
    assert!(graph.directory.find_user(ids::agent_user(tenant::TAKEN_IDENTITY)).unwrap().is_agent());
}
