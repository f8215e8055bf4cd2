//! `agentuser wait`.

use crate::context::Context;
use crate::exit::CommandResult;
use crate::options::Users;
use crate::output::Verb;
use crate::parse::{self, Service};
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  agentuser wait ada@contoso.com
  agentuser wait ada@contoso.com --for mailbox --timeout 2h
  agentuser wait ada@contoso.com --for mailbox,teams,onedrive
  agentuser wait - --for mailbox < names.txt

A mailbox takes 10 to 15 minutes as a rule, and up to 24 hours. The command ends at once, and says why, when waiting \
can't help, such as for an agent user without a license.

OneDrive is looked for with Files.Read.All, a permission that nothing else needs. No call shows when the address list \
(usually within 24 hours), the organization chart and people search (24 to 48 hours) know the agent user: they are not \
waited for.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    users: Users,
    /// The services to wait for
    #[arg(
        long = "for",
        value_name = "WHAT",
        value_enum,
        value_delimiter = ',',
        default_value = "mailbox,teams"
    )]
    services: Vec<Service>,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let users = arguments.users.get()?;
    let readiness = parse::readiness(&arguments.services);
    let client = context.client()?;
    context
        .for_each(users, async |user| context.report(client.wait_ready(user, readiness), Verb::Wait).await)
        .await
}
