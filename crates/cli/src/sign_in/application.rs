//! An application by its proof, and the agent identity or agent user that it may be the blueprint of.

use super::certificate;
use super::target::Target;
use super::way::Shown;
use crate::options::Connection;
use crate::settings::SettingOptions;
use crate::sign_in_options::SignInOptions;
use crate::token_file;
use agentuser::core::token;
use agentuser::sign_in::{AcquisitionSettings, Application, Proof, Secret, UserOf};
use agentuser::{Builder, Code, Problem};

/// The builder with the tokens of the application, or of the agent that the options name.
pub(crate) fn application(
    options: &Connection,
    target: &Target,
    shown: Shown<'_>,
    builder: Builder,
) -> Result<Builder, Problem> {
    let (tenant, client_id) = (target.tenant(false)?, target.client_id(false)?);
    let proof = proof(options, shown)?;
    let application = Application::with_settings(&tenant, &client_id, proof, settings(&options.settings))?;
    let application = application.login(target.login()?);
    let SignInOptions { agent_identity, agent_user, .. } = &options.sign_in;
    match (agent_identity, agent_user) {
        (None, None) => Ok(builder.token(application)),
        (Some(identity), None) => Ok(builder.token(application.agent_identity(identity)?)),
        (Some(identity), Some(user)) => Ok(builder.token(application.agent_user(identity, user_of(user)?)?)),
        (None, Some(_)) => {
            Err(Problem::new(Code::TokenMissing, "There is an agent user to be, but no agent identity.")
                .with_cause("--agent-user (or AGENTUSER_AGENT_USER) is given, and --agent-identity is not.")
                .with_fix("Give --agent-identity, the id of the agent user's parent."))
        }
    }
}

/// An agent user by its id or its name. One can't be taken for the other: a name has an @.
fn user_of(text: &str) -> Result<UserOf, Problem> {
    if text.contains('@') {
        return UserOf::by_name(text).map_err(Problem::from_violations);
    }
    UserOf::by_id(text).map_err(|violation| Problem::from_violations(vec![violation]))
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

fn proof(options: &Connection, shown: Shown<'_>) -> Result<Proof, Problem> {
    let most = options.settings.max_token_bytes;
    let sign_in = &options.sign_in;
    Ok(match shown {
        Shown::Secret(secret) if secret.len() > most => {
            return Err(token::too_large("The client secret", most));
        }
        Shown::Secret(secret) => Proof::secret(Secret::from(secret.trim().to_owned())),
        Shown::SecretFile(path) => {
            Proof::secret(Secret::from(token_file::read(path, "client secret", most)?.to_string()))
        }
        Shown::Certificate(path) => {
            let password = sign_in.certificate_password_file.as_deref();
            certificate::proof(path, password, sign_in.send_certificate_chain)?
        }
        Shown::FederatedTokenFile(path) => Proof::federated_token_file(path.map(Into::into)),
        Shown::ManagedIdentity(id) => Proof::managed_identity(id),
        Shown::GitHubActions => Proof::github_actions(),
        Shown::AzurePipelines(connection) => Proof::azure_pipelines(connection),
    })
}

/// The times and limits of sign-ins. A command that has no more time does not wait for longer.
pub(crate) fn settings(options: &SettingOptions) -> AcquisitionSettings {
    let mut settings = AcquisitionSettings::default();
    settings.outage_timeout = options.outage_timeout;
    let longest = settings.retry.longest_retry_after;
    settings.retry.longest_retry_after = options.timeout.map_or(longest, |timeout| longest.min(timeout));
    settings
}
