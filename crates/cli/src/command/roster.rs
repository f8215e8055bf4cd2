//! `agentuser roster`.

use super::many::Planning;
use super::rows::{Noun, collect};
use crate::context::Context;
use crate::exit::CommandResult;
use crate::input;
use crate::options::{DryRun, Limits};
use crate::parse::{self, Service};
use agentuser::{Readiness, Roster, RosterRequest, RosterSettings, Shard};
use clap::{Args, Subcommand, ValueHint};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  agentuser roster plan roster.csv
  agentuser roster plan roster.csv --out plan.json
  agentuser roster apply roster.csv
  agentuser roster apply roster.csv --wait mailbox --json > reports.jsonl
  agentuser roster apply roster.csv --shard 1/4

A roster is CSV with a header row, or a JSON array of objects. Its columns are identityParentId, displayName, \
userPrincipalName and any other writable member by Graph's name; manager; sponsors, groups and licenses, separated \
by semicolons, a sponsor that is a group as group:ID. Groups are named by display name or object id, and the agent user becomes a member \
of them. A license may say which service plans are off (AGENT_365 without TEAMS1); group:ID or group:NAME expects the licenses of a \
group, whose members are only read, unless groups names it as well. An empty cell declares nothing. Managers may be other rows, in any order.

A row declares a state: run again, the command changes what is left to change, down to nothing. Sponsors, groups and \
licenses are added, never taken away. A plan leaves out the rows that have nothing to change; --all shows them. With \
--json the report of each row is printed as it ends, and the summary last, on stderr.

`agentuser apply` makes the changes that --out has written to a file, once somebody has looked at them.

With --shard 1/4, four workers, on this machine or others, share the roster and Graph's quotas.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show what `apply` would change, row by row; change nothing
    Plan {
        #[command(flatten)]
        source: Source,
        /// Show the rows, too, that have nothing to change
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        planning: Planning,
    },
    /// Create every agent user of the roster, or change it where it differs
    Apply {
        #[command(flatten)]
        source: Source,
        /// The services that every row waits for at its end; onedrive needs Files.Read.All
        #[arg(long, value_name = "WHAT", value_enum, value_delimiter = ',', default_value = "none")]
        wait: Vec<Service>,
        #[command(flatten)]
        dry: DryRun,
    },
}

/// The roster, and how it is read.
#[derive(Debug, Args)]
struct Source {
    /// The roster, CSV or JSON; - for stdin
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// The domain of derived user principal names, for rows without one
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// Take only the i-th of n parts of the roster, such as 1/4
    #[arg(long, value_name = "I/N", value_parser = parse::shard)]
    shard: Option<Shard>,
    /// Do not read the tenant's verified domains first
    #[arg(long)]
    skip_domain_check: bool,
    #[command(flatten)]
    limits: Limits,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let (source, readiness, dry_run) = match &arguments.action {
        Action::Plan { source, .. } => (source, Readiness::NONE, true),
        Action::Apply { source, wait, dry } => (source, parse::readiness(wait), dry.dry_run),
    };
    let limits = source.limits.into();
    let file = input::roster(&source.file, &limits)?;
    let request = RosterRequest {
        domain: source.domain.clone(),
        check_domains: !source.skip_domain_check,
        rows: None,
        shard: source.shard,
        readiness,
        dry_run,
        limits,
    };
    let client = match context.client() {
        Ok(client) => client,
        // Errors of the file itself are told even to a user who can't sign in.
        Err(problem) => {
            let settings = RosterSettings { domain: request.domain, limits, ..RosterSettings::default() };
            return Err(Roster::parse(&file, &settings).err().unwrap_or(problem).into());
        }
    };
    match &arguments.action {
        Action::Plan { all, planning, .. } if planning.writes() => {
            let run = client.plan_roster(file, request);
            planning.run(context, Noun::Row, run, *all).await
        }
        Action::Plan { all, planning, .. } => {
            let collected = collect(context, Noun::Row, client.apply_roster(file, request)).await?;
            Ok(planning.exit(collected.tell(context, Noun::Row, Some(*all)), &collected.reports))
        }
        Action::Apply { .. } => {
            let collected = collect(context, Noun::Row, client.apply_roster(file, request)).await?;
            Ok(collected.tell(context, Noun::Row, dry_run.then_some(false)))
        }
    }
}
