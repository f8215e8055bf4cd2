//! `agentuser restore`.

use super::many::{Planning, Way, nobody, users};
use super::rows::{Noun, collect};
use crate::context::Context;
use crate::exit::CommandResult;
use crate::input;
use crate::options::DryRun;
use crate::output::Verb;
use agentuser::core::validate::{RuleCode, Upn};
use agentuser::{Problem, RestoreOptions, UndoRequest, VerbArguments, Violation};
use clap::{Args, ValueHint};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  agentuser list --deleted
  agentuser restore ada@contoso.com
  agentuser restore a6000000-0000-4000-8000-0000000dbba3 --new-user-principal-name ada2@contoso.com
  agentuser restore --file back.txt --out plan.json
  agentuser retire ada@contoso.com --yes --json > report.json
  agentuser restore --from report.json

Agent users in the recycle bin are named by their object ids, or by the user principal names that they had. Several come back by \
a plan: --out writes it, and `agentuser apply` makes its changes.

--from takes the reports that `retire` and `apply` print with --json, and brings back what they say was taken: each agent user comes \
out of the recycle bin, can sign in again and gets its licenses. One whose name another user has by now gets a number in its name.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The agent users: object ids or user principal names; - takes them from stdin, a line each
    #[arg(value_name = "USER", required_unless_present_any = ["file", "from"])]
    users: Vec<String>,
    /// A file that names the agent users, a line each
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    file: Option<PathBuf>,
    /// Bring back what these reports say was taken; - for stdin
    #[arg(
        long,
        value_name = "REPORT",
        value_hint = ValueHint::FilePath,
        conflicts_with_all = ["users", "file", "out", "new_user_principal_name"]
    )]
    from: Option<PathBuf>,
    /// Its user principal name from now on, where another user has the one that it had
    #[arg(long, value_name = "NAME")]
    new_user_principal_name: Option<String>,
    /// Let Graph drop the mail addresses that another user has by now, in place of refusing; with --from it always may
    #[arg(long)]
    auto_reconcile_proxy_conflict: bool,
    #[command(flatten)]
    planning: Planning,
    #[command(flatten)]
    dry: DryRun,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let dry_run = arguments.dry.dry_run;
    if let Some(reports) = &arguments.from {
        return undo(context, Noun::AgentUser, reports, dry_run).await;
    }
    let name = arguments.new_user_principal_name.as_deref();
    let new_user_principal_name = name.map(Upn::parse).transpose().map_err(Problem::from_violations)?;
    let auto_reconcile_proxy_conflict = arguments.auto_reconcile_proxy_conflict;
    match arguments.planning.way(users(&arguments.users, arguments.file.as_deref())?, dry_run)? {
        Way::Now(user) => {
            let options = RestoreOptions { new_user_principal_name, auto_reconcile_proxy_conflict };
            context.report(context.client()?.restore(user, options, dry_run), Verb::Change).await
        }
        Way::Plan(_) if new_user_principal_name.is_some() => Err(vec![Violation::new(
            RuleCode::NotUsable,
            "newUserPrincipalName",
            "A plan has no new user principal name for an agent user.",
            "Restore the one that gets a new name by itself, without --out.",
        )]
        .into()),
        Way::Plan(users) => {
            let verb = VerbArguments::Restore { auto_reconcile_proxy_conflict };
            arguments.planning.users(context, users, verb).await
        }
        Way::Nobody => Ok(nobody(context)),
    }
}

/// Brings back what reports say was taken or stopped.
pub(super) async fn undo(context: &Context, noun: Noun, reports: &Path, dry_run: bool) -> CommandResult {
    let file = input::reports(reports)?;
    let request = UndoRequest { dry_run, ..UndoRequest::default() };
    let run = context.client()?.restore_reported(file, request);
    let collected = collect(context, noun, run).await?;
    Ok(collected.tell(context, noun, dry_run.then_some(false)))
}
