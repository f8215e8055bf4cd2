//! The token endpoint, and what the client makes of its answers.

use crate::common::*;
use agentuser::{Client, ClientSecret, Code, FixedToken, Problem};
use agentuser_simulator::server::{AppClient, ServerOptions};
use agentuser_simulator::{Faults, Tenant, ids, tenant};
use std::time::Duration;

/// No output may hold it.
const MARKER: &str = "marker-5ecret~value";

fn quiet(problem: &Problem) {
    let shown = format!("{problem} {problem:?} {}", serde_json::to_string(problem).unwrap());
    assert!(!shown.contains(MARKER), "{shown}");
    assert!(!problem.fix().is_empty() && !problem.cause().is_empty(), "{problem:?}");
}

#[tokio::test]
async fn every_refusal_has_its_number() {
    let server = serve(Faults::none());
    let (id, scope) = (ids::blueprint_app(1), format!("{}/.default", server.root()));
    let form = |changes: &[(&str, &str)]| {
        let id = id.to_string();
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
    };
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
        ("contoso.com", form(&[("grant_type", "user_fic")]), 400, "unsupported_grant_type", None),
        ("contoso.com", form(&[("client_id", "")]), 400, "invalid_request", None),
        ("contoso.com", "%ff=%ff".to_owned(), 400, "invalid_request", None),
        ("contoso.com", String::new(), 400, "invalid_request", None),
    ] {
        let head =
            format!("POST /{tenant}/oauth2/v2.0/token|Content-Type: application/x-www-form-urlencoded");
        let answer = ask(server.root(), &head, &form).await;
        assert_eq!(status(&answer), expected, "{form}: {answer}");
        assert!(!answer.contains(MARKER));
        let body = json(&answer);
        if expected == 200 {
            assert_eq!((&body["token_type"], &body["expires_in"]), (&"Bearer".into(), &3599.into()));
            assert!(body["access_token"].as_str().is_some_and(|token| !token.is_empty()));
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
    let path = "/contoso.com/oauth2/v2.0/token";
    assert_eq!(status(&ask(server.root(), &format!("GET {path}"), "").await), 405);
    let json_form = format!("POST {path}|Content-Type: application/json");
    assert_eq!(status(&ask(server.root(), &json_form, &form(&[])).await), 400);
    let page =
        format!("POST {path}|Content-Type: application/x-www-form-urlencoded|Origin: https://page.example");
    let answer = json(&ask(server.root(), &page, &form(&[])).await);
    assert_eq!(answer["error_codes"][0], 9_002_326);
}

#[tokio::test]
async fn the_client_explains_a_refused_sign_in() {
    let server = serve(Faults::none());
    let id = ids::blueprint_app(1).to_string();
    let nobody = ids::nothing(1).to_string();
    for (tenant, id, secret, code) in [
        ("contoso.com", &id, MARKER, Code::SignInSecretWrong),
        ("contoso.com", &nobody, MARKER, Code::SignInClientUnknown),
        ("fabrikam.com", &id, MARKER, Code::SignInTenantUnknown),
        ("contoso.com", &id, "", Code::SignInNoCredential),
    ] {
        let provider = ClientSecret::new(tenant, id, secret.to_owned()).unwrap();
        let provider = provider.login_endpoint(server.root()).unwrap();
        let client = builder(server.root()).token(provider).build().unwrap();
        let run = client.tenant_facts();
        let shown = format!("{client:?} {run:?}");
        assert!(!shown.contains(MARKER), "{shown}");
        let problem = run.await.unwrap_err();
        assert_eq!(problem.code(), code, "{problem:?}");
        quiet(&problem);
    }
    server.network(|network| assert_eq!(network.counts().requests, 0, "nothing is sent without a token"));
}

#[tokio::test]
async fn a_token_that_ended_is_renewed_once_for_all() {
    let server = serve(Faults::none());
    let client = builder(server.root()).token(blueprint(server.root(), SECRET)).build().unwrap();
    client.tenant_facts().await.unwrap();
    assert_eq!(server.revoke_issued_tokens(), 1);
    let (known, skus, parent) = tokio::join!(
        client.tenant_facts().into_future(),
        client.skus().into_future(),
        client.verify_parent(ids::identity(1)).into_future(),
    );
    known.unwrap();
    skus.unwrap();
    parent.unwrap();
    assert_eq!(server.revoke_issued_tokens(), 1, "one new token serves all requests");
}

#[tokio::test]
async fn a_token_that_is_refused_again_is_a_problem() {
    let id = ids::blueprint_app(1);
    let app = AppClient::new(id, SECRET, tenant::blueprint_token(1)).expires_in(Duration::ZERO);
    assert!(!format!("{app:?}").contains(SECRET));
    let server = serve_with(Tenant::contoso(1), Faults::none(), ServerOptions::new().client(app));
    let client = builder(server.root()).token(blueprint(server.root(), SECRET)).build().unwrap();
    let problem = client.tenant_facts().await.unwrap_err();
    assert_eq!(problem.code(), Code::TokenRejected, "{problem:?}");
    assert_eq!(server.revoke_issued_tokens(), 2);
}

#[tokio::test]
async fn a_fixed_token_is_not_renewed_and_not_shown() {
    let server = serve(Faults::none());
    for (token, code) in [
        (MARKER, Code::TokenRejected),
        ("expired", Code::TokenRejected),
        ("challenged", Code::ClaimsChallenge),
        ("nobody", Code::PermissionMissing),
        ("", Code::TokenMissing),
        ("line\nbreak", Code::TokenMissing),
    ] {
        let provider = FixedToken::new(token.to_owned());
        let client: Client = builder(server.root()).token(provider).build().unwrap();
        let run = client.list(agentuser::ListQuery::default());
        let shown = format!("{client:?} {run:?}");
        assert!(!shown.contains(MARKER), "{shown}");
        let problem = run.await.unwrap_err();
        assert_eq!(problem.code(), code, "{token}: {problem:?}");
        quiet(&problem);
    }
}
