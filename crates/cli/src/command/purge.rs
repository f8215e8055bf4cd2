//! `agentuser purge`.

use crate::context::Context;
use crate::exit::CommandResult;
use crate::options::DryRun;
use crate::output::Verb;
use crate::parse;
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  agentuser purge ada@contoso.com --dry-run
  agentuser purge a6000000-0000-4000-8000-0000000dbba3 --yes

This can't be undone, so it takes --yes; no command asks at a prompt.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The deleted agent user: its object id, or the user principal name that it had
    #[arg(value_name = "USER")]
    user: String,
    /// Confirm that it is deleted for ever
    #[arg(long, required_unless_present = "dry_run")]
    yes: bool,
    #[command(flatten)]
    dry: DryRun,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let user = parse::user("user", &arguments.user)?;
    let dry_run = arguments.dry.dry_run || !arguments.yes;
    context.report(context.client()?.purge(user, dry_run), Verb::Change).await
}
