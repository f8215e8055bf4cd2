//! `agentuser parent`.

use super::get::members;
use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::parse;
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  agentuser parent a1d00000-0000-4000-8000-000000000001

The command tells apart an id that does not exist, an application id, another service principal, the principal of a \
blueprint, and an agent identity that is disabled. It says what to use instead.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The object id of the agent identity
    #[arg(value_name = "ID")]
    id: String,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let id = parse::id("identityParentId", &arguments.id)?;
    let parent = context.finish(context.client()?.verify_parent(id)).await?;
    context.output.one(&parent, |parent| members(parent, &["displayName", "id"]))?;
    context.output.remark("It can be the parent of an agent user.");
    Ok(Exit::Done)
}
