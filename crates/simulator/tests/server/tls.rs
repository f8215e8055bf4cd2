//! TLS, and the way of programs that know only Microsoft's addresses.

use crate::common::*;
use agentuser_simulator::server::{Running, ServerOptions};
use agentuser_simulator::{Faults, Tenant};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

fn start(options: ServerOptions) -> Running {
    serve_with(Tenant::contoso(3), Faults::none(), options)
}

/// A client that trusts this server's authority and nobody else.
fn connector(server: &Running) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(server.authority().unwrap()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

async fn connect(server: &Running) -> TcpStream {
    TcpStream::connect(server.address().replace("https://", "")).await.unwrap()
}

/// A request over TLS to a server of that name, at the end of this stream.
async fn get(server: &Running, stream: TcpStream, name: &'static str, path: &str) -> std::io::Result<String> {
    let mut tls = connector(server).connect(ServerName::try_from(name).unwrap(), stream).await?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\nAuthorization: Bearer admin\r\n\r\n"
    );
    tls.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    // The end of TLS may be left out.
    drop(tls.read_to_end(&mut answer).await);
    Ok(String::from_utf8(answer).unwrap())
}

/// Asks for a tunnel; what the proxy says, and the stream.
async fn tunnel(server: &Running, target: &str) -> (u16, TcpStream) {
    let mut stream = connect(server).await;
    stream
        .write_all(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n").as_bytes())
        .await
        .unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    (status(std::str::from_utf8(&head).unwrap()), stream)
}

#[tokio::test]
async fn both_on_one_port_with_links_that_fit() {
    let server = start(ServerOptions::contoso().tls());
    assert!(server.root().starts_with("https://127.0.0.1:"), "{}", server.root());
    let page = get(&server, connect(&server).await, "localhost", "/v1.0/users?$top=1").await.unwrap();
    let next = json(&page)["@odata.nextLink"].as_str().unwrap().to_owned();
    assert!(next.starts_with(&format!("{}/v1.0/users?", server.root())), "{next}");
    let configuration = "/contoso.com/v2.0/.well-known/openid-configuration";
    let found = json(&get(&server, connect(&server).await, "127.0.0.1", configuration).await.unwrap());
    assert_eq!(found["token_endpoint"], "https://127.0.0.1/contoso.com/oauth2/v2.0/token");
    // Managed identity is plain HTTP.
    let plain = server.address().replace("https://", "http://");
    let token =
        "GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://graph.microsoft.com";
    assert_eq!(status(&ask(&plain, &format!("{token}|Metadata: true"), "").await), 200);
    assert!(get(&server, connect(&server).await, "graph.microsoft.com", "/v1.0/users").await.is_err());
    assert_eq!(tunnel(&server, "graph.microsoft.com:443").await.0, 403, "it is not a proxy unless told");

    let authority = server.authority().unwrap().to_owned();
    assert!(authority.exists());
    server.stop().await;
    until(|| !authority.exists()).await;
}

#[tokio::test]
async fn a_proxy_in_microsofts_name() {
    let server = start(ServerOptions::contoso().proxy());
    assert_eq!(server.root(), "https://graph.microsoft.com");
    let (status, stream) = tunnel(&server, "graph.microsoft.com:443").await;
    assert_eq!(status, 200);
    let page = get(&server, stream, "graph.microsoft.com", "/v1.0//users?$top=1").await.unwrap();
    let next = json(&page)["@odata.nextLink"].as_str().unwrap().to_owned();
    assert!(next.starts_with("https://graph.microsoft.com/v1.0/users?"), "{next}");

    let (_, stream) = tunnel(&server, "login.microsoftonline.com:443").await;
    let path = "/contoso.com/v2.0/.well-known/openid-configuration";
    let found = json(&get(&server, stream, "login.microsoftonline.com", path).await.unwrap());
    assert_eq!(found["token_endpoint"], "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token");
    for elsewhere in
        ["example.com:443", "graph.microsoft.com:80", "graph.microsoft.com.example:443", "localhost:22"]
    {
        assert_eq!(tunnel(&server, elsewhere).await.0, 403, "{elsewhere}");
    }
}
