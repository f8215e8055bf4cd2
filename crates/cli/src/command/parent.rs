//! `agentuser parent`.

use super::get::members;
use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::parse;
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  agentuser parent a1d00000-0000-4000-8000-000000000001
  agentuser parent - --json < ids.txt

The command tells apart an id that does not exist, an application id, another service principal, the principal of a \
blueprint, and an agent identity that is disabled. It says what to use instead.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The object ids of agent identities; - takes them from stdin, a line each
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let ids = parse::ids("identityParentId", &arguments.ids)?;
    let client = context.client()?;
    let several = ids.len() > 1;
    context
        .for_each(ids, async |id| {
            let parent = context.finish(client.verify_parent(id)).await?;
            context.output.one(&parent, |parent| members(parent, &["displayName", "id"]))?;
            if several {
                context.output.gap();
            } else {
                context.output.remark("It can be the parent of an agent user.");
            }
            Ok(Exit::Done)
        })
        .await
}
