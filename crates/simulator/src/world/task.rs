//! An operation that a world drives.

use agentuser_core::Now;
use agentuser_core::operation::{Accepted, Answer, Operation, RequestId, Step};
use std::time::Duration;

/// When a run is interrupted, counted in the requests that it has sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Interruption {
    /// It runs to its end.
    #[default]
    Never,
    /// It is cancelled so much later than that many requests.
    Cancelled {
        /// How many requests it has sent.
        after: u32,
        /// How much later.
        later: Duration,
    },
    /// Its process dies instead of sending one more: it is not polled again.
    Dies {
        /// How many requests it has sent.
        after: u32,
    },
}

impl Interruption {
    /// Cancelled as soon as so many requests were sent.
    #[must_use]
    pub const fn cancelled(after: u32) -> Self {
        Self::Cancelled { after, later: Duration::ZERO }
    }
}

/// An operation, from its start to its end or to where it is interrupted.
pub struct Task<I, T> {
    operation: Option<Operation<I, T>>,
    interruption: Interruption,
    pub(super) wakes_at: Option<Duration>,
    pub(super) cancels_at: Option<Duration>,
    cancelled_at: Option<Duration>,
    sent: u32,
    polls: u32,
}

impl<I, T> Task<I, T> {
    /// A task that starts at once.
    #[must_use]
    pub const fn new(operation: Operation<I, T>) -> Self {
        Self {
            operation: Some(operation),
            interruption: Interruption::Never,
            wakes_at: Some(Duration::ZERO),
            cancels_at: None,
            cancelled_at: None,
            sent: 0,
            polls: 0,
        }
    }

    /// Lets it start at that moment.
    #[must_use]
    pub fn starts_at(mut self, moment: Duration) -> Self {
        self.wakes_at = Some(moment);
        self
    }

    /// Sets when it is interrupted.
    #[must_use]
    pub fn interrupted(mut self, interruption: Interruption) -> Self {
        self.interruption = interruption;
        self
    }

    /// Whether it has ended, with a result or because it died.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.operation.is_none()
    }

    /// How many requests it has sent.
    #[must_use]
    pub const fn sent(&self) -> u32 {
        self.sent
    }

    /// How often it was polled.
    #[must_use]
    pub const fn polls(&self) -> u32 {
        self.polls
    }

    /// When it was cancelled.
    #[must_use]
    pub const fn cancelled_at(&self) -> Option<Duration> {
        self.cancelled_at
    }

    /// Polls the operation; none when it is over.
    pub fn poll(&mut self, now: Now) -> Option<Step<I, T>> {
        let operation = self.operation.as_mut()?;
        self.polls += 1;
        Some(operation.poll(now))
    }

    /// Hands an answer to the operation.
    pub fn answer(&mut self, id: RequestId, answer: Answer) -> Accepted {
        self.operation.as_mut().map_or(Accepted::Ignored, |operation| operation.answer(id, answer))
    }

    /// Cancels the operation now. It is polled once more, to hear of it.
    pub fn cancel(&mut self, now: Duration) {
        let Some(operation) = &self.operation else { return };
        operation.canceller().cancel();
        self.cancels_at = None;
        self.cancelled_at = Some(now);
        self.wakes_at = Some(now);
    }

    pub(super) const fn count_sent(&mut self) {
        self.sent += 1;
    }

    /// Whether it dies instead of sending one more.
    pub(super) const fn dies(&self) -> bool {
        matches!(self.interruption, Interruption::Dies { after } if self.sent >= after)
    }

    /// Sets the moment of its cancellation, once it has sent what comes before.
    pub(super) fn plan_cancellation(&mut self, now: Duration) {
        if let Interruption::Cancelled { after, later } = self.interruption
            && self.sent >= after
        {
            self.interruption = Interruption::Never;
            self.cancels_at = Some(now.saturating_add(later));
        }
    }

    /// Ends it; what it held is dropped.
    pub(super) fn end(&mut self) {
        self.operation = None;
        self.wakes_at = None;
        self.cancels_at = None;
    }
}
