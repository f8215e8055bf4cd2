//! What the operations of one client share: settings, and when a request may go.

use super::batch;
use super::budget::{Budget, Held, Owner, Spent, Ticket};
use super::exchange::Exchange;
use super::graph::Graph;
use super::items::Items;
use super::quotas::Quotas;
use super::run::Operation;
use crate::graph::{Call, Root};
use crate::operation::retry::Policy;
use crate::problem::Problem;
use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How much one operation may have open at a time.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Requests in flight; at least 1. A batch is one request.
    pub in_flight: usize,
    /// Requests that may go as one by `$batch` when they are ready at the same time; 20, which is the most that Graph
    /// takes (docs/graph.md#batches), unless said otherwise. 1 sends each on its own.
    pub batch: usize,
    /// Results that are ready but not taken; at least 1.
    pub items: usize,
    /// Events that are not taken; older ones are dropped; at least 1.
    pub events: usize,
    /// Seed of the jitter in waits. The same seed, answers and times give the same run.
    pub seed: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { in_flight: 16, batch: batch::MOST, items: 64, events: 256, seed: 0 }
    }
}

/// How long to wait for what. Every value has a default that fits Graph as its documentation describes it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// Where Graph is.
    pub root: Root,
    /// How failed requests are tried again.
    pub retry: Policy,
    /// How long one request may take.
    pub request_timeout: Duration,
    /// How long a parent that is not found may still be on its way (docs/graph.md#known-issues).
    pub parent_timeout: Duration,
    /// How long a change may take to become visible everywhere (docs/graph.md#known-issues: "may last minutes"). A create
    /// whose answer was lost is repeated only after this.
    pub replication_timeout: Duration,
    /// How long one provisioning may take without the wait for the mailbox and Teams.
    pub provision_timeout: Duration,
    /// How long the mailbox and Teams may take (docs/graph.md#licenses-and-readiness: up to 24 hours).
    pub readiness_timeout: Duration,
    /// How long what was begun may be finished after a deadline.
    pub cleanup_timeout: Duration,
    /// How much of Graph all operations of the session may use together.
    pub quotas: Quotas,
}

impl Settings {
    /// The defaults, for that Graph root.
    #[must_use]
    pub fn new(root: Root) -> Self {
        Self {
            root,
            retry: Policy::default(),
            request_timeout: Duration::from_secs(100),
            parent_timeout: Duration::from_secs(20),
            replication_timeout: Duration::from_secs(180),
            provision_timeout: Duration::from_secs(30 * 60),
            readiness_timeout: Duration::from_secs(25 * 60 * 60),
            cleanup_timeout: Duration::from_secs(15 * 60),
            quotas: Quotas::default(),
        }
    }
}

/// Shared by all operations of one client. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Session(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    settings: Settings,
    budget: Mutex<Budget>,
    operations: AtomicU64,
    contacted: AtomicBool,
    /// The server has refused a batch as such.
    refuses_batches: AtomicBool,
}

impl Session {
    /// A session with these settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self(Arc::new(Shared {
            budget: Mutex::new(Budget::new(settings.quotas)),
            settings,
            operations: AtomicU64::new(0),
            contacted: AtomicBool::new(false),
            refuses_batches: AtomicBool::new(false),
        }))
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Makes an operation of a flow. Nothing runs before the first poll.
    pub fn start<I, T, F, Fut>(&self, limits: Limits, flow: F) -> Operation<I, T>
    where
        F: FnOnce(Graph, Items<I>) -> Fut,
        Fut: Future<Output = Result<T, Problem>> + Send + 'static,
    {
        let exchange = Exchange::new(limits.events);
        let items = Items::new(limits.items);
        let graph = Graph::new(Arc::clone(&exchange), self.clone(), limits.seed);
        let future = flow(graph, items.clone());
        let owner = self.0.operations.fetch_add(1, Ordering::Relaxed);
        Operation::new(exchange, items, Member { session: self.clone(), owner }, limits, Box::pin(future))
    }

    fn budget(&self) -> MutexGuard<'_, Budget> {
        self.0.budget.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes whether Graph has just answered; says whether it ever has.
    pub(super) fn contact(&self, answered: bool) -> bool {
        self.0.contacted.fetch_or(answered, Ordering::AcqRel) || answered
    }

    pub(super) fn share_quotas(&self, among: u32) {
        self.budget().share(among);
    }

    /// The server asked to hold calls like this one back.
    pub(super) fn hold(&self, call: Call, until: Duration) {
        self.budget().hold(call, until);
    }
}

/// An operation's place among those that share the session.
#[derive(Debug)]
pub(super) struct Member {
    session: Session,
    owner: Owner,
}

impl Member {
    pub(super) fn root(&self) -> &Root {
        &self.session.0.settings.root
    }

    /// Whether this call may go at `now`, else why not and when to ask again.
    pub(super) fn admit(&self, call: Call, url: &str, now: Duration) -> Result<Ticket, Held> {
        self.session.budget().admit(self.owner, call, url, now)
    }

    /// Requests have come to their end.
    pub(super) fn settle(&self, settled: Vec<(Ticket, Spent)>, now: Duration) {
        if settled.is_empty() {
            return;
        }
        let mut budget = self.session.budget();
        for (ticket, spent) in settled {
            budget.settle(ticket, spent, now);
        }
    }

    pub(super) fn refuses_batches(&self) -> bool {
        self.session.0.refuses_batches.load(Ordering::Acquire)
    }

    pub(super) fn batch_refused(&self) {
        self.session.0.refuses_batches.store(true, Ordering::Release);
    }

    /// It is no more.
    pub(super) fn leave(&self) {
        self.session.budget().leave(self.owner);
    }
}
