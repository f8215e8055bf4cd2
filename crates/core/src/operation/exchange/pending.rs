//! The futures that a flow awaits.

use super::attempt::Attempt;
use super::locked::Exchange;
use crate::operation::step::Answer;
use crate::problem::Problem;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

/// A request on its way to its answer.
pub(in crate::operation) struct Pending {
    exchange: Arc<Exchange>,
    state: PendingState,
    /// The key of its slot, once it was queued.
    key: Option<u64>,
}

enum PendingState {
    New(Box<Attempt>),
    Waiting(u64),
    Over,
}

/// A timer.
pub(in crate::operation) struct Sleep {
    exchange: Arc<Exchange>,
    until: Duration,
    for_cleanup: bool,
    was_stopped: bool,
    key: Option<u64>,
}

impl Exchange {
    /// Resolves with the answer, or with a problem when it was never sent.
    pub(in crate::operation) fn request(self: &Arc<Self>, attempt: Attempt) -> Pending {
        Pending { exchange: Arc::clone(self), state: PendingState::New(Box::new(attempt)), key: None }
    }

    /// Resolves at that moment. An early end of the operation wakes it, also for cleanup, so that the caller can compute
    /// its deadline again.
    pub(in crate::operation) fn sleep_until(self: &Arc<Self>, until: Duration, for_cleanup: bool) -> Sleep {
        let was_stopped = self.stop().is_some();
        Sleep { exchange: Arc::clone(self), until, for_cleanup, was_stopped, key: None }
    }
}

impl Pending {
    /// The `client-request-id` that it carries; none where it was never queued.
    pub(in crate::operation) fn client_request_id(&self) -> Option<String> {
        self.key.map(|key| self.exchange.lock().ids.request(key).text())
    }

    fn begin(&mut self, attempt: Attempt, context: &Context<'_>) -> Poll<Result<Answer, Problem>> {
        match self.exchange.lock().insert(attempt, context.waker()) {
            Ok(key) => {
                self.state = PendingState::Waiting(key);
                self.key = Some(key);
                Poll::Pending
            }
            Err(problem) => Poll::Ready(Err(problem)),
        }
    }

    fn check(&mut self, key: u64, context: &Context<'_>) -> Poll<Result<Answer, Problem>> {
        let mut table = self.exchange.lock();
        if let Some(answer) = table.remove_answered(key) {
            return Poll::Ready(answer);
        }
        let former = table.replace_waker(key, context.waker().clone());
        drop(table);
        drop(former);
        self.state = PendingState::Waiting(key);
        Poll::Pending
    }
}

impl Future for Pending {
    type Output = Result<Answer, Problem>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match std::mem::replace(&mut self.state, PendingState::Over) {
            PendingState::New(attempt) => self.begin(*attempt, context),
            PendingState::Waiting(key) => self.check(key, context),
            PendingState::Over => Poll::Pending,
        }
    }
}

impl Drop for Pending {
    /// The flow does not want the answer any more: a queued request is never sent, one in flight is aborted.
    fn drop(&mut self) {
        if let PendingState::Waiting(key) = self.state {
            let slot = {
                let mut table = self.exchange.lock();
                table.withdraw(key, false);
                table.slots.remove(&key)
            };
            drop(slot);
        }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let mut guard = this.exchange.lock();
        let table = &mut *guard;
        let stopped = table.stop.is_some() && !(this.for_cleanup && this.was_stopped);
        if table.now.mono >= this.until || stopped {
            let timer = this.key.take().and_then(|key| table.remove_timer(this.until, key, this.for_cleanup));
            drop(guard);
            drop(timer);
            return Poll::Ready(());
        }
        let key = *this.key.get_or_insert_with(|| {
            table.cleanup_timers += usize::from(this.for_cleanup);
            table.new_key()
        });
        let former = table.timers.insert((this.until, key), context.waker().clone());
        drop(guard);
        drop(former);
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            let timer = self.exchange.lock().remove_timer(self.until, key, self.for_cleanup);
            drop(timer);
        }
    }
}
