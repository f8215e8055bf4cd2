//! `agentuser derive`.

use crate::exit::{CommandResult, Exit};
use crate::output::{Output, Table};
use agentuser::core::validate::Derived;
use clap::Args;

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
    /// Derive the second, third … name, for when the first is taken
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    alternative: u32,
}

pub(super) fn run(output: &Output, arguments: &Arguments) -> CommandResult {
    let Arguments { display_name, domain, alternative } = arguments;
    let names = Derived::of(display_name, domain.as_deref(), *alternative)?;
    output.one(&names, |names| {
        let mut table = Table::of_values();
        table.row(["mailNickname".to_owned(), names.mail_nickname.to_string()]);
        if let Some(upn) = &names.user_principal_name {
            table.row(["userPrincipalName".to_owned(), upn.to_string()]);
        }
        table
    })?;
    Ok(Exit::Done)
}
