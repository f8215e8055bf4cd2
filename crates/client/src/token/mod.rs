//! Tokens: where they come from, and one at a time for all requests.

mod client_secret;
mod provider;
mod waits;

pub use client_secret::ClientSecret;
pub use provider::{AccessToken, FixedToken, TokenFuture, TokenProvider, TokenRequest, from_fn};
pub use waits::TokenWaits;

use crate::transport::Transport;
use agentuser_core::graph::Root;
use agentuser_core::operation::{Refused, TokenTag};
use agentuser_core::problem::{Code, Problem};
use reqwest::header::HeaderValue;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// A token is renewed this long before its end, as Microsoft's own libraries do (auth §5); one that lives shorter
/// than twice that, at half of its life.
const MARGIN: Duration = Duration::from_secs(5 * 60);

/// A sign-in that failed is not tried again for this long: the rows of a roster ask one by one.
const FAILED_FOR: Duration = Duration::from_secs(5);

/// A token as it is sent, and its number.
pub(crate) type Signed = (TokenTag, HeaderValue);

/// The token in use. Whoever needs a new one while another asks for it waits for that one.
#[derive(Debug)]
pub(crate) struct Tokens {
    provider: Arc<dyn TokenProvider>,
    scope: String,
    transport: Transport,
    current: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    token: Option<Current>,
    failed: Option<(Instant, Problem)>,
}

#[derive(Debug, Clone)]
struct Current {
    tag: TokenTag,
    authorization: HeaderValue,
    renew_at: Option<Instant>,
}

impl Tokens {
    pub(crate) fn new(provider: Arc<dyn TokenProvider>, root: &Root, transport: Transport) -> Self {
        let scope = format!("{}/.default", root.origin());
        Self { provider, scope, transport, current: Mutex::default() }
    }

    /// A token that was not refused, as a header that is marked secret.
    pub(crate) async fn get(&self, refused: Option<&Refused>) -> Result<Signed, Problem> {
        let mut state = self.current.lock().await;
        let usable = state.token.as_ref().filter(|token| {
            refused.is_none_or(|refused| refused.tag != token.tag)
                && token.renew_at.is_none_or(|renew_at| renew_at > Instant::now())
        });
        if let Some(usable) = usable {
            return Ok((usable.tag, usable.authorization.clone()));
        }
        if let Some((at, problem)) = &state.failed
            && at.elapsed() < FAILED_FOR
        {
            return Err(problem.clone());
        }
        let request = TokenRequest {
            scope: self.scope.clone(),
            claims: refused.and_then(|refused| refused.claims.clone()),
            refused: refused.is_some(),
            transport: self.transport.clone(),
        };
        let token = match self.provider.token(request).await {
            Ok(token) => token,
            Err(problem) => {
                state.failed = Some((Instant::now(), problem.clone()));
                return Err(problem);
            }
        };
        let mut authorization = token.authorization()?;
        authorization.set_sensitive(true);
        let tag = TokenTag(state.token.as_ref().map_or(0, |token| token.tag.0) + 1);
        let now = Instant::now();
        let renew_at = token.expires.and_then(|expires| {
            let life = expires.saturating_duration_since(now);
            now.checked_add(life.saturating_sub(MARGIN.min(life / 2)))
        });
        state.failed = None;
        state.token = Some(Current { tag, authorization: authorization.clone(), renew_at });
        Ok((tag, authorization))
    }
}

fn malformed() -> Problem {
    Problem::new(Code::TokenMissing, "The token holds characters that can't be sent.")
        .with_fix("Give the access token alone: no quotes, no line break, no \"Bearer\".")
}
