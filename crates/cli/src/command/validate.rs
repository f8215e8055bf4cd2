//! `agentuser validate`.

use super::members::Details;
use crate::exit::{CommandResult, Exit};
use crate::input;
use crate::options::Limits;
use crate::output::Output;
use crate::parse;
use agentuser::core::validate::Violations;
use agentuser::{
    AgentUserPatch, Member, MemberValue, Problem, Roster, RosterSettings, TenantFacts, ValidRoster, Violation,
};
use clap::{ArgGroup, Args, ValueHint};
use serde_json::json;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  agentuser validate --file roster.csv --verified-domain contoso.com
  agentuser validate --upn ada@contoso.com --set jobTitle=Analyst
  agentuser validate --upn - < names.txt
  agentuser validate --file - --json < roster.csv

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
    /// A user principal name; may be repeated, and - takes them from stdin, a line each
    #[arg(long, value_name = "UPN")]
    upn: Vec<String>,
    /// The display name
    #[arg(long, value_name = "NAME")]
    display_name: Option<String>,
    #[command(flatten)]
    details: Details,
}

pub(super) fn run(output: &Output, arguments: &Arguments) -> CommandResult {
    let domains = &arguments.verified_domain;
    let facts =
        TenantFacts { verified_domains: (!domains.is_empty()).then(|| domains.iter().cloned().collect()) };
    match &arguments.file {
        Some(path) => {
            let limits = arguments.limits.into();
            let settings = RosterSettings { facts, domain: arguments.domain.clone(), limits };
            match Roster::validate(&input::roster(path, &limits)?, &settings) {
                Ok(roster) => valid(output, Some(&roster)),
                Err(problem) => Ok(invalid_roster(output, &problem)),
            }
        }
        None => {
            let broken = check(arguments, &facts)?;
            if broken.is_empty() { valid(output, None) } else { invalid(output, broken) }
        }
    }
}

fn check(arguments: &Arguments, facts: &TenantFacts) -> Result<Vec<Violation>, Problem> {
    let mut broken = Violations::default();
    if let Some(parent) = &arguments.parent {
        broken.object_id("identityParentId", parent);
    }
    let names = input::values(&arguments.upn)?;
    for name in names.iter().skip(1) {
        let values = [(Member::UserPrincipalName, MemberValue::Text(name.clone()))];
        broken.extend(named(name, AgentUserPatch::check(values, facts)));
    }
    let values = arguments.details.values([
        (Member::UserPrincipalName, names.first().map(String::as_str)),
        (Member::DisplayName, arguments.display_name.as_deref()),
    ]);
    let of_values = AgentUserPatch::check(values, facts);
    broken.extend(match names.as_slice() {
        [first, _, ..] => named(first, of_values),
        _ => of_values,
    });
    arguments.details.references(&mut broken);
    Ok(broken.into())
}

/// Names the user principal name in its violations, where there are several.
fn named(name: &str, broken: Vec<Violation>) -> Vec<Violation> {
    let is_of_name = |violation: &Violation| violation.field == Member::UserPrincipalName.name();
    broken
        .into_iter()
        .map(|violation| if is_of_name(&violation) { parse::of_value(name, violation) } else { violation })
        .collect()
}

fn valid(output: &Output, roster: Option<&ValidRoster>) -> CommandResult {
    if output.is_json() {
        let verdict = match roster {
            Some(ValidRoster { rows, remarks }) if remarks.is_empty() => {
                json!({ "valid": true, "rows": rows })
            }
            Some(ValidRoster { rows, remarks }) => json!({ "valid": true, "rows": rows, "remarks": remarks }),
            None => json!({ "valid": true }),
        };
        output.json([&verdict])?;
    } else {
        let rows = match roster {
            Some(ValidRoster { rows: 1, .. }) => " (1 row)".to_owned(),
            Some(ValidRoster { rows, .. }) => format!(" ({rows} rows)"),
            None => String::new(),
        };
        let remarks = roster.map(|roster| roster.remarks.as_slice()).unwrap_or_default();
        remarks.iter().for_each(|remark| output.remark(&remark.message));
        output.line(&format!("valid{rows}"));
    }
    Ok(Exit::Done)
}

fn invalid(output: &Output, broken: Vec<Violation>) -> CommandResult {
    output.text(&output.violations(&broken));
    Ok(output.problem(&Problem::from_violations(broken)))
}

/// The errors are the result of this command, so they go to stdout.
fn invalid_roster(output: &Output, problem: &Problem) -> Exit {
    output.text(&output.row_errors(problem));
    output.problem(problem)
}
