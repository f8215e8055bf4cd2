//! The member `signIn` of a configuration.

use crate::common::*;
use agentuser_core::json::{Config, ProofConfig, SignInConfig, Subject};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::sign_in::{Prompt, UserOf};
use serde_json::{Value, json};

fn parse(sign_in: &Value) -> Result<Config, Problem> {
    Config::parse(json!({ "signIn": sign_in }).to_string().as_bytes())
}

fn read(sign_in: &Value) -> SignInConfig {
    parse(sign_in).unwrap().sign_in().unwrap().clone()
}

fn agent(kind: &str) -> Value {
    json!({
        "kind": kind, "tenantId": "contoso.com", "clientId": APP, "agentIdentityId": IDENTITY,
        "proof": {"kind": "clientSecret"},
    })
}

/// The object with this member, or without it where that is null.
fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

#[test]
fn each_kind_of_agent_is_read() {
    let application = with(agent("application"), "agentIdentityId", Value::Null);
    let by_id = UserOf::by_id(USER).unwrap();
    let by_name = UserOf::by_name("agent@contoso.com").unwrap();
    for (object, subject) in [
        (application, Subject::Application),
        (agent("agentIdentity"), Subject::AgentIdentity(identity())),
        (agent("onBehalfOf"), Subject::OnBehalfOf(identity())),
        (with(agent("agentUser"), "userId", USER.into()), Subject::AgentUser(identity(), by_id)),
        (
            with(agent("agentUser"), "userPrincipalName", "agent@contoso.com".into()),
            Subject::AgentUser(identity(), by_name),
        ),
    ] {
        let SignInConfig::Confidential(read) = read(&object) else { panic!("{object}") };
        assert_eq!(
            (&read.subject, read.client_id, read.proof.clone()),
            (&subject, app(), ProofConfig::ClientSecret)
        );
        assert_eq!(read.login, login());
        let needs_token = matches!(subject, Subject::OnBehalfOf(_));
        assert_eq!(read.who(None).is_none(), needs_token);
        assert!(read.who(Some(secret("x"))).is_some());
    }
}

