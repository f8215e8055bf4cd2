//! `agentuser token`.

use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use agentuser::{Code, Problem};
use serde_json::{Map, Value};
use std::io::{self, IsTerminal as _};

const EXAMPLES: &str = "\
Examples:
  agentuser token > token.txt
  agentuser token --agent-identity a1d00000-0000-4000-8000-000000000001 \\
      --agent-user ada@contoso.com --json
  agentuser token --scope https://storage.azure.com/.default --azure-cli \\
      | program-that-reads-a-token-from-its-standard-input

A program that has the token acts as you until it ends. Give it to programs by standard input, a file of mode 600 or a variable, never as an argument: every user of the machine can read those.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// A scope of the token, that of another service than Graph; may be repeated
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// Print the token on a terminal, too
    #[arg(long)]
    show: bool,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    if io::stdout().is_terminal() && !arguments.show {
        return Err(on_terminal().into());
    }
    let scopes: Vec<&str> = arguments.scope.iter().map(String::as_str).collect();
    let token = context.token(&context.client()?, &scopes).await?;
    if !context.output.is_json() {
        context.output.line(token.expose_secret());
        return Ok(Exit::Done);
    }
    let mut members = Map::new();
    members.insert("accessToken".to_owned(), token.expose_secret().into());
    if let Some(time) = token.expires_in() {
        members.insert("expiresInS".to_owned(), time.as_secs().into());
    }
    if let Some(scope) = token.scope() {
        members.insert("scope".to_owned(), scope.into());
    }
    context.output.json([&Value::Object(members)])?;
    Ok(Exit::Done)
}

fn on_terminal() -> Problem {
    Problem::new(Code::Invalid, "The token is not printed, because standard output is a terminal.")
        .with_cause("A token on a screen is in its history, in recordings and in front of whoever looks on.")
        .with_fix("Send it to a file or a program: agentuser token > FILE; or add --show.")
        .with_field("show")
}
