//! The proofs of an application's identity, made anew for each request that needs one.

mod certificate;
mod federated;

pub use certificate::Certificate;

use super::host::{SignInDemand, SignInHost};
use super::random;
use crate::clock::unix_ms;
use crate::transport::Transport;
use agentuser_core::problem::{Code, Problem};
use agentuser_core::sign_in::assertion::Unsigned;
use agentuser_core::sign_in::{self as core, ClientId, Login, Secret, Tenant};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

/// A proof of an application's identity. It is never printed, and copies share it.
#[derive(Debug, Clone)]
pub struct Proof(Arc<Kind>);

#[derive(Debug)]
enum Kind {
    Secret(Secret),
    Certificate {
        certificate: Certificate,
        send_x5c: bool,
    },
    Assertion(Arc<dyn SignInHost>),
    Signature {
        certificate: Certificate,
        send_x5c: bool,
        host: Arc<dyn SignInHost>,
    },
    FederatedTokenFile(Option<PathBuf>),
    AzurePipelines(String),
    GitHubActions,
    #[cfg(feature = "azure_identity")]
    ManagedIdentity(crate::sign_in::azure::AzureTokens),
}

/// The application that a proof is for, and what the proof can be made with.
#[derive(Debug)]
pub(crate) struct ProofFor<'a> {
    pub(crate) login: &'a Login,
    pub(crate) tenant: &'a Tenant,
    pub(crate) client_id: ClientId,
    pub(crate) transport: &'a Transport,
}

impl Proof {
    fn new(kind: Kind) -> Self {
        Self(Arc::new(kind))
    }

    /// A client secret.
    #[must_use]
    pub fn secret(secret: Secret) -> Self {
        Self::new(Kind::Secret(secret))
    }

    /// A certificate, which signs assertions by PS256. With `send_x5c`, they carry the certificates themselves, for
    /// applications that trust their issuer and name.
    ///
    /// # Errors
    /// [`Code::CertificateUnusable`] where it has no key.
    pub fn certificate(certificate: Certificate, send_x5c: bool) -> Result<Self, Problem> {
        if !certificate.has_key() {
            return Err(without_key());
        }
        Ok(Self::new(Kind::Certificate { certificate, send_x5c }))
    }

    /// A certificate whose key is elsewhere: the host is asked for each signature.
    #[must_use]
    pub fn signature(certificate: Certificate, send_x5c: bool, host: Arc<dyn SignInHost>) -> Self {
        Self::new(Kind::Signature { certificate, send_x5c, host })
    }

    /// An assertion of another issuer that the application trusts: the host is asked for each.
    #[must_use]
    pub fn assertion(host: Arc<dyn SignInHost>) -> Self {
        Self::new(Kind::Assertion(host))
    }

    /// The token that Kubernetes puts into this file, or into the file that the variable
    /// `AZURE_FEDERATED_TOKEN_FILE` names. The file is read anew each time.
    #[must_use]
    pub fn federated_token_file(path: Option<PathBuf>) -> Self {
        Self::new(Kind::FederatedTokenFile(path))
    }

    /// The id token of a job of GitHub Actions, which needs the permission `id-token: write`.
    #[must_use]
    pub fn github_actions() -> Self {
        Self::new(Kind::GitHubActions)
    }

    /// The id token of a job of Azure Pipelines, for the service connection of that id. The variable
    /// `SYSTEM_ACCESSTOKEN` must have the job's token.
    #[must_use]
    pub fn azure_pipelines(service_connection_id: &str) -> Self {
        Self::new(Kind::AzurePipelines(service_connection_id.to_owned()))
    }

    /// The token of a user-assigned managed identity of this machine, which the application trusts as a federated
    /// credential (docs/sign-in.md#federated-tokens).
    #[cfg(feature = "azure_identity")]
    #[must_use]
    pub fn managed_identity(client_id: Option<&str>) -> Self {
        Self::new(Kind::ManagedIdentity(crate::sign_in::azure::managed_identity(client_id)))
    }

    /// The proof for one request.
    pub(crate) async fn show(&self, of: ProofFor<'_>) -> Result<core::Proof, Problem> {
        let audience = of.login.audience().as_str();
        let assertion = match &*self.0 {
            Kind::Secret(secret) => return Ok(core::Proof::Secret(secret.clone())),
            Kind::Certificate { certificate, send_x5c } => {
                let input = unsigned(certificate, *send_x5c, &of)?;
                let signed = certificate.sign(input.as_bytes()).unwrap_or_else(|| Err(without_key()));
                input.sign(&signed?)
            }
            Kind::Signature { certificate, send_x5c, host } => {
                let input = unsigned(certificate, *send_x5c, &of)?;
                let client_id = of.client_id.to_string();
                let demand = SignInDemand::Signature { client_id, input: input.as_bytes().to_vec() };
                let signed = host.meet(demand).await?;
                certificate.check_signature(signed.bytes())?;
                input.sign(signed.bytes())
            }
            Kind::Assertion(host) => {
                let client_id = of.client_id.to_string();
                let demand = SignInDemand::Assertion { client_id, audience: audience.to_owned() };
                host.meet(demand).await?.secret("The client assertion")?
            }
            Kind::FederatedTokenFile(path) => federated::file(path.as_ref())?,
            Kind::GitHubActions => federated::github(of.transport, audience).await?,
            Kind::AzurePipelines(connection) => federated::azure_pipelines(of.transport, connection).await?,
            #[cfg(feature = "azure_identity")]
            Kind::ManagedIdentity(tokens) => tokens.assertion(of.transport, of.login).await?,
        };
        Ok(core::Proof::Assertion(assertion))
    }
}

fn without_key() -> Problem {
    Problem::new(Code::CertificateUnusable, "The certificate has no private key.")
}

/// The part of an assertion that is signed: its head and claims, valid from now.
fn unsigned(certificate: &Certificate, send_x5c: bool, of: &ProofFor<'_>) -> Result<Unsigned, Problem> {
    let now = SystemTime::now();
    certificate.check(now)?;
    let id = u128::from_le_bytes(random::bytes()?);
    let registered = certificate.registered(send_x5c);
    Ok(Unsigned::new(of.login, of.tenant, of.client_id, &registered, unix_ms(now), id))
}
