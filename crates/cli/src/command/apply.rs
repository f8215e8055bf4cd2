//! `agentuser apply`.

use super::rows::{Noun, collect};
use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::input;
use crate::options::DryRun;
use agentuser::core::plan::MAX_AGE_DAYS;
use agentuser::{ApplyRequest, Outcome, PlanLimits};
use clap::{Args, ValueHint};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  agentuser delete --file leavers.txt --out plan.json
  agentuser apply plan.json --approved DIGEST
  agentuser apply plan.json --approved DIGEST --dry-run

A plan is one file of changes that a verb has written with --out. The digest stands for its content: the one who has looked at \
the plan passes it on, and a file with other content is refused, as is one of another tenant or an old one.

An agent user that is no longer as the plan expects is left alone and named; the others are changed. Run again, the command \
makes what is left to make, down to nothing.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The plan; - for stdin
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// The digest of the plan that was looked at
    #[arg(long, value_name = "DIGEST")]
    approved: String,
    /// How old the plan may be
    #[arg(long, value_name = "DAYS", default_value_t = MAX_AGE_DAYS)]
    max_age: u32,
    /// With --dry-run: end with exit code 11 where there is something left to change
    #[arg(long, requires = "dry_run")]
    detailed_exitcode: bool,
    #[command(flatten)]
    dry: DryRun,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let limits = PlanLimits::default();
    let file = input::plan(&arguments.file, &limits)?;
    let request = ApplyRequest {
        max_age_days: arguments.max_age,
        dry_run: arguments.dry.dry_run,
        limits,
        ..ApplyRequest::approved(&arguments.approved)
    };
    let run = context.client()?.apply_plan(file, request);
    let collected = collect(context, Noun::AgentUser, run).await?;
    let exit = collected.tell(context, Noun::AgentUser, arguments.dry.dry_run.then_some(false));
    let left = collected.reports.iter().any(|report| report.outcome == Outcome::Planned);
    let changes = arguments.detailed_exitcode && left && exit == Exit::Done;
    Ok(if changes { Exit::Changes } else { exit })
}
