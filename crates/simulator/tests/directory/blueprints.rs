//! Blueprints, their principals, credentials, inheritable permissions, owners and sponsors.

use crate::client::*;
use agentuser_core::ObjectId;
use agentuser_core::http::Method;
use agentuser_simulator::{Cascade, Life, Switches, Tenant, Token, contract, ids};
use serde_json::{Value, json};
use std::time::Duration;

const BLUEPRINTS: &str = "/applications/microsoft.graph.agentIdentityBlueprint";
const PRINCIPALS: &str = "/servicePrincipals/microsoft.graph.agentIdentityBlueprintPrincipal";
const IDENTITIES: &str = "/servicePrincipals/microsoft.graph.agentIdentity";
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

fn user(n: u32) -> String {
    format!("{ROOT}/v1.0/users/{}", ids::human(n))
}

fn new_blueprint() -> Value {
    json!({"displayName": "Judge", "sponsors@odata.bind": [user(1)], "owners@odata.bind": [user(2)]})
}

/// Calls, and holds the answer against the contract.
#[track_caller]
fn checked(graph: &mut Client, method: Method, path: &str, body: Option<&Value>, status: u16) -> Value {
    let request = request(method, path, body);
    let response = graph.send(&request);
    assert_eq!(response.status, status, "{method} {path}: {}", json_of(&response));
    assert_eq!(contract::check_response(&request, &response), []);
    json_of(&response)
}

