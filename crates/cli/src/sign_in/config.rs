//! The way to sign in as the configuration of it that all bindings have, and the secret beside it.

use super::certificate;
use super::target::Target;
use super::way::Shown;
use crate::options::Connection;
use crate::settings::SettingOptions;
use crate::sign_in_options::SignInOptions;
use crate::token_file;
use agentuser::core::json::{Confidential, ProofConfig, SignInConfig, Subject};
use agentuser::core::token;
use agentuser::core::validate::Violations;
use agentuser::sign_in::{AcquisitionSettings, AgentIdentityId, ClientId, Prompt, Secret, Tenant, UserOf};
use agentuser::{Code, Problem, Violation};

/// A person who signs in by the application of the target.
///
/// # Errors
/// A value that is missing, or every value that breaks a rule.
pub(crate) fn person(target: &Target, prompt: Prompt) -> Result<SignInConfig, Problem> {
    let (tenant, client_id) = target.person()?;
    Ok(SignInConfig::Person { login: target.login()?, tenant, client_id, prompt, scopes: None })
}

/// An application by its proof, or the agent of it that the options name; and the secret of that proof.
///
/// # Errors
/// A value that is missing, or every value that breaks a rule.
pub(crate) fn application(
    options: &Connection,
    target: &Target,
    shown: Shown<'_>,
) -> Result<(SignInConfig, Option<Secret>), Problem> {
    let (tenant, client_id) = (target.tenant(false)?, target.client_id(false)?);
    let mut broken = Violations::default();
    let tenant = broken.keep(Tenant::parse(&tenant).map_err(one));
    let client_id = broken.keep(ClientId::parse("clientId", &client_id).map_err(one));
    let subject = subject(&options.sign_in, &mut broken)?;
    let read = tenant.zip(client_id).zip(subject);
    let ((tenant, client_id), subject) = broken.finish(read).map_err(Problem::from_violations)?;
    let (proof, secret) = proof(options, shown)?;
    let login = target.login()?;
    let confidential = Confidential { login, tenant, client_id, subject, proof };
    Ok((SignInConfig::Confidential(confidential), secret))
}

/// The subject of the token: an application, an agent identity or an agent user.
fn subject(options: &SignInOptions, broken: &mut Violations) -> Result<Option<Subject>, Problem> {
    let identity = |id: &str| AgentIdentityId::parse("agentIdentityId", id).map_err(one);
    Ok(match (&options.agent_identity, &options.agent_user) {
        (None, None) => Some(Subject::Application),
        (Some(id), None) => broken.keep(identity(id)).map(Subject::AgentIdentity),
        (Some(id), Some(user)) => {
            let (identity, user) = (broken.keep(identity(id)), broken.keep(user_of(user)));
            identity.zip(user).map(|(identity, user)| Subject::AgentUser(identity, user))
        }
        (None, Some(_)) => {
            return Err(Problem::new(
                Code::TokenMissing,
                "There is an agent user to be, but no agent identity.",
            )
            .with_cause("--agent-user (or AGENTUSER_AGENT_USER) is given, and --agent-identity is not.")
            .with_fix("Give --agent-identity, the id of the agent user's parent."));
        }
    })
}

/// An agent user by its id or its name. One can't be taken for the other: a name has an @.
fn user_of(text: &str) -> Result<UserOf, Vec<Violation>> {
    if text.contains('@') { UserOf::by_name(text) } else { UserOf::by_id(text).map_err(one) }
}

/// Refuses an agent where no application signs in that could be its blueprint.
///
/// # Errors
/// When the options name one.
pub(crate) fn refuse_agent(options: &SignInOptions) -> Result<(), Problem> {
    let given = options.agent_identity.as_ref().or(options.agent_user.as_ref());
    let Some(_) = given else { return Ok(()) };
    Err(Problem::new(Code::TokenMissing, "An agent identity or agent user is to sign in, but not by its blueprint.")
        .with_cause("--agent-identity or --agent-user is given beside a way to sign in that is not an application's.")
        .with_fix("Give the blueprint's --client-id with a proof, such as --client-certificate; or leave the agent out."))
}

/// How the application proves who it is, and the secret of that proof.
fn proof(options: &Connection, shown: Shown<'_>) -> Result<(ProofConfig, Option<Secret>), Problem> {
    let most = options.settings.max_token_bytes;
    let sign_in = &options.sign_in;
    Ok(match shown {
        Shown::Secret(secret) if secret.len() > most => {
            return Err(token::too_large("The client secret", most));
        }
        Shown::Secret(secret) => (ProofConfig::ClientSecret, Some(Secret::from(secret.trim().to_owned()))),
        Shown::SecretFile(path) => {
            let secret = token_file::read(path, "client secret", most)?;
            (ProofConfig::ClientSecret, Some(Secret::from(secret.to_string())))
        }
        Shown::Certificate(path) => {
            let pem = certificate::pem(path, sign_in.certificate_password_file.as_deref())?;
            (ProofConfig::Certificate { send_x5c: sign_in.send_certificate_chain }, Some(pem))
        }
        Shown::FederatedTokenFile(path) => {
            (ProofConfig::FederatedTokenFile { path: path.map(Into::into) }, None)
        }
        Shown::ManagedIdentity(id) => (ProofConfig::ManagedIdentity { client_id: machine(id)? }, None),
        Shown::GitHubActions => (ProofConfig::GitHubActions, None),
        Shown::AzurePipelines(connection) => {
            (ProofConfig::AzurePipelines { service_connection_id: connection.to_owned() }, None)
        }
    })
}

/// The managed identity of that client id, or else of the profile's; the system's where there is none.
///
/// # Errors
/// When it is not a client id.
pub(crate) fn managed_identity(target: &Target, id: Option<&str>) -> Result<SignInConfig, Problem> {
    let id = id.map(str::to_owned).or_else(|| target.managed_identity());
    Ok(SignInConfig::ManagedIdentity { client_id: machine(id.as_deref())? })
}

fn machine(id: Option<&str>) -> Result<Option<ClientId>, Problem> {
    let read = |id| ClientId::parse("managedIdentity", id);
    id.map(read).transpose().map_err(|violation| Problem::from_violations(vec![violation]))
}

/// The times and limits of sign-ins. A command that has no more time does not wait for longer.
pub(crate) fn settings(options: &SettingOptions) -> AcquisitionSettings {
    let mut settings = AcquisitionSettings::default();
    settings.outage_timeout = options.outage_timeout;
    let longest = settings.retry.longest_retry_after;
    settings.retry.longest_retry_after = options.timeout.map_or(longest, |timeout| longest.min(timeout));
    settings
}

fn one(violation: Violation) -> Vec<Violation> {
    vec![violation]
}
