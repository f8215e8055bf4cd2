//! Another client that changes permissions at the same moment: what it has made is found by the refusal, and nothing of it is
//! lost.

use super::{at, first_request, response, session};
use agentuser_core::flow::{self, Outcome, PermissionReport};
use agentuser_core::graph::InheritanceChange;
use agentuser_core::http::Method;
use agentuser_core::model::{
    Consent, GRAPH_APP_ID, Inheritance, PermissionClient, PermissionHolder, PermissionName,
};
use agentuser_core::operation::{Operation, Step};
use agentuser_simulator::ids;
use serde_json::{Value, json};

type Change = Operation<(), PermissionReport>;

/// Answers the next request, which is this one, and tells its body.
fn meet(operation: &mut Change, method: Method, path: &str, status: u16, body: &Value) -> Value {
    let request = first_request(operation, at(0));
    assert_eq!(request.request.method, method, "{:?}", request.request);
    assert!(request.request.url.contains(path), "{:?}", request.request);
    let sent = serde_json::from_slice(&request.request.body).unwrap_or_default();
    operation.answer(request.id, response(status, &body.to_string()));
    sent
}

fn end(operation: &mut Change) -> PermissionReport {
    match operation.poll(at(0)) {
        Step::Done(result) => result.unwrap(),
        other => panic!("{other:?}"),
    }
}

fn identity() -> Value {
    json!({
        "@odata.type": "#microsoft.graph.agentIdentity",
        "id": ids::identity(1).to_string(),
        "displayName": "Agent 1",
        "servicePrincipalType": "ServiceIdentity",
        "agentIdentityBlueprintId": ids::blueprint_app(1).to_string(),
    })
}

fn graph() -> Value {
    let scope = |value: &str| json!({"value": value, "isEnabled": true});
    let role = json!({"id": ids::plan(1).to_string(), "value": "User.Read.All", "allowedMemberTypes": ["Application"]});
    json!({"value": [{
        "id": ids::graph_principal().to_string(),
        "appId": GRAPH_APP_ID.to_string(),
        "displayName": "Microsoft Graph",
        "appRoles": [role],
        "oauth2PermissionScopes": [scope("User.Read"), scope("Mail.Send")],
    }]})
}

fn grants(scope: &str) -> Value {
    json!({"value": [{
        "id": "47nZsM8O_UuNq5Jz3QValETpqX7OcT1EgRxx6AR7VXo",
        "clientId": ids::identity(1).to_string(),
        "consentType": "AllPrincipals",
        "principalId": null,
        "resourceId": ids::graph_principal().to_string(),
        "scope": scope,
    }]})
}

fn nothing() -> Value {
    json!({"value": []})
}

fn refusal(code: &str, message: &str) -> Value {
    json!({"error": {"code": code, "message": message}})
}

#[test]
fn the_grant_of_another_client_keeps_its_scopes() {
    for (theirs, whole) in
        [("openid Mail.Send", Some("openid Mail.Send User.Read")), ("user.read openid", None)]
    {
        let consent = Consent::AllUsers(PermissionClient::AgentIdentity(ids::identity(1)));
        let scopes = [PermissionName::parse("User.Read").unwrap()];
        let mut operation: Change = session().start(0, move |graph, _| async move {
            flow::grant_permission(&graph, &consent, GRAPH_APP_ID, &scopes, false).await
        });
        meet(&mut operation, Method::Get, "/servicePrincipals/", 200, &identity());
        meet(&mut operation, Method::Get, "/servicePrincipals?", 200, &graph());
        meet(&mut operation, Method::Get, "/oauth2PermissionGrants?", 200, &nothing());
        let words = "Permission entry already exists.";
        let refused = refusal("Request_MultipleObjectsWithSameKeyValue", words);
        meet(&mut operation, Method::Post, "/oauth2PermissionGrants", 409, &refused);
        meet(&mut operation, Method::Get, "/oauth2PermissionGrants?", 200, &grants(theirs));
        if let Some(whole) = whole {
            let path = "/oauth2PermissionGrants/47nZsM8O_UuNq5Jz3QValETpqX7OcT1EgRxx6AR7VXo";
            let sent = meet(&mut operation, Method::Patch, path, 200, &json!({}));
            assert_eq!(sent, json!({"scope": whole}));
        }
        assert_eq!(end(&mut operation).outcome, Outcome::Changed);
    }
}