#[test]
fn people_and_machines_are_read() {
    for (kind, prompt) in [("browser", Prompt::Browser), ("deviceCode", Prompt::DeviceCode)] {
        let object = json!({"kind": kind, "tenantId": "organizations", "clientId": APP, "scopes": "User.Read Mail.Read"});
        let SignInConfig::Person { prompt: read, scopes, tenant, .. } = read(&object) else { panic!() };
        assert_eq!((read, scopes.unwrap().to_string().as_str()), (prompt, "Mail.Read User.Read"));
        assert!(tenant.is_shared());
    }
    let machine = SignInConfig::ManagedIdentity { client_id: Some(app()) };
    assert_eq!(read(&json!({"kind": "managedIdentity", "clientId": APP})), machine);
    assert_eq!(read(&json!({"kind": "azureCli", "tenantId": null})), SignInConfig::AzureCli { tenant: None });
    let azd = SignInConfig::AzureDeveloperCli { tenant: Some(tenant()) };
    assert_eq!(read(&json!({"kind": "azureDeveloperCli", "tenantId": "contoso.com"})), azd);
    assert_eq!(read(&json!({"kind": "workloadIdentity"})), SignInConfig::WorkloadIdentity { login: None });
    let elsewhere = json!({"kind": "workloadIdentity", "loginEndpoint": "https://login.example"});
    let SignInConfig::WorkloadIdentity { login: Some(login) } = read(&elsewhere) else { panic!() };
    assert_eq!(login.origin(), "https://login.example", "beside the global cloud, too");
    assert!(Config::parse(b"{}").unwrap().sign_in().is_none());
    assert!(Config::parse(br#"{"signIn":null}"#).unwrap().sign_in().is_none());
}

#[test]
fn each_kind_of_proof_is_read() {
    let path = || Some("/var/run/token".into());
    for (proof, expected, secret) in [
        (json!({"kind": "clientSecret"}), ProofConfig::ClientSecret, true),
        (json!({"kind": "certificate"}), ProofConfig::Certificate { send_x5c: false }, true),
        (json!({"kind": "certificate", "sendX5c": true}), ProofConfig::Certificate { send_x5c: true }, true),
        (
            json!({"kind": "signature", "certificate": "PEM"}),
            ProofConfig::Signature { certificate: "PEM".to_owned(), send_x5c: false },
            false,
        ),
        (json!({"kind": "assertion"}), ProofConfig::Assertion, false),
        (json!({"kind": "federatedTokenFile"}), ProofConfig::FederatedTokenFile { path: None }, false),
        (
            json!({"kind": "federatedTokenFile", "path": "/var/run/token"}),
            ProofConfig::FederatedTokenFile { path: path() },
            false,
        ),
        (json!({"kind": "managedIdentity"}), ProofConfig::ManagedIdentity { client_id: None }, false),
        (
            json!({"kind": "azurePipelines", "serviceConnectionId": "c"}),
            ProofConfig::AzurePipelines { service_connection_id: "c".to_owned() },
            false,
        ),
        (json!({"kind": "gitHubActions"}), ProofConfig::GitHubActions, false),
    ] {
        let read = read(&with(agent("agentIdentity"), "proof", proof));
        let SignInConfig::Confidential(confidential) = &read else { panic!() };
        assert_eq!(confidential.proof, expected);
        assert_eq!(read.secret().is_some(), secret);
    }
}

#[test]
fn every_error_is_said_at_once_with_its_place() {
    let said = |object: &Value| {
        let problem = parse(object).unwrap_err();
        assert_eq!(problem.code(), Code::Invalid);
        for violation in problem.violations() {
            assert!(!violation.fix.is_empty() && violation.message.ends_with('.'), "{violation:?}");
            // The code's own fix says that each violation has one.
            assert_ne!(violation.fix, Problem::new(Code::Invalid, "").fix(), "{violation:?}");
            assert!(!format!("{violation:?}").contains("s3cr3t"), "{violation:?}");
        }
        let said: Vec<String> =
            problem.violations().iter().map(|v| format!("{} {:?}", v.field, v.code)).collect();
        said.join(", ")
    };
    for (object, expected) in [
        (json!({}), "signIn.kind Required"),
        (json!("s3cr3t"), "signIn WrongKind"),
        (json!({"kind": "s3cr3t"}), "signIn.kind UnknownKind"),
        (json!({"kind": 7}), "signIn.kind WrongKind"),
        (
            json!({"kind": "application"}),
            "signIn.tenantId Required, signIn.clientId Required, signIn.proof Required",
        ),
        (
            json!({
                "kind": "agentUser", "tenantId": "common", "clientId": "s3cr3t", "agentIdentityId": "x",
                "userId": "agent@contoso.com", "proof": {"kind": "certificate", "sendX5c": "yes", "password": "s3cr3t"},
                "loginEndpoint": "http://example.com", "exchangeAudience": "x", "clientSecret": "s3cr3t", "scopes": "a",
            }),
            "signIn.clientSecret UnknownMember, signIn.scopes UnknownMember, signIn.tenantId SharedTenant, \
             signIn.clientId NotAnObjectId, signIn.agentIdentityId NotAnObjectId, signIn.userId UserNameAsId, \
             signIn.loginEndpoint NotUsable, signIn.exchangeAudience NotUsable, \
             signIn.proof.password UnknownMember, signIn.proof.sendX5c WrongKind",
        ),
        (agent("agentUser"), "signIn.userId Required"),
        (
            with(
                with(agent("agentUser"), "userId", USER.into()),
                "userPrincipalName",
                "a@contoso.com".into(),
            ),
            "signIn.userId Repeated",
        ),
        (with(agent("agentUser"), "userPrincipalName", USER.into()), "signIn.userPrincipalName IdAsUserName"),
        (with(agent("agentUser"), "userId", json!(["s3cr3t"])), "signIn.userId WrongKind"),
        (with(agent("agentIdentity"), "userId", USER.into()), "signIn.userId UnknownMember"),
        (with(agent("agentIdentity"), "tenantId", "consumers".into()), "signIn.tenantId SharedTenant"),
        (with(agent("agentIdentity"), "proof", json!({"kind": "secret"})), "signIn.proof.kind UnknownKind"),
        (with(agent("agentIdentity"), "proof", json!("s3cr3t")), "signIn.proof WrongKind"),
        (
            with(agent("agentIdentity"), "proof", json!({"kind": "signature"})),
            "signIn.proof.certificate Required",
        ),
        (
            json!({"kind": "browser", "tenantId": "consumers", "clientId": APP, "scopes": "a\\b"}),
            "signIn.tenantId SharedTenant, signIn.scopes NotUsable",
        ),
        (json!({"kind": "azureCli", "tenantId": "common"}), "signIn.tenantId SharedTenant"),
    ] {
        assert_eq!(said(&object), expected, "{object}");
    }
}

#[test]
fn a_secret_goes_to_no_graph_endpoint_by_default() {
    let config = |graph: &str, login: Value| {
        let sign_in = with(agent("agentIdentity"), "loginEndpoint", login);
        Config::parse(json!({"graphEndpoint": graph, "signIn": sign_in}).to_string().as_bytes())
    };
    let origin = |config: Result<Config, Problem>| match config.unwrap().sign_in().unwrap() {
        SignInConfig::Confidential(read) => read.login.origin().to_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(origin(config("http://127.0.0.1:8080", Value::Null)), "http://127.0.0.1:8080");
    assert_eq!(origin(config("https://graph.microsoft.us", Value::Null)), "https://login.microsoftonline.us");
    assert_eq!(
        origin(config("https://proxy.example", "https://login.example".into())),
        "https://login.example"
    );
    let problem = config("https://proxy.example", Value::Null).unwrap_err();
    assert_eq!(problem.field(), Some("signIn.loginEndpoint"), "{problem:?}");
    // A pod's identity is told, and can be told, as well.
    let of_pod = |login: Value| {
        let sign_in = json!({"kind": "workloadIdentity", "loginEndpoint": login});
        let config = json!({"graphEndpoint": "https://proxy.example", "signIn": sign_in});
        Config::parse(config.to_string().as_bytes())
    };
    assert_eq!(of_pod(Value::Null).unwrap_err().field(), Some("signIn.loginEndpoint"));
    let config = of_pod("https://login.example".into()).unwrap();
    let SignInConfig::WorkloadIdentity { login } = config.sign_in().unwrap() else { panic!() };
    assert_eq!(login.as_ref().unwrap().origin(), "https://login.example");
}

#[test]
fn a_session_signs_nobody_in() {
    let config = parse(&agent("agentIdentity")).unwrap();
    assert_eq!(config.require_session().unwrap_err().field(), Some("signIn"));
}
