//! `agentuser contain`.

use super::many::Planning;
use super::restore::undo;
use super::rows::{Noun, collect};
use crate::context::Context;
use crate::exit::CommandResult;
use crate::options::DryRun;
use crate::{input, parse};
use agentuser::{ContainRequest, ContainTarget, Problem, UserRef};
use clap::{Args, ValueHint};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  agentuser contain --blueprint b1d00000-0000-4000-8000-000000000001 --json > report.json
  agentuser contain --identity a1d00000-0000-4000-8000-000000000001
  agentuser contain --user ada@contoso.com
  agentuser contain --blueprint b1d00000-0000-4000-8000-000000000001 --except never.txt --dry-run
  agentuser contain --blueprint b1d00000-0000-4000-8000-000000000001 --out plan.json
  agentuser contain --undo report.json

It acts at once: the principal of the blueprint is disabled first, then the agent identities, then the agent users, whose sessions are \
ended. At the end it says what access tokens that are out can still do. Run it again, and it goes on where it stopped.

--except names the accounts that are never stopped, a line each: agent users, and agent identities by their object ids. Objects \
above such an account would stop it, too; they are left alone and named.

--undo takes the reports that contain has printed with --json, and enables what they say was disabled, and nothing else.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Stop a blueprint and all below it: its application id, or an object id of its application or principal
    #[arg(long, value_name = "ID", conflicts_with_all = ["identity", "user"])]
    blueprint: Option<String>,
    /// Stop an agent identity and its agent user: its object id
    #[arg(long, value_name = "ID", conflicts_with = "user")]
    identity: Option<String>,
    /// Stop an agent user: its object id or user principal name
    #[arg(long, value_name = "USER", required_unless_present_any = ["blueprint", "identity", "undo"])]
    user: Option<String>,
    /// A file that names the accounts that are never stopped, a line each; - for stdin
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    except: Option<PathBuf>,
    /// Enable what these reports say was disabled; - for stdin
    #[arg(
        long,
        value_name = "REPORT",
        value_hint = ValueHint::FilePath,
        conflicts_with_all = ["blueprint", "identity", "user", "except", "out"]
    )]
    undo: Option<PathBuf>,
    #[command(flatten)]
    planning: Planning,
    #[command(flatten)]
    dry: DryRun,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let dry_run = arguments.dry.dry_run;
    if let Some(reports) = &arguments.undo {
        return undo(context, Noun::Object, reports, dry_run).await;
    }
    let target = match (&arguments.blueprint, &arguments.identity, &arguments.user) {
        (Some(id), ..) => ContainTarget::Blueprint(parse::id("blueprint", id)?),
        (_, Some(id), _) => ContainTarget::Identity(parse::id("agentIdentityId", id)?),
        (.., user) => {
            let user = UserRef::parse(user.as_deref().unwrap_or_default());
            ContainTarget::User(user.map_err(Problem::from_violations)?)
        }
    };
    let except = match &arguments.except {
        Some(file) => parse::users(&input::lines_of(file)?)?,
        None => Vec::new(),
    };
    let request = ContainRequest { except, dry_run, ..ContainRequest::new(target) };
    if arguments.planning.writes() {
        let run = context.client()?.plan_contain(request);
        return arguments.planning.run(context, Noun::Object, run, false).await;
    }
    let run = context.client()?.contain(request);
    let collected = collect(context, Noun::Object, run).await?;
    let exit = collected.tell(context, Noun::Object, dry_run.then_some(false));
    Ok(arguments.planning.exit(exit, &collected.reports))
}
