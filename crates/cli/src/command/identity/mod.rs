//! `agentuser identity`.

mod lifecycle;
mod list;

use super::get::members;
use super::sponsor::people;
use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::parse;
use agentuser::{Client, DirectoryObject, ObjectId, Problem};
use clap::{Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  agentuser identity list --without-agent-user
  agentuser identity list --blueprint b1a00000-0000-4000-8000-000000000001
  agentuser identity get a1d00000-0000-4000-8000-000000000001
  agentuser identity sponsors a1d00000-0000-4000-8000-000000000001
  agentuser identity owners a1d00000-0000-4000-8000-000000000001
  agentuser identity lifecycle a1d00000-0000-4000-8000-000000000001

Agent identities are the parents of agent users. `agentuser parent` verifies that one can have an agent user.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List agent identities
    #[command(
        after_help = "Examples:\n  agentuser identity list --without-agent-user\n  agentuser identity list --name-starts-with \
        Sales --disabled\n  agentuser identity list --json | jq -r .id\n\n\
        Graph can't tell which agent identities have an agent user. For --without-agent-user the list of all agent users is \
        read first; those in the recycle bin count for none."
    )]
    List(list::Arguments),
    /// Show agent identities
    Get(Ids),
    /// List the sponsors of an agent identity: the people and groups that are answerable for it
    Sponsors(Id),
    /// List the owners of an agent identity: the people and service principals that manage it
    Owners(Id),
    /// Show the next action of Microsoft's lifecycle policies on agent identities, with its date
    #[command(
        after_help = "Examples:\n  agentuser identity lifecycle a1d00000-0000-4000-8000-000000000001\n  \
        agentuser identity lifecycle - --json < ids.txt | jq -r .nextActionDateTime\n\n\
        A tenant may have a policy of Microsoft's own that disables and deletes agent identities which nobody attests. \
        `agentuser attest` attests one."
    )]
    Lifecycle(Ids),
}

#[derive(Debug, Args)]
struct Ids {
    /// The object ids of agent identities; - takes them from stdin, a line each
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
}

#[derive(Debug, Args)]
struct Id {
    /// The object id of the agent identity
    #[arg(value_name = "ID")]
    id: String,
}

impl Id {
    fn get(&self) -> Result<ObjectId, Problem> {
        parse::id("agentIdentityId", &self.id)
    }
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    match &arguments.action {
        Action::List(arguments) => list::run(context, arguments).await,
        Action::Get(ids) => {
            let ids = parse::ids("agentIdentityId", &ids.ids)?;
            let client = context.client()?;
            let several = ids.len() > 1;
            context.for_each(ids, async |id| get(context, &client, id, several).await).await
        }
        Action::Sponsors(id) => {
            let id = id.get()?;
            let found = context.finish(context.client()?.identity_sponsors(id)).await?;
            related(context, &found, "It has no sponsors.")
        }
        Action::Lifecycle(ids) => {
            let ids = parse::ids("agentIdentityId", &ids.ids)?;
            let client = context.client()?;
            context.for_each(ids, async |id| show_lifecycle(context, &client, id).await).await
        }
        Action::Owners(id) => {
            let id = id.get()?;
            let found = context.finish(context.client()?.identity_owners(id)).await?;
            related(context, &found, "It has no owners.")
        }
    }
}

async fn get(context: &Context, client: &Client, id: ObjectId, several: bool) -> CommandResult {
    let identity = context.finish(client.identity(id)).await?;
    context.output.one(&identity, |identity| members(identity, &["displayName", "id"]))?;
    if several {
        context.output.gap();
    }
    Ok(Exit::Done)
}

async fn show_lifecycle(context: &Context, client: &Client, id: ObjectId) -> CommandResult {
    let lifecycle = context.finish(client.lifecycle(id)).await?;
    context.output.value(&lifecycle, lifecycle::text)?;
    Ok(Exit::Done)
}

fn related(context: &Context, found: &[DirectoryObject], none: &str) -> CommandResult {
    if context.output.is_json() {
        context.output.json(found)?;
    } else if found.is_empty() {
        context.output.remark(none);
    } else {
        context.output.text(&people(found).to_text());
    }
    Ok(Exit::Done)
}
