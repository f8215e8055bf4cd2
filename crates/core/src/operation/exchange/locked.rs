//! The table behind its lock.

use super::table::Table;
use crate::Now;
use crate::operation::budget::{Blocked, Settlement};
use crate::operation::retry::Policy;
use crate::operation::step::{Event, RequestId};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The table that a flow and its host share.
#[derive(Debug)]
pub(in crate::operation) struct Exchange(Mutex<Table>);

impl Exchange {
    pub(in crate::operation) fn new(event_limit: usize, policy: Policy) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Table::new(event_limit, policy))))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(in crate::operation) fn now(&self) -> Now {
        self.lock().now
    }

    pub(in crate::operation) fn is_cancelled(&self) -> bool {
        self.lock().cancelled.is_some()
    }

    /// When the operation was cancelled.
    pub(in crate::operation) fn cancelled_at(&self) -> Option<Duration> {
        self.lock().cancelled
    }

    pub(in crate::operation) fn event(&self, event: Event) {
        let mut table = self.lock();
        let now = table.now.mono;
        table.events.push(event, now);
    }

    pub(in crate::operation) fn take_event(&self) -> Option<Event> {
        self.lock().events.take()
    }

    /// Announces why requests that are ready may not go.
    pub(in crate::operation) fn announce(&self, blocked: Blocked) {
        let mut table = self.lock();
        let now = table.now.mono;
        table.events.announce(blocked, now);
    }

    pub(in crate::operation) fn take_aborts(&self) -> Vec<RequestId> {
        std::mem::take(&mut self.lock().aborts)
    }

    /// Requests that have ended since this was called last.
    pub(in crate::operation) fn take_settled(&self) -> Vec<Settlement> {
        let mut table = self.lock();
        if !table.settled.is_empty() {
            table.blocked = [None; 3];
        }
        std::mem::take(&mut table.settled)
    }

    /// The next moment at which something happens without an answer, and how many requests are in flight.
    pub(in crate::operation) fn next_moment(&self) -> (Option<Duration>, usize) {
        let table = self.lock();
        let timer = table.timers.first_key_value().map(|((at, _), _)| *at);
        let expiry = table.expiries.first().map(|(at, _)| *at);
        (timer.into_iter().chain(expiry).min(), table.in_flight)
    }
}
