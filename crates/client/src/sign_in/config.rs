//! From the configuration of the JSON tier to who signs in: the one way for all bindings.

use super::application::{AgentIdentity, AgentUser, Application, OnBehalfOf};
use super::host::{SignInDemand, SignInHost};
use super::person::Person;
use super::proof::{Certificate, Proof};
use crate::token::{AccessToken, TokenFuture, TokenProvider, TokenRequest};
use agentuser_core::json::{Confidential, Config, ProofConfig, SignInConfig, Subject};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::sign_in::Secret;
use agentuser_core::sign_in::acquisition::AcquisitionSettings;
use agentuser_core::token::too_large;
use std::sync::Arc;

/// The sign-in of a configuration: one way for bindings and the command line.
#[derive(Debug)]
pub struct SignedIn(Kind);

#[derive(Debug)]
enum Kind {
    Application(Application),
    AgentIdentity(Application, AgentIdentity),
    AgentUser(Application, AgentUser),
    OnBehalfOf(OnBehalfOf),
    Person(Person),
    #[cfg(feature = "azure_identity")]
    Azure(crate::sign_in::azure::AzureTokens),
    Host(Arc<dyn SignInHost>),
}

/// Reads a configuration, and who signs in by it: the member `signIn`, or the host, which brings tokens, where there is none.
/// The secret (a client secret, or a certificate with its key as PEM) travels beside it, and is checked with it.
///
/// # Errors
/// [`Code::TokenMissing`] where a secret is needed and absent or empty, [`Code::CertificateUnusable`] where a certificate
/// can't be used, [`Code::Invalid`] with everything that is wrong where that is more, and where a secret is not needed.
pub fn of_config(
    json: &[u8],
    secret: Option<Secret>,
    host: Arc<dyn SignInHost>,
) -> Result<(Config, SignedIn), Problem> {
    let config = Config::parse_checking(json, &|config, proof| check_proof(config, proof, secret.as_ref()))?;
    if secret.is_some() && config.sign_in().and_then(SignInConfig::secret).is_none() {
        return Err(Problem::new(
            Code::Invalid,
            "A secret came with a configuration whose sign-in needs none.",
        )
        .with_field("signIn")
        .with_fix(
            "Give signIn a proof that needs a secret (clientSecret, certificate), or pass no secret.",
        ));
    }
    let signed_in = match config.sign_in() {
        Some(sign_in) => SignedIn::new(sign_in, secret, host, settings(&config))?,
        None => SignedIn(Kind::Host(host)),
    };
    Ok((config, signed_in))
}

/// The secret that a proof needs is there, and its certificate can be used.
fn check_proof(config: &Config, proof: &ProofConfig, secret: Option<&Secret>) -> Result<(), Problem> {
    if let Some(what) = proof.secret() {
        let missing = |why: &str| {
            Problem::new(Code::TokenMissing, format!("The sign-in needs a {what}, and {why}."))
                .with_fix("Pass it beside the configuration, as the secret.")
        };
        let secret = secret.ok_or_else(|| missing("none came with the configuration"))?.expose();
        if secret.trim().is_empty() {
            return Err(missing("the one that came with the configuration is empty"));
        }
        if secret.len() > config.max_token_bytes() {
            return Err(too_large(&format!("The {what}"), config.max_token_bytes()));
        }
    }
    match (proof, secret) {
        (ProofConfig::Certificate { .. }, Some(secret)) => Certificate::from_pem(secret.expose()).map(drop),
        (ProofConfig::Signature { certificate, .. }, _) => public(certificate).map(drop),
        _ => Ok(()),
    }
}

/// The certificate in a configuration whose key is elsewhere.
fn public(certificate: &str) -> Result<Certificate, Problem> {
    Certificate::public(certificate).map_err(|problem| problem.with_field("signIn.proof.certificate"))
}

/// Sign-ins are given up as the client's other requests are.
fn settings(config: &Config) -> AcquisitionSettings {
    let mut settings = AcquisitionSettings::default();
    settings.outage_timeout = config.settings().outage_timeout;
    settings
}

fn confidential(
    of: &Confidential,
    secret: Option<Secret>,
    host: &Arc<dyn SignInHost>,
    settings: AcquisitionSettings,
) -> Result<Kind, Problem> {
    let proof = proof(&of.proof, secret, host)?;
    let client_id = of.client_id.to_string();
    let application = Application::with_settings(of.tenant.as_str(), &client_id, proof, settings)?;
    let application = application.login(of.login.clone());
    Ok(match &of.subject {
        Subject::Application => Kind::Application(application),
        Subject::AgentIdentity(identity) => {
            let identity = application.agent_identity(&identity.to_string())?;
            Kind::AgentIdentity(application, identity)
        }
        Subject::AgentUser(identity, user) => {
            let user = application.agent_user(&identity.to_string(), user.clone())?;
            Kind::AgentUser(application, user)
        }
        Subject::OnBehalfOf(identity) => {
            let acting = application.on_behalf_of(&identity.to_string(), Arc::clone(host))?;
            Kind::OnBehalfOf(acting)
        }
    })
}

