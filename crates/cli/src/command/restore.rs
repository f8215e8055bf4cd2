//! `agentuser restore`.

use crate::context::Context;
use crate::exit::CommandResult;
use crate::options::DryRun;
use crate::output::Verb;
use crate::parse;
use agentuser::core::validate::Upn;
use agentuser::{Problem, RestoreOptions};
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  agentuser list --deleted
  agentuser restore ada@contoso.com
  agentuser restore a6000000-0000-4000-8000-0000000dbba3 --new-user-principal-name ada2@contoso.com";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The deleted agent user: its object id, or the user principal name that it had
    #[arg(value_name = "USER")]
    user: String,
    /// Its user principal name from now on, where another user has the one that it had
    #[arg(long, value_name = "NAME")]
    new_user_principal_name: Option<String>,
    /// Let Graph drop the mail addresses that another user has by now, in place of refusing
    #[arg(long)]
    auto_reconcile_proxy_conflict: bool,
    #[command(flatten)]
    dry: DryRun,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let user = parse::user("user", &arguments.user)?;
    let name = arguments.new_user_principal_name.as_deref();
    let options = RestoreOptions {
        new_user_principal_name: name.map(Upn::parse).transpose().map_err(Problem::from_violations)?,
        auto_reconcile_proxy_conflict: arguments.auto_reconcile_proxy_conflict,
    };
    context.report(context.client()?.restore(user, options, arguments.dry.dry_run), Verb::Change).await
}
