//! The trait, and the simple providers.

use crate::redaction::Redaction;
use crate::transport::Transport;
use agentuser_core::problem::{Code, Problem};
use agentuser_core::token::{BearerText, TokenFacts};
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};
use zeroize::Zeroize as _;

/// A source of tokens.
pub trait TokenProvider: fmt::Debug + Send + Sync + 'static {
    /// A token for that request. The client asks once at a time: when it has no token, when its token is to be renewed,
    /// and when Graph refused it.
    fn token(&self, request: TokenRequest) -> TokenFuture<'_>;
}

/// A token in the making.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, Problem>> + Send + 'a>>;

/// Which token is needed.
#[derive(Debug)]
#[non_exhaustive]
pub struct TokenRequest {
    /// The scope: `{Graph origin}/.default`.
    pub scope: String,
    /// The claims challenge to pass on to the sign-in, as JSON.
    pub claims: Option<String>,
    /// Graph refused the last token: a cache must not give it out again.
    pub refused: bool,
    pub(super) transport: Transport,
}

/// An access token. It is overwritten when dropped and never printed.
#[derive(Debug)]
pub struct AccessToken {
    secret: SecretString,
    pub(super) expires: Option<Instant>,
}

impl AccessToken {
    /// A token that ends after this long; without a time, it is used until Graph refuses it.
    #[must_use]
    pub fn new(token: String, expires_in: Option<Duration>) -> Self {
        let expires = expires_in.and_then(|expires_in| Instant::now().checked_add(expires_in));
        Self { secret: token.into(), expires }
    }

    pub(super) fn redaction(&self) -> Redaction {
        Redaction::of(self.secret.expose_secret().trim())
    }

    pub(super) fn authorization(&self, max_bytes: usize) -> Result<HeaderValue, Problem> {
        let source = "The text from the token provider";
        let token = BearerText::parse_within(self.secret.expose_secret(), source, max_bytes)?;
        let mut text = format!("Bearer {}", token.as_str());
        let value = HeaderValue::from_str(&text);
        text.zeroize();
        value.map_err(|_| Problem::new(Code::Internal, "The access token can't be sent."))
    }
}

/// One token, which can't be renewed: runs fail once it has expired.
#[derive(Debug)]
pub struct FixedToken(SecretString);

impl FixedToken {
    /// This token; white space around it is dropped.
    #[must_use]
    pub fn new(mut token: String) -> Self {
        let trimmed = token.trim().to_owned();
        token.zeroize();
        Self(trimmed.into())
    }
}

impl TokenProvider for FixedToken {
    fn token(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(async move {
            if request.refused {
                let (code, message) = if request.claims.is_some() {
                    (
                        Code::ClaimsChallenge,
                        "Graph asks for a token with further claims, and a fixed token can't be renewed."
                            .to_owned(),
                    )
                } else {
                    let facts = TokenFacts::read(self.0.expose_secret());
                    let message = facts.expired(unix_ms_now()).map_or_else(
                        || "Graph refuses the token, and a fixed token can't be renewed.".to_owned(),
                        |expired| format!("{expired} A fixed token can't be renewed."),
                    );
                    (Code::TokenRejected, message)
                };
                return Err(Problem::new(code, message).with_fix(
                    "Sign in again and run it again with the new token: it goes on where it stopped.",
                ));
            }
            Ok(AccessToken::new(self.0.expose_secret().to_owned(), None))
        })
    }
}

fn unix_ms_now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A provider that calls a function.
pub fn from_fn<F, Fut>(function: F) -> impl TokenProvider
where
    F: Fn(TokenRequest) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<AccessToken, Problem>> + Send + 'static,
{
    FromFn(function)
}

struct FromFn<F>(F);

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FromFn")
    }
}

impl<F, Fut> TokenProvider for FromFn<F>
where
    F: Fn(TokenRequest) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<AccessToken, Problem>> + Send + 'static,
{
    fn token(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin((self.0)(request))
    }
}
