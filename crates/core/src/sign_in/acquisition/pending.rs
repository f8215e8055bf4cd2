//! The futures that a fetch awaits.

use super::key::{Goal, WantedToken};
use super::requests::{Attempt, Id};
use super::step::{DemandAnswer, DemandKind, Granted};
use super::table::Shared;
use crate::operation::Answer;
use crate::problem::Problem;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

/// A token that a fetch must have first.
pub(super) struct Needed {
    shared: Arc<Shared>,
    fetch: Id,
    wanted: Arc<WantedToken>,
    id: Option<Id>,
}

/// A request on its way to its answer.
pub(super) struct Asked<'a> {
    shared: Arc<Shared>,
    attempt: Option<Attempt<'a>>,
    id: Id,
    is_waiting: bool,
}

/// A demand on the host. If it is dropped before it is met, it is withdrawn.
pub(super) struct Demanded {
    shared: Arc<Shared>,
    id: Id,
}

/// A place in the row of those who get one token, use one refresh token, or ask one person. It is given back when dropped.
pub(super) struct Turn {
    shared: Arc<Shared>,
    goal: Goal,
    id: Id,
}

/// A timer.
pub(super) struct Sleep {
    shared: Arc<Shared>,
    until: Duration,
    id: Option<Id>,
}

impl Shared {
    pub(super) fn need(self: &Arc<Self>, fetch: Id, wanted: WantedToken) -> Needed {
        Needed { shared: Arc::clone(self), fetch, wanted: Arc::new(wanted), id: None }
    }

    pub(super) fn request<'a>(self: &Arc<Self>, attempt: Attempt<'a>) -> Asked<'a> {
        let id = self.lock().new_id();
        Asked { shared: Arc::clone(self), attempt: Some(attempt), id, is_waiting: false }
    }

    pub(super) fn demand(self: &Arc<Self>, fetch: Id, kind: DemandKind) -> Demanded {
        let id = self.lock().demand(fetch, kind);
        Demanded { shared: Arc::clone(self), id }
    }

    pub(super) fn queue_up(self: &Arc<Self>, goal: Goal) -> Turn {
        let id = self.lock().queue_up(goal.clone());
        Turn { shared: Arc::clone(self), goal, id }
    }

    pub(super) fn sleep_until(self: &Arc<Self>, until: Duration) -> Sleep {
        Sleep { shared: Arc::clone(self), until, id: None }
    }
}

impl Future for Needed {
    type Output = Result<Granted, Problem>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let mut table = this.shared.lock();
        if let Some(id) = this.id {
            return match table.take_need(id) {
                Some(result) => {
                    this.id = None;
                    Poll::Ready(result)
                }
                None => Poll::Pending,
            };
        }
        match table.need(this.fetch, &this.wanted, context.waker()) {
            Ok(result) => Poll::Ready(result),
            Err(id) => {
                this.id = Some(id);
                Poll::Pending
            }
        }
    }
}

impl Drop for Needed {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            let waker = self.shared.lock().drop_need(id);
            drop(waker);
        }
    }
}

impl Asked<'_> {
    /// The `client-request-id` that it carries.
    pub(super) fn client_request_id(&self) -> String {
        self.shared.lock().requests.ids().request(self.id).text()
    }
}

impl Future for Asked<'_> {
    type Output = Answer;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let mut table = this.shared.lock();
        if let Some(attempt) = this.attempt.take() {
            table.requests.insert(this.id, attempt, context.waker());
            this.is_waiting = true;
            return Poll::Pending;
        }
        match table.requests.take(this.id, context.waker()) {
            Some(answer) => {
                this.is_waiting = false;
                Poll::Ready(answer)
            }
            None => Poll::Pending,
        }
    }
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        if self.is_waiting {
            let waker = {
                let mut table = self.shared.lock();
                let now = table.now;
                table.requests.withdraw(self.id, now)
            };
            drop(waker);
        }
    }
}

impl Future for Demanded {
    type Output = Result<DemandAnswer, Problem>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let met = self.shared.lock().demands.take_met(self.id, context.waker());
        met.map_or(Poll::Pending, Poll::Ready)
    }
}

impl Demanded {
    /// Waits for the timer, unless the host fails the demand before. Whatever else the host answers changes nothing.
    pub(super) async fn unless_failed(&mut self, mut timer: Sleep) -> Result<(), Problem> {
        std::future::poll_fn(|context| {
            if let Poll::Ready(Err(problem)) = Pin::new(&mut *self).poll(context) {
                return Poll::Ready(Err(problem));
            }
            Pin::new(&mut timer).poll(context).map(Ok)
        })
        .await
    }
}

impl Drop for Demanded {
    fn drop(&mut self) {
        self.shared.lock().demands.remove(self.id);
    }
}

impl Future for &Turn {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.shared.lock().turns.is_turn(&self.goal, self.id, context.waker()) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let next = self.shared.lock().turns.leave(&self.goal, self.id);
        if let Some(next) = next {
            next.wake();
        }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let mut table = this.shared.lock();
        if table.now.mono >= this.until {
            return Poll::Ready(());
        }
        let id = match this.id {
            Some(id) => id,
            None => *this.id.insert(table.new_id()),
        };
        let former = table.timers.insert((this.until, id), context.waker().clone());
        drop(table);
        drop(former);
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            let timer = self.shared.lock().timers.remove(&(self.until, id));
            drop(timer);
        }
    }
}
