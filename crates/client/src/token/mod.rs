//! Tokens: where they come from, and one at a time for all requests.

mod client_secret;
mod provider;

pub use client_secret::ClientSecret;
pub use provider::{AccessToken, FixedToken, TokenFuture, TokenProvider, TokenRequest, from_fn};

use crate::transport::Transport;
use agentuser_core::graph::Root;
use agentuser_core::operation::{Refused, TokenTag};
use agentuser_core::problem::{Code, Problem};
use reqwest::header::HeaderValue;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// A token is renewed this long before its end, as Microsoft's own libraries do (auth §5).
const MARGIN: Duration = Duration::from_secs(5 * 60);

/// The token in use. Whoever needs a new one while another asks for it waits for that one.
#[derive(Debug)]
pub(crate) struct Tokens {
    provider: Arc<dyn TokenProvider>,
    scope: String,
    transport: Transport,
    current: Mutex<Option<Current>>,
}

#[derive(Debug, Clone)]
struct Current {
    tag: TokenTag,
    authorization: HeaderValue,
    expires: Option<Instant>,
}

impl Tokens {
    pub(crate) fn new(provider: Arc<dyn TokenProvider>, root: &Root, transport: Transport) -> Self {
        let scope = format!("{}/.default", root.origin());
        Self { provider, scope, transport, current: Mutex::new(None) }
    }

    /// A token that was not refused, as a header that is marked secret.
    pub(crate) async fn get(&self, refused: Option<&Refused>) -> Result<(TokenTag, HeaderValue), Problem> {
        let mut current = self.current.lock().await;
        let usable = current.as_ref().filter(|current| {
            refused.is_none_or(|refused| refused.tag != current.tag)
                && current.expires.is_none_or(|expires| expires > Instant::now() + MARGIN)
        });
        if let Some(usable) = usable {
            return Ok((usable.tag, usable.authorization.clone()));
        }
        let request = TokenRequest {
            scope: self.scope.clone(),
            claims: refused.and_then(|refused| refused.claims.clone()),
            refused: refused.is_some(),
            transport: self.transport.clone(),
        };
        let token = self.provider.token(request).await?;
        let mut authorization = token.authorization()?;
        authorization.set_sensitive(true);
        let tag = TokenTag(current.as_ref().map_or(0, |current| current.tag.0) + 1);
        *current = Some(Current { tag, authorization: authorization.clone(), expires: token.expires });
        Ok((tag, authorization))
    }
}

fn malformed() -> Problem {
    Problem::new(Code::TokenMissing, "The token holds characters that can't be sent.")
        .with_fix("Give the access token alone: no quotes, no line break, no \"Bearer\".")
}
