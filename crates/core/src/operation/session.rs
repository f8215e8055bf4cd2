//! The session: settings and the rate budget, which the operations of one client share.

use super::batch;
use super::budget::{Blocked, Budget, Busy, Owner, Settlement, Ticket};
use super::quotas::{Class, Quotas};
use super::retry::Policy;
use super::step::TokenTag;
use crate::graph::{Call, Endpoint};
use crate::token::TokenFacts;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How much one operation may have open at a time.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Requests in flight; 32, at least 1. A batch is one request.
    pub in_flight: usize,
    /// Requests that may go as one by `$batch` when a flow has many ready at the same time, as applying a roster does; 20,
    /// which is the most that Graph takes (docs/graph.md#batches). 1 sends each on its own.
    pub batch: usize,
    /// Results that are ready but not taken; at least 1.
    pub items: usize,
    /// Events that are not taken; older ones are dropped; at least 1.
    pub events: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { in_flight: 32, batch: batch::MOST, items: 64, events: 256 }
    }
}

/// How long to wait for what. Every value has a default that fits Graph as its documentation describes it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// Where Graph is.
    pub graph_endpoint: Endpoint,
    /// How failed requests are tried again.
    pub retry: Policy,
    /// How long one request may take, at most.
    pub request_timeout: Duration,
    /// How long a read may take before it is asked again; each further try of it may take twice as long as the one before,
    /// up to [`Settings::request_timeout`].
    pub read_timeout: Duration,
    /// How long no request at all may be answered before what waits for answers ends with the last failure.
    pub outage_timeout: Duration,
    /// How long a parent that is not found may still be on its way (docs/graph.md#known-issues).
    pub parent_timeout: Duration,
    /// How long a change may take to become visible everywhere (docs/graph.md#known-issues: "may last minutes"). A create
    /// whose answer was lost is repeated only after this.
    pub replication_timeout: Duration,
    /// How long one provisioning may take without the wait for the mailbox and Teams.
    pub provision_timeout: Duration,
    /// How long the mailbox and Teams may take (docs/graph.md#licenses-and-readiness: up to 24 hours).
    pub readiness_timeout: Duration,
    /// How long each operation may take, unless it says otherwise; as long as it takes by default.
    pub operation_timeout: Option<Duration>,
    /// How long an operation may finish begun writes after its deadline or a cancellation, and look for those whose outcome
    /// is unknown.
    pub cleanup_timeout: Duration,
    /// The most entries of a list. A tenant has 300,000 objects, and more only by agreement with Microsoft
    /// (docs/graph.md#lists), so that a list beyond 5 million has no end.
    pub max_entries: usize,
    /// How many pages in a row may bring nothing new; 1,000. A page may be empty and still have a next one, as where Graph
    /// looks through many users for few (docs/graph.md#lists).
    pub max_empty_pages: usize,
    /// How much of Graph all operations of the session may use together.
    pub quotas: Quotas,
}

impl Settings {
    /// Whether a request at that moment is in vain, because there is no time left to wait for its answer: none has come since
    /// `silent_since`.
    pub(super) fn is_in_vain(&self, silent_since: Duration, moment: Duration) -> bool {
        moment.saturating_add(self.read_timeout) > silent_since.saturating_add(self.outage_timeout)
    }

    /// The defaults, for that Graph endpoint.
    #[must_use]
    pub fn new(endpoint: Endpoint) -> Self {
        Self {
            graph_endpoint: endpoint,
            retry: Policy::default(),
            request_timeout: Duration::from_secs(60),
            read_timeout: Duration::from_secs(15),
            outage_timeout: Duration::from_secs(120),
            parent_timeout: Duration::from_secs(15),
            replication_timeout: Duration::from_secs(180),
            provision_timeout: Duration::from_secs(30 * 60),
            readiness_timeout: Duration::from_secs(25 * 60 * 60),
            operation_timeout: None,
            cleanup_timeout: Duration::from_secs(30),
            max_entries: 5_000_000,
            max_empty_pages: 1_000,
            quotas: Quotas::default(),
        }
    }
}

/// Shared by all operations of one client. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Session {
    shared: Arc<Shared>,
    limits: Limits,
}

#[derive(Debug)]
struct Shared {
    settings: Settings,
    budget: Mutex<Budget>,
    operations: AtomicU64,
    contacted: AtomicBool,
    /// The server has refused a batch as such.
    refuses_batches: AtomicBool,
    /// The facts that the last tokens show.
    token_facts: Mutex<Vec<(TokenTag, TokenFacts)>>,
}

