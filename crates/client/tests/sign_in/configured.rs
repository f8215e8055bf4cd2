//! Sign-ins that a configuration names.

use crate::hosts::{Answers, Deaf};
use crate::tenants::*;
use agentuser::core::json::Config;
use agentuser::sign_in::{SignInHost, SignedIn, of_config};
use agentuser::{AccessToken, Client, Code, ListQuery, Problem};
use agentuser_simulator::ids;
use serde_json::{Value, json};
use std::sync::Arc;

fn config(root: &str, sign_in: Value) -> Value {
    let mut config = json!({"graphEndpoint": root});
    if !sign_in.is_null() {
        config["signIn"] = sign_in;
    }
    config
}

fn with_host(
    config: &Value,
    secret: Option<&str>,
    host: Arc<dyn SignInHost>,
) -> Result<(Config, SignedIn), Problem> {
    of_config(config.to_string().as_bytes(), secret.map(|secret| secret.to_owned().into()), host)
}

fn signed_in(config: &Value, secret: Option<&str>) -> Result<(Config, SignedIn), Problem> {
    with_host(config, secret, Arc::new(Deaf::default()))
}

fn agent(kind: &str, proof: &str) -> Value {
    json!({
        "kind": kind, "tenantId": TENANT, "clientId": ids::blueprint_app(1).to_string(),
        "agentIdentityId": ids::identity(1).to_string(), "proof": {"kind": proof},
    })
}

#[tokio::test]
async fn a_configuration_names_an_agent_user() {
    let server = serve(tenant());
    let mut wanted = agent("agentUser", "clientSecret");
    wanted["userPrincipalName"] = "agent1@contoso.com".into();
    let (config, provider) = signed_in(&config(server.root(), wanted), Some(SECRET)).unwrap();
    assert!(!provider.is_host() && !format!("{provider:?}").contains(SECRET));
    let client = Client::builder().config(&config).unwrap().token(provider).build().unwrap();
    client.get("agent1@contoso.com".parse::<agentuser::UserRef>().unwrap()).await.unwrap();
    let token = client.token(&[]).await.unwrap();
    let said = |token: &AccessToken| (token.scope().map(str::to_owned), token.account());
    let root = server.root();
    let granted = format!("{root}/User.Read {root}/User.Read.All {root}/.default");
    assert_eq!(token.scope(), Some(granted.as_str()));
    assert_eq!(token.account().as_deref(), Some("agent1@contoso.com"));
    assert_eq!(said(&client.new_token(&[]).await.unwrap()), said(&token), "a new one says the same");
    server.stop().await;
}

#[tokio::test]
async fn without_a_sign_in_the_host_brings_tokens() {
    let server = serve(tenant());
    let host = Arc::new(Answers::of(vec!["admin".to_owned(), "other".to_owned()]));
    let (config, provider) = with_host(&config(server.root(), Value::Null), None, host.clone()).unwrap();
    assert!(provider.is_host() && provider.refresh_token().is_none());
    let client = Client::builder().config(&config).unwrap().token(provider).build().unwrap();
    assert!(client.list(ListQuery::default()).await.unwrap() > 0);
    assert_eq!(client.token(&["https://storage.azure.com/.default"]).await.unwrap().expose_secret(), "other");
    let asked = [
        format!("token for {}/.default", server.root()),
        "token for https://storage.azure.com/.default".to_owned(),
    ];
    assert_eq!(host.asked(), asked);
    server.stop().await;
}

#[test]
fn a_secret_comes_where_one_is_needed_and_nowhere_else() {
    let root = "http://127.0.0.1:9";
    let code = |sign_in, secret| signed_in(&config(root, sign_in), secret).map(drop).unwrap_err().code();
    assert_eq!(code(agent("agentIdentity", "clientSecret"), None), Code::TokenMissing);
    assert_eq!(code(agent("agentIdentity", "certificate"), None), Code::TokenMissing);
    assert_eq!(code(agent("agentIdentity", "certificate"), Some("no PEM")), Code::CertificateUnusable);
    for empty in ["", " \n"] {
        assert_eq!(code(agent("agentIdentity", "clientSecret"), Some(empty)), Code::TokenMissing);
    }
    assert_eq!(code(agent("agentIdentity", "gitHubActions"), Some("secret")), Code::Invalid);
    assert_eq!(code(Value::Null, Some("secret")), Code::Invalid);
    for kind in ["azureCli", "azureDeveloperCli", "managedIdentity", "workloadIdentity"] {
        signed_in(&config(root, json!({"kind": kind})), None).unwrap();
    }
    for proof in ["assertion", "federatedTokenFile", "managedIdentity", "gitHubActions"] {
        signed_in(&config(root, agent("onBehalfOf", proof)), None).unwrap();
    }
    for kind in ["browser", "deviceCode"] {
        let person =
            json!({"kind": kind, "tenantId": "organizations", "clientId": ids::plain_app(2).to_string()});
        let (_, person) = signed_in(&config(root, person), None).unwrap();
        person.remember("kept".to_owned().into());
        assert_eq!(person.refresh_token().unwrap().expose(), "kept");
        person.sign_out();
        assert!(person.refresh_token().is_none());
    }
}

#[test]
fn a_proof_that_cannot_be_used_is_told_with_everything_else() {
    let mut signature = agent("agentIdentity", "signature");
    signature["proof"]["certificate"] = "rubbish".into();
    for (mut sign_in, secret, field, message) in [
        (
            agent("agentIdentity", "certificate"),
            Some("rubbish"),
            "signIn.proof",
            "The text has no certificate.",
        ),
        (
            agent("agentIdentity", "clientSecret"),
            Some(""),
            "signIn.proof",
            "The sign-in needs a client secret, and the one that came with the configuration is empty.",
        ),
        (signature, None, "signIn.proof.certificate", "The text has no certificate."),
    ] {
        sign_in["tenantId"] = "no tenant".into();
        sign_in["agentIdentityId"] = "no id".into();
        let problem = signed_in(&config("http://127.0.0.1:9", sign_in), secret).map(drop).unwrap_err();
        assert_eq!(problem.code(), Code::Invalid, "{problem:?}");
        let fields: Vec<_> = problem.violations().iter().map(|broken| broken.field.as_ref()).collect();
        assert_eq!(fields, ["signIn.tenantId", "signIn.agentIdentityId", field]);
        let last = problem.violations().last().unwrap();
        assert_eq!(last.message, message);
        assert!(!last.fix.is_empty() && !format!("{problem:?}").contains("rubbish"), "{problem:?}");
    }
}
