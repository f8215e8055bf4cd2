//! `agentuser conditional-access`.

use crate::exit::{CommandResult, Exit, internal};
use crate::output::{Column, Output, Table};
use agentuser::core::json;
use agentuser::{Code, Problem};
use clap::Args;
use serde_json::{Value, json};

const EXAMPLES: &str = "\
Examples:
  agentuser conditional-access
  agentuser conditional-access block-all > block-all.json
  agentuser conditional-access block-at-high-risk --exclude a6000000-0000-4000-8000-000000000001

Nothing is sent. Each policy is report-only: Entra writes into the sign-in logs what it would have blocked, and blocks nothing. An \
admin sends one in PowerShell:
  Connect-MgGraph -Scopes Policy.Read.All,Policy.ReadWrite.ConditionalAccess
  Invoke-MgGraphRequest POST /v1.0/identity/conditionalAccess/policies `
      -Body (Get-Content -Raw block-all.json)
Look at the sign-in logs for some weeks, then set its state to enabled in the Entra admin center.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The policy to print as JSON; without it, all are listed
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// The object id of an agent user that the policies leave out
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    exclude: Vec<String>,
}

pub(super) fn run(output: &Output, arguments: &Arguments) -> CommandResult {
    let answer = json::access_policies(json!({ "excludeUsers": arguments.exclude }).to_string().as_bytes())?;
    let answer: Value = serde_json::from_str(&answer).map_err(|error| internal(error.to_string()))?;
    let all = answer.get("policies").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    match &arguments.name {
        Some(name) => print(output, named(all, name)?, text(&answer, "needs"))?,
        None if output.is_json() => output.json(all)?,
        None => output.text(&list(all).to_text()),
    }
    Ok(Exit::Done)
}

fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn named<'a>(all: &'a [Value], name: &str) -> Result<&'a Value, Problem> {
    all.iter().find(|policy| text(policy, "name") == name).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|policy| text(policy, "name")).collect();
        Problem::new(Code::Invalid, format!("There is no policy {name:?} here."))
            .with_field("name")
            .with_fix(format!("Use one of {}.", names.join(", ")))
    })
}

/// The body that an admin sends, and on stderr where to.
fn print(output: &Output, policy: &Value, needs: &str) -> Result<(), Problem> {
    let body = policy.get("policy").unwrap_or(&Value::Null);
    if output.is_json() {
        output.json([body])?;
    } else {
        let body = serde_json::to_string_pretty(body).unwrap_or_default();
        output.line(&body);
    }
    output.remark(&format!(
        "Nothing was sent. An admin posts it to {}. That takes {needs}",
        text(policy, "path")
    ));
    output.remark(&format!("Microsoft's page: {}", text(policy, "documentation")));
    if policy.get("assumed").is_some() {
        output.remark(&format!("Assumed, as no page says it: {}", text(policy, "assumed")));
    }
    Ok(())
}

fn list(all: &[Value]) -> Table {
    let mut table =
        Table::new([Column::needed("Policy"), Column::needed("Graph"), Column::prose("Would block")]);
    for policy in all {
        table.row(["name", "version", "blocks"].map(|name| text(policy, name).to_owned()));
    }
    table
}
