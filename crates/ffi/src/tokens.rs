//! Tokens that the host brings: one demand that every call may see, one token that serves them all.

use ::agentuser_client::{AccessToken, Code, Problem, TokenFuture, TokenProvider, TokenRequest};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// A token that is wanted, as a call's TOKEN shows it.
#[derive(Debug, Serialize)]
pub(crate) struct TokenDemand {
    /// Tells it from others, so that a host with many calls sees which of them say the same.
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

/// Where a client's token comes from when the host brings it.
#[derive(Debug, Clone)]
pub(crate) struct HostTokens(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// The token that is wanted at the moment.
    demand: watch::Sender<Option<Arc<TokenDemand>>>,
}

#[derive(Debug, Default)]
struct State {
    /// What the host gave last, until it is used.
    offer: Option<Offer>,
    demands: u64,
}

/// A token that no request has carried yet.
struct Offer {
    token: SecretString,
    expires: Option<Instant>,
    /// It was given while a token was wanted, or in advance.
    asked_for: bool,
}

impl fmt::Debug for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Offer").field("expires", &self.expires).finish_non_exhaustive()
    }
}

impl Offer {
    /// A challenge with claims is not met by a token from before it, and nothing by one whose time is over.
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

    /// The host brings a token.
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

    /// Whether a token is wanted at the moment.
    pub(crate) fn is_wanted(&self) -> bool {
        self.0.demand.borrow().is_some()
    }

    /// Takes the offer if it will do, else makes the demand known.
    fn take_or_ask(&self, request: &TokenRequest) -> Option<AccessToken> {
        let mut state = self.lock();
        let now = Instant::now();
        if let Some(offer) = state.offer.take_if(|offer| offer.meets(request, now)) {
            let left = offer.expires.map(|expires| expires.saturating_duration_since(now));
            return Some(AccessToken::new(offer.token.expose_secret().to_owned(), left));
        }
        // Who asked first may have gone; whoever asks after it for the same asks no second time.
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

impl TokenProvider for HostTokens {
    fn token(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(async move {
            let mut demands = self.demands();
            loop {
                // What changes after this look wakes the wait below.
                demands.mark_unchanged();
                if let Some(token) = self.take_or_ask(&request) {
                    return Ok(token);
                }
                if demands.changed().await.is_err() {
                    return Err(Problem::new(Code::Internal, "The client's tokens are gone."));
                }
            }
        })
    }
}
