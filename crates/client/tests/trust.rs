//! The servers that a client trusts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use agentuser::{Client, Code, Endpoint, FixedToken, ListQuery};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;

/// A server over TLS that answers every request with an empty page; its origin, and its own certificate as PEM.
fn server() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let config = Arc::new(config);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let session = ServerConnection::new(config.clone()).unwrap();
            let mut stream = StreamOwned::new(session, stream.unwrap());
            let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"value\":[]}";
            while stream.read(&mut [0; 16 * 1024]).is_ok_and(|read| read > 0) {
                if stream.write_all(answer.as_bytes()).is_err() {
                    break;
                }
            }
        }
    });
    (origin, made.cert.pem())
}

#[tokio::test]
async fn a_server_is_trusted_by_the_certificates_that_are_given() {
    let (origin, pem) = server();
    let builder = || {
        let client = Client::builder().graph_endpoint(Endpoint::new(&origin).unwrap());
        client.token(FixedToken::new("admin".to_owned())).settings(|settings| {
            settings.retry.first_contact_tries = 1;
        })
    };
    let problem = builder().build().unwrap().list(ListQuery::default()).await.unwrap_err();
    assert_eq!(problem.code(), Code::CertificateRefused, "{problem:?}");
    let client = builder().root_certificates(pem.as_bytes()).unwrap().build().unwrap();
    assert_eq!(client.list(ListQuery::default()).await.unwrap(), 0);
    // A program's own choice of a provider for its process is not made here.
    assert!(CryptoProvider::get_default().is_none());
}

#[test]
fn certificates_that_are_none_are_told_of() {
    let cut = "-----BEGIN CERTIFICATE-----\nMIIB";
    let bad = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for pem in ["", "no PEM", cut] {
        let problem = Client::builder().root_certificates(pem.as_bytes()).unwrap_err();
        assert_eq!(problem.code(), Code::Invalid, "{pem}: {problem:?}");
    }
    let builder = Client::builder().token(FixedToken::new("admin".to_owned()));
    let problem = builder.root_certificates(bad.as_bytes()).unwrap().build().unwrap_err();
    assert_eq!(problem.code(), Code::Invalid, "{problem:?}");
}
