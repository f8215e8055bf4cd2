//! Assertions of other issuers: pipelines, clusters, managed identities; and which tokens of Entra are assertions.

use crate::common::*;
use agentuser_core::http::Method;
use agentuser_simulator::entra::{Application, Workload};
use agentuser_simulator::{ForeignAssertion, Switches, Tenant, ids};
use serde_json::{Value, json};

const AUDIENCE: &str = "api://AzureADTokenExchange";

fn with(issuer: &str, subject: &str, audience: &str) -> Tenant {
    let app = Application::new(ids::blueprint_app(1)).federated(issuer, subject, audience);
    tenant().application(app)
}

fn ask(sim: &mut Sim, assertion: &str) -> (u16, Value) {
    let (id, path) = (text(ids::blueprint_app(1)), text(ids::identity(1)));
    let mut fields = by(&id, assertion, "client_credentials");
    fields.extend([("scope", EXCHANGE_SCOPE), ("fmi_path", path.as_str())]);
    sim.token(&fields)
}

#[test]
fn all_three_must_match() {
    let Workload { issuer, subject } = Workload::github_actions();
    for (known, expected) in [
        ((issuer.as_str(), subject.as_str(), AUDIENCE), 0),
        (("https://other.example", &subject, AUDIENCE), 700_211),
        ((&issuer, "repo:other/repo:ref:refs/heads/main", AUDIENCE), 700_213),
        ((&issuer, &subject, "https://github.com/contoso"), 700_212),
    ] {
        let mut sim = Sim::new(with(known.0, known.1, known.2));
        let token = sim.directory.workload_token(sim.now, &Workload::github_actions(), AUDIENCE);
        assert_eq!(claims(&token)["sub"], subject);
        let (status, answer) = ask(&mut sim, &token);
        assert_eq!(number_of(&answer), expected, "{answer}");
        assert_eq!(status == 200, expected == 0);
    }
}

#[test]
fn such_a_token_ends_and_can_t_be_made_by_others() {
    let Workload { issuer, subject } = Workload::kubernetes();
    let mut sim = Sim::new(with(&issuer, &subject, AUDIENCE));
    let token = sim.directory.workload_token(sim.now, &Workload::kubernetes(), AUDIENCE);
    let forged = format!("{}x.{}", token.split('.').next().unwrap(), token.split_once('.').unwrap().1);
    assert_eq!(number_of(&ask(&mut sim, &forged).1), 50_027);
    let mut other = Sim::new(with(&issuer, &subject, AUDIENCE));
    other.directory.entra_mut().set_salt(7);
    let others = other.directory.workload_token(other.now, &Workload::kubernetes(), AUDIENCE);
    assert_eq!(number_of(&ask(&mut sim, &others).1), 50_027, "of another simulator");
    sim.pass(601);
    assert_eq!(number_of(&ask(&mut sim, &token).1), 700_024);
}

#[test]
fn graph_registers_federated_credentials() {
    let mut sim = Sim::new(tenant());
    let Workload { issuer, subject } = Workload::azure_pipelines();
    let token = sim.directory.workload_token(sim.now, &Workload::azure_pipelines(), AUDIENCE);
    assert_eq!(number_of(&ask(&mut sim, &token).1), 700_211);
    let body = json!({"name": "pipeline", "issuer": issuer, "subject": subject, "audiences": [AUDIENCE]});
    let request = agentuser_core::http::Request {
        method: Method::Post,
        url: format!("{GRAPH}/v1.0/applications/{}/federatedIdentityCredentials", ids::blueprint(1)),
        headers: [("Content-Type", "application/json")].into_iter().collect(),
        body: body.to_string().into_bytes(),
    };
    assert_eq!(sim.directory.handle(sim.now, Some("Bearer admin"), &request).status, 201);
    assert_eq!(ask(&mut sim, &token).0, 200);
}

#[test]
fn a_managed_identity_speaks_for_the_blueprint_that_trusts_it() {
    let issuer = |sim: &Sim| format!("{LOGIN}/{}/v2.0", sim.directory.tenant_id());
    let probe = Sim::new(tenant());
    let mut sim = Sim::new(with(&issuer(&probe), &text(ids::plain(1)), AUDIENCE));
    let token = sim.directory.managed_identity(sim.now, ids::plain_app(1), AUDIENCE).unwrap();
    assert_eq!(claims(&token)["sub"], text(ids::plain(1)));
    assert_eq!(ask(&mut sim, &token).0, 200);
    assert_eq!(sim.get(&token, "/users").0, 401);
    let graph = sim.directory.managed_identity(sim.now, ids::plain_app(1), GRAPH).unwrap();
    assert_eq!(sim.get(&graph, "/users").0, 200);
    assert_eq!(sim.directory.managed_identity(sim.now, ids::plain_app(1), "https://vault.azure.net"), None);
    let mut sim = Sim::new(tenant());
    let token = sim.directory.managed_identity(sim.now, ids::plain_app(1), AUDIENCE).unwrap();
    assert_eq!(number_of(&ask(&mut sim, &token).1), 700_211, "no blueprint trusts it");
    sim.pass(4_000);
    assert_eq!(number_of(&ask(&mut sim, &token).1), 700_024);
}

#[test]
fn tokens_of_users_and_of_agents_are_no_credentials_of_a_blueprint() {
    let mut sim = Sim::new(tenant());
    let (person, audience) = (ids::human(1), ids::blueprint_app(1));
    let users = sim.directory.person_token(sim.now, person, audience, ids::plain_app(2));
    assert_eq!(number_of(&ask(&mut sim, &users).1), 700_229);
    let t1 = sim.exchange(1, 1);
    assert_eq!(number_of(&ask(&mut sim, &t1).1), 700_213);
    // Nor is a user's token one of an agent identity.
    let id = text(ids::identity(1));
    let mut fields = by(&id, &users, "client_credentials");
    fields.push(("scope", GRAPH_SCOPE));
    assert_eq!(sim.number(&fields), 700_229);
}

#[test]
fn another_tenant_s_exchange_token_is_of_no_use() {
    for (switch, expected) in
        [(ForeignAssertion::IssuerUnknown, 700_211), (ForeignAssertion::ClientUnknown, 700_016)]
    {
        let switches = Switches { foreign_assertion: switch, ..Switches::default() };
        let mut sim = Sim::new(tenant().switches(switches));
        sim.tenant = text(ids::other_tenant(1));
        let t1 = sim.exchange(1, 1);
        assert_eq!(claims(&t1)["tid"], text(ids::other_tenant(1)));
        let id = text(ids::identity(1));
        let mut fields = by(&id, &t1, "client_credentials");
        fields.push(("scope", GRAPH_SCOPE));
        assert_eq!(sim.number(&fields), 700_016, "the identity is not in that tenant");
        sim.tenant = "contoso.com".to_owned();
        assert_eq!(sim.number(&fields), expected);
    }
}
