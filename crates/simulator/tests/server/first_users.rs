//! The requests of first users, as guides print them: beta, and Graph's own address in references.

use crate::common::*;
use agentuser_simulator::server::{Running, ServerOptions};
use agentuser_simulator::{Faults, Tenant, Token, ids, tenant};
use serde_json::{Value, json as value};

fn send(server: &Running, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let head = format!("{method} {path}|Authorization: Bearer admin|Content-Type: application/json");
    let answer = ask_now(server.root(), &head, &body);
    let (_, text) = answer.split_once("\r\n\r\n").unwrap();
    (status(&answer), if text.is_empty() { Value::Null } else { json(&answer) })
}

/// The six requests of a recipe that assistants follow, in its order.
#[tokio::test]
async fn six_requests_make_a_licensed_agent_user() {
    let server = serve(Faults::none());
    tokio::task::spawn_blocking(move || {
        let parent = ids::identity(1);
        let (status, identity) =
            send(&server, "GET", &format!("/beta/servicePrincipals/{parent}"), &Value::Null);
        assert_eq!((status, &identity["servicePrincipalType"]), (200, &value!("ServiceIdentity")));
        assert_eq!(identity["@odata.type"], "#microsoft.graph.agentIdentity");
        assert_eq!(identity["agentIdentityBlueprintId"], ids::blueprint_app(1).to_string());
        let body = value!({
            "accountEnabled": true, "displayName": "Sales Agent", "mailNickname": "salesagent",
            "userPrincipalName": "salesagent@contoso.com", "identityParentId": parent.to_string(),
        });
        let (status, user) = send(&server, "POST", "/beta/users/microsoft.graph.agentUser", &body);
        assert_eq!((status, &user["@odata.type"]), (201, &value!("#microsoft.graph.agentUser")), "{user}");
        let path = format!("/beta/users/{}", user["id"].as_str().unwrap());
        let manager =
            value!({"@odata.id": format!("https://graph.microsoft.com/beta/users/{}", ids::human(1))});
        assert_eq!(send(&server, "PUT", &format!("{path}/manager/$ref"), &manager).0, 204);
        assert!(matches!(send(&server, "PATCH", &path, &value!({"usageLocation": "US"})).0, 200 | 204));
        let select = "$select=skuPartNumber,skuId,consumedUnits,prepaidUnits";
        let (status, skus) = send(&server, "GET", &format!("/beta/subscribedSkus?{select}"), &Value::Null);
        assert_eq!((status, skus["value"].as_array().unwrap().len()), (200, 2));
        let sku = ids::sku(tenant::FULL_SKU).to_string();
        let add = value!({"addLicenses": [{"skuId": sku}], "removeLicenses": []});
        let (status, user) = send(&server, "POST", &format!("{path}/assignLicense"), &add);
        assert_eq!((status, &user["assignedLicenses"][0]["skuId"]), (200, &value!(sku)));
    })
    .await
    .unwrap();
}

/// A secret that Graph gave out works at the token endpoint, with the roles that the principal has.
#[tokio::test]
async fn a_new_secret_signs_in_until_it_is_removed() {
    let tenant =
        Tenant::contoso(2).blueprint_without_principal(8).blueprint(9).token("admin", Token::everything());
    let server = serve_with(tenant, Faults::none(), ServerOptions::contoso());
    tokio::task::spawn_blocking(move || {
        let add = |n: u32, end: &str| {
            let path = format!("/v1.0/applications/{}/addPassword", ids::blueprint(n));
            send(&server, "POST", &path, &value!({"passwordCredential": {"endDateTime": end}})).1
        };
        let sign_in = |n: u32, secret: &Value| {
            let app = ids::blueprint_app(n);
            let body = format!(
                "grant_type=client_credentials&client_id={app}&client_secret={}&scope=https://graph.microsoft.com/.default",
                secret.as_str().unwrap()
            );
            let head = "POST /contoso.com/oauth2/v2.0/token|Content-Type: application/x-www-form-urlencoded";
            json(&ask_now(server.root(), head, &body))
        };
        let secret = add(9, "2099-01-01T00:00:00Z");
        let role = value!({
            "principalId": ids::blueprint_principal(9).to_string(), "resourceId": ids::graph_principal().to_string(),
            "appRoleId": "4aa6e624-eee0-40ab-bdd8-f9639038a614",
        });
        let path = format!("/v1.0/servicePrincipals/{}/appRoleAssignments", ids::blueprint_principal(9));
        assert_eq!(send(&server, "POST", &path, &role).0, 201);
        let token = sign_in(9, &secret["secretText"]);
        let claims = claims(token["access_token"].as_str().unwrap());
        assert_eq!(claims["roles"], value!(["AgentIdUser.ReadWrite.IdentityParentedBy"]));
        assert_eq!(claims["appid"], ids::blueprint_app(9).to_string());
        let number = |answer: Value| answer["error_codes"][0].as_u64().unwrap();
        assert_eq!(number(sign_in(9, &value!("wrong"))), 7_000_215);
        assert_eq!(number(sign_in(9, &add(9, "2020-01-01T00:00:00Z")["secretText"])), 7_000_222);
        assert_eq!(number(sign_in(8, &add(8, "2099-01-01T00:00:00Z")["secretText"])), 7_000_229);
        let path = format!("/v1.0/applications/{}/removePassword", ids::blueprint(9));
        assert_eq!(send(&server, "POST", &path, &value!({"keyId": secret["keyId"]})).0, 204);
        assert_eq!(number(sign_in(9, &secret["secretText"])), 7_000_215);
    })
    .await
    .unwrap();
}
