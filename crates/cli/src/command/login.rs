//! `agentuser login`.

use super::whoami::Identity;
use crate::connect;
use crate::context::Context;
use crate::credential_store::CredentialStore;
use crate::exit::{CommandResult, Exit};
use crate::profile::{Kind, ProfileFile};
use crate::sign_in::{self, Terminal, Way, kind};
use agentuser::sign_in::Prompt;
use agentuser::{Code, Problem};
use std::sync::Arc;

const EXAMPLES: &str = "\
Examples:
  agentuser login --tenant contoso.com \\
      --client-id 00000000-0000-0000-0000-000000000001
  agentuser login --device-code
  agentuser login --profile partner --cloud usgov --tenant partner.example \\
      --client-id 00000000-0000-0000-0000-000000000002

Signs in a person, and keeps two things: the profile in a file, which has no secret, and the refresh token in the system's credential store. Without a store it signs nobody in. The application is an app registration of your own tenant that is a public client, with http://localhost as a redirect URI.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {}

pub(super) async fn run(context: &Context) -> CommandResult {
    let options = context.connection();
    let given = &options.sign_in;
    let target = context.target(true)?;
    let of_profile = match target.kind() {
        Some(Kind::DeviceCode) => Prompt::DeviceCode,
        _ => Prompt::Browser,
    };
    let prompt = Way::of_login(given)?.unwrap_or(of_profile);
    let (name, profile) = target.to_profile(kind(prompt))?;
    let key = target.key()?;
    // Before a browser opens: a sign-in that can't be kept is in vain.
    let store = CredentialStore::open().await?;
    let terminal = Arc::new(Terminal::new(context.output.progress()));
    let person = Arc::new(connect::person(options, &target, prompt, terminal)?);
    let client = connect::builder(options, &target)?.token(Arc::clone(&person)).build()?;
    let token = context.token(&client, &[]).await;
    let token =
        token.map_err(|problem| if problem.code() == Code::Cancelled { interrupted() } else { problem })?;
    let refresh_token = person.refresh_token().ok_or_else(not_lasting)?;
    store.set(&key, refresh_token.expose()).await?;
    let file = ProfileFile::of_user()?;
    let (default, replaced) = file.change(|profiles| {
        let replaced = profiles.set(name.clone(), profile.clone());
        Ok((profiles.default.clone(), replaced))
    })?;
    if let Some(replaced) = replaced
        && let Err(problem) = sign_in::forget(&context.output, &name, &replaced, Some(&profile)).await
    {
        sign_in::warn(&context.output, &name, &replaced, &problem);
    }
    let identity = Identity::read(&target, Some(name.to_string()), token.expose_secret());
    context.output.one(&identity, Identity::table)?;
    identity.warn(&context.output);
    let counts = if default.as_ref() == Some(&name) { "" } else { ", by --profile" };
    context.output.remark(&format!(
        "The sign-in is kept with the profile {name}. `agentuser logout` forgets it{counts}."
    ));
    if let Some(token) = Way::token_given(given)? {
        context
            .output
            .remark(&format!("{token} is given, too, and wins over the profile in later commands."));
    }
    Ok(Exit::Done)
}

fn interrupted() -> Problem {
    Problem::new(Code::SignInInterrupted, "The sign-in was interrupted, and nothing of it is kept.")
        .with_cause("Ctrl+C or a signal ended the program before the person had signed in.")
        .with_fix("Run it again. The page in the browser leads nowhere any more.")
}

fn not_lasting() -> Problem {
    Problem::new(Code::TokenMissing, "Entra gave a token, but none that lasts, so there is nothing to keep.")
        .with_cause("The application may not ask for offline_access, or a policy of the tenant forbids lasting sign-ins.")
        .with_fix("Consent to offline_access for the application; or sign in for single commands by --browser or --device-code.")
}
