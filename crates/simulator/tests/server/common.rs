//! A server, and requests as bytes.

use agentuser_simulator::server::{Running, Server, ServerOptions};
use agentuser_simulator::{Faults, Network, Tenant, ids};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
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

/// Sends bytes and takes whatever comes until the other side closes.
pub async fn raw(root: &str, text: impl Into<Vec<u8>>) -> String {
    let (root, text) = (root.to_owned(), text.into());
    tokio::task::spawn_blocking(move || exchange(&root, &text)).await.unwrap()
}

fn exchange(root: &str, text: &[u8]) -> String {
    let mut stream = TcpStream::connect(root.replace("http://", "")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    // The other side may close before it has taken everything.
    drop(stream.write_all(text));
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "the connection stays open");
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// A request whose answer ends the connection. `head` is the method, the target and, after `|` each, headers.
pub async fn ask(root: &str, head: &str, body: &str) -> String {
    raw(root, request(head, body)).await
}

/// The same without a runtime.
pub fn ask_now(root: &str, head: &str, body: &str) -> String {
    exchange(root, request(head, body).as_bytes())
}

fn request(head: &str, body: &str) -> String {
    let (line, fields) = head.split_once('|').unwrap_or((head, "X: y"));
    let fields = fields.replace('|', "\r\n");
    let length = body.len();
    let head = format!(
        "{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n{fields}"
    );
    format!("{head}\r\n\r\n{body}")
}

pub fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

pub fn json(answer: &str) -> serde_json::Value {
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}"))
}

/// Lets everything else go on until it is so.
pub async fn until(so: impl Fn() -> bool) {
    while !so() {
        tokio::task::yield_now().await;
    }
}

/// The body that creates an agent user of the first agent identity.
pub fn ada() -> serde_json::Value {
    serde_json::json!({
        "accountEnabled": true,
        "displayName": "Ada",
        "mailNickname": "ada",
        "userPrincipalName": "ada@contoso.com",
        "identityParentId": ids::identity(1).to_string(),
    })
}

/// The claims of a token.
pub fn claims(token: &str) -> serde_json::Value {
    use base64::Engine as _;
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 3, "{token}");
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(parts[1]).unwrap();
    serde_json::from_slice(&payload).unwrap()
}
