//! A person who signed in earlier by `login`: the refresh token comes from the credential store, and goes back there anew.

use crate::credential_store::{CredentialStore, Key};
use crate::output::Progress;
use agentuser::sign_in::{DemandAnswer, MeetFuture, Secret, SignInDemand, SignInHost, SignedIn};
use agentuser::{AccessToken, Code, Problem, TokenFuture, TokenProvider, TokenRequest};
use std::fmt;
use tokio::sync::Mutex;

/// The tokens of that person.
pub(crate) struct KeptSignIn {
    person: SignedIn,
    key: Key,
    profile: String,
    progress: Progress,
    /// The store, and the refresh token that it has.
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    store: CredentialStore,
    token: Secret,
}

impl fmt::Debug for KeptSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptSignIn").field("profile", &self.profile).finish_non_exhaustive()
    }
}

impl KeptSignIn {
    pub(crate) fn new(person: SignedIn, key: Key, profile: String, progress: Progress) -> Self {
        Self { person, key, profile, progress, kept: Mutex::default() }
    }

    async fn next(&self, request: TokenRequest) -> Result<AccessToken, Problem> {
        let mut kept = self.kept.lock().await;
        if kept.is_none() {
            let store = CredentialStore::open().await?;
            let token = store.get(&self.key).await?.ok_or_else(|| nobody(&self.profile))?;
            let token = Secret::from(token.to_string());
            self.person.remember(token.clone());
            *kept = Some(Kept { store, token });
        }
        let token = self.person.token(request).await?;
        if let (Some(kept), Some(new)) = (kept.as_mut(), self.person.refresh_token())
            && new.expose() != kept.token.expose()
        {
            // Entra takes the earlier one for some time more, so the command goes on.
            if let Err(problem) = kept.store.set(&self.key, new.expose()).await {
                let text = format!("The sign-in is renewed, but can't be kept: {}", problem.cause());
                self.progress.warn("signInNotKept", &text);
            }
            kept.token = new;
        }
        Ok(token)
    }
}

impl TokenProvider for KeptSignIn {
    fn token(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(self.next(request))
    }
}

/// The host of a sign-in that must not ask a person: it refuses every demand, a prompt with this text.
#[derive(Debug)]
pub(crate) struct Unattended(pub(crate) String);

impl SignInHost for Unattended {
    fn meet(&self, demand: SignInDemand) -> MeetFuture<'_> {
        Box::pin(async move {
            match demand {
                SignInDemand::Prompt(_) => Err::<DemandAnswer, _>(over(&self.0)),
                other => Err(other.unmet()),
            }
        })
    }
}

fn nobody(profile: &str) -> Problem {
    Problem::new(Code::TokenMissing, format!("No person is signed in with the profile {profile}."))
        .with_cause(
            "The system's credential store has no sign-in of this profile, cloud, tenant and application.",
        )
        .with_fix(format!("Run `agentuser login --profile {profile}`, and then this command again."))
}

fn over(profile: &str) -> Problem {
    Problem::new(Code::SignInOver, format!("The sign-in of the profile {profile} is over."))
        .with_cause("It has expired or was revoked, or Entra asks for more than was shown at that time.")
        .with_fix(format!("Run `agentuser login --profile {profile}`, and then this command again: it goes on where it stopped."))
}
