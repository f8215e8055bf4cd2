//! `agentuser roster`.

mod apply;
mod plan;

use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::input;
use crate::options::{DryRun, Limits};
use crate::output;
use crate::parse::{self, Service};
use agentuser::core::problem::Group;
use agentuser::{
    Code, Outcome, Problem, ProblemKind, Readiness, Report, Roster, RosterRequest, RosterSettings, Shard,
    Stage, Summary,
};
use clap::{Args, Subcommand, ValueHint};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  agentuser roster plan roster.csv
  agentuser roster apply roster.csv
  agentuser roster apply roster.csv --wait mailbox --json > reports.jsonl
  agentuser roster apply roster.csv --shard 1/4

A roster is CSV with a header row, or a JSON array of objects. Its columns are identityParentId, displayName, \
userPrincipalName and any other writable member by Graph's name; manager; sponsors and licenses, separated by \
semicolons, a group as group:ID. A license may say which service plans are off (AGENT_365 without TEAMS1); group:ID or \
group:NAME expects the licenses of a group, whose members are only read. An empty cell declares nothing. Managers may be other rows, in any order.

A row declares a state: run again, the command changes what is left to change, down to nothing. Sponsors and licenses \
are added, never taken away. A plan leaves out the rows that have nothing to change; --all shows them. With \
--json the report of each row is printed as it ends, and the summary last, on stderr.

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
    let all = matches!(arguments.action, Action::Plan { all: true, .. });
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
    let mut reports = Vec::new();
    let mut unprintable = None;
    let progress = context.output.progress();
    let run = client.apply_roster(file, request);
    let mut so_far = Summary { run_id: run.run_id(), ..Summary::default() };
    let ended = context.each(run, |report: Report| {
        so_far.add(&report);
        progress.row(&so_far);
        if context.output.is_json() {
            // The rows go on when stdout fails.
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
    Ok(tell(context, &reports, &summary, dry_run.then_some(all)))
}

/// Prints how the roster ended. `plan` is there after a dry run, and says whether to show every row.
fn tell(context: &Context, reports: &[Report], summary: &Summary, plan: Option<bool>) -> Exit {
    let output = &context.output;
    if let Some(problem) = nothing_ran(reports) {
        return output.problem(problem);
    }
    let line = output::summary(summary, plan.is_some());
    if output.is_json() {
        output.remarks().object(&serde_json::json!({ "summary": summary }));
    } else {
        output.text(&match plan {
            Some(all) => plan::text(reports, all),
            None => apply::text(reports),
        });
        output.line(&line);
        if plan.is_some() {
            output.text(&plan::totals(reports));
        }
        summary.seats.iter().for_each(|seats| output.line(&output::plain(&seats.to_string())));
        summary.remarks.iter().for_each(|remark| output.remark(&output::plain(&remark.to_string())));
        if plan.is_none() {
            remarks(reports).iter().for_each(|line| output.remark(&output::plain(line)));
        }
        output.row_problems(reports);
    }
    if summary.cancelled > 0 {
        let rows =
            if summary.cancelled == 1 { "1 row was" } else { &format!("{} rows were", summary.cancelled) };
        let text = format!("{rows} not finished. Run the same command again: it goes on where it stopped.");
        output.remarks().event("cancelled", &text);
        return Exit::Problem(ProblemKind::Cancelled);
    }
    let late = |report: &&Report| {
        report.problem.as_ref().is_some_and(|problem| problem.code() == Code::DeadlineExceeded)
    };
    let late = reports.iter().filter(late).count();
    if late > 0 {
        let rows = if late == 1 { "1 row was" } else { &format!("{late} rows were") };
        let text =
            format!("{rows} not finished in time. Run the same command again: it goes on where it stopped.");
        output.remarks().event("late", &text);
        return Exit::Problem(ProblemKind::Timeout);
    }
    if summary.is_success() { Exit::Done } else { Exit::SomeFailed }
}

/// The remarks of rows, each once with the first rows that have it. A plan shows them row by row.
fn remarks(reports: &[Report]) -> Vec<String> {
    const SHOWN: usize = 5;
    let mut rows: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for report in reports {
        for remark in &report.remarks {
            rows.entry(&remark.message).or_default().extend(report.row);
        }
    }
    let line = |(message, rows): (&str, Vec<usize>)| {
        let shown: Vec<String> = rows.iter().take(SHOWN).map(ToString::to_string).collect();
        let more =
            if rows.len() > SHOWN { format!(" and {} more", rows.len() - SHOWN) } else { String::new() };
        format!("{} {}{more}: {message}", if rows.len() == 1 { "Row" } else { "Rows" }, shown.join(", "))
    };
    rows.into_iter().map(line).collect()
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
