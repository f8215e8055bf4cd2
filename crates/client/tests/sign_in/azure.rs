//! Credentials of the Azure SDK.

use crate::environment;
use crate::hosts::Deaf;
use agentuser::azure::{self, AgentCredential, AzureTokens};
use agentuser::core::graph::Endpoint;
use agentuser::sign_in::Login;
use agentuser::{Client, Code, ListQuery, Problem, RemarkCode};
use agentuser_simulator::server::{Running, Server, ServerOptions};
use agentuser_simulator::{Faults, Network, Tenant};
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::time::OffsetDateTime;
use std::future::Future;
use std::net::Ipv4Addr;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

fn server_of(options: ServerOptions) -> Running {
    let network = |root: &str| Network::new(Tenant::contoso(1).root(root).build(), Faults::none());
    Server::bind((Ipv4Addr::LOCALHOST, 0).into(), network, options).unwrap().spawn().unwrap()
}

fn server() -> Running {
    server_of(ServerOptions::contoso())
}

fn client(root: &str, tokens: AzureTokens) -> Client {
    let builder = Client::builder().graph_endpoint(Endpoint::new(root).unwrap()).token(tokens);
    builder.settings(|settings| settings.retry.first_contact_tries = 1).build().unwrap()
}

async fn listed(root: &str, tokens: AzureTokens) -> Result<usize, Problem> {
    client(root, tokens).list(ListQuery::default()).await
}

/// A folder with a program of that name, which notes its arguments and does this.
#[cfg(unix)]
fn tool(name: &str, script: &str) -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let noted = folder.path().join("arguments");
    std::fs::write(&path, format!("#!/bin/sh\necho \"$@\" >> '{}'\n{script}\n", noted.display())).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    folder
}

fn arguments(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("arguments")).unwrap()
}

/// The folder in which this process finds the tool.
fn folder() -> std::path::PathBuf {
    let path = std::env::var("PATH").unwrap();
    path.split(':').next().unwrap().into()
}

/// A script that prints that token as `az` does.
fn of_az(token: &str) -> String {
    format!("echo '{{\"accessToken\":\"{token}\",\"expires_on\":4102444800,\"tokenType\":\"Bearer\"}}'")
}

#[cfg(unix)]
fn has_tool(test: &str, name: &str, script: &str) -> bool {
    let folder = tool(name, script);
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    environment::is_set(&format!("azure::{test}"), &[("PATH", Some(path))])
}

#[cfg(unix)]
#[tokio::test]
async fn the_azure_cli_gives_tokens() {
    if !has_tool("the_azure_cli_gives_tokens", "az", &of_az("admin")) {
        return;
    }
    let server = server();
    assert_eq!(listed(server.root(), azure::azure_cli(Some("contoso.com"))).await.unwrap(), 1);
    let asked = arguments(&folder());
    let expected =
        format!("account get-access-token -o json --scope {}/.default --tenant contoso.com", server.root());
    assert_eq!(asked.trim(), expected);
}

#[cfg(unix)]
#[tokio::test]
async fn the_azure_developer_cli_gives_tokens() {
    let script = "echo '{\"token\":\"admin\",\"expiresOn\":\"2100-01-01T00:00:00Z\"}'";
    if !has_tool("the_azure_developer_cli_gives_tokens", "azd", script) {
        return;
    }
    let server = server();
    assert_eq!(listed(server.root(), azure::azure_developer_cli(None)).await.unwrap(), 1);
    assert!(arguments(&folder()).starts_with("auth token -o json --no-prompt --scope "));
}

