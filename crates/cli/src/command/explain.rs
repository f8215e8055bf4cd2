//! `agentuser explain`.

use crate::exit::{CommandResult, Exit};
use crate::output::{Column, Output, Table};
use agentuser::{Code, CodeTable, Explanation, RemarkCode, RuleCode};
use clap::Args;
use serde::Serialize;

const EXAMPLES: &str = "\
Examples:
  agentuser explain UpnTaken
  agentuser explain AADSTS7000215 --json
  agentuser explain    every code with its meaning";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Codes of problems, broken rules or remarks; or Microsoft's own, such as AADSTS7000215. Without any, all are listed
    #[arg(value_name = "CODE")]
    codes: Vec<String>,
}

/// An explanation with the exit code of this program for the problem.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Explained {
    #[serde(flatten)]
    explanation: Explanation,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_code: Option<u8>,
}

pub(super) fn run(output: &Output, arguments: &Arguments) -> CommandResult {
    if arguments.codes.is_empty() {
        return all(output);
    }
    for (place, code) in arguments.codes.iter().enumerate() {
        let explained = explained(code)?;
        if place > 0 {
            output.gap();
        }
        output.one(&explained, table)?;
    }
    Ok(Exit::Done)
}

fn explained(code: &str) -> Result<Explained, agentuser::Problem> {
    let explanation = agentuser::explain(code)?;
    let exit_code = match explanation.table {
        CodeTable::Remark | CodeTable::AuditRule => None,
        _ => explanation.kind.map(|kind| Exit::Problem(kind).number()),
    };
    Ok(Explained { explanation, exit_code })
}

/// Every code, in the order of docs/errors.md.
fn all(output: &Output) -> CommandResult {
    let rules = RuleCode::ALL.iter().map(|code| code.as_str());
    let remarks = RemarkCode::ALL.iter().map(|code| code.as_str());
    let codes = Code::ALL.iter().map(|code| code.as_str()).chain(rules).chain(remarks);
    let all: Vec<Explained> = codes.map(explained).collect::<Result<_, _>>()?;
    if output.is_json() {
        output.json(&all)?;
        return Ok(Exit::Done);
    }
    let mut table =
        Table::new([Column::needed("Code"), Column::prose("Meaning"), Column::optional("Exit", 1)]);
    for Explained { explanation, exit_code } in &all {
        let exit = exit_code.map(|code| code.to_string()).unwrap_or_default();
        table.row([explanation.code.to_owned(), explanation.message.to_owned(), exit]);
    }
    output.text(&table.to_text());
    Ok(Exit::Done)
}

fn table(explained: &Explained) -> Table {
    let Explained { explanation, exit_code } = explained;
    let mut table = Table::of_values();
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            table.row([name.to_owned(), value.to_owned()]);
        }
    };
    line("code", explanation.code);
    line("message", explanation.message);
    line("cause", explanation.cause.unwrap_or_default());
    line("fix", explanation.fix.unwrap_or_default());
    line("permissions", &explanation.permissions.join(" or "));
    line("field", explanation.field.unwrap_or_default());
    line("kind", explanation.kind.map_or("", |kind| kind.as_str()));
    line(
        "transient",
        if explanation.transient { "yes: the same may succeed later without a change" } else { "" },
    );
    line("exit code", &exit_code.map(|code| code.to_string()).unwrap_or_default());
    line("stands for", &explanation.stands_for.join(", "));
    line("evidence", explanation.evidence.unwrap_or_default());
    line("see", explanation.documentation.unwrap_or_default());
    table
}
