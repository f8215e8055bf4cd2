//! Answers of the token endpoint, and what the client does with them.

use crate::common::*;
use agentuser::sign_in::Proof;
use agentuser::{Client, Code, FixedToken, Problem};
use agentuser_simulator::entra::Application;
use agentuser_simulator::server::ServerOptions;
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
        let provider =
            agentuser::sign_in::Application::new(tenant, id, Proof::secret(secret.to_owned().into()))
                .unwrap();
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
    let app = Application::new(id).secret(SECRET).permissions(tenant::blueprint_token(1));
    let app = app.expires_in(Duration::ZERO);
    assert!(!format!("{app:?}").contains(SECRET));
    let server = serve_with(Tenant::contoso(1).application(app), Faults::none(), ServerOptions::new());
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
