//! The proofs of an application: certificates, files, pipelines, managed identities, and hosts.

use crate::environment;
use crate::hosts::{Answers, Signer};
use crate::tenants::*;
use agentuser::sign_in::{Certificate, Proof};
use agentuser::{Client, Code, Problem};
use agentuser_simulator::entra::{Application, Workload};
use agentuser_simulator::{Tenant, ids};
use rcgen::{CertificateParams, KeyPair};
use std::sync::Arc;

const KEY: &str = include_str!("keys/rsa.pem");
const PKCS1: &str = include_str!("keys/rsa_pkcs1.pem");
const ENCRYPTED: &str = include_str!("keys/rsa_encrypted.pem");

/// A certificate of that key, valid in these years; as DER and PEM.
fn certificate(key: &KeyPair, from: i32, until: i32) -> (Vec<u8>, String) {
    let mut params = CertificateParams::new(vec!["blueprint.contoso.com".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(from, 1, 1);
    params.not_after = rcgen::date_time_ymd(until, 1, 1);
    let made = params.self_signed(key).unwrap();
    (made.der().to_vec(), made.pem())
}

/// The same, whose key is marked for RSASSA-PSS alone.
fn for_pss(text: &str) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    const RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
    let lines: Vec<&str> = text.trim().lines().collect();
    let (first, last) = (lines[0], lines[lines.len() - 1]);
    let mut der = STANDARD.decode(lines[1..lines.len() - 1].concat()).unwrap();
    let at = der.windows(RSA.len()).position(|bytes| bytes == RSA).unwrap();
    der[at + RSA.len() - 1] = 10;
    format!("{first}\n{}\n{last}\n", STANDARD.encode(der))
}

fn rsa() -> KeyPair {
    KeyPair::from_pem(KEY).unwrap()
}

/// The tenant, whose blueprint 1 has this certificate and federated credentials.
fn with_application(change: impl FnOnce(Application) -> Application) -> Tenant {
    tenant().sign_in(|entra| entra.change(ids::blueprint_app(1), change))
}

async fn token(root: &str, proof: Proof) -> Result<(), Problem> {
    let client = builder(root).token(agent_user(&blueprint(root, proof))).build().unwrap();
    client.token(&[]).await.map(drop)
}

#[tokio::test]
async fn a_certificate_proves_the_blueprint() {
    let (der, pem) = certificate(&rsa(), 2020, 2090);
    let server = serve(with_application(|application| application.certificate(&der)));
    for (key, send_x5c) in [(KEY, false), (PKCS1, true)] {
        for text in [format!("{pem}{key}"), format!("{key}\n{pem}")] {
            let certificate = Certificate::from_pem(&text).unwrap();
            assert!(!format!("{certificate:?}").contains("BEGIN"));
            token(server.root(), Proof::certificate(certificate, send_x5c).unwrap()).await.unwrap();
        }
    }
    // The host signs.
    let host = Arc::new(Signer::new(KEY));
    let proof = Proof::signature(Certificate::public(&pem).unwrap(), false, host.clone());
    token(server.root(), proof).await.unwrap();
    assert_eq!(host.signed(), 1);
    // One that the application does not have.
    let (_, other) = certificate(&rsa(), 2021, 2091);
    let proof = Proof::certificate(Certificate::from_pem(&format!("{other}{KEY}")).unwrap(), false).unwrap();
    let problem = token(server.root(), proof).await.unwrap_err();
    assert_eq!(problem.code(), Code::SignInAssertionRejected, "{problem:?}");
    server.stop().await;
}

#[test]
fn certificates_that_cannot_sign_are_told_of() {
    let (_, pem) = certificate(&rsa(), 2020, 2090);
    let elliptic = KeyPair::generate().unwrap();
    let (_, of_curve) = certificate(&elliptic, 2020, 2090);
    let curve = elliptic.serialize_pem();
    let (of_pss, pss) = (for_pss(&pem), for_pss(KEY));
    let (_, expired) = certificate(&rsa(), 2019, 2020);
    let (_, early) = certificate(&rsa(), 2090, 2091);
    for (text, said) in [
        (pem.clone(), "The text has no private key."),
        (KEY.to_owned(), "The text has no certificate."),
        (String::new(), "The text has no certificate."),
        (format!("{pem}{ENCRYPTED}"), "The private key is encrypted."),
        (format!("{of_curve}{curve}"), "The certificate is not of the kind rsaEncryption."),
        (format!("{pem}{curve}"), "The private key is not of the kind rsaEncryption."),
        (format!("{of_pss}{KEY}"), "The certificate is not of the kind rsaEncryption."),
        (format!("{pem}{pss}"), "The private key is not of the kind rsaEncryption."),
        (format!("{expired}{KEY}"), "The certificate has expired "),
        (format!("{early}{KEY}"), "The certificate is not valid yet: it begins in "),
        (
            format!("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n{KEY}"),
            "The certificate can't be read.",
        ),
        (pem.replace("-----END CERTIFICATE-----", ""), "The text is not PEM."),
    ] {
        let problem = Certificate::from_pem(&text).unwrap_err();
        assert_eq!(problem.code(), Code::CertificateUnusable);
        assert!(problem.message().starts_with(said), "{said}: {problem:?}");
        assert!(!problem.fix().is_empty() && !format!("{problem:?}").contains("MII"), "{problem:?}");
    }
    let public = Certificate::public(&pem).unwrap();
    assert_eq!(
        Proof::certificate(public, false).unwrap_err().message(),
        "The certificate has no private key."
    );
}

fn federated(workload: &Workload) -> Tenant {
    with_application(|application| {
        application.federated(&workload.issuer, &workload.subject, "api://AzureADTokenExchange")
    })
}

fn workload_token(server: &agentuser_simulator::server::Running, workload: &Workload) -> String {
    server.network(|network| {
        let now =
            agentuser::core::Now { mono: std::time::Duration::from_millis(1), unix_ms: 1_780_272_001_000 };
        network.directory_mut().workload_token(now, workload, "api://AzureADTokenExchange")
    })
}

#[tokio::test]
async fn a_projected_file_is_read_anew_for_each_leg() {
    let workload = Workload::kubernetes();
    let server = serve(federated(&workload));
    let file = tempfile::NamedTempFile::new().unwrap();
    let proof = || Proof::federated_token_file(Some(file.path().to_owned()));
    let problem = token(server.root(), proof()).await.unwrap_err();
    assert!(problem.message().ends_with("is empty."), "{problem:?}");
    std::fs::write(file.path(), format!("{}\n", workload_token(&server, &workload))).unwrap();
    let blueprint = blueprint(server.root(), proof());
    let client = builder(server.root()).token(agent_user(&blueprint)).build().unwrap();
    client.token(&[]).await.unwrap();
    std::fs::write(file.path(), "something.else.now").unwrap();
    blueprint.sign_out();
    assert!(client.new_token(&[]).await.is_err(), "the file was read again");
    let nowhere = Proof::federated_token_file(Some(file.path().join("nowhere")));
    let problem = token(server.root(), nowhere).await.unwrap_err();
    assert!(problem.message().contains("can't be read"), "{problem:?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pipelines_give_id_tokens() {
    let (github, azure) = (Workload::github_actions(), Workload::azure_pipelines());
    let trusting = with_application(|application| {
        let audience = "api://AzureADTokenExchange";
        let application = application.federated(&github.issuer, &github.subject, audience);
        application.federated(&azure.issuer, &azure.subject, audience)
    });
    let server = serve(trusting);
    let issuer = Issuer::start(workload_token(&server, &github), workload_token(&server, &azure));
    let variables = [
        ("ACTIONS_ID_TOKEN_REQUEST_URL", Some(format!("{}/github?api-version=2.0", issuer.root))),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", Some("of-the-job".to_owned())),
        ("SYSTEM_OIDCREQUESTURI", Some(format!("{}/azure", issuer.root))),
        ("SYSTEM_ACCESSTOKEN", Some("of-the-job".to_owned())),
        ("AGENTUSER_TEST_ROOT", Some(server.root().to_owned())),
        ("http_proxy", Some("http://127.0.0.1:9".to_owned())),
    ];
    if !environment::is_set("proofs::pipelines_give_id_tokens", &variables) {
        let heads = issuer.heads();
        assert!(
            heads[0].starts_with("get /github?api-version=2.0&audience=api%3a%2f%2fazureadtokenexchange "),
            "{heads:?}"
        );
        assert!(
            heads[1].starts_with("post /azure?api-version=7.1&serviceconnectionid=connection "),
            "{heads:?}"
        );
        assert!(heads[1].contains("x-tfs-fedauthredirect: suppress"), "{heads:?}");
        assert!(heads.iter().all(|head| head.contains("authorization: bearer of-the-job")), "{heads:?}");
        server.stop().await;
        return;
    }
    let root = std::env::var("AGENTUSER_TEST_ROOT").unwrap();
    token(&root, Proof::github_actions()).await.unwrap();
    token(&root, Proof::azure_pipelines("connection")).await.unwrap();
    // Beside a Graph over TLS, plain http leads to this machine all the same, and past a proxy.
    let agent = agent_user(&blueprint(&root, Proof::azure_pipelines("connection")));
    Client::builder().token(agent).build().unwrap().token(&[]).await.unwrap();
}

#[tokio::test]
async fn pipelines_that_give_none_are_told_of() {
    let test = "proofs::pipelines_that_give_none_are_told_of";
    let names = ["ACTIONS_ID_TOKEN_REQUEST_URL", "AZURE_FEDERATED_TOKEN_FILE"].map(|name| (name, None));
    let others = [
        ("SYSTEM_OIDCREQUESTURI", Some("http://elsewhere.example/oidc")),
        ("SYSTEM_ACCESSTOKEN", Some("of-the-job")),
    ];
    let variables: Vec<_> = names.into_iter().chain(others).collect();
    if !environment::is_set(test, &variables) {
        return;
    }
    let root = "http://127.0.0.1:9";
    for (proof, said) in [
        (Proof::github_actions(), "The variable ACTIONS_ID_TOKEN_REQUEST_URL is not set."),
        (Proof::federated_token_file(None), "The variable AZURE_FEDERATED_TOKEN_FILE is not set."),
        (
            Proof::azure_pipelines("connection"),
            "The address at which Azure Pipelines gives id tokens is not one over HTTPS.",
        ),
    ] {
        assert_eq!(token(root, proof).await.unwrap_err().message(), said);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipeline_that_asks_to_wait_is_left_alone_until_then() {
    let issuer = Issuer::busy("3000");
    let variables = [
        ("ACTIONS_ID_TOKEN_REQUEST_URL", Some(issuer.root.clone())),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", Some("of-the-job".to_owned())),
    ];
    if !environment::is_set("proofs::a_pipeline_that_asks_to_wait_is_left_alone_until_then", &variables) {
        assert_eq!(issuer.heads().len(), 1);
        return;
    }
    let root = "http://127.0.0.1:9";
    let blueprint = blueprint(root, Proof::github_actions());
    for _ in 0..2 {
        let client = builder(root).token(agent_user(&blueprint)).build().unwrap();
        let problem = client.token(&[]).await.unwrap_err();
        assert_eq!(problem.code(), Code::SignInUnavailable);
        assert!((2900..=3000).contains(&problem.retry_after().unwrap().as_secs()), "{problem:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_managed_identity_proves_the_blueprint() {
    let server = serve(tenant());
    let (endpoint, root) = (format!("{}/msi/token", server.root()), server.root().to_owned());
    server.network(|network| {
        let issuer = format!("https://login.microsoftonline.com/{}/v2.0", network.directory().tenant_id());
        let subject = ids::plain(1).to_string();
        network.directory_mut().entra_mut().change(ids::blueprint_app(1), |application| {
            application.federated(&issuer, &subject, "api://AzureADTokenExchange")
        });
    });
    let variables = [
        ("IDENTITY_ENDPOINT", Some(endpoint)),
        ("IDENTITY_HEADER", Some("guard".to_owned())),
        ("AGENTUSER_TEST_ROOT", Some(root)),
    ];
    if !environment::is_set("proofs::a_managed_identity_proves_the_blueprint", &variables) {
        server.stop().await;
        return;
    }
    let root = std::env::var("AGENTUSER_TEST_ROOT").unwrap();
    token(&root, Proof::managed_identity(None)).await.unwrap();
}

#[tokio::test]
async fn a_host_gives_assertions() {
    let workload = Workload::github_actions();
    let server = serve(federated(&workload));
    let host = Arc::new(Answers::of(vec![workload_token(&server, &workload)]));
    token(server.root(), Proof::assertion(host.clone())).await.unwrap();
    let expected = format!("assertion for {} of api://AzureADTokenExchange", ids::blueprint_app(1));
    assert_eq!(host.asked(), [expected]);
    server.stop().await;
}

/// Gives id tokens as pipelines do.
struct Issuer {
    root: String,
    heads: Arc<std::sync::Mutex<Vec<String>>>,
}

impl Issuer {
    fn start(github: String, azure: String) -> Self {
        Self::answering("200 OK", move |head| match head.starts_with("get") {
            true => format!("{{\"value\":\"{github}\"}}"),
            false => format!("{{\"oidcToken\":\"{azure}\"}}"),
        })
    }

    fn busy(retry_after: &str) -> Self {
        Self::answering(format!("429 Busy\r\nRetry-After: {retry_after}"), |_| String::new())
    }

    fn answering(status: impl Into<String>, body: impl Fn(&str) -> String + Send + 'static) -> Self {
        use std::io::{BufRead as _, BufReader, Write as _};
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        let heads = Arc::new(std::sync::Mutex::new(Vec::new()));
        let (noted, status) = (heads.clone(), status.into());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let head: Vec<String> = BufReader::new(stream.try_clone().unwrap())
                    .lines()
                    .map_while(Result::ok)
                    .take_while(|line| !line.is_empty())
                    .collect();
                let head = head.join("\n").to_lowercase();
                let body = body(&head);
                noted.lock().unwrap().push(head);
                let length = body.len();
                drop(write!(
                    stream,
                    "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
                ));
            }
        });
        Self { root, heads }
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}
