//! Verbs for several agent users: which ones, and the plan that is written for them.

use super::rows::{Noun, collect, tell};
use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::options::DryRun;
use crate::{input, parse};
use agentuser::{
    Code, Outcome, Plan, PlanRequest, Problem, Report, Run, UserRef, VerbArguments, plain_reason,
};
use clap::{Args, ValueHint};
use std::path::{Path, PathBuf};

/// The agent users of a verb.
#[derive(Debug, Args)]
pub(crate) struct Names {
    /// The agent users: object ids or user principal names; - takes them from stdin, a line each
    #[arg(value_name = "USER", required_unless_present = "file")]
    users: Vec<String>,
    /// A file that names the agent users, a line each
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    file: Option<PathBuf>,
}

impl Names {
    /// All of them, or every rule that one of them breaks.
    fn get(&self) -> Result<Vec<UserRef>, Problem> {
        users(&self.users, self.file.as_deref())
    }
}

/// The agent users that are named, on stdin, and in a file; or every rule that one of them breaks.
pub(super) fn users(names: &[String], file: Option<&Path>) -> Result<Vec<UserRef>, Problem> {
    let mut all = names.to_vec();
    if let Some(file) = file {
        all.extend(input::lines_of(file)?);
    }
    parse::users(&all)
}

/// The plan that a verb writes.
#[derive(Debug, Args)]
pub(crate) struct Planning {
    /// Write a plan to this file, and change nothing; `agentuser apply` makes its changes
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    out: Option<PathBuf>,
    /// End with exit code 11 where there is something to change
    #[arg(long)]
    detailed_exitcode: bool,
}

/// How a verb goes on.
pub(super) enum Way {
    /// It is done to this one at once.
    Now(UserRef),
    /// It is planned for all of these.
    Plan(Vec<UserRef>),
    /// The command line names no agent user.
    Nobody,
}

/// The options of a verb that may be done to one agent user at once.
#[derive(Debug, Args)]
pub(crate) struct Many {
    #[command(flatten)]
    names: Names,
    #[command(flatten)]
    planning: Planning,
    #[command(flatten)]
    dry: DryRun,
}

impl Many {
    /// Whether a dry run is asked for.
    pub(super) const fn dry_run(&self) -> bool {
        self.dry.dry_run
    }

    /// How it goes on for those that are named.
    pub(super) fn way(&self) -> Result<Way, Problem> {
        self.planning.way(self.names.get()?, self.dry.dry_run)
    }

    /// Plans the verb.
    pub(super) async fn plan(
        &self,
        context: &Context,
        users: Vec<UserRef>,
        arguments: VerbArguments,
    ) -> CommandResult {
        self.planning.users(context, users, arguments).await
    }
}

impl Planning {
    /// Whether a plan is to be written.
    pub(super) const fn writes(&self) -> bool {
        self.out.is_some()
    }

    /// How a verb goes on. Several agent users are changed by a plan alone, which somebody looks at first.
    pub(super) fn way(&self, mut users: Vec<UserRef>, dry_run: bool) -> Result<Way, Problem> {
        match users.len() {
            0 => Ok(Way::Nobody),
            _ if self.writes() => Ok(Way::Plan(users)),
            1 => Ok(users.pop().map_or(Way::Nobody, Way::Now)),
            _ if dry_run => Ok(Way::Plan(users)),
            several => {
                let message = format!("{several} agent users are named, and several are changed by a plan.");
                Err(Problem::new(Code::Invalid, message)
                    .with_cause("Changes of many agent users are reviewed before they are made.")
                    .with_fix("Write a plan with --out FILE, look at it, and apply it: agentuser apply FILE --approved DIGEST."))
            }
        }
    }

    /// Plans a verb for those that are named.
    pub(super) async fn users(
        &self,
        context: &Context,
        users: Vec<UserRef>,
        arguments: VerbArguments,
    ) -> CommandResult {
        let run = context.client()?.plan(PlanRequest { arguments, users });
        self.run(context, Noun::AgentUser, run, false).await
    }

    /// Takes a run that plans to its end, prints what it found, and writes the plan where that is asked for. `all` shows those,
    /// too, that have nothing to change.
    pub(super) async fn run(
        &self,
        context: &Context,
        noun: Noun,
        run: Run<Report, Plan>,
        all: bool,
    ) -> CommandResult {
        let collected = collect(context, noun, run).await?;
        let exit = tell(context, noun, &collected.reports, &collected.so_far, Some(all));
        if let (Some(path), Some(plan)) = (&self.out, &collected.result) {
            write(context, path, plan)?;
        }
        Ok(self.exit(exit, &collected.reports))
    }

    /// The exit code after a plan.
    pub(super) fn exit(&self, exit: Exit, reports: &[Report]) -> Exit {
        let planned = reports.iter().any(|report| report.outcome == Outcome::Planned);
        if self.detailed_exitcode && planned && exit == Exit::Done { Exit::Changes } else { exit }
    }
}

/// Writes a plan, and says how it is applied.
pub(super) fn write(context: &Context, path: &Path, plan: &Plan) -> Result<(), Problem> {
    std::fs::write(path, plan.to_file()).map_err(|error| {
        let message = format!("The plan can't be written to {}: {}.", path.display(), plain_reason(&error));
        Problem::new(Code::OutputUnwritable, message)
    })?;
    let (file, changes, digest) = (path.display().to_string(), plan.changes().len(), plan.digest());
    if context.output.is_json() {
        let plan = serde_json::json!({ "plan": { "file": file, "changes": changes, "digest": digest } });
        context.output.remarks().object(&plan);
        return Ok(());
    }
    let count = if changes == 1 { "1 change".to_owned() } else { format!("{changes} changes") };
    context.output.line(&format!("Plan of {count} written to {file}. Look at it, then apply it:"));
    context.output.line(&format!("agentuser apply {file} --approved {digest}"));
    Ok(())
}

/// Says that nobody is named.
pub(super) fn nobody(context: &Context) -> Exit {
    context.output.remark("No agent user is named, so there is nothing to do.");
    Exit::Done
}
