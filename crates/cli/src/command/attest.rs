//! `agentuser attest`.

use crate::context::Context;
use crate::exit::CommandResult;
use crate::options::DryRun;
use crate::output::Verb;
use crate::parse;
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  agentuser attest a1d00000-0000-4000-8000-000000000001
  agentuser attest - < due.txt

An attestation says that the agent identity is still needed. Microsoft's lifecycle policies ask for it from time to time, and \
disable or delete agent identities that nobody attests: `agentuser identity lifecycle` shows what comes and when. A signed-in \
person needs the role Agent Identity Administrator, or is an owner or a sponsor of the agent identity.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The object ids of agent identities; - takes them from stdin, a line each
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    #[command(flatten)]
    dry: DryRun,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let ids = parse::ids("agentIdentityId", &arguments.ids)?;
    let client = context.client()?;
    let dry_run = arguments.dry.dry_run;
    context.for_each(ids, async |id| context.report(client.attest(id, dry_run), Verb::Change).await).await
}
