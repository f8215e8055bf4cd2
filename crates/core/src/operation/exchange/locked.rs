//! The table behind its lock.

use super::attempt::{Stop, StopReason};
use super::records::Records;
use super::table::Table;
use crate::Now;
use crate::model::Stage;
use crate::operation::budget::{Blocked, Settlement};
use crate::operation::record::{Changed, Record, Recording};
use crate::operation::retry::Policy;
use crate::operation::step::{Event, RequestId, TokenTag};
use crate::problem::{Code, Problem};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The table that a flow and its host share.
#[derive(Debug)]
pub(in crate::operation) struct Exchange(Mutex<Table>);

impl Exchange {
    pub(in crate::operation) fn new(event_limit: usize, policy: Policy, seed: u64) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Table::new(event_limit, policy, seed))))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(in crate::operation) fn now(&self) -> Now {
        self.lock().now
    }

    /// When the operation is to end; none when it has as long as it takes. Without effect once it was polled.
    pub(in crate::operation) fn set_timeout(&self, timeout: Option<Duration>) {
        self.lock().timeout = timeout;
    }

    /// How long it may still finish what it has begun once it ends early.
    pub(in crate::operation) fn set_cleanup_timeout(&self, timeout: Duration) {
        self.lock().cleanup_timeout = timeout;
    }

    /// Sets what is recorded from now on.
    pub(in crate::operation) fn set_recording(&self, wanted: Recording) {
        let mut table = self.lock();
        let ids = table.ids;
        let any = wanted.requests || wanted.changes;
        table.records = any.then(|| Box::new(Records::new(wanted, ids.run())));
    }

    pub(in crate::operation) fn run_id(&self) -> String {
        self.lock().ids.run()
    }

    /// The problem that the operation ends with. A cancelled one has no other than that, unless it is not known what it did.
    pub(in crate::operation) fn ended(&self, problem: Problem) -> Problem {
        let stays = matches!(problem.code(), Code::Cancelled | Code::OutcomeUnknown | Code::Internal);
        let problem = match self.cancelled().filter(|_| !stays) {
            Some(end) => end.after(Some(&problem)),
            None => problem,
        };
        problem.with_run_id(&self.run_id())
    }

    /// The problem of a flow that goes on after a cancellation.
    pub(in crate::operation) fn cancelled(&self) -> Option<Problem> {
        let stop = self.stop().filter(|stop| stop.why == StopReason::Cancelled)?;
        Some(stop.why.problem("an answer"))
    }

    pub(in crate::operation) fn take_record(&self) -> Option<Record> {
        let mut table = self.lock();
        let now = table.now;
        table.records.as_mut()?.take(now)
    }

    pub(in crate::operation) fn records_changes(&self) -> bool {
        self.lock().records.as_ref().is_some_and(|records| records.wants_changes())
    }

    /// The token of the last request that was answered.
    pub(in crate::operation) fn last_token(&self) -> Option<TokenTag> {
        self.lock().last_token
    }

    /// A change was made, or may have been.
    pub(in crate::operation) fn changed(&self, row: Option<usize>, who: Option<String>, changed: Changed) {
        let mut table = self.lock();
        let now = table.now;
        if let Some(records) = &mut table.records {
            records.changed(row, who, changed, now);
        }
    }

    /// Whether the operation ends early, and why.
    pub(in crate::operation) fn stop(&self) -> Option<Stop> {
        self.lock().stop
    }

    /// When the operation was stopped, or will be because its time is over.
    pub(in crate::operation) fn stops_at(&self) -> Option<Duration> {
        let table = self.lock();
        table.stop.map(|stop| stop.at).or(table.deadline)
    }

    /// Since when no request was answered, although some were sent.
    pub(in crate::operation) fn silent_since(&self) -> Option<Duration> {
        self.lock().silence.since()
    }

    pub(in crate::operation) fn event(&self, event: Event) {
        let mut table = self.lock();
        let now = table.now.mono;
        table.events.push(event, now);
    }

    /// Announces a stage. One of a row counts in the progress of all rows.
    pub(in crate::operation) fn stage(&self, row: Option<usize>, from: Stage, to: Stage) {
        let mut table = self.lock();
        let now = table.now.mono;
        if row.is_some() {
            table.events.row_moves(from, to);
        }
        table.events.push(Event::Stage { row, stage: to }, now);
    }

    /// Announces how many rows are finished. The first call says how many there are.
    pub(in crate::operation) fn rows(&self, done: usize, of: usize) {
        let mut table = self.lock();
        let now = table.now.mono;
        table.events.rows(done, of, now);
    }

    pub(in crate::operation) fn take_event(&self) -> Option<Event> {
        let mut table = self.lock();
        let now = table.now.mono;
        table.events.take(now)
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
            table.blocked = [None; 4];
        }
        std::mem::take(&mut table.settled)
    }

    /// The next moment at which something happens without an answer, and how many requests are in flight.
    pub(in crate::operation) fn next_moment(&self) -> (Option<Duration>, usize) {
        let table = self.lock();
        let timer = table.timers.first_key_value().map(|((at, _), _)| *at);
        let expiry = table.expiries.first().map(|(at, _)| *at);
        let deadline = table.deadline.filter(|_| table.stop.is_none());
        let tells_at = table.tells_at.filter(|_| table.in_flight > 0);
        let moments = [timer, expiry, deadline, tells_at, table.events.next_rows()];
        // Progress that is due later does not end a wait: an operation without a timer and without a request
        // is stuck.
        let stuck = timer.is_none() && expiry.is_none() && table.in_flight == 0;
        (moments.into_iter().flatten().min().filter(|_| !stuck), table.in_flight)
    }
}
