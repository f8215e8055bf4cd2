//! `agentuser list`.

use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::output::Table;
use agentuser::{AgentUser, Filter, ListQuery, Problem};
use clap::Args;
use std::ops::ControlFlow;

const EXAMPLES: &str = "\
Examples:
  agentuser list
  agentuser list --disabled --name-starts-with Sales
  agentuser list --json | jq -r .userPrincipalName
  agentuser list --deleted

Pages are printed as they come, so a tenant with many thousands of agent users needs no more memory than one with a \
few. On a narrow terminal the columns Id and Parent are left out; --json prints every member that is listed.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// List those in the recycle bin
    #[arg(long, conflicts_with_all = ["enabled", "disabled", "name_starts_with", "upn_starts_with", "page_size"])]
    deleted: bool,
    /// Only those that can sign in
    #[arg(long, conflicts_with = "disabled")]
    enabled: bool,
    /// Only those that can't sign in
    #[arg(long)]
    disabled: bool,
    /// Only those whose display name begins with this
    #[arg(long, value_name = "TEXT")]
    name_starts_with: Option<String>,
    /// Only those whose user principal name begins with this
    #[arg(long, value_name = "TEXT")]
    upn_starts_with: Option<String>,
    /// Agent users per page
    #[arg(long, value_name = "N", default_value_t = ListQuery::default().page_size, value_parser = clap::value_parser!(u16).range(1..=999))]
    page_size: u16,
}

impl Arguments {
    fn query(&self) -> ListQuery {
        let enabled = (self.enabled || self.disabled).then_some(Filter::AccountEnabled(self.enabled));
        let name = self.name_starts_with.clone().map(Filter::DisplayNameStartsWith);
        let upn = self.upn_starts_with.clone().map(Filter::UserPrincipalNameStartsWith);
        ListQuery { filters: enabled.into_iter().chain(name).chain(upn).collect(), page_size: self.page_size }
    }
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let client = context.client()?;
    let mut pages = Pages::new(context, arguments.deleted);
    let run = if arguments.deleted { client.list_deleted() } else { client.list(arguments.query()) };
    let ended = context.each(run, |page| pages.print(&page)).await;
    if let Some(problem) = pages.problem {
        return Err(problem.into());
    }
    if let Some(number) = ended? {
        let what = if number == 1 { "agent user" } else { "agent users" };
        context.output.remark(&format!("{number} {what}"));
    }
    Ok(Exit::Done)
}

/// Pages on their way out.
struct Pages<'a> {
    context: &'a Context,
    deleted: bool,
    table: Table,
    problem: Option<Problem>,
}

impl<'a> Pages<'a> {
    fn new(context: &'a Context, deleted: bool) -> Self {
        let table = if deleted {
            // `restore` and `purge` take the id, so a narrow terminal shows it.
            Table::of_records(["User principal name", "Id", "Deleted", "Display name", "Parent"], 2)
        } else {
            Table::of_records(["User principal name", "Display name", "Enabled", "Id", "Parent"], 3)
        };
        Self { context, deleted, table, problem: None }
    }

    fn print(&mut self, page: &[AgentUser]) -> ControlFlow<()> {
        let output = &self.context.output;
        if output.is_json() {
            self.problem = output.json(page).err();
        } else {
            let mut table = std::mem::take(&mut self.table);
            page.iter().for_each(|user| table.row(self.row(user)));
            let text;
            (text, self.table) = table.part();
            output.text(&text);
        }
        if self.problem.is_some() || output.is_closed() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn row(&self, user: &AgentUser) -> [String; 5] {
        let upn = user.user_principal_name().unwrap_or_default().to_owned();
        let name = user.display_name().unwrap_or_default().to_owned();
        let id = user.id().map(|id| id.to_string()).unwrap_or_default();
        let parent = user.identity_parent_id().map(|id| id.to_string()).unwrap_or_default();
        if self.deleted {
            let deleted = user.deleted_date_time().unwrap_or_default().to_owned();
            return [upn, id, deleted, name, parent];
        }
        let enabled = user.account_enabled().map_or("", |enabled| if enabled { "yes" } else { "no" });
        [upn, name, enabled.to_owned(), id, parent]
    }
}
