//! `agentuser enable` and `agentuser disable`.

use crate::context::Context;
use crate::exit::CommandResult;
use crate::options::{DryRun, User};
use crate::output::Verb;
use agentuser::{AgentUserPatch, Member, MemberValue};
use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    user: User,
    #[command(flatten)]
    dry: DryRun,
}

pub(super) async fn run(context: &Context, arguments: &Arguments, enabled: bool) -> CommandResult {
    let patch = AgentUserPatch::parse([(Member::AccountEnabled, MemberValue::Flag(enabled))])?;
    let user = arguments.user.get()?;
    context.report(context.client()?.update(user, patch, arguments.dry.dry_run), Verb::Change).await
}
