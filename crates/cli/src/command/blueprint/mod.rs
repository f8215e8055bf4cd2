//! `agentuser blueprint`.

mod chain;

use super::get::members;
use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::output::{Column, Table};
use crate::parse;
use agentuser::{Blueprint, ChainVerdict, ObjectId, Problem};
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  agentuser blueprint list
  agentuser blueprint get b1a00000-0000-4000-8000-000000000001
  agentuser blueprint verify b1a00000-0000-4000-8000-000000000001

Agent identities are made from blueprints. `agentuser permission` lets a blueprint create agent users.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the blueprints of the tenant
    List {
        /// Only those whose display name begins with this
        #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
        name_starts_with: Option<String>,
    },
    /// Show a blueprint
    Get(Id),
    /// Verify the chain from a blueprint to its principal, its agent identities and their agent users
    #[command(
        after_help = "Examples:\n  agentuser blueprint verify b1a00000-0000-4000-8000-000000000001\n  \
        agentuser blueprint verify b1a00000-0000-4000-8000-000000000001 --json | jq .remarks\n\n\
        It says what is missing, disabled, in the recycle bin, or not to be read for want of a permission. The exit code is 0 for \
        a sound chain, 3 for a broken one, and 4 where a permission is missing to know."
    )]
    Verify(Id),
}

#[derive(Debug, Args)]
struct Id {
    /// The blueprint: its application (client) id, or an object id
    #[arg(value_name = "BLUEPRINT")]
    blueprint: String,
}

impl Id {
    fn get(&self) -> Result<ObjectId, Problem> {
        parse::id("blueprint", &self.blueprint)
    }
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    match &arguments.action {
        Action::List { name_starts_with } => list(context, name_starts_with.clone()).await,
        Action::Get(id) => {
            let id = id.get()?;
            let blueprint = context.finish(context.client()?.blueprint(id)).await?;
            context
                .output
                .one(&blueprint, |blueprint| members(blueprint, &["displayName", "appId", "id"]))?;
            Ok(Exit::Done)
        }
        Action::Verify(id) => {
            let id = id.get()?;
            let chain = context.finish(context.client()?.verify_blueprint(id)).await?;
            context.output.value(&chain, chain::text)?;
            Ok(match chain.verdict {
                ChainVerdict::Broken => Exit::SomeFailed,
                ChainVerdict::Unknown => {
                    chain.not_read.first().map_or(Exit::Done, |one| Exit::Problem(one.problem.kind()))
                }
                _ => Exit::Done,
            })
        }
    }
}

async fn list(context: &Context, name_starts_with: Option<String>) -> CommandResult {
    let found = context.finish(context.client()?.list_blueprints(name_starts_with)).await?;
    let output = &context.output;
    if output.is_json() {
        output.json(&found)?;
        return Ok(Exit::Done);
    }
    if !found.is_empty() {
        output.text(&table(&found).to_text());
    }
    let what = if found.len() == 1 { "blueprint" } else { "blueprints" };
    output.remark(&format!("{} {what}", found.len()));
    Ok(Exit::Done)
}

fn table(found: &[Blueprint]) -> Table {
    let mut table = Table::new([
        Column::needed("Display name"),
        Column::needed("App id"),
        Column::optional("Id", 2),
        Column::optional("Created", 1),
    ]);
    for one in found {
        let id = |id: Option<ObjectId>| id.map(|id| id.to_string()).unwrap_or_default();
        table.row([
            one.display_name().unwrap_or_default().to_owned(),
            id(one.app_id()),
            id(one.id()),
            one.created_date_time().unwrap_or_default().to_owned(),
        ]);
    }
    table
}