/// The number of tokens whose facts are kept. Requests that carry an older one are answered by then.
const TOKENS: usize = 4;

impl Session {
    /// A session with these settings, and the limits that fit most hosts.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let shared = Shared {
            budget: Mutex::new(Budget::new(settings.quotas)),
            settings,
            operations: AtomicU64::new(0),
            contacted: AtomicBool::new(false),
            refuses_batches: AtomicBool::new(false),
            token_facts: Mutex::default(),
        };
        Self { shared: Arc::new(shared), limits: Limits::default() }
    }

    /// The same session, with these limits for the operations that it starts: for a host that sends one request at a
    /// time, or takes one item at a time.
    #[must_use]
    pub fn with_limits(&self, limits: Limits) -> Self {
        Self { shared: Arc::clone(&self.shared), limits }
    }

    /// How much each of its operations may have open at a time.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    fn budget(&self) -> MutexGuard<'_, Budget> {
        self.shared.budget.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the facts that a token shows. A host calls it before it hands back the first answer to a request
    /// with that token: records of changes then say who made them, and the problem of a token for another
    /// service names it as such.
    pub fn note_token(&self, tag: TokenTag, facts: TokenFacts) {
        let mut known = self.shared.token_facts.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|(other, _)| *other != tag);
        if known.len() >= TOKENS {
            known.remove(0);
        }
        known.push((tag, facts));
    }

    /// Whether [`Session::note_token`] was called for the token.
    #[must_use]
    pub fn has_noted(&self, tag: TokenTag) -> bool {
        let known = self.shared.token_facts.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().any(|(other, _)| *other == tag)
    }

    pub(super) fn token_facts(&self, tag: TokenTag) -> TokenFacts {
        let known = self.shared.token_facts.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(other, _)| *other == tag).map(|(_, facts)| facts.clone()).unwrap_or_default()
    }

    /// Notes whether Graph has just answered, and says whether it ever has.
    pub(super) fn contact(&self, answered: bool) -> bool {
        self.shared.contacted.fetch_or(answered, Ordering::AcqRel) || answered
    }

    pub(super) fn share_quotas(&self, among: u32) {
        self.budget().share(among);
    }

    /// A place for another operation.
    pub(super) fn join(&self) -> Member {
        let owner = self.shared.operations.fetch_add(1, Ordering::Relaxed);
        Member { session: self.clone(), owner }
    }
}

/// An operation's place among those that share the session.
#[derive(Debug)]
pub(super) struct Member {
    session: Session,
    owner: Owner,
}

impl Member {
    pub(super) fn endpoint(&self) -> &Endpoint {
        &self.session.shared.settings.graph_endpoint
    }

    pub(super) fn in_flight(&self) -> usize {
        self.session.limits.in_flight
    }

    /// Requests that may go as one.
    pub(super) fn batch(&self) -> usize {
        let refused = self.session.shared.refuses_batches.load(Ordering::Acquire);
        if refused { 1 } else { self.session.limits.batch }
    }

    /// As [`Settings::is_in_vain`].
    pub(super) fn is_in_vain(&self, silent_since: Duration, moment: Duration) -> bool {
        self.session.shared.settings.is_in_vain(silent_since, moment)
    }

    /// Whether this call may go at `now`; else why not, and when to ask again.
    pub(super) fn admit(&self, call: Call, url: &str, now: Duration) -> Result<Ticket, Blocked> {
        self.session.budget().admit(self.owner, call, url, now)
    }

    /// The answer by which the server pauses a class.
    pub(super) fn busy(&self, class: Class) -> Option<Busy> {
        self.session.budget().busy(class)
    }

    /// The longest wait that a server may ask for.
    pub(super) fn longest_retry_after(&self) -> Duration {
        self.session.shared.settings.retry.longest_retry_after
    }

    /// Requests have ended.
    pub(super) fn settle(&self, settled: Vec<Settlement>, now: Duration) {
        if settled.is_empty() {
            return;
        }
        let mut budget = self.session.budget();
        for settlement in settled {
            budget.settle(settlement, now);
        }
    }

    pub(super) fn batch_refused(&self) {
        self.session.shared.refuses_batches.store(true, Ordering::Release);
    }

    /// The operation was dropped.
    pub(super) fn leave(&self) {
        self.session.budget().drop_operation(self.owner);
    }
}
