//! `agentuser enable` and `agentuser disable`.

use super::many::{Many, Way, nobody};
use crate::context::Context;
use crate::exit::CommandResult;
use crate::output::Verb;
use agentuser::{AgentUserPatch, Member, MemberValue, VerbArguments};
use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    many: Many,
}

pub(super) async fn run(context: &Context, arguments: &Arguments, enabled: bool) -> CommandResult {
    let many = &arguments.many;
    match many.way()? {
        Way::Now(user) => {
            let patch = AgentUserPatch::parse([(Member::AccountEnabled, MemberValue::Flag(enabled))])?;
            context.report(context.client()?.update(user, patch, many.dry_run()), Verb::Change).await
        }
        Way::Plan(users) => {
            let verb = if enabled { VerbArguments::Enable } else { VerbArguments::Disable };
            many.plan(context, users, verb).await
        }
        Way::Nobody => Ok(nobody(context)),
    }
}
