//! The Azure SDK's credentials as providers of tokens, and the other way round. With the feature `azure_identity`.
//!
//! ```no_run
//! # async fn example() -> Result<(), agentuser::Problem> {
//! use agentuser::{Client, azure};
//!
//! let client = Client::builder().token(azure::managed_identity(None)).build()?;
//! println!("{} SKUs", client.skus().await?.len());
//! # Ok(())
//! # }
//! ```
//!
//! No credential of the Azure SDK can pass on a claims challenge (docs/sign-in.md#azure-sdk): one ends with
//! [`Code::ClaimsChallenge`], and a token that Graph refused is not sent again.

mod credential;
mod last;
mod problem;

pub use credential::AgentCredential;

use self::last::LastTokens;
use super::host::SignInHost;
use crate::token::{AccessToken, TokenFuture, TokenProvider, TokenRequest};
use crate::transport::Transport;
use agentuser_core::graph::Cloud;
use agentuser_core::problem::{Code, Problem};
use agentuser_core::remark::{Remark, RemarkCode};
use agentuser_core::sign_in::{Login, Secret};
use agentuser_core::token::TokenFacts;
use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::credentials::TokenCredential;
use azure_core::http::{ClientOptions, ExponentialRetryOptions, RetryOptions};
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, AzureDeveloperCliCredential,
    AzureDeveloperCliCredentialOptions, ClientAssertionCredentialOptions, ManagedIdentityCredential,
    ManagedIdentityCredentialOptions, UserAssignedId, WorkloadIdentityCredential,
    WorkloadIdentityCredentialOptions,
};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// A tool that says nothing for so long is given up: it may wait for an answer at a terminal that nobody sees.
const TOOL_TIMEOUT: Duration = Duration::from_secs(60);

/// Any credential of the Azure SDK as a provider of tokens.
///
/// ```
/// use agentuser::azure::from_credential;
/// use azure_identity::AzureCliCredential;
///
/// # fn example() -> azure_core::Result<()> {
/// let builder = agentuser::Client::builder().token(from_credential(AzureCliCredential::new(None)?));
/// # Ok(())
/// # }
/// ```
pub fn from_credential(credential: Arc<dyn TokenCredential>) -> AzureTokens {
    AzureTokens::new(Origin::Given(credential))
}

/// The managed identity of this machine: the one with that client id, or the system's.
pub fn managed_identity(client_id: Option<&str>) -> AzureTokens {
    AzureTokens::new(Origin::ManagedIdentity(client_id.map(str::to_owned)))
}

/// Tokens of the account that is signed in to the Azure CLI, `az`, in that tenant or the one that is in use
/// there.
pub fn azure_cli(tenant: Option<&str>) -> AzureTokens {
    AzureTokens::new(Origin::Cli(tenant.map(str::to_owned)))
}

/// Tokens of the account that is signed in to the Azure Developer CLI, `azd`, in that tenant or the one that
/// is in use there.
pub fn azure_developer_cli(tenant: Option<&str>) -> AzureTokens {
    AzureTokens::new(Origin::DeveloperCli(tenant.map(str::to_owned)))
}

/// The workload identity of this Kubernetes pod, by the variables `AZURE_CLIENT_ID`, `AZURE_TENANT_ID`,
/// `AZURE_FEDERATED_TOKEN_FILE` and, unless a sign-in endpoint is given, `AZURE_AUTHORITY_HOST`.
pub fn workload_identity(login: Option<Login>) -> AzureTokens {
    AzureTokens::new(Origin::WorkloadIdentity(login))
}

/// Tokens of a credential of the Azure SDK.
#[derive(Debug)]
pub struct AzureTokens {
    origin: Origin,
    /// The host that is told of remarks.
    host: Option<Arc<dyn SignInHost>>,
    state: Mutex<State>,
}

#[derive(Debug)]
enum Origin {
    Given(Arc<dyn TokenCredential>),
    ManagedIdentity(Option<String>),
    Cli(Option<String>),
    DeveloperCli(Option<String>),
    WorkloadIdentity(Option<Login>),
}

