//! With the feature `tracing`, a subscriber hears of each request and each change.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use agentuser::{Client, DesiredUser, Draft, Endpoint, FixedToken, Member, Readiness, TenantFacts, UserRef};
use agentuser_simulator::server::{Server, ServerOptions};
use agentuser_simulator::{Faults, Network, Tenant, ids};
use std::fmt::Debug;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// The fields and the state of one span of the client.
#[derive(Debug, Clone)]
struct Spanned {
    fields: String,
    entered: bool,
    /// It is closed when none is left.
    handles: usize,
}

/// Keeps the level and the fields of each event of the client, and its spans.
#[derive(Debug, Clone)]
struct Heard {
    least: Level,
    events: Arc<Mutex<Vec<(Level, String)>>>,
    spans: Arc<Mutex<Vec<Spanned>>>,
}

impl Heard {
    fn new(least: Level) -> Self {
        Self { least, events: Arc::default(), spans: Arc::default() }
    }

    fn has(&self, level: Level, texts: &[&str]) {
        let events = self.events.lock().unwrap();
        let found =
            events.iter().any(|(of, fields)| *of == level && texts.iter().all(|text| fields.contains(text)));
        assert!(found, "{texts:?} at {level} is not in {events:#?}");
    }

    fn change(&self, id: &Id, change: impl FnOnce(&mut Spanned)) {
        change(&mut self.spans.lock().unwrap()[usize::try_from(id.into_u64()).unwrap() - 1]);
    }
}

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0 += &format!("{}={value:?} ", field.name());
    }
}

impl Subscriber for Heard {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "agentuser" && *metadata.level() <= self.least
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut fields = Fields(format!("{}: ", attributes.metadata().name()));
        attributes.record(&mut fields);
        let mut spans = self.spans.lock().unwrap();
        spans.push(Spanned { fields: fields.0, entered: false, handles: 1 });
        Id::from_u64(spans.len() as u64)
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        let mut fields = Fields(String::new());
        values.record(&mut fields);
        self.change(id, |span| span.fields += &fields.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        self.events.lock().unwrap().push((*event.metadata().level(), fields.0));
    }

    fn enter(&self, id: &Id) {
        self.change(id, |span| span.entered = true);
    }

    fn exit(&self, _: &Id) {}

    fn clone_span(&self, id: &Id) -> Id {
        self.change(id, |span| span.handles += 1);
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        self.change(&id, |span| span.handles -= 1);
        true
    }
}

/// A client of a simulator that ends with the test.
fn client() -> (Client, agentuser_simulator::server::Running) {
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
    (client, server)
}

#[tokio::test]
async fn a_subscriber_hears_of_requests_and_changes() {
    let heard = Heard::new(Level::INFO);
    let _guard = tracing::subscriber::set_default(heard.clone());
    let (client, _server) = client();
    let draft = Draft::new()
        .parent(ids::identity(1).to_string())
        .with_text(Member::UserPrincipalName, "agent.1@contoso.com")
        .with_text(Member::DisplayName, "Agent 1");
    let wanted = DesiredUser::from_draft(draft, None, &TenantFacts::default()).unwrap();
    let run = client.provision(wanted, Readiness::NONE, false);
    let run_id = run.run_id();
    assert_eq!(run.await.unwrap().problem, None);
    let run = format!("run_id={run_id}");
    heard.has(Level::INFO, &["method=\"POST\"", "status=201", "attempt=1", &run]);
    let change =
        ["change=\"create\"", "user_principal_name=agent.1@contoso.com", "outcome=Done", "status=201", &run];
    heard.has(Level::INFO, &change);
    let spans = heard.spans.lock().unwrap().clone();
    let post = [
        "request: method=\"POST\"",
        "client_request_id=",
        "path=/v1.0/users/microsoft.graph.agentUser",
        "status=201",
        &run,
    ];
    let has = |span: &Spanned| span.entered && post.iter().all(|text| span.fields.contains(text));
    assert!(spans.iter().any(has), "{post:?} is not in {spans:#?}");
    assert!(spans.iter().all(|span| span.handles == 0 && !span.fields.contains("admin")), "{spans:#?}");
    let events = heard.events.lock().unwrap();
    assert!(events.iter().all(|(_, fields)| !fields.contains("admin")), "{events:#?}");
}

#[tokio::test]
async fn a_subscriber_of_warnings_hears_of_what_was_refused() {
    let heard = Heard::new(Level::WARN);
    let _guard = tracing::subscriber::set_default(heard.clone());
    let (client, _server) = client();
    assert!(client.get(UserRef::parse("nobody@contoso.com").unwrap()).await.is_err());
    heard.has(Level::WARN, &["method=\"GET\"", "status=404"]);
    assert!(heard.spans.lock().unwrap().is_empty());
}
