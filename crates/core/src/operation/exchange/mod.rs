//! The exchange between a flow and its host: a table of requests and timers.
//!
//! [`pending`] has the futures that a flow awaits, [`dispatch`] hands out what may be sent, [`answers`] takes what came
//! back, [`time`] moves the clock, [`events`] keeps progress until the host takes it. All work on one [`table`].
//!
//! Wakers and answers leave the lock before they are woken or dropped: either may run code that takes it again.

mod answers;
mod dispatch;
mod events;
mod pending;
mod table;
mod time;

pub(super) use answers::Batches;
pub(super) use dispatch::Dispatched;

use super::budget::{Blocked, Settlement};
use super::retry::{AttemptState, Policy};
use super::step::{Event, RejectedToken, RequestId};
use crate::Now;
use crate::graph::Call;
use crate::http::Request;
use crate::problem::{Code, Problem};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use table::Table;

#[derive(Debug)]
pub(super) struct Exchange(Mutex<Table>);

/// One attempt of one request.
pub(super) struct Attempt {
    pub(super) call: Call,
    pub(super) request: Request,
    pub(super) rejected_token: Option<RejectedToken>,
    pub(super) state: AttemptState,
    pub(super) timeout: Duration,
    /// When it is no longer worth sending, and a read no longer worth waiting for.
    pub(super) deadline: Option<Duration>,
    /// How long it may take after a cancellation; without it, a cancellation ends it.
    pub(super) cleanup_timeout: Option<Duration>,
    /// Whether it goes alone: as most flows want, and as a repeated request does, so that a second refusal does not delay
    /// a batch.
    pub(super) never_batch: bool,
    /// Lower goes first.
    pub(super) priority: u64,
}

impl Exchange {
    pub(super) fn new(event_limit: usize, policy: Policy) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Table::new(event_limit, policy))))
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Now {
        self.lock().now
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.lock().cancelled.is_some()
    }

    /// When the operation was cancelled.
    pub(super) fn cancelled_at(&self) -> Option<Duration> {
        self.lock().cancelled
    }

    pub(super) fn event(&self, event: Event) {
        let mut table = self.lock();
        let now = table.now.mono;
        table.events.push(event, now);
    }

    pub(super) fn take_event(&self) -> Option<Event> {
        self.lock().events.take()
    }

    /// Announces why requests that are ready may not go.
    pub(super) fn announce(&self, blocked: Blocked) {
        let mut table = self.lock();
        let now = table.now.mono;
        table.events.announce(blocked, now);
    }

    pub(super) fn take_aborts(&self) -> Vec<RequestId> {
        std::mem::take(&mut self.lock().aborts)
    }

    /// Requests that have ended since this was called last.
    pub(super) fn take_settled(&self) -> Vec<Settlement> {
        let mut table = self.lock();
        if !table.settled.is_empty() {
            table.blocked = [None; 3];
        }
        std::mem::take(&mut table.settled)
    }

    /// The next moment at which something happens without an answer, and how many requests are in flight.
    pub(super) fn next_moment(&self) -> (Option<Duration>, usize) {
        let table = self.lock();
        let timer = table.timers.first_key_value().map(|((at, _), _)| *at);
        let expiry = table.expiries.first().map(|(at, _)| *at);
        (timer.into_iter().chain(expiry).min(), table.in_flight)
    }
}

pub(super) fn cancelled_problem() -> Problem {
    Problem::new(Code::Cancelled, "The operation was cancelled before this was done.")
}

pub(super) fn late_problem() -> Problem {
    Problem::new(Code::DeadlineExceeded, "The time for this operation was used up before it could go on.")
}