/// The kind of credential, for what is said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Given,
    ManagedIdentity,
    Cli,
    DeveloperCli,
    WorkloadIdentity,
}

impl Source {
    fn name(self) -> &'static str {
        match self {
            Self::Given => "the given credential",
            Self::ManagedIdentity => "managed identity",
            Self::Cli => "the Azure CLI",
            Self::DeveloperCli => "the Azure Developer CLI",
            Self::WorkloadIdentity => "workload identity",
        }
    }

    /// The program that it runs.
    fn tool(self) -> Option<&'static str> {
        match self {
            Self::Cli => Some("az"),
            Self::DeveloperCli => Some("azd"),
            _ => None,
        }
    }

    /// The service that it asks over the network, in words.
    fn place(self) -> &'static str {
        if self == Self::ManagedIdentity { "this machine's identity endpoint" } else { "the sign-in" }
    }
}

#[derive(Debug, Default)]
struct State {
    credential: Option<Arc<dyn TokenCredential>>,
    /// The tokens that it gave last.
    last: LastTokens,
    /// Its remark was made.
    remarked: bool,
}

impl AzureTokens {
    fn new(origin: Origin) -> Self {
        Self { origin, host: None, state: Mutex::default() }
    }

    /// The same, with a host that is told where its tokens carry `Directory.AccessAsUser.All`.
    #[must_use]
    pub fn with_host(mut self, host: Arc<dyn SignInHost>) -> Self {
        self.host = Some(host);
        self
    }

