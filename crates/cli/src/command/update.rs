//! `agentuser update`.

use crate::context::Context;
use crate::exit::CommandResult;
use crate::options::{DryRun, User};
use crate::output::Verb;
use crate::parse::{self, Assignment};
use agentuser::{AgentUserPatch, MemberName, MemberValue};
use clap::{ArgGroup, Args};

const EXAMPLES: &str = "\
Examples:
  agentuser update ada@contoso.com --set jobTitle=Analyst
  agentuser update ada@contoso.com --clear mobilePhone --dry-run
  agentuser update ada@contoso.com --set employeeOrgData.costCenter=4711
  agentuser update ada@contoso.com --set userPrincipalName=eve@contoso.com

Only members whose value differs are sent; all others of the agent user stay as they are.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, group = ArgGroup::new("what").required(true).multiple(true).args(["set", "clear"]))]
pub(crate) struct Arguments {
    #[command(flatten)]
    user: User,
    #[arg(long, value_name = "MEMBER=VALUE", value_parser = parse::assignment, help = "Set a member, as member=value; may be repeated", long_help = parse::set_help())]
    set: Vec<Assignment>,
    /// Clear a member; may be repeated
    #[arg(
        long,
        value_name = "MEMBER",
        value_parser = parse::cleared
    )]
    clear: Vec<MemberName>,
    #[command(flatten)]
    dry: DryRun,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> CommandResult {
    let Arguments { user, set, clear, dry } = arguments;
    let set = set.into_iter().map(|Assignment { member, value }| (member, value));
    let clear = clear.into_iter().map(|member| (member, MemberValue::Null));
    let patch = AgentUserPatch::parse(set.chain(clear))?;
    let user = user.get()?;
    context.report(context.client()?.update(user, patch, dry.dry_run), Verb::Change).await
}
