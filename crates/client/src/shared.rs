//! The state that the runs of one client share.

use crate::clock::unix_ms;
use crate::token::{AccessToken, Authorization, Tokens};
use crate::transport::Transport;
use agentuser_core::Now;
use agentuser_core::operation::{Answer, Outgoing, Session};
use agentuser_core::problem::Problem;
use agentuser_core::token::TokenFacts;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// Session, connections and tokens of a client, and its clock.
#[derive(Debug)]
pub(crate) struct Shared {
    session: Session,
    transport: Transport,
    tokens: Arc<Tokens>,
    started: Instant,
    runs: AtomicU64,
}

impl Shared {
    pub(crate) fn new(session: Session, transport: Transport, tokens: Tokens) -> Self {
        let (started, runs) = (Instant::now(), AtomicU64::new(0));
        Self { session, transport, tokens: Arc::new(tokens), started, runs }
    }

    /// The clocks.
    pub(crate) fn now(&self) -> Now {
        Now { mono: self.started.elapsed(), unix_ms: unix_ms(SystemTime::now()) }
    }

    /// A moment of the monotonic clock; none when it is too far away to be told.
    pub(crate) fn instant(&self, mono: Duration) -> Option<Instant> {
        self.started.checked_add(mono)
    }

    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// The seed of a run. Jitter differs between processes and runs; nothing else depends on it.
    pub(crate) fn seed(&self) -> u64 {
        let run = self.runs.fetch_add(1, Ordering::Relaxed);
        self.now().unix_ms.unsigned_abs()
            ^ u64::from(std::process::id()).rotate_left(32)
            ^ run.rotate_left(48)
    }

    pub(crate) fn tokens(&self) -> &Arc<Tokens> {
        &self.tokens
    }

    /// A token for these scopes; for Graph's own where there are none.
    pub(crate) async fn token(
        &self,
        scopes: &str,
        renew: bool,
        claims: Option<&str>,
    ) -> Result<AccessToken, Problem> {
        let scopes = if scopes.trim().is_empty() { self.tokens.scope() } else { scopes };
        Arc::clone(&self.tokens).other(scopes, renew, claims).await
    }

    /// One request with its token, to its answer.
    pub(crate) async fn exchange(&self, outgoing: Outgoing, authorization: Authorization) -> Answer {
        let Authorization { tag, header, redaction, .. } = authorization;
        let Outgoing { request, user_agent, .. } = outgoing;
        match self.transport.send(request, Some(header.clone()), Some(&user_agent)).await {
            Ok(response) => {
                if !self.session.has_noted(tag) {
                    self.session.note_token(tag, TokenFacts::read(header.to_str().unwrap_or_default()));
                }
                Answer::Response { response: redaction.redact(response), token: tag }
            }
            Err((sent, why)) => Answer::Lost { sent, why },
        }
    }
}
