//! `agentuser manager`.

use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::options::{DryRun, User};
use crate::output::Verb;
use crate::parse;
use clap::{Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  agentuser manager get ada@contoso.com
  agentuser manager set ada@contoso.com human1@contoso.com
  agentuser manager clear ada@contoso.com --dry-run";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show the manager; JSON shows null where there is none
    Get {
        #[command(flatten)]
        user: User,
    },
    /// Set the manager
    Set {
        #[command(flatten)]
        user: User,
        /// The manager: a user principal name or an object id
        #[arg(value_name = "MANAGER")]
        manager: String,
        #[command(flatten)]
        dry: DryRun,
    },
    /// Remove the manager
    Clear {
        #[command(flatten)]
        user: User,
        #[command(flatten)]
        dry: DryRun,
    },
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let run = match &arguments.action {
        Action::Get { user } => return get(context, user).await,
        Action::Set { user, manager, dry } => {
            let (user, manager) = (user.get()?, parse::user("manager", manager)?);
            context.client()?.set_manager(user, manager, dry.dry_run)
        }
        Action::Clear { user, dry } => {
            let user = user.get()?;
            context.client()?.clear_manager(user, dry.dry_run)
        }
    };
    context.report(run, Verb::Change).await
}

async fn get(context: &Context, user: &User) -> CommandResult {
    let user = user.get()?;
    let manager = context.finish(context.client()?.manager(user)).await?;
    if context.output.is_json() {
        context.output.json([&manager])?;
    } else if let Some(manager) = &manager {
        context.output.text(&super::sponsor::people(std::slice::from_ref(manager)).to_text());
    } else {
        context.output.remark("It has no manager.");
    }
    Ok(Exit::Done)
}