#[tokio::test]
async fn tools_that_are_missing_are_told_of() {
    let test = "azure::tools_that_are_missing_are_told_of";
    if cfg!(windows) || !environment::is_set(test, &[("PATH", Some("/nonexistent"))]) {
        return;
    }
    for (tokens, said) in [
        (azure::azure_cli(None), "Could not sign in by the Azure CLI: az is not found on PATH."),
        (
            azure::azure_developer_cli(None),
            "Could not sign in by the Azure Developer CLI: azd is not found on PATH.",
        ),
    ] {
        let problem = listed("http://127.0.0.1:9", tokens).await.unwrap_err();
        assert_eq!((problem.code(), problem.message()), (Code::TokenMissing, said));
        assert!(problem.fix().starts_with("Install the Azure"), "{problem:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn what_a_tool_says_is_told() {
    let blocked = "echo 'ERROR: AADSTS53003: Access has been blocked by policies.' >&2; exit 1";
    if !has_tool(
        "what_a_tool_says_is_told",
        "az",
        &format!(
            "case \"$@\" in *fabrikam*) {blocked};; esac; echo \"Please run 'az login' to setup account.\" >&2; exit 1"
        ),
    ) {
        return;
    }
    let problem = listed("http://127.0.0.1:9", azure::azure_cli(Some("fabrikam.com"))).await.unwrap_err();
    assert_eq!(problem.code(), Code::SignInBlockedByPolicy, "{problem:?}");
    assert!(problem.message().contains("AADSTS53003: Access has been blocked"), "{problem:?}");
    let problem = listed("http://127.0.0.1:9", azure::azure_cli(None)).await.unwrap_err();
    assert_eq!(problem.code(), Code::TokenMissing, "{problem:?}");
    assert!(problem.message().contains("Please run 'az login'"), "{problem:?}");
    assert_eq!(problem.fix(), "Run az login, and run this again.");
}

#[cfg(unix)]
#[tokio::test]
async fn a_refused_token_is_not_sent_again() {
    let script =
        format!("case \"$@\" in *fabrikam*) {};; *) {};; esac", of_az("challenged"), of_az("expired"));
    if !has_tool("a_refused_token_is_not_sent_again", "az", &script) {
        return;
    }
    let server = server();
    let problem = listed(server.root(), azure::azure_cli(None)).await.unwrap_err();
    assert_eq!(problem.code(), Code::TokenRejected, "{problem:?}");
    assert!(problem.message().contains("the same one is given again by the Azure CLI"), "{problem:?}");
    let problem = listed(server.root(), azure::azure_cli(Some("fabrikam.com"))).await.unwrap_err();
    assert_eq!(problem.code(), Code::ClaimsChallenge, "{problem:?}");
    assert!(problem.message().contains("can't be asked for by the Azure CLI"), "{problem:?}");
    // Once for each token, and once more where it was refused without claims.
    assert_eq!(arguments(&folder()).lines().count(), 3);
}

#[cfg(unix)]
#[tokio::test]
async fn a_token_that_acts_as_the_user_is_remarked_on() {
    // {"aud":"https://graph.microsoft.com","scp":"Directory.AccessAsUser.All User.Read"}
    let token = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJodHRwczovL2dyYXBoLm1pY3Jvc29mdC5jb20iLCJzY3AiOiJEaXJlY3RvcnkuQWNjZXNzQXNVc2VyLkFsbCBVc2VyLlJlYWQifQ.c2ln";
    if !has_tool("a_token_that_acts_as_the_user_is_remarked_on", "az", &of_az(token)) {
        return;
    }
    let host = Arc::new(Deaf::default());
    let client = client("http://127.0.0.1:9", azure::azure_cli(None).with_host(host.clone()));
    for _ in 0..2 {
        assert_eq!(
            client.token(&["https://graph.microsoft.com/.default"]).await.unwrap().expose_secret(),
            token
        );
    }
    let remarks = host.remarks();
    assert_eq!(remarks.len(), 1);
    assert_eq!(remarks[0].code, RemarkCode::TokenActsAsUser);
    assert!(
        remarks[0].message.contains("by the Azure CLI carries Directory.AccessAsUser.All"),
        "{remarks:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_managed_identity_gives_tokens() {
    let server = server();
    let endpoint = format!("{}/msi/token", server.root());
    let variables = [
        ("IDENTITY_ENDPOINT", Some(endpoint.as_str())),
        ("IDENTITY_HEADER", Some("guard")),
        ("AGENTUSER_TEST_ROOT", Some(server.root())),
        ("HTTP_PROXY", Some("http://127.0.0.1:9")),
    ];
    if !environment::is_set("azure::a_managed_identity_gives_tokens", &variables) {
        server.stop().await;
        return;
    }
    // The server of the process that made this one.
    let root = std::env::var("AGENTUSER_TEST_ROOT").unwrap();
    assert_eq!(listed(&root, azure::managed_identity(None)).await.unwrap(), 1);
    let other = "00000000-0000-4000-8000-00000000000f";
    let problem = listed(&root, azure::managed_identity(Some(other))).await.unwrap_err();
    assert_eq!(problem.status(), Some(400), "{problem:?}");
    assert!(problem.cause().contains("is not assigned to this machine"), "{problem:?}");
}

#[tokio::test]
async fn a_machine_without_managed_identity_says_so() {
    let test = "azure::a_machine_without_managed_identity_says_so";
    let variables =
        [("IDENTITY_ENDPOINT", Some("http://127.0.0.1:9/msi/token")), ("IDENTITY_HEADER", Some("guard"))];
    if !environment::is_set(test, &variables) {
        return;
    }
    let problem = listed("http://127.0.0.1:9", azure::managed_identity(None)).await.unwrap_err();
    assert_eq!(problem.code(), Code::Unreachable, "{problem:?}");
    assert!(
        problem.cause().starts_with("Managed identities are served on Azure's own machines"),
        "{problem:?}"
    );
}

#[tokio::test]
async fn a_workload_identity_speaks_to_its_clouds_sign_in() {
    let test = "azure::a_workload_identity_speaks_to_its_clouds_sign_in";
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "a.kubernetes.token").unwrap();
    let path = file.path().to_str().unwrap();
    let variables = [
        ("AZURE_CLIENT_ID", Some("00000000-0000-4000-8000-000000000001")),
        ("AZURE_TENANT_ID", Some("contoso.com")),
        ("AZURE_FEDERATED_TOKEN_FILE", Some(path)),
    ];
    if !environment::is_set(test, &variables) {
        return;
    }
    let server = server_of(ServerOptions::contoso().tls());
    let login = Login::chosen(None, None, Some(server.root())).unwrap();
    let tokens = || azure::workload_identity(Some(login.clone()));
    // Without its authority, the server is not trusted.
    let problem = listed(server.root(), tokens()).await.unwrap_err();
    assert_eq!(problem.code(), Code::CertificateRefused, "{problem:?}");
    let client = Client::builder()
        .graph_endpoint(Endpoint::new(server.root()).unwrap())
        .root_certificates(&std::fs::read(server.authority().unwrap()).unwrap())
        .unwrap()
        .token(tokens());
    let problem = client.build().unwrap().list(ListQuery::default()).await.unwrap_err();
    // The simulator has no such application: its words arrive.
    assert_eq!(problem.code(), Code::SignInClientUnknown, "{problem:?}");
    assert!(problem.graph_message().is_some_and(|said| said.contains("AADSTS700016")), "{problem:?}");
    server.stop().await;
}

#[test]
fn workload_identity_names_the_variable_that_is_missing() {
    let test = "azure::workload_identity_names_the_variable_that_is_missing";
    if !environment::is_set::<&str>(test, &[("AZURE_TENANT_ID", None), ("AZURE_CLIENT_ID", None)]) {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let problem = runtime.block_on(listed("http://127.0.0.1:9", azure::workload_identity(None))).unwrap_err();
    assert_eq!(problem.code(), Code::TokenMissing);
    assert!(problem.message().contains("AZURE_TENANT_ID not set"), "{problem:?}");
}

/// Counts how often it is asked, and gives the token of that number and those scopes.
#[derive(Debug)]
struct Counting {
    asked: AtomicUsize,
    token: fn(usize, &str) -> &'static str,
}

impl Counting {
    fn new(token: fn(usize, &str) -> &'static str) -> Arc<Self> {
        Arc::new(Self { asked: AtomicUsize::new(0), token })
    }
}

impl TokenCredential for Counting {
    fn get_token<'a, 'b, 'c, 'd, 'r>(
        &'a self,
        scopes: &'b [&'c str],
        _: Option<TokenRequestOptions<'d>>,
    ) -> Pin<Box<dyn Future<Output = azure_core::Result<AccessToken>> + Send + 'r>>
    where
        'a: 'r,
        'b: 'r,
        'c: 'r,
        'd: 'r,
        Self: 'r,
    {
        assert_eq!(scopes.len(), 1);
        let token = (self.token)(self.asked.fetch_add(1, Ordering::Relaxed), scopes[0]);
        Box::pin(
            async move { Ok(AccessToken::new(token, OffsetDateTime::now_utc() + Duration::from_secs(3600))) },
        )
    }
}

#[tokio::test]
async fn a_refused_token_is_known_although_another_service_had_one_since() {
    let server = server();
    let credential = Counting::new(|_, scope| if scope.contains("storage") { "stored" } else { "expired" });
    let client = client(server.root(), azure::from_credential(credential.clone()));
    let storage = ["https://storage.azure.com/.default"];
    assert_eq!(client.token(&[]).await.unwrap().expose_secret(), "expired");
    assert_eq!(client.token(&storage).await.unwrap().expose_secret(), "stored");
    let problem = client.list(ListQuery::default()).await.unwrap_err();
    assert_eq!(problem.code(), Code::TokenRejected, "{problem:?}");
    let said = "Graph refuses the token, and the same one is given again by the given credential.";
    assert!(problem.message().starts_with(said), "{problem:?}");
    assert_eq!(credential.asked.load(Ordering::Relaxed), 3);
    // And the other way round.
    let problem = client.new_token(&storage).await.unwrap_err();
    let said = "A service refuses the token, and the same one is given again by the given credential.";
    assert_eq!((problem.code(), problem.message()), (Code::TokenRejected, said));
    server.stop().await;
}

#[tokio::test]
async fn any_credential_gives_tokens_and_a_client_is_one() {
    let server = server();
    let counting = Counting::new(|number, _| if number == 0 { "expired" } else { "admin" });
    let client = client(server.root(), azure::from_credential(counting.clone()));
    // The first one is refused, the second is another one.
    assert_eq!(client.list(ListQuery::default()).await.unwrap(), 1);
    assert_eq!(counting.asked.load(Ordering::Relaxed), 2);

    let credential = AgentCredential::new(client);
    let scope = format!("{}/.default", server.root());
    let token = credential.get_token(&[&scope], None).await.unwrap();
    assert_eq!(token.token.secret(), "admin");
    assert!(token.expires_on > OffsetDateTime::now_utc() + Duration::from_secs(3000));
    assert_eq!(counting.asked.load(Ordering::Relaxed), 2, "from memory");
    let other = credential.get_token(&["https://storage.azure.com/.default"], None).await.unwrap();
    assert_eq!((other.token.secret(), counting.asked.load(Ordering::Relaxed)), ("admin", 3));
    server.stop().await;
}
