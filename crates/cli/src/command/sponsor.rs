//! `agentuser sponsor`.

use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::options::{DryRun, User};
use crate::output::{Column, Table, Verb};
use crate::parse;
use agentuser::DirectoryObject;
use clap::{Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  agentuser sponsor list ada@contoso.com
  agentuser sponsor add ada@contoso.com human1@contoso.com
  agentuser sponsor remove ada@contoso.com \\
      group:60000000-0000-4000-8000-000000000001";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the sponsors
    List {
        #[command(flatten)]
        user: User,
    },
    /// Add a sponsor
    Add(Change),
    /// Remove a sponsor
    Remove(Change),
}

#[derive(Debug, Args)]
struct Change {
    #[command(flatten)]
    user: User,
    /// The sponsor: a user principal name, an object id, or group:ID
    #[arg(value_name = "SPONSOR")]
    sponsor: String,
    #[command(flatten)]
    dry: DryRun,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let run = match &arguments.action {
        Action::List { user } => return list(context, user).await,
        Action::Add(change) => {
            let (user, sponsor) = (change.user.get()?, parse::sponsor(&change.sponsor)?);
            context.client()?.add_sponsor(user, sponsor, change.dry.dry_run)
        }
        Action::Remove(change) => {
            let (user, sponsor) = (change.user.get()?, parse::sponsor(&change.sponsor)?);
            context.client()?.remove_sponsor(user, sponsor, change.dry.dry_run)
        }
    };
    context.report(run, Verb::Change).await
}

async fn list(context: &Context, user: &User) -> CommandResult {
    let user = user.get()?;
    let sponsors = context.finish(context.client()?.sponsors(user)).await?;
    if context.output.is_json() {
        context.output.json(&sponsors)?;
    } else if sponsors.is_empty() {
        context.output.remark("It has no sponsors.");
    } else {
        context.output.text(&people(&sponsors).to_text());
    }
    Ok(Exit::Done)
}

/// Users and groups. Graph may tell nothing but their ids.
pub(super) fn people(people: &[DirectoryObject]) -> Table {
    let mut table = Table::new([
        Column::needed("Id"),
        Column::optional("Type", 2),
        Column::optional("Display name", 1),
        Column::needed("User principal name"),
    ]);
    for one in people {
        let kind = one.odata_type().unwrap_or_default();
        table.row([
            one.id().map(|id| id.to_string()).unwrap_or_default(),
            kind.trim_start_matches("#microsoft.graph.").to_owned(),
            one.display_name().unwrap_or_default().to_owned(),
            one.user_principal_name().unwrap_or_default().to_owned(),
        ]);
    }
    table
}
