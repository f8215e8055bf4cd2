//! `agentuser logout`.

use crate::context::Context;
use crate::credential_store::CredentialStore;
use crate::exit::{CommandResult, Exit};

const EXAMPLES: &str = "\
Examples:
  agentuser logout
  agentuser logout --profile partner

Forgets the refresh token of the profile on this machine. It can't revoke anything: the browser stays signed in, access tokens stay valid until they end, which takes about an hour, and a copy of the refresh token would, too. An administrator revokes all of a person's sign-ins in the Entra portal, or by Graph's revokeSignInSessions. The profile stays; `agentuser profile remove` removes it.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {}

pub(super) async fn run(context: &Context) -> CommandResult {
    let target = context.target(false)?;
    let key = target.key()?;
    let forgotten = CredentialStore::open().await?.forget(&key).await?;
    let profile = target.name();
    context.output.remark(&if forgotten {
        format!(
            "The sign-in of the profile {profile} is forgotten on this machine. Access tokens that were given out stay valid \
             until they end, which takes about an hour; the browser stays signed in."
        )
    } else {
        format!("No person was signed in with the profile {profile}.")
    });
    Ok(Exit::Done)
}
