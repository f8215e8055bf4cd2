//! A server, a client, and a desired user.

use agentuser::sign_in::{Application, Proof};
use agentuser::{Builder, Client, DesiredUser, Draft, Endpoint, FixedToken, Member, SkuRef, UserRef};
use agentuser_simulator::server::{Running, Server, ServerOptions};
use agentuser_simulator::{Faults, Network, Tenant, ids};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

pub const SECRET: &str = "simulated-secret";

pub fn any_port() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, 0).into()
}

pub fn serve_with(tenant: Tenant, faults: Faults, options: ServerOptions) -> Running {
    let most = Duration::from_millis(2);
    let network = |root: &str| Network::new(tenant.root(root).build(), faults).latency(Duration::ZERO, most);
    let options = options.contract_of_the_environment();
    Server::bind(any_port(), network, options).unwrap().spawn().unwrap()
}

/// A minute of the tenant's passes in a second.
pub fn serve(faults: Faults) -> Running {
    serve_with(Tenant::contoso(10), faults, ServerOptions::contoso().speed(60))
}

/// Signs in as blueprint 1.
pub fn blueprint(root: &str, secret: &str) -> Application {
    let id = ids::blueprint_app(1).to_string();
    Application::new("contoso.com", &id, Proof::secret(secret.to_owned().into()))
        .unwrap()
        .login_endpoint(root)
        .unwrap()
}

/// A client that does not wait longer than a test should.
pub fn builder(root: &str) -> Builder {
    Client::builder().graph_endpoint(Endpoint::new(root).unwrap()).settings(|settings| {
        settings.request_timeout = Duration::from_secs(5);
        settings.replication_timeout = Duration::from_secs(1);
        settings.retry.first_wait = Duration::from_millis(20);
    })
}

pub fn admin(root: &str) -> Client {
    builder(root).token(FixedToken::new("admin".to_owned())).build().unwrap()
}

pub fn wanted(n: u32) -> DesiredUser {
    let draft = Draft::new()
        .parent(ids::identity(n).to_string())
        .with_text(Member::UserPrincipalName, &format!("agent.{n}@contoso.com"))
        .with_text(Member::DisplayName, &format!("Agent {n}"))
        .with_text(Member::UsageLocation, "DE");
    DesiredUser::from_draft(draft, None, &agentuser::TenantFacts::default())
        .unwrap()
        .with_manager(Some(UserRef::parse("human1@contoso.com").unwrap()))
        .with_licenses(vec![SkuRef::parse("AGENT_365").into()])
}

/// A server that gives every request this answer.
pub fn canned(answer: String) -> String {
    let listener = TcpListener::bind(any_port()).unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    let serve = move || {
        // As many as any test needs; the thread ends with the process at the latest.
        for stream in listener.incoming().take(20) {
            let mut stream = stream.unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
                head.push(byte[0]);
            }
            drop(stream.write_all(answer.as_bytes()));
        }
    };
    std::thread::spawn(serve);
    root
}

/// A listener that must never be contacted.
pub struct Decoy(TcpListener);

impl Decoy {
    pub fn new() -> Self {
        let listener = TcpListener::bind(any_port()).unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    pub fn root(&self) -> String {
        format!("http://{}", self.0.local_addr().unwrap())
    }

    /// The kernel accepts connections by itself, so one would be seen here.
    #[track_caller]
    pub fn was_not_contacted(&self) {
        let error = self.0.accept().map(|_| ()).expect_err("somebody connected");
        assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
    }
}

pub fn http(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n\r\n{body}")
}

/// Lets everything else go on until it is so.
pub async fn until(so: impl Fn() -> bool) {
    while !so() {
        tokio::task::yield_now().await;
    }
}
