//! `agentuser get`.

use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::output::{Table, compact, is_nothing};
use crate::parse;
use agentuser::{Code, Problem};
use clap::{ArgGroup, Args};
use serde::Serialize;
use serde_json::Value;

const EXAMPLES: &str = "\
Examples:
  agentuser get ada@contoso.com
  agentuser get a6000000-0000-4000-8000-0000000dbba3 --json
  agentuser get --parent a1d00000-0000-4000-8000-000000000001";

/// The members that come first in the table.
const FIRST: [&str; 5] = ["displayName", "userPrincipalName", "id", "identityParentId", "accountEnabled"];

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, group = ArgGroup::new("which").required(true).args(["user", "parent"]))]
pub(crate) struct Arguments {
    /// The agent user: its object id or its user principal name
    #[arg(value_name = "USER")]
    user: Option<String>,
    /// The object id of the agent identity whose agent user it is
    #[arg(long, value_name = "ID")]
    parent: Option<String>,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let user = match &arguments.parent {
        Some(parent) => {
            let parent = parse::id("identityParentId", parent)?;
            let found = context.finish(context.client()?.find_by_parent(parent)).await?;
            found.ok_or_else(|| {
                Problem::new(Code::NotFound, format!("The agent identity {parent} has no agent user."))
                    .with_cause("It was not created yet, or it is in the recycle bin.")
                    .with_fix("Create it, or look for it with `agentuser list --deleted`.")
            })?
        }
        None => {
            let user = parse::user("user", arguments.user.as_deref().unwrap_or_default())?;
            context.finish(context.client()?.get(user)).await?
        }
    };
    context.output.one(&user, |user| members(user, &FIRST))?;
    Ok(Exit::Done)
}

/// An object's members and their values, some of them first.
pub(super) fn members<T: Serialize>(object: &T, first: &[&str]) -> Table {
    let mut table = Table::of_values();
    let Ok(Value::Object(mut members)) = serde_json::to_value(object) else { return table };
    let leading: Vec<_> = first.iter().filter_map(|name| members.remove_entry(*name)).collect();
    for (name, value) in leading.into_iter().chain(members) {
        let annotation = name.starts_with('@');
        if !annotation && !is_nothing(&value) {
            table.row([name, compact(&value)]);
        }
    }
    table
}
