//! `agentuser permissions`.

use crate::exit::{CommandResult, Exit};
use crate::input;
use crate::output::{Column, Output, Table};
use crate::parse::{self, Service};
use agentuser::core::flow::known_operations;
use agentuser::{
    LeastPrivileged, MapState, NeededFor, PermissionSet, RequiredPermissions, RequiredRequest, RosterLimits,
    required_permissions,
};
use clap::{Args, ValueHint};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  agentuser permissions create retire
  agentuser permissions --roster roster.csv --wait mailbox
  agentuser permissions verifyBlueprint --requests
  agentuser permissions --json create | jq -r .application.permissions[]
  agentuser permissions                  every operation

An operation is named as docs/permissions.md lists it. The permissions are the least privileged ones by Microsoft's pages; \
--requests shows each request with all that allow it, and what Microsoft's permission map says where it differs. Nothing is \
sent anywhere.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Operations, such as create, retire or applyRoster. Without any, all are listed
    #[arg(value_name = "OPERATION")]
    operations: Vec<String>,
    /// A roster, CSV or JSON, whose rows say what is needed; - for stdin
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    roster: Option<PathBuf>,
    /// The domain of derived user principal names, for rows without one
    #[arg(long, value_name = "DOMAIN", requires = "roster")]
    domain: Option<String>,
    /// The services that every row waits for at its end
    #[arg(
        long,
        value_name = "WHAT",
        value_enum,
        value_delimiter = ',',
        default_value = "none",
        requires = "roster"
    )]
    wait: Vec<Service>,
    /// Show each request, with all permissions that allow it and their sources
    #[arg(long)]
    requests: bool,
}

pub(super) fn run(output: &Output, arguments: &Arguments) -> CommandResult {
    let roster = match &arguments.roster {
        Some(path) => input::roster(path, &RosterLimits::default())?,
        None => Vec::new(),
    };
    if arguments.operations.is_empty() && arguments.roster.is_none() {
        return all(output);
    }
    let needed = NeededFor {
        operations: arguments.operations.clone(),
        domain: arguments.domain.clone(),
        readiness: parse::readiness(&arguments.wait),
    };
    let required = required_permissions(roster, needed)?;
    if output.is_json() {
        output.json([&required])?;
        return Ok(Exit::Done);
    }
    output.text(&sets(&required).to_text());
    if arguments.requests {
        output.text("\n");
        output.text(&requests(&required).to_text());
    }
    Ok(Exit::Done)
}

/// Every operation with what an application needs for it always.
fn all(output: &Output) -> CommandResult {
    let of = |name: &str| {
        let needed = NeededFor { operations: vec![name.to_owned()], ..NeededFor::default() };
        required_permissions(Vec::new(), needed)
    };
    let all: Vec<RequiredPermissions> = known_operations().map(of).collect::<Result<_, _>>()?;
    if output.is_json() {
        output.json(&all)?;
        return Ok(Exit::Done);
    }
    let mut table =
        Table::new([Column::needed("Operation"), Column::prose("Application"), Column::prose("Delegated")]);
    for one in &all {
        table.row([
            one.operations.join(" "),
            one.application.permissions.join("\n"),
            one.delegated.permissions.join("\n"),
        ]);
    }
    output.text(&table.to_text());
    Ok(Exit::Done)
}

fn sets(required: &RequiredPermissions) -> Table {
    let mut table = Table::of_values();
    for (name, set) in [
        ("application", &required.application),
        ("blueprint", &required.blueprint),
        ("signed-in person", &required.delegated),
    ] {
        table.row([name.to_owned(), in_words(set)]);
    }
    table
}

/// A set, a line for each condition.
fn in_words(set: &PermissionSet) -> String {
    let mut lines: Vec<String> = set.permissions.iter().map(|one| (*one).to_owned()).collect();
    lines.extend(set.conditional.iter().map(|one| {
        let roles = one.roles.iter().map(|role| format!("the role {role}"));
        let all = one.permissions.iter().map(|one| (*one).to_owned()).chain(roles);
        format!("{} {}", all.collect::<Vec<_>>().join(" and "), one.when)
    }));
    lines.extend(
        set.optional.iter().map(|one| {
            format!("{} is optional. Without it: {}", one.permissions.join(" and "), one.otherwise)
        }),
    );
    if !set.roles.is_empty() {
        lines.push(format!("the role {}", set.roles.join(", ")));
    }
    if lines.is_empty() { "none".to_owned() } else { lines.join("\n") }
}

fn requests(required: &RequiredPermissions) -> Table {
    let mut table = Table::new([
        Column::needed("Request"),
        Column::prose("Application, any of"),
        Column::prose("Delegated, any of"),
        Column::prose("Sources"),
    ]);
    for one in &required.requests {
        table.row([
            format!("{} {}", one.method, one.path),
            one.application.join("\n"),
            one.delegated.join("\n"),
            sources(one, required.map_date),
        ]);
    }
    table
}

fn sources(request: &RequiredRequest, map_date: &str) -> String {
    let said = |least: LeastPrivileged| {
        let of = |all: &[&str]| if all.is_empty() { "not supported".to_owned() } else { all.join(" or ") };
        format!("application {}; delegated {}", of(least.application), of(least.delegated))
    };
    let page = request.page_says.map(|least| format!("page of {}: {}", request.page_read, said(least)));
    let map = match (request.map, request.map_says) {
        (MapState::Absent, _) => Some(format!("not in the map of {map_date}")),
        (_, Some(least)) => Some(format!("map of {map_date}: {}", said(least))),
        _ => None,
    };
    [page, map].into_iter().flatten().collect::<Vec<_>>().join("\n")
}
