//! The options that several commands take.

use crate::parse;
use crate::settings::SettingOptions;
use crate::sign_in_options::SignInOptions;
use agentuser::{Cloud, Endpoint, RosterLimits};
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, ValueHint};
use std::path::PathBuf;

/// The most that is read of a roster.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Limits {
    /// The most bytes that the roster may have
    #[arg(long, value_name = "N", hide_short_help = true, default_value_t = RosterLimits::default().bytes)]
    max_bytes: usize,
    /// The most rows that the roster may have
    #[arg(long, value_name = "N", hide_short_help = true, default_value_t = RosterLimits::default().rows)]
    max_rows: usize,
    /// The most errors of the roster that are listed; more are counted by rule and field
    #[arg(long, value_name = "N", hide_short_help = true, default_value_t = RosterLimits::default().errors)]
    max_errors: usize,
}

impl From<Limits> for RosterLimits {
    fn from(limits: Limits) -> Self {
        Self { bytes: limits.max_bytes, rows: limits.max_rows, errors: limits.max_errors }
    }
}

// Without a doc comment, which clap would take for the help of each command.
#[derive(Debug, Args)]
pub(crate) struct Online<T: Args> {
    #[command(flatten)]
    pub(crate) arguments: T,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputOptions {
    /// Print JSON, one object per line; problems, too, on stderr
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print only results and problems, without progress and remarks
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// The Microsoft cloud; global unless the profile has another
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "AGENTUSER_CLOUD", hide_env_values = true,
        value_name = "CLOUD",
        ignore_case = true,
        value_parser = PossibleValuesParser::new(Cloud::ALL.iter().map(|cloud| cloud.name())).try_map(|name| name.parse::<Cloud>())
    )]
    pub(crate) cloud: Option<Cloud>,
    /// Another Graph endpoint in place of the cloud's, such as a simulator's http://127.0.0.1:8080
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "AGENTUSER_GRAPH_ENDPOINT", hide_env_values = true,
        value_name = "URL",
        value_parser = Endpoint::new,
        value_hint = ValueHint::Url
    )]
    pub(crate) graph_endpoint: Option<Endpoint>,
    /// Another sign-in endpoint than the cloud's
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "AGENTUSER_LOGIN_ENDPOINT", hide_env_values = true,
        value_name = "URL",
        value_parser = Endpoint::new,
        value_hint = ValueHint::Url
    )]
    pub(crate) login_endpoint: Option<Endpoint>,
    /// A file with certificate authorities, as PEM, to trust beside the system's
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "AGENTUSER_CA_FILE", hide_env_values = true,
        value_name = "PATH",
        value_hint = ValueHint::FilePath
    )]
    pub(crate) ca_file: Option<PathBuf>,
    /// Append a line of JSON for each request to this file: method, path, status, time, ids
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) log: Option<PathBuf>,
    /// Append a line of JSON for each change to this file: the object, the member before and after, ids
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) record: Option<PathBuf>,
    /// Why the changes are made, for --record
    #[arg(long, global = true, hide_short_help = true, value_name = "TEXT", requires = "record")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) sign_in: SignInOptions,
    #[command(flatten)]
    pub(crate) settings: SettingOptions,
}

/// The option of every command that writes.
#[derive(Debug, Args)]
pub(crate) struct DryRun {
    /// Say what would be changed, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// The agent user that a command is about.
#[derive(Debug, Args)]
pub(crate) struct User {
    /// The agent user: its object id or its user principal name
    #[arg(value_name = "USER")]
    user: String,
}

impl User {
    pub(crate) fn get(&self) -> Result<agentuser::UserRef, agentuser::Problem> {
        parse::user("user", &self.user)
    }
}

/// The agent users that a command only reads.
#[derive(Debug, Args)]
pub(crate) struct Users {
    /// The agent users: object ids or user principal names; - takes them from stdin, a line each
    #[arg(value_name = "USER", required = true)]
    users: Vec<String>,
}

impl Users {
    /// All of them, or every rule that one of them breaks.
    pub(crate) fn get(&self) -> Result<Vec<agentuser::UserRef>, agentuser::Problem> {
        parse::users(&self.users)
    }
}