    fn source(&self) -> Source {
        match self.origin {
            Origin::Given(_) => Source::Given,
            Origin::ManagedIdentity(_) => Source::ManagedIdentity,
            Origin::Cli(_) => Source::Cli,
            Origin::DeveloperCli(_) => Source::DeveloperCli,
            Origin::WorkloadIdentity(_) => Source::WorkloadIdentity,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The credential. After a refusal it is made anew, without the cache of the one before.
    fn credential(&self, transport: &Transport, refused: bool) -> Result<Arc<dyn TokenCredential>, Problem> {
        if let Some(credential) = self.lock().credential.clone().filter(|_| !refused) {
            return Ok(credential);
        }
        let made = self.make(transport)?;
        self.lock().credential = Some(Arc::clone(&made));
        Ok(made)
    }

    fn make(&self, transport: &Transport) -> Result<Arc<dyn TokenCredential>, Problem> {
        let made: azure_core::Result<Arc<dyn TokenCredential>> = match &self.origin {
            Origin::Given(credential) => Ok(Arc::clone(credential)),
            Origin::ManagedIdentity(client_id) => {
                let user_assigned_id = client_id.clone().map(UserAssignedId::ClientId);
                let client_options = options(transport.of_this_machine()?, None);
                let options = ManagedIdentityCredentialOptions { user_assigned_id, client_options };
                ManagedIdentityCredential::new(Some(options)).map(|made| made as _)
            }
            Origin::Cli(tenant_id) => {
                let options =
                    AzureCliCredentialOptions { tenant_id: tenant_id.clone(), ..Default::default() };
                AzureCliCredential::new(Some(options)).map(|made| made as _)
            }
            Origin::DeveloperCli(tenant_id) => {
                let tenant_id = tenant_id.clone();
                let options = AzureDeveloperCliCredentialOptions { tenant_id, ..Default::default() };
                AzureDeveloperCliCredential::new(Some(options)).map(|made| made as _)
            }
            Origin::WorkloadIdentity(login) => {
                let client_options = options(transport.of_azure(), login.as_ref());
                let options = WorkloadIdentityCredentialOptions {
                    credential_options: ClientAssertionCredentialOptions { client_options },
                    ..Default::default()
                };
                WorkloadIdentityCredential::new(Some(options)).map(|made| made as _)
            }
        };
        made.map_err(|error| problem::of(self.source(), &error))
    }

    /// A token that proves an application which trusts this identity, at that sign-in endpoint.
    pub(crate) async fn assertion(&self, transport: &Transport, login: &Login) -> Result<Secret, Problem> {
        let credential = self.credential(transport, false)?;
        let scope = login.audience().scope().to_string();
        let asked = tokio::time::timeout(TOOL_TIMEOUT, credential.get_token(&[&scope], None)).await;
        let token = asked.map_err(|_| self.silent())?.map_err(|error| problem::of(self.source(), &error))?;
        Ok(token.token.secret().to_owned().into())
    }

    fn silent(&self) -> Problem {
        let (name, seconds) = (self.source().name(), TOOL_TIMEOUT.as_secs());
        let message = format!("Could not sign in by {name}: it gave no token for {seconds} seconds.");
        Problem::new(Code::TimedOut, message)
    }

    async fn next(&self, request: TokenRequest) -> Result<AccessToken, Problem> {
        let source = self.source();
        let service = if request.is_for_graph { "Graph" } else { "A service" };
        if request.claims.is_some() {
            let message = format!(
                "{service} asks for a token with further claims, which can't be asked for by {}.",
                source.name()
            );
            return Err(Problem::new(Code::ClaimsChallenge, message)
                .with_fix("Sign in in a way that can pass them on, such as a certificate, a federated token or a browser; or let the policy leave this identity out."));
        }
        let credential = self.credential(&request.transport, request.refused)?;
        let scopes: Vec<&str> = request.scope.split_whitespace().collect();
        let asked = tokio::time::timeout(TOOL_TIMEOUT, credential.get_token(&scopes, None)).await;
        let token = asked.map_err(|_| self.silent())?.map_err(|error| problem::of(source, &error))?;
        let text = token.token.secret();
        let same = {
            let last = self.lock().last.replace(&request.scope, text);
            last.is_some_and(|last| last.expose() == text)
        };
        if request.refused && same {
            let message =
                format!("{service} refuses the token, and the same one is given again by {}.", source.name());
            return Err(Problem::new(Code::TokenRejected, message)
                .with_fix("Sign in again there, and run it again: it goes on where it stopped."));
        }
        self.remark_on(text, source);
        let left = SystemTime::from(token.expires_on).duration_since(SystemTime::now()).unwrap_or_default();
        Ok(AccessToken::new(text.to_owned(), Some(left)))
    }

    /// Tells the host, once, that Graph will ignore the token's agent permissions.
    fn remark_on(&self, token: &str, source: Source) {
        let Some(host) = &self.host else { return };
        if TokenFacts::read(token).acts_as_user() && !std::mem::replace(&mut self.lock().remarked, true) {
            let message = format!(
                "The token that comes by {} carries Directory.AccessAsUser.All: Graph ignores its agent permissions, and refuses to create or change agent users with it.",
                source.name()
            );
            host.remark(Remark::new(RemarkCode::TokenActsAsUser, message));
        }
    }
}

impl TokenProvider for AzureTokens {
    fn token(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(self.next(request))
    }
}

/// How the Azure SDK sends: by default it would try for a minute to reach a sign-in that is not there.
fn options(transport: azure_core::http::Transport, login: Option<&Login>) -> ClientOptions {
    let retry = ExponentialRetryOptions {
        max_retries: 3,
        max_total_elapsed: azure_core::time::Duration::seconds(10),
        ..ExponentialRetryOptions::default()
    };
    ClientOptions {
        retry: RetryOptions::exponential(retry),
        transport: Some(transport),
        cloud: login.map(|login| Arc::new(cloud(login))),
        ..ClientOptions::default()
    }
}

/// The cloud of a sign-in endpoint, as the Azure SDK names it.
fn cloud(login: &Login) -> CloudConfiguration {
    let known = Cloud::ALL.iter().find(|cloud| cloud.login() == login.origin());
    match known {
        Some(Cloud::Global) => CloudConfiguration::AzurePublic,
        Some(Cloud::UsGovernment | Cloud::UsGovernmentDod) => CloudConfiguration::AzureGovernment,
        Some(Cloud::China) => CloudConfiguration::AzureChina,
        _ => {
            let mut custom = CustomConfiguration::default();
            login.origin().clone_into(&mut custom.authority_host);
            custom.into()
        }
    }
}
