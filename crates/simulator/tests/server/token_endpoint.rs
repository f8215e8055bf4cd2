//! The token endpoint: each refusal with its number.

use crate::common::*;
use agentuser_simulator::{Faults, ids};

/// No answer may hold it.
const MARKER: &str = "marker-5ecret~value";
const GRAPH_ID: &str = "00000003-0000-0000-c000-000000000000";
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// A good form for the server at this root, with these changes.
fn form_with(root: &str, changes: &[(&str, &str)]) -> String {
    let (id, scope) = (ids::blueprint_app(1).to_string(), format!("{root}/.default"));
    let mut fields = vec![
        ("grant_type", "client_credentials"),
        ("client_id", &id),
        ("client_secret", SECRET),
        ("scope", &scope),
    ];
    for (name, value) in changes {
        fields.retain(|(field, _)| field != name);
        fields.push((name, value));
    }
    fields.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

#[tokio::test]
async fn every_refusal_has_its_number() {
    let server = serve(Faults::none());
    let form = |changes| form_with(server.root(), changes);
    let nobody = ids::nothing(1).to_string();
    for (tenant, form, expected, error, number) in [
        ("contoso.com", form(&[]), 200, "", None),
        ("CONTOSO.onmicrosoft.com", form(&[]), 200, "", None),
        ("contoso.com", form(&[("scope", "https%3A%2F%2Fgraph.microsoft.com%2F.default")]), 200, "", None),
        ("fabrikam.com", form(&[]), 400, "invalid_request", Some(90_002)),
        ("common", form(&[]), 400, "invalid_request", Some(90_002)),
        ("contoso.com", form(&[("client_id", &nobody)]), 400, "unauthorized_client", Some(700_016)),
        ("contoso.com", form(&[("client_secret", MARKER)]), 401, "invalid_client", Some(7_000_215)),
        ("contoso.com", form(&[("client_secret", "")]), 401, "invalid_client", Some(7_000_216)),
        ("contoso.com", form(&[("scope", "User.Read")]), 400, "invalid_scope", Some(1_002_012)),
        ("contoso.com", form(&[("scope", "a/.default+b/.default")]), 400, "invalid_scope", Some(70_011)),
        ("contoso.com", form(&[("scope", "api://other/.default")]), 400, "invalid_resource", Some(500_011)),
        ("contoso.com", form(&[("scope", "https://graph.microsoft.com//.default")]), 200, "", None),
        ("contoso.com", form(&[("scope", &format!("{GRAPH_ID}/.default"))]), 200, "", None),
        ("contoso.com", form(&[("grant_type", "magic")]), 400, "unsupported_grant_type", Some(70_003)),
        ("contoso.com", form(&[("grant_type", "user_fic")]), 400, "unauthorized_client", None),
        ("contoso.com", form(&[("grant_type", JWT_BEARER)]), 400, "invalid_request", Some(82_002)),
        ("contoso.com", form(&[("grant_type", "password")]), 400, "NotSimulated", None),
        (
            "contoso.com",
            form(&[("client_secret", ""), ("client_assertion", "x.y.z")]),
            400,
            "invalid_request",
            Some(900_144),
        ),
        ("contoso.com", form(&[("fmi_path", &nobody)]), 400, "invalid_scope", Some(70_011)),
        ("contoso.com", form(&[("scope", "api://AzureADTokenExchange/.default")]), 400, "NotSimulated", None),
        (
            "contoso.com",
            form(&[("scope", "https://management.azure.com/.default")]),
            400,
            "invalid_request",
            Some(82_001),
        ),
        ("contoso.com", form(&[("client_id", "")]), 400, "invalid_request", Some(900_144)),
        ("contoso.com", "%ff=%ff".to_owned(), 400, "invalid_request", None),
        ("contoso.com", String::new(), 400, "invalid_request", Some(900_144)),
    ] {
        let head =
            format!("POST /{tenant}/oauth2/v2.0/token|Content-Type: application/x-www-form-urlencoded");
        let answer = ask(server.root(), &head, &form).await;
        assert_eq!(status(&answer), expected, "{form}: {answer}");
        assert!(!answer.contains(MARKER));
        let body = json(&answer);
        if expected == 200 {
            assert_eq!((&body["token_type"], &body["expires_in"]), (&"Bearer".into(), &3599.into()));
            let claims = claims(body["access_token"].as_str().unwrap());
            assert_eq!(
                (&claims["idtyp"], &claims["appid"]),
                (&"app".into(), &ids::blueprint_app(1).to_string().into())
            );
            assert_eq!(claims["oid"], ids::blueprint_principal(1).to_string());
            let roles = claims["roles"].as_array().unwrap();
            assert!(roles.contains(&"AgentIdUser.ReadWrite.IdentityParentedBy".into()), "{roles:?}");
            assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3599);
            continue;
        }
        assert_eq!(body["error"], error, "{form}");
        assert_eq!(
            body["error_codes"],
            serde_json::json!(number.into_iter().collect::<Vec<u32>>()),
            "{form}"
        );
        let description = body["error_description"].as_str().unwrap();
        assert!(
            number.is_none_or(|number| description.starts_with(&format!("AADSTS{number}: "))),
            "{description}"
        );
        assert!(body["trace_id"].is_string() && body["correlation_id"].is_string());
    }
}

