//! `agentuser validate`.

use super::members::Details;
use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::input;
use crate::options::Limits;
use agentuser::core::validate::Violations;
use agentuser::{
    AgentUserPatch, Member, Problem, Roster, RosterSettings, TenantFacts, ValidRoster, Violation,
};
use clap::{ArgGroup, Args, ValueHint};
use serde_json::json;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  agentuser validate --file roster.csv --verified-domain contoso.com
  agentuser validate --upn ada@contoso.com --set jobTitle=Analyst
  list-of-rows | agentuser validate --file - --json

A roster is checked as a whole; without one, the values that are given are checked. Every broken rule is listed on \
stdout, and the exit code is 1 when there is one. Nothing is sent anywhere.";

#[derive(Debug, Args)]
#[command(
    after_help = EXAMPLES,
    override_usage = "agentuser validate [OPTIONS] --file <PATH>\n       agentuser validate [OPTIONS] --upn <UPN> --set <MEMBER=VALUE> …",
    group = ArgGroup::new("what").required(true).multiple(true).args([
        "file", "parent", "upn", "display_name", "mail_nickname", "usage_location", "set", "manager", "sponsor",
    ])
)]
pub(crate) struct Arguments {
    /// A roster, CSV or JSON; - for stdin
    #[arg(
        long,
        value_name = "PATH",
        value_hint = ValueHint::FilePath,
        conflicts_with_all = ["parent", "upn", "display_name", "mail_nickname", "usage_location", "set", "manager", "sponsor", "license"]
    )]
    file: Option<PathBuf>,
    #[command(flatten)]
    limits: Limits,
    /// The domain of derived user principal names, for rows without one
    #[arg(long, value_name = "DOMAIN", requires = "file")]
    domain: Option<String>,
    /// A verified domain of the tenant; may be repeated. Domains are checked only with one
    #[arg(long, value_name = "DOMAIN")]
    verified_domain: Vec<String>,
    /// The object id of the agent identity
    #[arg(long, value_name = "ID")]
    parent: Option<String>,
    /// The user principal name
    #[arg(long, value_name = "UPN")]
    upn: Option<String>,
    /// The display name
    #[arg(long, value_name = "NAME")]
    display_name: Option<String>,
    #[command(flatten)]
    details: Details,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let domains = &arguments.verified_domain;
    let facts =
        TenantFacts { verified_domains: (!domains.is_empty()).then(|| domains.iter().cloned().collect()) };
    match &arguments.file {
        Some(path) => {
            let limits = arguments.limits.into();
            let settings = RosterSettings { facts, domain: arguments.domain.clone(), limits };
            match Roster::validate(&input::roster(path, &limits)?, &settings) {
                Ok(roster) => valid(context, Some(&roster)),
                Err(problem) => Ok(invalid_roster(context, &problem)),
            }
        }
        None => {
            let broken = check(arguments, &facts);
            if broken.is_empty() { valid(context, None) } else { invalid(context, broken) }
        }
    }
}

fn check(arguments: &Arguments, facts: &TenantFacts) -> Vec<Violation> {
    let mut broken = Violations::default();
    if let Some(parent) = &arguments.parent {
        broken.object_id("identityParentId", parent);
    }
    let values = arguments.details.values([
        (Member::UserPrincipalName, arguments.upn.as_deref()),
        (Member::DisplayName, arguments.display_name.as_deref()),
    ]);
    broken.extend(AgentUserPatch::check(values, facts));
    arguments.details.references(&mut broken);
    broken.into()
}

fn valid(context: &Context, roster: Option<&ValidRoster>) -> CommandResult {
    if context.output.is_json() {
        let verdict = match roster {
            Some(ValidRoster { rows, remarks }) if remarks.is_empty() => {
                json!({ "valid": true, "rows": rows })
            }
            Some(ValidRoster { rows, remarks }) => json!({ "valid": true, "rows": rows, "remarks": remarks }),
            None => json!({ "valid": true }),
        };
        context.output.json([&verdict])?;
    } else {
        let rows = match roster {
            Some(ValidRoster { rows: 1, .. }) => " (1 row)".to_owned(),
            Some(ValidRoster { rows, .. }) => format!(" ({rows} rows)"),
            None => String::new(),
        };
        let remarks = roster.map(|roster| roster.remarks.as_slice()).unwrap_or_default();
        remarks.iter().for_each(|remark| context.output.remark(&remark.message));
        context.output.line(&format!("valid{rows}"));
    }
    Ok(Exit::Done)
}

fn invalid(context: &Context, broken: Vec<Violation>) -> CommandResult {
    if context.output.is_json() {
        context.output.json(&broken)?;
    }
    Ok(context.output.problem(&Problem::from_violations(broken)))
}

/// The errors are the result of this command, so they go to stdout.
fn invalid_roster(context: &Context, problem: &Problem) -> Exit {
    context.output.text(&context.output.row_errors(problem));
    context.output.problem(problem)
}
