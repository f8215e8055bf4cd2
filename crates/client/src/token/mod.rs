//! Tokens: where they come from, and one at a time for all requests.

mod client_secret;
mod provider;
mod waits;

pub use client_secret::ClientSecret;
pub use provider::{AccessToken, FixedToken, TokenFuture, TokenProvider, TokenRequest, from_fn};
pub use waits::TokenWaits;

use crate::redaction::Redaction;
use crate::transport::Transport;
use agentuser_core::graph::Endpoint;
use agentuser_core::operation::{RejectedToken, TokenTag};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::token::renew_after;
use reqwest::header::HeaderValue;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// A sign-in that failed is not tried again for this long: the rows of a roster ask one by one.
const FAILED_FOR: Duration = Duration::from_secs(5);

/// A token as it is sent, and its number.
#[derive(Debug, Clone)]
pub(crate) struct Authorization {
    pub(crate) tag: TokenTag,
    pub(crate) header: HeaderValue,
    /// Takes the token out of an answer that repeats it.
    pub(crate) redaction: Arc<Redaction>,
}

/// The token in use, and the sign-in under way: one at a time, in a task of its own, for all requests of all runs. A
/// sign-in is given up when no request waits for it any more.
#[derive(Debug)]
pub(crate) struct Tokens {
    provider: Arc<dyn TokenProvider>,
    scope: String,
    transport: Transport,
    max_bytes: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    token: Option<Current>,
    failed: Option<(Instant, Problem)>,
    signing_in: Weak<SignIn>,
}

/// A sign-in under way, held by those who wait for it.
#[derive(Debug)]
struct SignIn(watch::Receiver<SignInResult>);

/// How a sign-in ended; none while it is under way.
type SignInResult = Option<Result<Authorization, Problem>>;

#[derive(Debug)]
struct Current {
    authorization: Authorization,
    renew_at: Option<Instant>,
}

impl Tokens {
    pub(crate) fn new(
        provider: Arc<dyn TokenProvider>,
        endpoint: &Endpoint,
        transport: Transport,
        max_bytes: usize,
    ) -> Self {
        let scope = format!("{}/.default", endpoint.origin());
        Self { provider, scope, transport, max_bytes, state: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token in use, if it was not refused and does not end soon.
    pub(crate) fn current(&self, refused: Option<&RejectedToken>) -> Option<Authorization> {
        usable(&self.lock(), refused)
    }

    /// A token that was not refused, as a header that is marked secret: the one in use, or the one that the sign-in
    /// gives that is under way or begins now, however short it lives.
    pub(crate) async fn get(
        self: Arc<Self>,
        refused: Option<&RejectedToken>,
    ) -> Result<Authorization, Problem> {
        let sign_in = {
            let mut state = self.lock();
            if let Some(usable) = usable(&state, refused) {
                return Ok(usable);
            }
            if let Some((at, problem)) = &state.failed
                && at.elapsed() < FAILED_FOR
            {
                return Err(problem.clone());
            }
            state.signing_in.upgrade().unwrap_or_else(|| {
                let sign_in = Arc::new(Arc::clone(&self).sign_in(refused));
                state.signing_in = Arc::downgrade(&sign_in);
                sign_in
            })
        };
        let ended = sign_in.0.clone().wait_for(Option::is_some).await.ok().and_then(|ended| ended.clone());
        ended.unwrap_or_else(|| {
            let problem = Problem::new(Code::Internal, "The token provider ended without an answer.");
            let mut state = self.lock();
            state.signing_in = Weak::new();
            state.failed = Some((Instant::now(), problem.clone()));
            Err(problem)
        })
    }

    /// Starts a sign-in. It is dropped when no request waits for it any more.
    fn sign_in(self: Arc<Self>, refused: Option<&RejectedToken>) -> SignIn {
        let request = TokenRequest {
            scope: self.scope.clone(),
            claims: refused.and_then(|refused| refused.claims.clone()),
            refused: refused.is_some(),
            transport: self.transport.clone(),
        };
        let (sender, receiver) = watch::channel(None);
        tokio::spawn(async move {
            let token = tokio::select! {
                token = self.provider.token(request) => token,
                () = sender.closed() => return,
            };
            let ended = token.and_then(|token| self.keep(&token));
            let mut state = self.lock();
            state.signing_in = Weak::new();
            state.failed = ended.as_ref().err().map(|problem| (Instant::now(), problem.clone()));
            drop(state);
            sender.send_replace(Some(ended));
        });
        SignIn(receiver)
    }

    fn keep(&self, token: &AccessToken) -> Result<Authorization, Problem> {
        let mut header = token.authorization(self.max_bytes)?;
        header.set_sensitive(true);
        let now = Instant::now();
        let renew_at = token
            .expires
            .and_then(|expires| now.checked_add(renew_after(expires.saturating_duration_since(now))));
        let mut state = self.lock();
        let tag = TokenTag(state.token.as_ref().map_or(0, |token| token.authorization.tag.0) + 1);
        let redaction = Arc::new(token.redaction());
        let authorization = Authorization { tag, header, redaction };
        state.token = Some(Current { authorization: authorization.clone(), renew_at });
        Ok(authorization)
    }
}

fn usable(state: &State, refused: Option<&RejectedToken>) -> Option<Authorization> {
    let token = state.token.as_ref().filter(|token| {
        refused.is_none_or(|refused| refused.tag != token.authorization.tag)
            && token.renew_at.is_none_or(|renew_at| renew_at > Instant::now())
    })?;
    Some(token.authorization.clone())
}