#[tokio::test]
async fn other_methods_types_and_origins_are_refused() {
    let server = serve(Faults::none());
    let form = form_with(server.root(), &[]);
    let path = "/contoso.com/oauth2/v2.0/token";
    assert_eq!(status(&ask(server.root(), &format!("GET {path}"), "").await), 405);
    let json_form = format!("POST {path}|Content-Type: application/json");
    assert_eq!(status(&ask(server.root(), &json_form, &form).await), 400);
    let page =
        format!("POST {path}|Content-Type: application/x-www-form-urlencoded|Origin: http://localhost");
    let answer = json(&ask(server.root(), &page, &form).await);
    assert_eq!(answer["error_codes"][0], 9_002_326);
}

#[tokio::test]
async fn the_correlation_is_the_client_s() {
    let server = serve(Faults::none());
    let form = form_with(server.root(), &[("client_secret", "wrong")]);
    let kind = "Content-Type: application/x-www-form-urlencoded";
    let id = "7f0c3a52-1111-4222-8333-abcdefabcdef";
    for head in [
        format!("POST /contoso.com/oauth2/v2.0/token|{kind}|client-request-id: {id}"),
        format!("POST /contoso.com/oauth2/v2.0/token?client-request-id={id}|{kind}"),
    ] {
        assert_eq!(json(&ask(server.root(), &head, &form).await)["correlation_id"], id);
    }
    let odd = format!("POST /contoso.com/oauth2/v2.0/token|{kind}|client-request-id: mine");
    assert_ne!(json(&ask(server.root(), &odd, &form).await)["correlation_id"], "mine");
}

#[tokio::test]
async fn the_older_endpoint_and_basic_credentials() {
    let server = serve(Faults::none());
    let id = ids::blueprint_app(1);
    let kind = "Content-Type: application/x-www-form-urlencoded";
    let form = format!(
        "grant_type=client_credentials&client_id={id}&client_secret={SECRET}&resource=https%3A%2F%2Fgraph.microsoft.com%2F"
    );
    let older = json(&ask(server.root(), &format!("POST /contoso.com/oauth2/token|{kind}"), &form).await);
    assert_eq!((&older["expires_in"], &older["token_type"]), (&"3599".into(), &"Bearer".into()));
    assert!(older["expires_on"].is_string(), "{older}");
    let credentials = {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(format!("{id}:{SECRET}"))
    };
    let form = "grant_type=client_credentials&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default";
    let head = format!("POST /contoso.com/oauth2/v2.0/token|{kind}|Authorization: Basic {credentials}");
    assert_eq!(status(&ask(server.root(), &head, form).await), 200);
    let wrong = format!("POST /contoso.com/oauth2/v2.0/token|{kind}|Authorization: Basic {credentials}x");
    assert_ne!(status(&ask(server.root(), &wrong, form).await), 200);
    let other = json(&ask(server.root(), "GET /contoso.com/oauth2/v2.0/logout?client_id=x", "").await);
    assert_eq!((&other["error"], &other["error_codes"]), (&"NotSimulated".into(), &serde_json::json!([])));
}
