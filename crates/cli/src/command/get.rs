//! `agentuser get`.

mod picture;

use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::output::{Table, compact};
use crate::parse;
use agentuser::{AgentUser, Client, Code, Detail, ListedMember, Problem};
use clap::{ArgGroup, Args};
use picture::{FIRST, Picture};
pub(super) use picture::{members, sku_name};
use serde_json::{Map, Value};

const EXAMPLES: &str = "\
Examples:
  agentuser get ada@contoso.com
  agentuser get a6000000-0000-4000-8000-0000000dbba3 --json
  agentuser get --parent a1d00000-0000-4000-8000-000000000001
  agentuser get - --members-only --json < names.txt
  agentuser get ada@contoso.com --columns displayName,employeeOrgData.costCenter

Manager, sponsors and the names of licenses take three more requests and the permissions for them. Where one is refused, \
a remark says so. --members-only leaves them out.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, group = ArgGroup::new("which").required(true).args(["users", "parent"]))]
pub(crate) struct Arguments {
    /// The agent users: object ids or user principal names; - takes them from stdin, a line each
    #[arg(value_name = "USER")]
    users: Vec<String>,
    /// The object id of the agent identity whose agent user it is
    #[arg(long, value_name = "ID")]
    parent: Option<String>,
    /// Only the agent user's own members, by one request
    #[arg(long)]
    members_only: bool,
    /// Only these members, separated by commas: Graph's names, extension properties, employeeOrgData.costCenter,
    /// customSecurityAttributes
    #[arg(long, value_name = "MEMBERS", value_delimiter = ',', value_parser = column, conflicts_with = "members_only")]
    columns: Vec<ListedMember>,
}

/// A member that can be read.
fn column(name: &str) -> Result<ListedMember, String> {
    ListedMember::find(name.trim()).ok_or_else(|| match ListedMember::nearest(name.trim()) {
        Some(nearest) => format!("There is no member {name:?}. Did you mean {}?", nearest.name()),
        None => {
            format!("There is no member {name:?}. Use Graph's name of it, or that of an extension property.")
        }
    })
}

/// The members that were asked for, by name.
fn chosen(user: &AgentUser, columns: &[ListedMember]) -> Map<String, Value> {
    let Ok(Value::Object(members)) = serde_json::to_value(user) else { return Map::new() };
    let value =
        |column: &ListedMember| (column.name().to_owned(), column.of(&members).cloned().unwrap_or_default());
    columns.iter().map(value).collect()
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let detail = Detail::with(arguments.columns.iter().cloned());
    if let Some(parent) = &arguments.parent {
        let parent = parse::id("identityParentId", parent)?;
        let client = context.client()?;
        let found = context.finish(client.find_by_parent_with(parent, detail)).await?;
        let user = found.ok_or_else(|| {
            Problem::new(Code::NotFound, format!("The agent identity {parent} has no agent user."))
                .with_cause("It was not created yet, or it is in the recycle bin.")
                .with_fix("Create it, or look for it with `agentuser list --deleted`.")
        })?;
        return show(context, &client, arguments, &user).await;
    }
    let users = parse::users(&arguments.users)?;
    let client = context.client()?;
    let several = users.len() > 1;
    context
        .for_each(users, async |user| {
            let user = context.finish(client.get_with(user, detail.clone())).await?;
            let exit = show(context, &client, arguments, &user).await?;
            if several {
                context.output.gap();
            }
            Ok(exit)
        })
        .await
}

async fn show(context: &Context, client: &Client, arguments: &Arguments, user: &AgentUser) -> CommandResult {
    if !arguments.columns.is_empty() {
        let chosen = chosen(user, &arguments.columns);
        context.output.one(&chosen, |chosen| {
            let mut table = Table::of_values();
            for (name, value) in chosen {
                table.row([name.clone(), compact(value)]);
            }
            table
        })?;
    } else if arguments.members_only {
        context.output.one(user, |user| members(user, &FIRST))?;
    } else {
        let picture = Picture::take(context, client, user).await?;
        context.output.one(&picture, Picture::table)?;
    }
    Ok(Exit::Done)
}
