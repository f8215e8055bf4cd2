//! `agentuser delete`.

use super::many::{Many, Way, nobody};
use crate::context::Context;
use crate::exit::CommandResult;
use crate::output::Verb;
use agentuser::VerbArguments;
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  agentuser delete ada@contoso.com --dry-run
  agentuser delete ada@contoso.com --yes
  agentuser delete --file leavers.txt --out plan.json

One agent user is deleted at once with --yes; no command asks at a prompt. Several are deleted by a plan: --out writes it, and \
`agentuser apply` makes its changes. Only agent users are ever deleted. `agentuser restore` brings one back within 30 days.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    many: Many,
    /// Confirm that it is deleted
    #[arg(long, required_unless_present_any = ["dry_run", "out"])]
    yes: bool,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let many = &arguments.many;
    match many.way()? {
        Way::Now(user) => {
            let dry_run = many.dry_run() || !arguments.yes;
            context.report(context.client()?.delete(user, dry_run), Verb::Change).await
        }
        Way::Plan(users) => many.plan(context, users, VerbArguments::Delete).await,
        Way::Nobody => Ok(nobody(context)),
    }
}
