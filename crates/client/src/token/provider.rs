//! The trait, and the simple providers.

use super::notes::SignInNotes;
use crate::clock::unix_ms;
use crate::redaction::Redaction;
use crate::transport::Transport;
use agentuser_core::operation::TokenTag;
use agentuser_core::problem::{Code, Problem};
use agentuser_core::sign_in::Secret;
use agentuser_core::token::{BearerText, TokenFacts};
use bytes::Bytes;
use reqwest::header::HeaderValue;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use zeroize::Zeroizing;

/// The facts that a provider gives with the text of a token.
#[derive(Debug)]
pub(super) struct Grant {
    pub(super) expires: Option<Instant>,
    pub(super) scope: Option<String>,
    pub(super) account: Option<String>,
}

/// A source of tokens.
pub trait TokenProvider: fmt::Debug + Send + Sync + 'static {
    /// A token for that request. The client asks once at a time for Graph: when it has no token, when its token is to be
    /// renewed, and when Graph refused it. [`Client::token`](crate::Client::token) asks beside that, for other services.
    fn token(&self, request: TokenRequest) -> TokenFuture<'_>;
}

/// A provider that others hold, too.
impl<P: TokenProvider + ?Sized> TokenProvider for Arc<P> {
    fn token(&self, request: TokenRequest) -> TokenFuture<'_> {
        (**self).token(request)
    }
}

/// A token in the making.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, Problem>> + Send + 'a>>;

/// Which token is needed.
#[derive(Debug)]
#[non_exhaustive]
pub struct TokenRequest {
    /// The scope: `{Graph origin}/.default`, or those that [`Client::token`](crate::Client::token) asks for, with blanks
    /// between them.
    pub scope: String,
    /// The claims challenge to pass on to the sign-in, as JSON.
    pub claims: Option<String>,
    /// The last token was refused: a cache must not give it out again.
    pub refused: bool,
    pub(crate) transport: Transport,
    /// It is the one with which the client asks Graph.
    pub(crate) is_for_graph: bool,
    /// The number that the provider gave to the token that was refused.
    pub(crate) refused_tag: Option<TokenTag>,
    /// Hears of the sign-in.
    pub(crate) notes: SignInNotes,
}

/// An access token. It is overwritten when dropped and never printed.
#[derive(Debug)]
pub struct AccessToken {
    secret: Secret,
    expires: Option<Instant>,
    /// When to ask the provider again, where it keeps tokens by itself.
    pub(super) renew_in: Option<Duration>,
    scope: Option<String>,
    account: Option<String>,
    /// The number that the provider gave to it.
    pub(super) source_tag: Option<TokenTag>,
}

impl AccessToken {
    /// A token that ends after this long; without a time, it is used until Graph refuses it.
    #[must_use]
    pub fn new(token: String, expires_in: Option<Duration>) -> Self {
        let expires = expires_in.and_then(|expires_in| Instant::now().checked_add(expires_in));
        Self { secret: token.into(), expires, renew_in: None, scope: None, account: None, source_tag: None }
    }

    pub(crate) fn of_secret(secret: Secret, expires_in: Option<Duration>) -> Self {
        Self { secret, ..Self::new(String::new(), expires_in) }
    }

    /// The same with the scopes that were granted, with blanks between them, where the sign-in said so.
    #[must_use]
    pub fn with_scope(mut self, scope: Option<String>) -> Self {
        self.scope = scope;
        self
    }

    /// The same with the account that the sign-in named.
    #[must_use]
    pub(crate) fn with_account(mut self, account: Option<String>) -> Self {
        self.account = account;
        self
    }

    /// The same with the time after which to ask the provider again.
    #[must_use]
    pub(crate) fn with_renewal(mut self, renew_in: Option<Duration>) -> Self {
        self.renew_in = renew_in;
        self
    }

    /// The same with a number, by which the provider knows it when it is refused.
    #[must_use]
    pub(crate) fn with_tag(mut self, tag: TokenTag) -> Self {
        self.source_tag = Some(tag);
        self
    }

    /// The text of the token, without "Bearer". Keep it out of logs and argument lists.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.secret.expose().trim()
    }

    /// How long it lives from now on; none where nobody knows.
    #[must_use]
    pub fn expires_in(&self) -> Option<Duration> {
        self.expires.map(|expires| expires.saturating_duration_since(Instant::now()))
    }

    /// The scopes that were granted, with blanks between them, where the sign-in said so.
    #[must_use]
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }

    /// The account, to be shown: the user principal name, or else an id. `None` where neither the sign-in nor
    /// the token shows it.
    #[must_use]
    pub fn account(&self) -> Option<String> {
        let of_token = || TokenFacts::read(self.secret.expose()).account().map(str::to_owned);
        self.account.clone().or_else(of_token)
    }

    pub(super) fn grant(&self) -> Grant {
        Grant { expires: self.expires, scope: self.scope.clone(), account: self.account.clone() }
    }

    pub(super) fn redaction(&self) -> Redaction {
        Redaction::of(self.secret.expose().trim())
    }

    pub(super) fn authorization(&self, max_bytes: usize) -> Result<HeaderValue, Problem> {
        let source = "The text from the token provider";
        let token = BearerText::parse_within(self.secret.expose(), source, max_bytes)?;
        let text = Zeroizing::new(format!("Bearer {}", token.as_str()));
        // The header keeps the text that is overwritten when the last request is through.
        let bytes = Bytes::from_owner(Zeroizing::new(text.as_bytes().to_vec()));
        HeaderValue::from_maybe_shared(bytes)
            .map_err(|_| Problem::new(Code::Internal, "The access token can't be sent."))
    }
}

/// One token, which can't be renewed: runs fail once it has expired.
#[derive(Debug)]
pub struct FixedToken(Secret);

impl FixedToken {
    /// This token; white space around it is dropped.
    #[must_use]
    pub fn new(token: String) -> Self {
        Self(Secret::trimmed(token))
    }
}

impl TokenProvider for FixedToken {
    fn token(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(async move {
            if !request.is_for_graph {
                let message =
                    format!("A fixed token is for Graph alone, and there is none for {}.", request.scope);
                return Err(Problem::new(Code::TokenMissing, message));
            }
            if request.refused {
                let (code, message) = if request.claims.is_some() {
                    (
                        Code::ClaimsChallenge,
                        "Graph asks for a token with further claims, and a fixed token can't be renewed."
                            .to_owned(),
                    )
                } else {
                    let facts = TokenFacts::read(self.0.expose());
                    let message = facts.expired(unix_ms(SystemTime::now())).map_or_else(
                        || "Graph refuses the token, and a fixed token can't be renewed.".to_owned(),
                        |expired| format!("{expired} A fixed token can't be renewed."),
                    );
                    (Code::TokenRejected, message)
                };
                return Err(Problem::new(code, message).with_fix(
                    "Sign in again and run it again with the new token: it goes on where it stopped.",
                ));
            }
            Ok(AccessToken::new(self.0.expose().to_owned(), None))
        })
    }
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
