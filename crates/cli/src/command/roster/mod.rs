//! `agentuser roster`.

mod apply;
pub(super) mod file;
mod plan;

use super::Ended;
use crate::context::Context;
use crate::exit::Exit;
use crate::options::DryRun;
use crate::output::{self, count};
use crate::parse::{self, Service};
use agentuser::core::problem::Group;
use agentuser::{
    Client, Code, Outcome, Problem, Report, Roster, RosterOptions, RosterSettings, Shard, Stage, Summary,
    TenantFacts,
};
use clap::{Args, Subcommand, ValueHint};
use std::ops::ControlFlow;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  agentuser roster plan roster.csv
  agentuser roster apply roster.csv
  agentuser roster apply roster.csv --wait mailbox,teams --json > reports.jsonl
  agentuser roster apply roster.csv --shard 1/4          one of four workers, here or elsewhere

A roster is CSV with a header row, or a JSON array of objects. Columns are identityParentId, displayName,
userPrincipalName and any other writable member by Graph's name; manager; sponsors and licenses, separated by
semicolons, a group as group:ID. An empty cell declares nothing. Managers may be other rows, in any order.

A row declares a state: run again, it changes what is left to change, down to nothing. Sponsors and licenses are added,
never taken away. With --json each row's report is printed as it ends, and the numbers last, on stderr.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show what `apply` would change, row by row; change nothing
    Plan(Source),
    /// Create every agent user of the roster, or change it where it differs
    Apply {
        #[command(flatten)]
        source: Source,
        /// What every row waits for at its end
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
    /// The domain of user principal names that are derived from display names, for rows that name none
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// Only the i-th of n parts of the roster, such as 1/4, and of Graph's quotas: n workers share both
    #[arg(long, value_name = "I/N", value_parser = parse::shard)]
    shard: Option<Shard>,
    /// Do not ask for the tenant's verified domains first
    #[arg(long)]
    skip_domain_check: bool,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Ended {
    let (source, options) = match &arguments.action {
        Action::Plan(source) => (source, RosterOptions { dry_run: true, ..RosterOptions::default() }),
        Action::Apply { source, wait, dry } => {
            (source, RosterOptions { readiness: parse::readiness(wait), dry_run: dry.dry_run })
        }
    };
    let (client, roster) = read(context, source).await?;
    let roster = match source.shard {
        Some(shard) => roster.shard(shard),
        None => roster,
    };
    let mut reports = Vec::new();
    let mut so_far = Summary::default();
    let mut unprintable = None;
    let progress = context.output.progress();
    progress.rows(roster.rows().len());
    let run = client.roster(roster, options);
    let ended = context.each(run, |report: Report| {
        count(&mut so_far, report.outcome);
        progress.row(&so_far);
        if context.output.is_json() {
            // Rows go on when nobody reads about them.
            unprintable = context.output.json([&report]).err().or(unprintable.take());
        }
        reports.push(report);
        ControlFlow::Continue(())
    });
    let summary = ended.await?.unwrap_or(so_far);
    if let Some(problem) = unprintable {
        return Err(problem.into());
    }
    reports.sort_by_key(|report| report.row);
    Ok(tell(context, &reports, &summary, options.dry_run))
}

/// The roster with all its errors at once: those that need to know the tenant, too, if it can be asked.
async fn read(context: &Context, source: &Source) -> Result<(Client, Roster), crate::exit::Failure> {
    let bytes = file::read(&source.file)?;
    let parse =
        |known: TenantFacts| Roster::parse(&bytes, &RosterSettings { known, domain: source.domain.clone() });
    let offline = parse(TenantFacts::default());
    if let Err(errors) = &offline
        && errors.code() == Code::RosterUnreadable
    {
        return Err(errors.clone().into());
    }
    match (known(context, source).await, offline) {
        (Ok((client, known)), _) => Ok((client, parse(known)?)),
        (Err(_), Err(errors)) => Err(errors.into()),
        (Err(problem), Ok(_)) => Err(problem.into()),
    }
}

async fn known(context: &Context, source: &Source) -> Result<(Client, TenantFacts), Problem> {
    let client = context.client()?;
    let known = if source.skip_domain_check {
        TenantFacts::default()
    } else {
        context.finish(client.known()).await?
    };
    Ok((client, known))
}

/// Says how it ended.
fn tell(context: &Context, reports: &[Report], summary: &Summary, dry_run: bool) -> Exit {
    let output = &context.output;
    if let Some(problem) = nothing_ran(reports) {
        return output.problem(problem);
    }
    let line = output::summary(summary, dry_run);
    if output.is_json() {
        output.remarks().object(&serde_json::json!({ "summary": summary }));
    } else {
        output.text(&if dry_run { plan::text(reports) } else { apply::text(reports) });
        output.line(&line);
        output.row_problems(reports);
    }
    if summary.is_success() { Exit::Done } else { Exit::SomeFailed }
}

/// The problem of all rows, where sign-in or network kept every one of them from beginning.
fn nothing_ran(reports: &[Report]) -> Option<&Problem> {
    let first = reports.first()?.problem.as_ref()?;
    let outside = matches!(first.code().entry().group, Group::Access | Group::SignIn | Group::Network);
    let same = |report: &Report| {
        report.outcome == Outcome::Failed
            && report.stage == Stage::NotStarted
            && report.problem.as_ref().is_some_and(|problem| problem.code() == first.code())
    };
    (outside && reports.iter().all(same)).then_some(first)
}
