//! `agentuser derive`.

use super::Ended;
use crate::context::Context;
use crate::exit::Exit;
use crate::output::Table;
use agentuser::core::validate::{DisplayName, derive};
use clap::Args;
use serde::Serialize;

const EXAMPLES: &str = "\
Examples:
  agentuser derive \"Zoë Müller (Sales)\" --domain contoso.com
  agentuser derive \"Sales Agent\" --domain contoso.com --alternative 2 --json";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The display name
    #[arg(value_name = "DISPLAY NAME")]
    display_name: String,
    /// The domain of the user principal name
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// The second, third … name, for when the first is taken
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    alternative: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Names {
    mail_nickname: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_principal_name: Option<String>,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Ended {
    let Arguments { display_name, domain, alternative } = arguments;
    DisplayName::parse(display_name)?;
    let upn = domain.as_ref().map(|domain| derive::upn(display_name, domain, *alternative)).transpose()?;
    let names = Names {
        mail_nickname: derive::mail_nickname(display_name, *alternative).to_string(),
        user_principal_name: upn.map(|upn| upn.to_string()),
    };
    context.output.one(&names, |names| {
        let mut table = Table::of_values();
        table.row(["mailNickname".to_owned(), names.mail_nickname.clone()]);
        if let Some(upn) = &names.user_principal_name {
            table.row(["userPrincipalName".to_owned(), upn.clone()]);
        }
        table
    })?;
    Ok(Exit::Done)
}
