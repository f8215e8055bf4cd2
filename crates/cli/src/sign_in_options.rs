//! The options of every command that signs in.

use crate::profile::ProfileName;
use clap::{Args, ValueHint};
use std::path::PathBuf;

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Sign-in")]
pub(crate) struct SignInOptions {
    /// The profile that says where and as whom, unless a flag or a variable does; `agentuser profile --help` tells more
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "AGENTUSER_PROFILE",
        hide_env_values = true,
        value_name = "NAME"
    )]
    pub(crate) profile: Option<ProfileName>,
    /// A file with an access token for Graph; read again when Graph refuses the token
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "AGENTUSER_TOKEN_FILE", hide_env_values = true,
        value_name = "PATH",
        value_hint = ValueHint::FilePath
    )]
    pub(crate) token_file: Option<PathBuf>,
    /// The tenant to sign in to: a GUID or a domain
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "AGENTUSER_TENANT",
        hide_env_values = true,
        value_name = "TENANT"
    )]
    pub(crate) tenant: Option<String>,
    /// The application to sign in as, by one of the proofs below; for a person, the public client to sign in by
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "AGENTUSER_CLIENT_ID",
        hide_env_values = true,
        value_name = "ID"
    )]
    pub(crate) client_id: Option<String>,
    /// A proof of --client-id: a file with its secret; AGENTUSER_CLIENT_SECRET has the secret itself
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "AGENTUSER_CLIENT_SECRET_FILE", hide_env_values = true,
        value_name = "PATH",
        value_hint = ValueHint::FilePath
    )]
    pub(crate) client_secret_file: Option<PathBuf>,
    /// A proof of --client-id: a file with its certificate and private key, as PEM or PFX (PKCS#12)
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "AGENTUSER_CLIENT_CERTIFICATE", hide_env_values = true,
        value_name = "PATH",
        value_hint = ValueHint::FilePath
    )]
    pub(crate) client_certificate: Option<PathBuf>,
    /// A file with the password of a PFX file; without one, the password is empty
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "AGENTUSER_CERTIFICATE_PASSWORD_FILE", hide_env_values = true,
        value_name = "PATH",
        value_hint = ValueHint::FilePath
    )]
    pub(crate) certificate_password_file: Option<PathBuf>,
    /// Send the certificate and those above it along, for applications that trust its issuer and name
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) send_certificate_chain: bool,
    /// A proof of --client-id: the token that Kubernetes keeps in this file; without PATH, in AZURE_FEDERATED_TOKEN_FILE
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        num_args = 0..=1,
        require_equals = true,
        value_name = "PATH",
        value_hint = ValueHint::FilePath
    )]
    pub(crate) federated_token_file: Option<Option<PathBuf>>,
    /// Sign in as this machine's managed identity: that of this client id, or else the system's. With an application, by
    /// --client-id or a profile, it is the application's proof
    #[arg(long, global = true, hide_short_help = true, num_args = 0..=1, require_equals = true, value_name = "ID")]
    pub(crate) managed_identity: Option<Option<String>>,
    /// A proof of --client-id: the id token of this job of GitHub Actions, which needs id-token: write
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) github_actions: bool,
    /// A proof of --client-id: the id token of this job of Azure Pipelines, for the service connection of this id;
    /// SYSTEM_ACCESSTOKEN must have the job's token
    #[arg(long, global = true, hide_short_help = true, value_name = "ID")]
    pub(crate) azure_pipelines: Option<String>,
    /// Sign in as whoever signed in to the Azure CLI; Graph refuses a person's tokens from there for agent users
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) azure_cli: bool,
    /// Sign in as whoever signed in to the Azure Developer CLI; Graph refuses a person's tokens from there for agent users
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) azure_developer_cli: bool,
    /// Sign in as a person, in the browser of this machine; except with `login`, for this one command only
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) browser: bool,
    /// Sign in as a person, by a code that is typed in any browser; except with `login`, for this one command
    /// only
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) device_code: bool,
    /// Be this agent identity, whose blueprint --client-id is
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "AGENTUSER_AGENT_IDENTITY",
        hide_env_values = true,
        value_name = "ID"
    )]
    pub(crate) agent_identity: Option<String>,
    /// Be this agent user of --agent-identity: its object id or its user principal name
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "AGENTUSER_AGENT_USER",
        hide_env_values = true,
        value_name = "USER"
    )]
    pub(crate) agent_user: Option<String>,
}
