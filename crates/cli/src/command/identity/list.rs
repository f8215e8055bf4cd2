//! `agentuser identity list`.

use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::output::{Column, Table, plain};
use crate::parse;
use agentuser::{IdentityQuery, Problem, ServicePrincipal};
use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use std::ops::ControlFlow;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only those whose display name begins with this
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    name_starts_with: Option<String>,
    /// Only those of this blueprint: its application (client) id, or an object id
    #[arg(long, value_name = "ID")]
    blueprint: Option<String>,
    /// Only those without an agent user
    #[arg(long)]
    without_agent_user: bool,
    /// Only those that are enabled
    #[arg(long, conflicts_with = "disabled")]
    enabled: bool,
    /// Only those that are disabled
    #[arg(long)]
    disabled: bool,
    /// Agent identities per page
    #[arg(long, value_name = "N", default_value_t = IdentityQuery::MOST, value_parser = clap::value_parser!(u16).range(1..=i64::from(IdentityQuery::MOST)))]
    page_size: u16,
}

impl Arguments {
    fn query(&self) -> Result<IdentityQuery, Problem> {
        Ok(IdentityQuery {
            display_name_starts_with: self.name_starts_with.clone(),
            blueprint: self.blueprint.as_deref().map(|id| parse::id("blueprint", id)).transpose()?,
            account_enabled: (self.enabled || self.disabled).then_some(self.enabled),
            without_agent_user: self.without_agent_user,
            page_size: self.page_size,
        })
    }
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let run = context.client()?.list_identities(arguments.query()?);
    let output = &context.output;
    let mut table = Table::new([
        Column::needed("Display name"),
        Column::optional("Enabled", 1),
        Column::needed("Id"),
        Column::optional("Blueprint", 3),
        Column::optional("Created", 2),
    ]);
    let mut broken = None;
    let ended = context
        .each(run, |page| {
            broken = show(context, &mut table, &page).err();
            let goes_on = broken.is_none() && !output.is_closed();
            if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
        .await;
    if let Some(number) = broken.map_or(ended, Err)? {
        let what = if number == 1 { "agent identity" } else { "agent identities" };
        output.remark(&format!("{number} {what}"));
    }
    Ok(Exit::Done)
}

fn show(context: &Context, table: &mut Table, page: &[ServicePrincipal]) -> Result<(), Problem> {
    if context.output.is_json() {
        return context.output.json(page);
    }
    for one in page {
        let id = |id: Option<agentuser::ObjectId>| id.map(|id| id.to_string()).unwrap_or_default();
        table.row([
            one.display_name().map(plain).unwrap_or_default(),
            enabled(one),
            id(one.id()),
            id(one.agent_identity_blueprint_id()),
            one.created_date_time().unwrap_or_default().to_owned(),
        ]);
    }
    let text;
    (text, *table) = std::mem::take(table).part();
    context.output.text(&text);
    Ok(())
}

fn enabled(one: &ServicePrincipal) -> String {
    let text = match one.account_enabled() {
        _ if one.is_disabled_by_microsoft() => "no, by Microsoft",
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    };
    text.to_owned()
}
