//! Tokens that the host brings: one demand, which every call may show, and one token that serves all calls.

use ::agentuser_client::sign_in::{DemandAnswer, MeetFuture, SignInDemand, SignInHost};
use ::agentuser_client::{AccessToken, Code, Problem, TokenRequest};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// A demand for a token, as a call's TOKEN shows it.
#[derive(Debug, Serialize)]
pub(crate) struct TokenDemand {
    /// The same in every call that shows this demand.
    #[serde(rename = "demandId")]
    id: u64,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<String>,
    refused: bool,
}

impl TokenDemand {
    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    #[cfg(test)]
    pub(crate) fn of_id(id: u64) -> Self {
        Self { id, scope: String::new(), claims: None, refused: false }
    }
}

/// The provider of tokens that the host brings.
#[derive(Debug, Clone)]
pub(crate) struct HostTokens(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// The demand at the moment.
    demand: watch::Sender<Option<Arc<TokenDemand>>>,
}

#[derive(Debug, Default)]
struct State {
    /// The token that the host gave last, until it is used.
    offer: Option<Offer>,
    demands: u64,
}

/// A token that no request has carried yet.
struct Offer {
    token: SecretString,
    expires: Option<Instant>,
    /// It was given while there was a demand, not in advance.
    asked_for: bool,
}

impl fmt::Debug for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Offer").field("expires", &self.expires).finish_non_exhaustive()
    }
}

impl Offer {
    /// A token from before a challenge with claims does not meet it; an expired token meets nothing.
    fn meets(&self, request: &TokenRequest, now: Instant) -> bool {
        (request.claims.is_none() || self.asked_for) && self.expires.is_none_or(|expires| expires > now)
    }
}

impl HostTokens {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Shared { state: Mutex::default(), demand: watch::Sender::new(None) }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a token from the host.
    pub(crate) fn set(&self, token: &str, expires_in: Option<Duration>) {
        let expires = expires_in.and_then(|expires_in| Instant::now().checked_add(expires_in));
        let mut state = self.lock();
        let asked_for = self.0.demand.borrow().is_some();
        state.offer = Some(Offer { token: token.to_owned().into(), expires, asked_for });
        self.0.demand.send_replace(None);
    }

    /// The demand at the moment, and each that follows.
    pub(crate) fn demands(&self) -> watch::Receiver<Option<Arc<TokenDemand>>> {
        self.0.demand.subscribe()
    }

    /// Whether there is a demand at the moment.
    pub(crate) fn is_wanted(&self) -> bool {
        self.0.demand.borrow().is_some()
    }

    /// Takes the offer if it meets the request; else there is a demand from now on.
    fn take_or_ask(&self, request: &TokenRequest) -> Option<AccessToken> {
        let mut state = self.lock();
        let now = Instant::now();
        if let Some(offer) = state.offer.take_if(|offer| offer.meets(request, now)) {
            let left = offer.expires.map(|expires| expires.saturating_duration_since(now));
            return Some(AccessToken::new(offer.token.expose_secret().to_owned(), left));
        }
        // A request that asks for the same as the demand at the moment makes no second demand.
        self.0.demand.send_if_modified(|current| {
            let same = current
                .as_ref()
                .is_some_and(|demand| demand.refused == request.refused && demand.claims == request.claims);
            if !same {
                state.demands += 1;
                *current = Some(Arc::new(TokenDemand {
                    id: state.demands,
                    scope: request.scope.clone(),
                    claims: request.claims.clone(),
                    refused: request.refused,
                }));
            }
            !same
        });
        None
    }
}

impl HostTokens {
    /// The token that the host brings, now or when it was asked.
    async fn next(&self, request: TokenRequest) -> Result<AccessToken, Problem> {
        let mut demands = self.demands();
        loop {
            // A change after this wakes the wait below.
            demands.mark_unchanged();
            if let Some(token) = self.take_or_ask(&request) {
                return Ok(token);
            }
            if demands.changed().await.is_err() {
                return Err(Problem::new(Code::Internal, "The client that takes the tokens is gone."));
            }
        }
    }
}

impl SignInHost for HostTokens {
    fn meet(&self, demand: SignInDemand) -> MeetFuture<'_> {
        Box::pin(async move {
            match demand {
                SignInDemand::Token(request) => {
                    let token = self.next(request).await?;
                    let answer = DemandAnswer::new(token.expose_secret().as_bytes().to_vec());
                    Ok(answer.expires_in(token.expires_in()))
                }
                other => Err(other.unmet()),
            }
        })
    }
}
