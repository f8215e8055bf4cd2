//! What the operations of one client share: settings, and when a request may go.

use super::exchange::{Class, Exchange};
use super::graph::Graph;
use super::items::Items;
use super::run::Operation;
use crate::graph::Root;
use crate::problem::Problem;
use crate::retry::Policy;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How much one operation may have open at a time.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Requests in flight; at least 1.
    pub in_flight: usize,
    /// Results that are ready but not taken; at least 1.
    pub items: usize,
    /// Events that are not taken; older ones are dropped; at least 1.
    pub events: usize,
    /// Seed of the jitter in waits. The same seed, answers and times give the same run.
    pub seed: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { in_flight: 16, items: 64, events: 256, seed: 0 }
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
    /// How long a parent that is not found may still be on its way (graph-api §2.6).
    pub parent_within: Duration,
    /// How long a change may take to become visible everywhere (graph-api §2.6: "may last minutes"). A create
    /// whose answer was lost is repeated only after this.
    pub visible_within: Duration,
    /// How long one provisioning may take without the wait for the mailbox and Teams.
    pub provision_within: Duration,
    /// How long the mailbox and Teams may take (graph-api §4: up to 24 hours).
    pub ready_within: Duration,
    /// How long what was begun may be finished after a deadline.
    pub finish_within: Duration,
}

impl Settings {
    /// The defaults, for that Graph root.
    #[must_use]
    pub fn new(root: Root) -> Self {
        Self {
            root,
            retry: Policy::default(),
            request_timeout: Duration::from_secs(100),
            parent_within: Duration::from_secs(20),
            visible_within: Duration::from_secs(180),
            provision_within: Duration::from_secs(30 * 60),
            ready_within: Duration::from_secs(25 * 60 * 60),
            finish_within: Duration::from_secs(15 * 60),
        }
    }
}

/// Shared by all operations of one client. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Session(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    settings: Settings,
    throttle: Mutex<Throttle>,
    contacted: AtomicBool,
}

/// What 429s have taught: no call of a class goes before its moment.
#[derive(Debug, Default)]
struct Throttle {
    reads_from: Duration,
    writes_from: Duration,
}

impl Session {
    /// A session with these settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self(Arc::new(Shared { settings, throttle: Mutex::default(), contacted: AtomicBool::new(false) }))
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
        Operation::new(exchange, items, self.clone(), limits, Box::pin(future))
    }

    /// Whether a call of that class may go at `now`, else when to ask again. The rate budget belongs here.
    pub(super) fn admit(&self, class: Class, now: Duration) -> Result<(), Duration> {
        let throttle = self.0.throttle.lock().unwrap_or_else(PoisonError::into_inner);
        let from = match class {
            Class::Read => throttle.reads_from,
            Class::Write => throttle.writes_from,
        };
        if now >= from { Ok(()) } else { Err(from) }
    }

    /// Notes whether Graph has just answered; says whether it ever has.
    pub(super) fn contact(&self, answered: bool) -> bool {
        self.0.contacted.fetch_or(answered, Ordering::AcqRel) || answered
    }

    /// The server asked to hold calls of that class back.
    pub(super) fn hold(&self, write: bool, until: Duration) {
        let mut throttle = self.0.throttle.lock().unwrap_or_else(PoisonError::into_inner);
        let from = if write { &mut throttle.writes_from } else { &mut throttle.reads_from };
        *from = (*from).max(until);
    }
}
