//! `agentuser revoke-sessions`.

use crate::context::Context;
use crate::exit::CommandResult;
use crate::options::{DryRun, User};
use crate::output::Verb;
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  agentuser revoke-sessions ada@contoso.com --dry-run
  agentuser revoke-sessions ada@contoso.com

Refresh tokens that were issued before are not taken any more. Access tokens that are out may live on to their end, where a service does not ask whether they still hold. \
`agentuser disable` keeps it from signing in again.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    user: User,
    #[command(flatten)]
    dry: DryRun,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let user = arguments.user.get()?;
    context.report(context.client()?.revoke_sessions(user, arguments.dry.dry_run), Verb::Change).await
}
