//! `agentuser group`.

use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::options::{DryRun, User};
use crate::output::{Column, Table, Verb};
use crate::parse;
use agentuser::Group;
use clap::{Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  agentuser group list ada@contoso.com
  agentuser group add ada@contoso.com \"Sales Agents\"
  agentuser group remove ada@contoso.com \\
      60000000-0000-4000-8000-000000000001

Graph changes the members of security groups and Microsoft 365 groups. Exchange keeps distribution groups and mail-enabled security groups, Active Directory those that are synced from on-premises, and a rule the dynamic ones. Agent users can't be in groups that directory roles can be assigned to.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the groups that it is a direct member of
    List {
        #[command(flatten)]
        user: User,
    },
    /// Add it to a group
    Add(Change),
    /// Remove it from a group
    Remove(Change),
}

#[derive(Debug, Args)]
struct Change {
    #[command(flatten)]
    user: User,
    /// The group: an object id or a display name
    #[arg(value_name = "GROUP")]
    group: String,
    #[command(flatten)]
    dry: DryRun,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let run = match &arguments.action {
        Action::List { user } => return list(context, user).await,
        Action::Add(change) => {
            let (user, group) = (change.user.get()?, parse::group(&change.group)?);
            context.client()?.add_to_group(user, group, change.dry.dry_run)
        }
        Action::Remove(change) => {
            let (user, group) = (change.user.get()?, parse::group(&change.group)?);
            context.client()?.remove_from_group(user, group, change.dry.dry_run)
        }
    };
    context.report(run, Verb::Change).await
}

async fn list(context: &Context, user: &User) -> CommandResult {
    let user = user.get()?;
    let groups = context.finish(context.client()?.groups(user)).await?;
    if context.output.is_json() {
        context.output.json(&groups)?;
    } else if groups.is_empty() {
        context.output.remark("It is in no group.");
    } else {
        context.output.text(&table(&groups).to_text());
    }
    Ok(Exit::Done)
}

fn table(groups: &[Group]) -> Table {
    let mut table =
        Table::new([Column::needed("Id"), Column::needed("Display name"), Column::optional("Kind", 1)]);
    for group in groups {
        table.row([
            group.id().map(|id| id.to_string()).unwrap_or_default(),
            group.display_name().unwrap_or_default().to_owned(),
            kind(group).to_owned(),
        ]);
    }
    table
}

/// The kind of a group, as the admin centers call it.
fn kind(group: &Group) -> &'static str {
    let is_of = |name: &str| group.group_types().iter().any(|one| one.eq_ignore_ascii_case(name));
    match (is_of("Unified"), is_of("DynamicMembership"), group.mail_enabled(), group.security_enabled()) {
        (true, true, ..) => "Microsoft 365, dynamic",
        (true, false, ..) => "Microsoft 365",
        (_, _, Some(true), Some(true)) => "mail-enabled security",
        (_, _, Some(true), _) => "distribution",
        (_, true, ..) => "security, dynamic",
        _ if group.is_assignable_to_role() == Some(true) => "security, for roles",
        (_, _, _, Some(true)) => "security",
        _ => "",
    }
}