fn proof(config: &ProofConfig, secret: Option<Secret>, host: &Arc<dyn SignInHost>) -> Result<Proof, Problem> {
    let secret = || secret.ok_or_else(|| Problem::new(Code::TokenMissing, "There is no secret."));
    Ok(match config {
        ProofConfig::ClientSecret => Proof::secret(secret()?),
        ProofConfig::Certificate { send_x5c } => {
            Proof::certificate(Certificate::from_pem(secret()?.expose())?, *send_x5c)?
        }
        ProofConfig::Signature { certificate, send_x5c } => {
            Proof::signature(public(certificate)?, *send_x5c, Arc::clone(host))
        }
        ProofConfig::Assertion => Proof::assertion(Arc::clone(host)),
        ProofConfig::FederatedTokenFile { path } => Proof::federated_token_file(path.clone()),
        ProofConfig::AzurePipelines { service_connection_id } => {
            Proof::azure_pipelines(service_connection_id)
        }
        ProofConfig::GitHubActions => Proof::github_actions(),
        #[cfg(feature = "azure_identity")]
        ProofConfig::ManagedIdentity { client_id } => {
            Proof::managed_identity(client_id.map(|id| id.to_string()).as_deref())
        }
        _ => return Err(not_built()),
    })
}

#[cfg(feature = "azure_identity")]
fn azure(sign_in: &SignInConfig, host: &Arc<dyn SignInHost>) -> Result<Kind, Problem> {
    use super::azure;
    let tokens = match sign_in {
        SignInConfig::ManagedIdentity { client_id } => {
            azure::managed_identity(client_id.map(|id| id.to_string()).as_deref())
        }
        SignInConfig::AzureCli { tenant } => {
            azure::azure_cli(tenant.as_ref().map(agentuser_core::sign_in::Tenant::as_str))
        }
        SignInConfig::AzureDeveloperCli { tenant } => {
            azure::azure_developer_cli(tenant.as_ref().map(agentuser_core::sign_in::Tenant::as_str))
        }
        SignInConfig::WorkloadIdentity { login } => azure::workload_identity(login.clone()),
        _ => return Err(not_built()),
    };
    Ok(Kind::Azure(tokens.with_host(Arc::clone(host))))
}

#[cfg(not(feature = "azure_identity"))]
fn azure(_: &SignInConfig, _: &Arc<dyn SignInHost>) -> Result<Kind, Problem> {
    Err(not_built())
}

fn not_built() -> Problem {
    Problem::new(Code::Invalid, "This build of the library can't sign in in this way.")
        .with_field("signIn")
        .with_cause("It was built without the feature azure_identity, or is older than the configuration.")
        .with_fix("Build it with that feature, or sign in in another way.")
}

impl SignedIn {
    /// The sign-in of this part of a configuration, with these times and limits. `secret` is required where
    /// [`SignInConfig::secret`] names one.
    ///
    /// # Errors [`Code::TokenMissing`] where a secret is needed and absent, [`Code::CertificateUnusable`]
    /// where the PEM can't be used, [`Code::Invalid`] where this build can't sign in in that way.
    pub fn new(
        sign_in: &SignInConfig,
        secret: Option<Secret>,
        host: Arc<dyn SignInHost>,
        settings: AcquisitionSettings,
    ) -> Result<Self, Problem> {
        let kind = match sign_in {
            SignInConfig::Confidential(of) => confidential(of, secret, &host, settings)?,
            SignInConfig::Person { login, tenant, client_id, prompt, scopes } => {
                let client_id = client_id.to_string();
                let person = Person::with_settings(tenant.as_str(), &client_id, *prompt, host, settings)?;
                let person = person.login(login.clone())?;
                Kind::Person(match scopes {
                    Some(scopes) => person.scopes(scopes.clone()),
                    None => person,
                })
            }
            other => azure(other, &host)?,
        };
        Ok(Self(kind))
    }

    /// Takes what an earlier sign-in of the person left, so that the person need not be asked. Nothing happens where no
    /// person signs in.
    pub fn remember(&self, refresh_token: Secret) {
        if let Kind::Person(person) = &self.0 {
            person.remember(refresh_token);
        }
    }

    /// The refresh token of a person, which gets the next token without a prompt. Keep it where no other user
    /// can read it.
    #[must_use]
    pub fn refresh_token(&self) -> Option<Secret> {
        match &self.0 {
            Kind::Person(person) => person.refresh_token(),
            _ => None,
        }
    }

    /// Forgets the tokens that are in memory. Those of a host or of the Azure SDK are kept there.
    pub fn sign_out(&self) {
        match &self.0 {
            Kind::Application(application)
            | Kind::AgentIdentity(application, _)
            | Kind::AgentUser(application, _) => application.sign_out(),
            Kind::OnBehalfOf(acting) => acting.sign_out(),
            Kind::Person(person) => person.sign_out(),
            #[cfg(feature = "azure_identity")]
            Kind::Azure(_) => {}
            Kind::Host(_) => {}
        }
    }

    /// Whether the host brings the tokens.
    #[must_use]
    pub fn is_host(&self) -> bool {
        matches!(self.0, Kind::Host(_))
    }
}

impl TokenProvider for SignedIn {
    fn token(&self, request: TokenRequest) -> TokenFuture<'_> {
        match &self.0 {
            Kind::Application(application) => application.token(request),
            Kind::AgentIdentity(_, identity) => identity.token(request),
            Kind::AgentUser(_, user) => user.token(request),
            Kind::OnBehalfOf(acting) => acting.token(request),
            Kind::Person(person) => person.token(request),
            #[cfg(feature = "azure_identity")]
            Kind::Azure(tokens) => tokens.token(request),
            Kind::Host(host) => Box::pin(async move {
                let answer = host.meet(SignInDemand::Token(request)).await?;
                let token = answer.secret("The access token")?;
                Ok(AccessToken::of_secret(token, answer.life()))
            }),
        }
    }
}
