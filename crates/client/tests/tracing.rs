//! With the feature `tracing`, a subscriber hears of each request and each change.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use agentuser::{Client, DesiredUser, Draft, Endpoint, FixedToken, Member, Readiness, TenantFacts};
use agentuser_simulator::server::{Server, ServerOptions};
use agentuser_simulator::{Faults, Network, Tenant, ids};
use std::fmt::Debug;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Keeps the level and the fields of each event of the client.
#[derive(Debug, Default, Clone)]
struct Heard(Arc<Mutex<Vec<(Level, String)>>>);

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0 += &format!("{}={value:?} ", field.name());
    }
}

impl Subscriber for Heard {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "agentuser"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        self.0.lock().unwrap().push((*event.metadata().level(), fields.0));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn a_subscriber_hears_of_requests_and_changes() {
    let heard = Heard::default();
    let _guard = tracing::subscriber::set_default(heard.clone());
    let server = Server::bind(
        (Ipv4Addr::LOCALHOST, 0).into(),
        |root| Network::new(Tenant::contoso(1).root(root).build(), Faults::none()),
        ServerOptions::contoso().speed(60).contract_of_the_environment(),
    );
    let server = server.unwrap().spawn().unwrap();
    let client = Client::builder()
        .graph_endpoint(Endpoint::new(server.root()).unwrap())
        .token(FixedToken::new("admin".to_owned()))
        .build()
        .unwrap();
    let draft = Draft::new()
        .parent(ids::identity(1).to_string())
        .with_text(Member::UserPrincipalName, "agent.1@contoso.com")
        .with_text(Member::DisplayName, "Agent 1");
    let wanted = DesiredUser::from_draft(draft, None, &TenantFacts::default()).unwrap();
    let run = client.provision(wanted, Readiness::NONE, false);
    let run_id = run.run_id();
    assert_eq!(run.await.unwrap().problem, None);
    let heard = heard.0.lock().unwrap().clone();
    let has = |level: Level, texts: &[&str]| {
        let found =
            heard.iter().any(|(of, fields)| *of == level && texts.iter().all(|text| fields.contains(text)));
        assert!(found, "{texts:?} at {level} is not in {heard:#?}");
    };
    let run = format!("run_id={run_id}");
    has(Level::INFO, &["method=\"POST\"", "status=201", "attempt=1", &run]);
    has(Level::INFO, &["change=\"create\"", "user_principal_name=agent.1@contoso.com", "status=201", &run]);
    assert!(heard.iter().all(|(_, fields)| !fields.contains("admin")), "{heard:#?}");
}
