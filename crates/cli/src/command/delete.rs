//! `agentuser delete`.

use crate::context::Context;
use crate::exit::CommandResult;
use crate::options::{DryRun, User};
use crate::output::Verb;
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  agentuser delete ada@contoso.com --dry-run
  agentuser delete ada@contoso.com

Only agent users are ever deleted. `agentuser restore` brings one back within 30 days.";

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
    context.report(context.client()?.delete(user, arguments.dry.dry_run), Verb::Change).await
}