#[test]
fn an_app_role_that_is_assigned_already_is_assigned() {
    for status in [400, 409] {
        let to = PermissionHolder::Client(PermissionClient::AgentIdentity(ids::identity(1)));
        let role = PermissionName::parse("User.Read.All").unwrap();
        let mut operation: Change = session().start(0, move |graph, _| async move {
            flow::assign_app_role(&graph, &to, GRAPH_APP_ID, &role, false).await
        });
        meet(&mut operation, Method::Get, "/servicePrincipals/", 200, &identity());
        meet(&mut operation, Method::Get, "/servicePrincipals?", 200, &graph());
        meet(&mut operation, Method::Get, "/appRoleAssignments", 200, &nothing());
        let refused = refusal("Request_BadRequest", "EntitlementGrant entry already exists.");
        let sent = meet(&mut operation, Method::Post, "/appRoleAssignedTo", status, &refused);
        assert_eq!(sent["principalId"], ids::identity(1).to_string());
        assert_eq!(sent["resourceId"], ids::graph_principal().to_string());
        assert_eq!(sent["appRoleId"], ids::plan(1).to_string());
        assert_eq!(end(&mut operation).outcome, Outcome::Changed);
    }
}

#[test]
fn the_inheritable_permissions_of_another_client_are_changed_where_they_differ() {
    let wanted =
        InheritanceChange { scopes: Some(Inheritance::AllAllowed), roles: Some(Inheritance::AllAllowed) };
    let kind = |kind: &str| json!({"kind": kind});
    let entry = |scopes: &str, roles: &str| {
        json!({"value": [{
            "resourceAppId": GRAPH_APP_ID.to_string(),
            "inheritableScopes": kind(scopes),
            "inheritableRoles": kind(roles),
        }]})
    };
    let mut operation: Change = session().start(0, move |graph, _| async move {
        flow::inherit_permissions(&graph, ids::blueprint_app(1), GRAPH_APP_ID, wanted, false).await
    });
    // Without its application id, nobody can look for its principal.
    let blueprint = json!({"id": ids::blueprint(1).to_string(), "displayName": "Blueprint 1"});
    meet(&mut operation, Method::Get, "agentIdentityBlueprint?", 200, &nothing());
    meet(&mut operation, Method::Get, "/microsoft.graph.agentIdentityBlueprint/", 200, &blueprint);
    meet(&mut operation, Method::Get, "/servicePrincipals?", 200, &graph());
    meet(&mut operation, Method::Get, "/inheritablePermissions", 200, &nothing());
    let refused = refusal("Request_MultipleObjectsWithSameKeyValue", "There is one.");
    meet(&mut operation, Method::Post, "/inheritablePermissions", 409, &refused);
    meet(&mut operation, Method::Get, "/inheritablePermissions", 200, &entry("allAllowed", "none"));
    let path = "/inheritablePermissions/00000003-0000-0000-c000-000000000000";
    let sent = meet(&mut operation, Method::Patch, path, 200, &json!({}));
    let roles = json!({"@odata.type": "#microsoft.graph.allAllowedRoles", "kind": "allAllowed"});
    assert_eq!(sent, json!({"inheritableRoles": roles}), "what is so already is not sent");
    meet(&mut operation, Method::Get, "/inheritablePermissions", 200, &entry("allAllowed", "allAllowed"));
    assert_eq!(end(&mut operation).outcome, Outcome::Changed);
}
