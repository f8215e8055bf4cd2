//! Simulated tenants, and who signs in to them.

use agentuser::core::graph::Endpoint;
use agentuser::sign_in::{Application, Proof, UserOf};
use agentuser::{Builder, Client, RequestRecord};
use agentuser_simulator::server::{Running, Server, ServerOptions};
use agentuser_simulator::{Faults, Network, Tenant, ids};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

pub const SECRET: &str = "simulated-secret";
pub const TENANT: &str = "contoso.com";

/// Three agent identities of blueprints 1 to 3, each with an agent user; those of the first have consent.
pub fn tenant() -> Tenant {
    let tenant = Tenant::contoso(3).agent_user(1, "agent1@contoso.com").agent_user(2, "agent2@contoso.com");
    tenant.consent(ids::identity(1), None, "User.Read User.Read.All")
}

pub fn serve(tenant: Tenant) -> Running {
    serve_with(tenant, ServerOptions::contoso())
}

pub fn serve_with(tenant: Tenant, options: ServerOptions) -> Running {
    let network = |root: &str| Network::new(tenant.root(root).build(), Faults::none());
    let server = Server::bind((Ipv4Addr::LOCALHOST, 0).into(), network, options);
    server.unwrap().spawn().unwrap()
}

/// Blueprint 1.
pub fn blueprint(root: &str, proof: Proof) -> Application {
    let id = ids::blueprint_app(1).to_string();
    Application::new(TENANT, &id, proof).unwrap().login_endpoint(root).unwrap()
}

pub fn by_secret(root: &str) -> Application {
    blueprint(root, Proof::secret(SECRET.to_owned().into()))
}

/// Agent user 1.
pub fn agent_user(of: &Application) -> agentuser::sign_in::AgentUser {
    of.agent_user(&ids::identity(1).to_string(), UserOf::Id(ids::agent_user(1))).unwrap()
}

pub fn builder(root: &str) -> Builder {
    Client::builder().graph_endpoint(Endpoint::new(root).unwrap()).settings(|settings| {
        settings.retry.first_contact_tries = 1;
    })
}

/// The legs that were sent, and the paths of requests to Graph.
#[derive(Debug, Clone, Default)]
pub struct Seen(Arc<Mutex<Vec<RequestRecord>>>);

impl Seen {
    pub fn record(&self) -> impl FnMut(agentuser::Record) + Send + 'static {
        let seen = self.0.clone();
        move |record| {
            if let agentuser::Record::Request(record) = record {
                seen.lock().unwrap().push(record);
            }
        }
    }

    pub fn legs(&self) -> Vec<String> {
        let records = std::mem::take(&mut *self.0.lock().unwrap());
        records.iter().map(|record| record.leg.map_or(record.path.clone(), str::to_owned)).collect()
    }
}

/// Only requests are recorded.
pub fn requests() -> agentuser::Recording {
    agentuser::Recording { requests: true, ..Default::default() }
}
