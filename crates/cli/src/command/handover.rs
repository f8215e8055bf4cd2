//! `agentuser handover`.

use super::many::Planning;
use super::rows::Noun;
use crate::context::Context;
use crate::exit::CommandResult;
use crate::input;
use agentuser::{HandedOver, HandoverRequest, Problem};
use clap::{Args, ValueEnum, ValueHint};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  agentuser handover --from grace@contoso.com --to ada@contoso.com
  agentuser handover --from grace@contoso.com --to ada@contoso.com --out plan.json
  agentuser handover --file leavers.csv --out plan.json
  agentuser handover --file leavers.csv --only sponsor --out plan.json
  agentuser apply plan.json --approved DIGEST

Hands the agent users of which a leaver is the manager or a sponsor over to another, and the sponsors of their parents, the agent \
identities, where the caller may write these. It is always a plan: without --out it is only shown. A file names a leaver and the one who \
follows in each line, with a comma, a semicolon or a tab between them; a group is written as group:ID, and may follow a sponsor alone.

The one who follows must exist and be able to sign in. When the plan is applied, it is looked at again, added first, and seen among the \
sponsors before the leaver is removed. So nobody is left without a sponsor, and a plan that was cut short is applied again.";

/// The offices of the leaver that are handed over.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Only {
    /// The manager
    Manager,
    /// The sponsors
    Sponsor,
}

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The leaver: an object id or user principal name, or group:ID
    #[arg(long, value_name = "LEAVER", requires = "to", required_unless_present = "file")]
    from: Option<String>,
    /// The one who follows
    #[arg(long, value_name = "SUCCESSOR", requires = "from")]
    to: Option<String>,
    /// A file that names a leaver and the one who follows in each line; - for stdin
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, conflicts_with_all = ["from", "to"])]
    file: Option<PathBuf>,
    /// Hand over this alone; both, unless given
    #[arg(long, value_enum)]
    only: Option<Only>,
    #[command(flatten)]
    planning: Planning,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let handed_over = match arguments.only {
        Some(Only::Manager) => HandedOver::Manager,
        Some(Only::Sponsor) => HandedOver::Sponsor,
        None => HandedOver::Both,
    };
    let lines = match (&arguments.file, &arguments.from, &arguments.to) {
        (Some(file), ..) => input::all_lines_of(file)?,
        (None, from, to) => {
            vec![format!("{},{}", from.as_deref().unwrap_or_default(), to.as_deref().unwrap_or_default())]
        }
    };
    let request = HandoverRequest::read(&lines, handed_over).map_err(Problem::from_violations)?;
    let run = context.client()?.plan_handover(request);
    arguments.planning.run(context, Noun::Object, run, true).await
}
