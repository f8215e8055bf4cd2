//! Tokens: where they come from, and one at a time for all requests.

mod notes;
mod provider;
mod waits;

pub(crate) use notes::{SignInNote, SignInNotes};
pub use provider::{AccessToken, FixedToken, TokenFuture, TokenProvider, TokenRequest, from_fn};
pub use waits::TokenWaits;

use crate::redaction::Redaction;
use crate::transport::Transport;
use agentuser_core::graph::Endpoint;
use agentuser_core::operation::{RejectedToken, TokenTag};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::token::{FAILED_FOR, renew_after};
use provider::Grant;
use reqwest::header::HeaderValue;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;
use tokio::sync::watch;

/// A token as it is sent, and its number.
#[derive(Debug, Clone)]
pub(crate) struct Authorization {
    pub(crate) tag: TokenTag,
    pub(crate) header: HeaderValue,
    /// Takes the token out of an answer that repeats it.
    pub(crate) redaction: Arc<Redaction>,
    /// The token's end, scope and account.
    grant: Arc<Grant>,
}

impl Authorization {
    /// The token again, with all that came with it.
    fn token(&self) -> AccessToken {
        let header = self.header.to_str().unwrap_or_default();
        let text = header.strip_prefix("Bearer ").unwrap_or_default().to_owned();
        let left = self.grant.expires.map(|end| end.saturating_duration_since(Instant::now()));
        AccessToken::new(text, left)
            .with_scope(self.grant.scope.clone())
            .with_account(self.grant.account.clone())
    }
}

/// The token in use, and the sign-in under way: one at a time, in a task of its own, for all requests of all runs. A
/// sign-in is given up when no request waits for it any more. A request whose token was refused takes the token of a
/// sign-in under way only if that was begun for this refusal: else a cache may answer it with the refused token.
///
/// A provider that keeps tokens by itself, such as [`crate::sign_in::Application`], says when to ask it again. Failures are held
/// here for all providers: those of a callback, of a prompt or of a credential store reach no engine.
#[derive(Debug)]
pub(crate) struct Tokens {
    provider: Arc<dyn TokenProvider>,
    scope: String,
    transport: Transport,
    max_bytes: usize,
    notes: SignInNotes,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    token: Option<Current>,
    /// How many tokens there were. No two have the same number.
    tokens: u64,
    failed: Option<Failed>,
    signing_in: Weak<SignIn>,
    /// The number of the last sign-in; that of none once everything was forgotten.
    sign_ins: u64,
}

/// A sign-in under way, held by those who wait for it.
#[derive(Debug)]
struct SignIn {
    number: u64,
    purpose: Purpose,
    end: watch::Receiver<SignInResult>,
}

/// How a sign-in ended; none while it is under way.
type SignInResult = Option<Result<Authorization, Problem>>;

/// The refusal that a sign-in was begun for, if any.
#[derive(Debug, Clone)]
struct Purpose(Option<RejectedToken>);

impl Purpose {
    /// Whether its token meets this refusal: the provider was told of it, and of its claims.
    fn covers(&self, refused: Option<&RejectedToken>) -> bool {
        match (&self.0, refused) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(own), Some(other)) => {
                own.tag.0 >= other.tag.0 && (other.claims.is_none() || own.claims == other.claims)
            }
        }
    }
}

#[derive(Debug)]
struct Current {
    authorization: Authorization,
    renew_at: Option<Instant>,
    /// The claims that the sign-in was told of.
    claims: Option<String>,
    /// Its number where it came from.
    source_tag: Option<TokenTag>,
}

/// A sign-in that gave no token.
#[derive(Debug)]
struct Failed {
    at: Instant,
    purpose: Purpose,
    problem: Problem,
}

impl Tokens {
    pub(crate) fn new(
        provider: Arc<dyn TokenProvider>,
        endpoint: &Endpoint,
        transport: Transport,
        max_bytes: usize,
    ) -> Self {
        let scope = format!("{}/.default", endpoint.origin());
        Self { provider, scope, transport, max_bytes, notes: SignInNotes::new(), state: Mutex::default() }
    }

    /// The notes of its sign-ins.
    pub(crate) fn notes(&self) -> &SignInNotes {
        &self.notes
    }

    fn request(&self, scope: &str) -> TokenRequest {
        TokenRequest {
            scope: scope.to_owned(),
            claims: None,
            refused: false,
            transport: self.transport.clone(),
            is_for_graph: scope == self.scope,
            refused_tag: None,
            notes: self.notes.clone(),
        }
    }

    /// The scope of the tokens for Graph.
    pub(crate) fn scope(&self) -> &str {
        &self.scope
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
        loop {
            let sign_in = {
                let mut state = self.lock();
                if let Some(usable) = usable(&state, refused) {
                    return Ok(usable);
                }
                if let Some(failed) = &state.failed
                    && failed.at.elapsed() < FAILED_FOR
                    && failed.purpose.covers(refused)
                {
                    return Err(failed.problem.clone());
                }
                state.signing_in.upgrade().unwrap_or_else(|| {
                    let current = state.token.as_ref().filter(|current| {
                        refused.is_some_and(|refused| refused.tag == current.authorization.tag)
                    });
                    let tag = current.and_then(|current| current.source_tag);
                    state.sign_ins += 1;
                    let purpose = Purpose(refused.cloned());
                    let sign_in = Arc::new(Arc::clone(&self).sign_in(state.sign_ins, purpose, tag));
                    state.signing_in = Arc::downgrade(&sign_in);
                    sign_in
                })
            };
            let ended = sign_in.end.clone().wait_for(Option::is_some).await.ok().and_then(|end| end.clone());
            let ended = ended.unwrap_or_else(|| self.broke_down(&sign_in));
            if sign_in.purpose.covers(refused) {
                return ended;
            }
        }
    }

