//! `agentuser purge`.

use super::many::{Many, Way, nobody};
use crate::context::Context;
use crate::exit::CommandResult;
use crate::output::Verb;
use agentuser::VerbArguments;
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  agentuser purge ada@contoso.com --dry-run
  agentuser purge a6000000-0000-4000-8000-0000000dbba3 --yes
  agentuser purge --file gone.txt --out plan.json

Agent users in the recycle bin are named by their object ids, or by the user principal names that they had. This can't be \
undone, so it takes --yes for one, and for several a plan: --out writes it, and `agentuser apply` makes its changes. No command asks \
at a prompt.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    many: Many,
    /// Confirm that it is deleted for ever
    #[arg(long, required_unless_present_any = ["dry_run", "out"])]
    yes: bool,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let many = &arguments.many;
    match many.way()? {
        Way::Now(user) => {
            let dry_run = many.dry_run() || !arguments.yes;
            context.report(context.client()?.purge(user, dry_run), Verb::Change).await
        }
        Way::Plan(users) => many.plan(context, users, VerbArguments::Purge).await,
        Way::Nobody => Ok(nobody(context)),
    }
}
