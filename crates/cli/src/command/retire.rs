//! `agentuser retire`.

use super::many::{Many, Way, nobody};
use crate::context::Context;
use crate::exit::CommandResult;
use crate::output::Verb;
use agentuser::{RetireOptions, RetiredUntil, VerbArguments};
use clap::{Args, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  agentuser retire ada@contoso.com --dry-run
  agentuser retire ada@contoso.com --yes
  agentuser retire --file leavers.txt --out plan.json
  agentuser retire ada@contoso.com --leave-groups --yes --json > report.json
  agentuser retire ada@contoso.com --until unlicensed --accept-data-loss --yes

An agent user that is retired can't sign in, its sessions are ended, and it is in the recycle bin, where its licenses and groups stay \
with it: `agentuser restore` brings all of it back within 30 days. Other options lose something, which the command says first.

One is retired at once with --yes; no command asks at a prompt. Several are retired by a plan: --out writes it, and `agentuser apply` \
makes its changes. Run again, it goes on where it stopped.";

/// How far agent users are retired.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Until {
    /// They can't sign in, and their sessions are ended
    Disabled,
    /// They are in the recycle bin as well, with licenses and groups
    Deleted,
    /// They are deleted for ever
    Purged,
    /// They can't sign in and have no licenses, and are not deleted
    Unlicensed,
}

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    many: Many,
    /// How far they are retired
    #[arg(long, value_enum, default_value_t = Until::Deleted)]
    until: Until,
    /// Take the licenses first, so that their seats are free at once
    #[arg(long)]
    free_seats: bool,
    /// Take them out of their groups first: a restore from the report adds them again
    #[arg(long)]
    leave_groups: bool,
    /// It is known that data is lost: --until purged, --until unlicensed and --free-seats want it
    #[arg(long)]
    accept_data_loss: bool,
    /// Confirm that it is retired
    #[arg(long, required_unless_present_any = ["dry_run", "out"])]
    yes: bool,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let options = RetireOptions {
        until: match arguments.until {
            Until::Disabled => RetiredUntil::Disabled,
            Until::Deleted => RetiredUntil::Deleted,
            Until::Purged => RetiredUntil::Purged,
            Until::Unlicensed => RetiredUntil::Unlicensed,
        },
        free_seats: arguments.free_seats,
        leave_groups: arguments.leave_groups,
        accept_data_loss: arguments.accept_data_loss,
    };
    options.check().map_err(|violation| vec![violation])?;
    let many = &arguments.many;
    match many.way()? {
        Way::Now(user) => {
            let dry_run = many.dry_run() || !arguments.yes;
            context.report(context.client()?.retire(user, options, dry_run), Verb::Change).await
        }
        Way::Plan(users) => many.plan(context, users, VerbArguments::Retire(options)).await,
        Way::Nobody => Ok(nobody(context)),
    }
}