    /// A token for these scopes, for another program: the one in use where they are Graph's own, else what the provider
    /// gives. To renew it is to refuse the one that is there, so that nobody gets that again. The claims of a challenge are
    /// for the provider.
    pub(crate) async fn other(
        self: Arc<Self>,
        scopes: &str,
        renew: bool,
        claims: Option<&str>,
    ) -> Result<AccessToken, Problem> {
        let refused = renew || claims.is_some();
        let claims = claims.map(str::to_owned);
        if scopes == self.scope {
            let refused = refused.then(|| RejectedToken { tag: self.tag_in_use(), claims });
            return Ok(self.get(refused.as_ref()).await?.token());
        }
        self.provider.token(TokenRequest { refused, claims, ..self.request(scopes) }).await
    }

    /// The number of the token in use; that of none where there is none.
    fn tag_in_use(&self) -> TokenTag {
        self.lock().token.as_ref().map(|current| current.authorization.tag).unwrap_or_default()
    }

    /// Forgets the token in use. A sign-in under way goes on for those who wait for it, and its token is not kept.
    pub(crate) fn forget(&self) {
        let mut state = self.lock();
        state.token = None;
        state.failed = None;
        state.signing_in = Weak::new();
        state.sign_ins += 1;
    }

    /// Ends a sign-in whose provider panicked.
    fn broke_down(&self, sign_in: &SignIn) -> Result<Authorization, Problem> {
        let problem = Problem::new(Code::Internal, "The token provider ended without an answer.");
        let mut state = self.lock();
        // Another sign-in may have begun since.
        if state.sign_ins == sign_in.number {
            state.signing_in = Weak::new();
            let purpose = sign_in.purpose.clone();
            state.failed = Some(Failed { at: Instant::now(), purpose, problem: problem.clone() });
        }
        Err(problem)
    }

    /// Starts a sign-in. It is dropped when no request waits for it any more.
    fn sign_in(self: Arc<Self>, number: u64, purpose: Purpose, refused_tag: Option<TokenTag>) -> SignIn {
        let request = TokenRequest {
            claims: purpose.0.as_ref().and_then(|refused| refused.claims.clone()),
            refused: purpose.0.is_some(),
            refused_tag,
            ..self.request(&self.scope)
        };
        let (sender, end) = watch::channel(None);
        let begun_for = purpose.clone();
        tokio::spawn(async move {
            let claims = request.claims.clone();
            let token = tokio::select! {
                token = self.provider.token(request) => token,
                () = sender.closed() => return,
            };
            let ended = token.and_then(|token| self.keep(number, &token, claims));
            let mut state = self.lock();
            if state.sign_ins == number {
                state.signing_in = Weak::new();
                state.failed = ended.as_ref().err().map(|problem| Failed {
                    at: Instant::now(),
                    purpose: begun_for,
                    problem: problem.clone(),
                });
            }
            drop(state);
            sender.send_replace(Some(ended));
        });
        SignIn { number, purpose, end }
    }

    /// The token of that sign-in. It is in use from now on, unless it was forgotten meanwhile, or others wait for a later
    /// sign-in.
    fn keep(
        &self,
        number: u64,
        token: &AccessToken,
        claims: Option<String>,
    ) -> Result<Authorization, Problem> {
        let mut header = token.authorization(self.max_bytes)?;
        header.set_sensitive(true);
        let now = Instant::now();
        let renew_in = token.renew_in.or_else(|| token.expires_in().map(renew_after));
        let renew_at = renew_in.and_then(|renew_in| now.checked_add(renew_in));
        let mut state = self.lock();
        // The same token keeps its number: who had it refused does not take it for another one.
        let same = state.token.as_ref().filter(|current| current.authorization.header == header);
        let same =
            same.map(|current| (current.authorization.tag, Arc::clone(&current.authorization.redaction)));
        let (tag, redaction) = same.unwrap_or_else(|| {
            state.tokens += 1;
            (TokenTag(state.tokens), Arc::new(token.redaction()))
        });
        let authorization = Authorization { tag, header, redaction, grant: Arc::new(token.grant()) };
        if state.sign_ins == number {
            state.token = Some(Current {
                authorization: authorization.clone(),
                renew_at,
                claims,
                source_tag: token.source_tag,
            });
        }
        Ok(authorization)
    }
}

fn usable(state: &State, refused: Option<&RejectedToken>) -> Option<Authorization> {
    let token = state.token.as_ref().filter(|token| {
        refused.is_none_or(|refused| {
            refused.tag != token.authorization.tag
                && (refused.claims.is_none() || refused.claims == token.claims)
        }) && token.renew_at.is_none_or(|renew_at| renew_at > Instant::now())
    })?;
    Some(token.authorization.clone())
}