fn id_of(object: &Value) -> String {
    object["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_blueprint_from_its_creation_to_its_restore() {
    let mut graph = Client::contoso();
    let blueprint = checked(&mut graph, Method::Post, BLUEPRINTS, Some(&new_blueprint()), 201);
    assert_eq!(blueprint["@odata.type"], "#microsoft.graph.agentIdentityBlueprint");
    assert_eq!(blueprint["id"], blueprint["appId"], "Entra PowerShell takes the one for the other");
    let id = id_of(&blueprint);
    for path in [
        format!("/applications/{id}"),
        format!("{BLUEPRINTS}/{id}"),
        format!("/applications/{id}/microsoft.graph.agentIdentityBlueprint"),
    ] {
        let seen = checked(&mut graph, Method::Get, &path, None, 200);
        assert_eq!(
            (&seen["displayName"], &seen["signInAudience"]),
            (&json!("Judge"), &json!("AzureADMyOrg"))
        );
    }
    assert_eq!(graph.get(&format!("/applications(appId='{id}')?$select=appId")).1["appId"], id);
    let path = format!("/applications/{id}");
    let scope = json!({"id": ids::nothing(1).to_string(), "value": "access_agent", "isEnabled": true, "type": "User"});
    let change =
        json!({"identifierUris": [format!("api://{id}")], "api": {"oauth2PermissionScopes": [scope]}});
    checked(&mut graph, Method::Patch, &path, Some(&change), 204);
    checked(&mut graph, Method::Patch, &path, Some(&json!({"api": {"requestedAccessTokenVersion": 2}})), 204);
    let seen = graph.get(&path).1;
    assert_eq!(seen["api"]["oauth2PermissionScopes"][0]["value"], "access_agent", "what is not sent stays");
    assert_eq!(seen["api"]["requestedAccessTokenVersion"], 2);
    for bad in
        [json!({"appId": "x"}), json!({"displayName": 5}), json!({"sessionState": "x"}), json!({"tags": "x"})]
    {
        bad_request(&graph.patch(&path, &bad));
    }
    assert_eq!(graph.all(BLUEPRINTS).len(), 4);
    assert_eq!(graph.get_eventual(&format!("{BLUEPRINTS}/$count")).1, 4);
    assert_eq!(graph.all("/applications?$filter=displayName%20eq%20'judge'").len(), 1);
    checked(&mut graph, Method::Delete, &path, None, 204);
    not_found(&graph.get(&path));
    assert_eq!(id_of(&graph.get("/directory/deletedItems/microsoft.graph.application").1["value"][0]), id);
    let bin = format!("/directory/deletedItems/{id}");
    assert!(graph.get(&bin).1["deletedDateTime"].is_string());
    assert_eq!(graph.act(&format!("{bin}/restore")).0, 200);
    assert_eq!(graph.get(&path).0, 200);
    graph.delete(&path);
    assert_eq!(graph.delete(&bin).0, 204);
    not_found(&graph.get(&bin));
}

#[test]
fn blueprints_that_are_refused() {
    let mut graph = Client::contoso();
    let no_sponsor = graph.post(BLUEPRINTS, &without(new_blueprint(), "sponsors@odata.bind"));
    assert_eq!(
        no_sponsor.1["error"]["message"],
        "No sponsor specified. Please provide at least one sponsor."
    );
    bad_request(&graph.post(BLUEPRINTS, &without(new_blueprint(), "displayName")));
    let bind = |id: ObjectId, set: &str| {
        with(new_blueprint(), "sponsors@odata.bind", json!([format!("{ROOT}/v1.0/{set}/{id}")]))
    };
    not_found(&graph.post(BLUEPRINTS, &bind(ids::nothing(1), "users")));
    let agent = graph.create(1);
    bad_request(&graph.post(BLUEPRINTS, &bind(agent, "users")));
    bad_request(&graph.post(BLUEPRINTS, &bind(ids::plain(1), "servicePrincipals")));
    refused(&graph.post("/applications", &new_blueprint()), 501, "NotSimulated");
    let typed = with(new_blueprint(), "@odata.type", json!("Microsoft.Graph.AgentIdentityBlueprint"));
    assert_eq!(graph.post("/applications", &typed).0, 201);
    graph
        .directory
        .add_token("human", Token::delegated(Some(ids::human(3)), ["AgentIdentityBlueprint.Create"]));
    graph.directory.add_token("reader", Token::application(["AgentIdentityBlueprint.Read.All"]));
    graph.token = "Bearer human";
    let (status, own) = graph.post(BLUEPRINTS, &json!({"displayName": "Own"}));
    assert_eq!(status, 201, "the caller is sponsor and owner");
    refused(&graph.get(BLUEPRINTS), 403, "Authorization_RequestDenied");
    graph.token = "Bearer reader";
    for relation in ["owners", "sponsors"] {
        let all = graph.all(&format!("/applications/{}/{relation}", id_of(&own)));
        assert_eq!(all[0]["id"], ids::human(3).to_string());
    }
    refused(&graph.post(BLUEPRINTS, &new_blueprint()), 403, "Authorization_RequestDenied");
    refused(&graph.delete(&format!("/applications/{}", id_of(&own))), 403, "Authorization_RequestDenied");
}

#[test]
fn a_chain_from_blueprint_to_agent_user_and_its_cascade() {
    for (cascade, stays) in [(Cascade::Stays, true), (Cascade::SoftDeletes(Duration::ZERO), false)] {
        let mut graph = Client::with(Switches { cascade, ..Switches::default() });
        let id = id_of(&graph.post(BLUEPRINTS, &new_blueprint()).1);
        let identity = json!({
            "displayName": "Agent", "AgentIdentityBlueprintId": id, "sponsors@odata.bind": [user(1)], "owners@odata.bind": [user(2)],
        });
        let too_early = graph.post(IDENTITIES, &identity);
        assert_eq!(
            too_early.1["error"]["message"],
            "The Agent Blueprint Principal for the Agent Blueprint does not exist."
        );
        let principal = checked(&mut graph, Method::Post, PRINCIPALS, Some(&json!({"appId": id})), 201);
        assert_eq!((&principal["appId"], &principal["displayName"]), (&json!(id), &json!("Judge")));
        refused(&graph.post(PRINCIPALS, &json!({"appId": id})), 409, "Request_BadRequest");
        let unknown = json!({"appId": ids::nothing(1).to_string()});
        refused(&graph.post(PRINCIPALS, &unknown), 400, "AgentBlueprintPrincipal_RequireAgentBlueprint");
        let identity = checked(&mut graph, Method::Post, IDENTITIES, Some(&identity), 201);
        let owners =
            checked(&mut graph, Method::Get, &format!("{IDENTITIES}/{}/owners", id_of(&identity)), None, 200);
        assert_eq!(owners["value"][0]["id"], ids::human(2).to_string());
        let agent = with(new_user(1), "identityParentId", identity["id"].clone());
        let agent = graph.post(AGENTS, &agent).1;
        assert_eq!(graph.delete(&format!("/applications/{id}")).0, 204);
        graph.later(seconds(1));
        for path in [
            format!("/servicePrincipals/{}", id_of(&principal)),
            format!("/servicePrincipals/{}", id_of(&identity)),
            format!("/users/{}", id_of(&agent)),
        ] {
            assert_eq!(graph.get(&path).0, if stays { 200 } else { 404 }, "{path}");
        }
        let bin = format!("/directory/deletedItems/{}", id_of(&principal));
        if !stays {
            bad_request(&graph.delete(&bin));
            let identity = format!("/directory/deletedItems/{}", id_of(&identity));
            assert_eq!(graph.delete(&identity).0, 204);
        }
    }
}

#[test]
fn secrets_are_shown_once() {
    let mut graph = Client::contoso();
    let path = format!("{BLUEPRINTS}/{}", ids::blueprint(1));
    let body = json!({"passwordCredential": {"displayName": "First", "endDateTime": "2027-01-01T00:00:00Z"}});
    let secret = checked(&mut graph, Method::Post, &format!("{path}/addPassword"), Some(&body), 200);
    let text = secret["secretText"].as_str().unwrap();
    assert!((16..=64).contains(&text.len()));
    let seen = graph.get(&path).1["passwordCredentials"][0].clone();
    assert_eq!((&seen["keyId"], &seen["secretText"]), (&secret["keyId"], &Value::Null));
    assert_eq!(seen["endDateTime"], "2027-01-01T00:00:00Z");
    let debug = format!("{:?}", graph.directory.blueprints().collect::<Vec<_>>());
    assert!(!debug.contains(text));
    bad_request(
        &graph.post(&format!("{path}/removePassword"), &json!({"keyId": ids::nothing(1).to_string()})),
    );
    assert_eq!(graph.post(&format!("{path}/removePassword"), &json!({"keyId": secret["keyId"]})).0, 204);
    assert_eq!(graph.get(&path).1["passwordCredentials"], json!([]));
    let identity = graph.act(&format!("/servicePrincipals/{}/addPassword", ids::identity(1)));
    refused(&identity, 400, "AgentIdentity_CredentialsNotSupported");
}

#[test]
fn federated_credentials_and_inheritable_permissions() {
    let mut graph = Client::contoso();
    let app = format!("/applications/{}", ids::blueprint(1));
    let path = format!("{app}/federatedIdentityCredentials");
    let credential = json!({"name": "a", "issuer": "https://i", "subject": "s", "audiences": ["api://AzureADTokenExchange"]});
    let made = checked(&mut graph, Method::Post, &path, Some(&credential), 201);
    refused(&graph.post(&path, &credential), 409, "Request_BadRequest");
    bad_request(&graph.post(&path, &without(with(credential, "name", json!("b")), "issuer")));
    let one = format!("{path}/{}", id_of(&made));
    checked(&mut graph, Method::Patch, &one, Some(&json!({"subject": "t"})), 204);
    assert_eq!(checked(&mut graph, Method::Get, &one, None, 200)["subject"], "t");
    bad_request(&graph.patch(&one, &json!({"name": "c"})));
    checked(&mut graph, Method::Delete, &one, None, 204);
    assert_eq!(checked(&mut graph, Method::Get, &path, None, 200)["value"], json!([]));

    let path = format!("{app}/microsoft.graph.agentIdentityBlueprint/inheritablePermissions");
    let body = json!({"resourceAppId": GRAPH, "inheritableScopes": {"@odata.type": "microsoft.graph.allAllowedScopes"}});
    let made = checked(&mut graph, Method::Post, &path, Some(&body), 201);
    assert_eq!(made["inheritableScopes"]["kind"], "allAllowed");
    refused(&graph.post(&path, &body), 409, "Request_BadRequest");
    let listed = json!({"inheritableScopes": {"@odata.type": "microsoft.graph.enumeratedScopes", "scopes": ["User.Read"]}});
    assert_eq!(graph.patch(&format!("{path}/{GRAPH}"), &listed).0, 200);
    assert_eq!(graph.get(&format!("{path}/{GRAPH}")).1["inheritableScopes"]["scopes"], json!(["User.Read"]));
    bad_request(&graph.patch(
        &format!("{path}/{GRAPH}"),
        &json!({"inheritableScopes": {"@odata.type": "microsoft.graph.enumeratedScopes"}}),
    ));
    assert_eq!(graph.delete(&format!("{path}/{GRAPH}")).0, 204);
    assert_eq!(graph.all(&path), [] as [Value; 0]);
}

#[test]
fn owners_and_sponsors_are_added_and_removed() {
    let mut graph = Client::with(Switches { sponsor_of_refused_to_apps: false, ..Switches::default() });
    for path in [
        format!("/applications/{}/microsoft.graph.agentIdentityBlueprint", ids::blueprint(1)),
        format!("{IDENTITIES}/{}", ids::identity(1)),
    ] {
        for relation in ["owners", "sponsors"] {
            let path = format!("{path}/{relation}");
            let add = reference("users", ids::human(4));
            checked(&mut graph, Method::Post, &format!("{path}/$ref"), Some(&add), 204);
            let again = graph.post(&format!("{path}/$ref"), &add);
            let words = again.1["error"]["message"].as_str().unwrap();
            assert!(words.ends_with(&format!("modified properties: '{relation}'.")), "{words}");
            let ids = checked(&mut graph, Method::Get, &path, None, 200);
            let is_it = |one: &Value| {
                one["id"] == ids::human(4).to_string() && one["@odata.type"] == "#microsoft.graph.user"
            };
            assert!(ids["value"].as_array().unwrap().iter().any(is_it), "{ids}");
            checked(&mut graph, Method::Delete, &format!("{path}/{}/$ref", ids::human(4)), None, 204);
            not_found(&graph.delete(&format!("{path}/{}/$ref", ids::human(4))));
        }
    }
    let human = format!("/users/{}", ids::human(1));
    let sponsored = checked(&mut graph, Method::Get, &format!("{human}/sponsorOf?$top=999"), None, 200);
    assert_eq!(sponsored["value"].as_array().unwrap().len(), 16, "13 agent identities and 3 blueprints");
    let own = reference("users", ids::human(1));
    graph.post(&format!("/groups/{}/owners/$ref", ids::group(1)), &own);
    graph.post(&format!("/applications/{}/owners/$ref", ids::blueprint(1)), &own);
    let owned = checked(&mut graph, Method::Get, &format!("{human}/ownedObjects"), None, 200);
    assert_eq!(owned["value"].as_array().unwrap().len(), 2);
    assert_eq!(graph.all(&format!("{human}/ownedObjects/microsoft.graph.group")).len(), 1);
    let many: Vec<String> = (1..=6).map(|n| format!("{ROOT}/v1.0/groups/{}", ids::group(n))).collect();
    let tenant = (3..=6).fold(Tenant::contoso(1), Tenant::group);
    let mut graph = Client::of(tenant);
    bad_request(&graph.post(BLUEPRINTS, &with(new_blueprint(), "sponsors@odata.bind", json!(many))));
}

#[test]
fn grants_and_app_roles() {
    let mut graph = Client::contoso();
    let (client, api) = (ids::identity(1).to_string(), ids::graph_principal().to_string());
    let agent = graph.create(1).to_string();
    let grant = json!({
        "clientId": client, "consentType": "Principal", "principalId": agent, "resourceId": api, "scope": "User.Read",
    });
    let made = checked(&mut graph, Method::Post, "/oauth2PermissionGrants", Some(&grant), 201);
    refused(&graph.post("/oauth2PermissionGrants", &grant), 409, "Request_MultipleObjectsWithSameKeyValue");
    bad_request(&graph.post("/oauth2PermissionGrants", &without(grant.clone(), "principalId")));
    let one = format!("/oauth2PermissionGrants/{}", id_of(&made));
    checked(&mut graph, Method::Patch, &one, Some(&json!({"scope": "User.Read Mail.Read"})), 204);
    bad_request(&graph.patch(&one, &json!({"clientId": api, "scope": "x"})));
    assert_eq!(checked(&mut graph, Method::Get, &one, None, 200)["scope"], "User.Read Mail.Read");
    for path in [format!("/servicePrincipals/{client}"), format!("/users/{agent}")] {
        let path = format!("{path}/oauth2PermissionGrants");
        assert_eq!(checked(&mut graph, Method::Get, &path, None, 200)["value"].as_array().unwrap().len(), 1);
    }
    checked(&mut graph, Method::Delete, &one, None, 204);

    let role = json!({"principalId": client, "resourceId": api, "appRoleId": "4aa6e624-eee0-40ab-bdd8-f9639038a614"});
    let path = format!("/servicePrincipals/{client}/appRoleAssignments");
    let made = checked(&mut graph, Method::Post, &path, Some(&role), 201);
    assert_eq!(
        (&made["principalType"], &made["resourceDisplayName"]),
        (&json!("ServicePrincipal"), &json!("Microsoft Graph"))
    );
    bad_request(&graph.post(&path, &role));
    bad_request(&graph.post(&path, &with(role.clone(), "appRoleId", json!(ids::nothing(1).to_string()))));
    bad_request(&graph.post(&format!("/users/{agent}/appRoleAssignments"), &role));
    let to = format!("/servicePrincipals/{api}/appRoleAssignedTo");
    assert_eq!(checked(&mut graph, Method::Get, &to, None, 200)["value"][0]["id"], made["id"]);
    checked(&mut graph, Method::Delete, &format!("{to}/{}", id_of(&made)), None, 204);
    assert_eq!(graph.all(&path), [] as [Value; 0]);
    let of_user =
        with(with(role, "principalId", json!(agent)), "appRoleId", json!(ObjectId::from_u128(0).to_string()));
    checked(&mut graph, Method::Post, &format!("/users/{agent}/appRoleAssignments"), Some(&of_user), 201);
    assert!(graph.directory.find_principal(ids::identity(1)).unwrap().life == Life::Live);
}
