//! `agentuser restore`.

use crate::context::Context;
use crate::exit::CommandResult;
use crate::options::DryRun;
use crate::output::Verb;
use crate::parse;
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  agentuser list --deleted
  agentuser restore a6000000-0000-4000-8000-0000000dbba3";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The object id of the deleted agent user
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    dry: DryRun,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let id = parse::id("id", &arguments.id)?;
    context.report(context.client()?.restore(id, arguments.dry.dry_run), Verb::Change).await
}
