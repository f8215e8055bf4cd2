//! A server, a client, a wish.

use agentuser::{Builder, Client, ClientSecret, Draft, FixedToken, Member, Root, SkuRef, UserRef, Wanted};
use agentuser_sim::server::{Running, Server, ServerOptions};
use agentuser_sim::{Faults, Network, Tenant, ids};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

pub const SECRET: &str = "simulated-secret";

pub fn any_port() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, 0).into()
}

pub fn serve_with(tenant: Tenant, faults: Faults, options: ServerOptions) -> Running {
    let most = Duration::from_millis(2);
    let network = |root: &str| Network::new(tenant.root(root).build(), faults).latency(Duration::ZERO, most);
    Server::bind(any_port(), network, options).unwrap().spawn().unwrap()
}

/// A minute of the tenant's passes in a second.
pub fn serve(faults: Faults) -> Running {
    serve_with(Tenant::contoso(10), faults, ServerOptions::contoso().speed(60))
}

/// Signs in as blueprint 1.
pub fn blueprint(root: &str, secret: &str) -> ClientSecret {
    let id = ids::blueprint_app(1).to_string();
    ClientSecret::new("contoso.com", &id, secret.to_owned()).unwrap().login_endpoint(root).unwrap()
}

/// A client that does not wait longer than a test should.
pub fn builder(root: &str) -> Builder {
    Client::builder().root(Root::new(root).unwrap()).settings(|settings| {
        settings.request_timeout = Duration::from_secs(5);
        settings.visible_within = Duration::from_secs(3);
        settings.parent_within = Duration::from_secs(2);
    })
}

pub fn admin(root: &str) -> Client {
    builder(root).token(FixedToken::new("admin".to_owned())).build().unwrap()
}

pub fn wanted(n: u32) -> Wanted {
    let draft = Draft::new()
        .parent(ids::identity(n).to_string())
        .with_text(Member::UserPrincipalName, &format!("agent.{n}@contoso.com"))
        .with_text(Member::DisplayName, &format!("Agent {n}"))
        .with_text(Member::UsageLocation, "DE");
    Wanted::parse(draft, &agentuser::Known::default())
        .unwrap()
        .with_manager(Some(UserRef::parse("human1@contoso.com").unwrap()))
        .with_licenses(vec![SkuRef::parse("AGENT_365")])
}
