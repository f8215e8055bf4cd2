//! The table of requests and timers between a flow and its host.
//!
//! Wakers and answers leave the lock before they are woken or dropped: either may run code that takes it again.

use super::step::{Accepted, Answer, Event, Loss, Outgoing, Refused, RequestId, Sent, Whose};
use crate::Now;
use crate::graph::Call;
use crate::http::Request;
use crate::problem::{Code, Problem};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// The kinds of call that Graph throttles apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Read,
    Write,
}

#[derive(Debug)]
pub(super) struct Exchange(Mutex<State>);

#[derive(Debug)]
struct State {
    now: Now,
    /// When it was cancelled.
    cancelled: Option<Duration>,
    next_key: u64,
    slots: BTreeMap<u64, Slot>,
    reads: BTreeSet<u64>,
    writes: BTreeSet<u64>,
    in_flight: usize,
    expiries: BTreeSet<(Duration, u64)>,
    /// Requests that were held and have left since the last poll.
    leaving: Vec<u64>,
    timers: BTreeMap<(Duration, u64), Waker>,
    aborts: Vec<RequestId>,
    events: VecDeque<Event>,
    event_limit: usize,
}

#[derive(Debug)]
struct Slot {
    class: Class,
    timeout: Duration,
    deadline: Option<Duration>,
    expiry: Duration,
    survives_cancel: bool,
    finish_within: Duration,
    stage: Stage,
    waker: Option<Waker>,
}

#[derive(Debug)]
enum Stage {
    Queued(Box<Outgoing>),
    /// Handed out. `held`: it has not left, because the host waits for a token.
    InFlight {
        held: bool,
    },
    Answered(Result<Answer, Problem>),
}

/// One try of one request.
pub(super) struct Try {
    pub(super) call: Call,
    pub(super) request: Request,
    pub(super) refused: Option<Refused>,
    pub(super) timeout: Duration,
    /// When it is no longer worth sending, and a read no longer worth waiting for.
    pub(super) deadline: Option<Duration>,
    pub(super) survives_cancel: bool,
    /// How long what survives a cancellation may still take.
    pub(super) finish_within: Duration,
}

impl Exchange {
    pub(super) fn new(event_limit: usize) -> Arc<Self> {
        Arc::new(Self(Mutex::new(State {
            now: Now::default(),
            cancelled: None,
            next_key: 0,
            slots: BTreeMap::new(),
            reads: BTreeSet::new(),
            writes: BTreeSet::new(),
            in_flight: 0,
            expiries: BTreeSet::new(),
            leaving: Vec::new(),
            timers: BTreeMap::new(),
            aborts: Vec::new(),
            events: VecDeque::new(),
            event_limit: event_limit.max(1),
        })))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // The flow's side.

    pub(super) fn now(&self) -> Now {
        self.lock().now
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.lock().cancelled.is_some()
    }

    pub(super) fn event(&self, event: Event) {
        let mut state = self.lock();
        if state.events.len() >= state.event_limit {
            state.events.pop_front();
        }
        state.events.push_back(event);
    }

    /// When it was cancelled.
    pub(super) fn cancelled_at(&self) -> Option<Duration> {
        self.lock().cancelled
    }

    /// Resolves with the answer, or with a problem when it was never sent.
    pub(super) fn request(self: &Arc<Self>, attempt: Try) -> Pending {
        Pending { exchange: Arc::clone(self), state: PendingState::New(Box::new(attempt)) }
    }

    /// Resolves at that moment, or when it is cancelled: who survives that sees its new deadline.
    pub(super) fn sleep_until(self: &Arc<Self>, until: Duration, survives_cancel: bool) -> Sleep {
        let was_cancelled = self.is_cancelled();
        Sleep { exchange: Arc::clone(self), until, survives_cancel, was_cancelled, key: None }
    }

    // The host's side.

    /// Moves the clock: fires timers, expires requests, spreads a cancellation.
    pub(super) fn advance(&self, now: Now, cancelled: bool) {
        let mut wake = Vec::new();
        {
            let mut guard = self.lock();
            let state = &mut *guard;
            state.now = now;
            for key in std::mem::take(&mut state.leaving) {
                let Some(slot) = state.slots.get_mut(&key) else { continue };
                if matches!(slot.stage, Stage::InFlight { held: false }) {
                    state.expiries.remove(&(slot.expiry, key));
                    slot.expiry = slot.leaves_at(now);
                    state.expiries.insert((slot.expiry, key));
                }
            }
            while let Some(entry) = state.timers.first_entry() {
                if entry.key().0 > now.mono {
                    break;
                }
                wake.push(entry.remove());
            }
            while let Some(&(moment, key)) = state.expiries.first() {
                if moment > now.mono {
                    break;
                }
                let answer = match state.slots.get(&key).map(|slot| &slot.stage) {
                    Some(Stage::InFlight { held: true }) => {
                        state.aborts.push(RequestId(key));
                        Err(late_problem())
                    }
                    Some(Stage::InFlight { held: false }) => {
                        state.aborts.push(RequestId(key));
                        Ok(Answer::Lost { sent: Sent::Maybe, why: Loss::TimedOut })
                    }
                    _ => Err(late_problem()),
                };
                wake.extend(state.resolve(key, answer));
            }
            if cancelled && state.cancelled.is_none() {
                state.cancelled = Some(now.mono);
                let not_left: Vec<(u64, bool)> = state
                    .slots
                    .iter()
                    .filter_map(|(key, slot)| match slot.stage {
                        Stage::Queued(_) if !slot.survives_cancel => Some((*key, false)),
                        // Also what would survive: nobody may wait for somebody to sign in after a cancellation.
                        Stage::InFlight { held: true } => Some((*key, true)),
                        _ => None,
                    })
                    .collect();
                // What survives and waits for its turn may not do so longer than there is time to finish.
                for (key, slot) in &mut state.slots {
                    if slot.survives_cancel && matches!(slot.stage, Stage::Queued(_)) {
                        let end = now.mono.saturating_add(slot.finish_within);
                        state.expiries.remove(&(slot.expiry, *key));
                        slot.deadline = Some(slot.deadline.map_or(end, |deadline| deadline.min(end)));
                        slot.expiry = slot.expiry.min(end);
                        state.expiries.insert((slot.expiry, *key));
                    }
                }
                for (key, held) in not_left {
                    if held {
                        state.aborts.push(RequestId(key));
                    }
                    wake.extend(state.resolve(key, Err(cancelled_problem())));
                }
                wake.extend(std::mem::take(&mut state.timers).into_values());
            }
        }
        wake.into_iter().for_each(Waker::wake);
    }

    pub(super) fn answer(&self, id: RequestId, answer: Answer) -> Accepted {
        let (accepted, waker, ignored) = {
            let mut state = self.lock();
            if matches!(state.slots.get(&id.0), Some(Slot { stage: Stage::InFlight { .. }, .. })) {
                (Accepted::Used, state.resolve(id.0, Ok(answer)), None)
            } else {
                (Accepted::Ignored, None, Some(answer))
            }
        };
        drop(ignored);
        if let Some(waker) = waker {
            waker.wake();
        }
        accepted
    }

    /// A request that was handed out has not left, or leaves only now: its time begins when it leaves.
    pub(super) fn hold(&self, id: RequestId, hold: bool) -> Accepted {
        let mut guard = self.lock();
        let state = &mut *guard;
        let Some(slot) = state.slots.get_mut(&id.0) else { return Accepted::Ignored };
        let Stage::InFlight { held } = &mut slot.stage else { return Accepted::Ignored };
        *held = hold;
        if hold {
            state.expiries.remove(&(slot.expiry, id.0));
            slot.expiry = slot.deadline.unwrap_or(Duration::MAX);
            if let Some(deadline) = slot.deadline {
                state.expiries.insert((deadline, id.0));
            }
        } else {
            state.leaving.push(id.0);
        }
        Accepted::Used
    }

    /// Takes what may be sent now, oldest first.
    ///
    /// This is the dispatch: it runs once the flow is quiet and so sees everything that is ready. `admit` says
    /// whether a call of that class may go (`Ok`) or when to ask again; packing into `$batch` belongs here, too.
    pub(super) fn dispatch(
        &self,
        in_flight: usize,
        mut admit: impl FnMut(Class) -> Result<(), Duration>,
    ) -> (Vec<Outgoing>, Option<Duration>) {
        let mut guard = self.lock();
        let state = &mut *guard;
        let mut ready = Vec::new();
        let mut again: Option<Duration> = None;
        let mut held = [false, false];
        while state.in_flight < in_flight.max(1) {
            let [reads_held, writes_held] = held;
            let read = if reads_held { None } else { state.reads.first().copied() };
            let write = if writes_held { None } else { state.writes.first().copied() };
            let class = match (read, write) {
                (Some(read), Some(write)) if write < read => Class::Write,
                (Some(_), _) => Class::Read,
                (None, Some(_)) => Class::Write,
                (None, None) => break,
            };
            if let Err(moment) = admit(class) {
                again = Some(again.map_or(moment, |other| other.min(moment)));
                match class {
                    Class::Read => held = [true, writes_held],
                    Class::Write => held = [reads_held, true],
                }
                continue;
            }
            let key = match class {
                Class::Read => state.reads.pop_first(),
                Class::Write => state.writes.pop_first(),
            };
            let Some(key) = key else { break };
            let Some(slot) = state.slots.get_mut(&key) else { continue };
            if let Stage::Queued(outgoing) =
                std::mem::replace(&mut slot.stage, Stage::InFlight { held: false })
            {
                state.expiries.remove(&(slot.expiry, key));
                slot.expiry = slot.leaves_at(state.now);
                state.expiries.insert((slot.expiry, key));
                state.in_flight += 1;
                ready.push(*outgoing);
            }
        }
        (ready, again)
    }

    pub(super) fn take_aborts(&self) -> Vec<RequestId> {
        std::mem::take(&mut self.lock().aborts)
    }

    pub(super) fn take_event(&self) -> Option<Event> {
        self.lock().events.pop_front()
    }

    /// The next moment at which something happens without an answer, and how many requests are in flight.
    pub(super) fn next_moment(&self) -> (Option<Duration>, usize) {
        let state = self.lock();
        let timer = state.timers.first_key_value().map(|((at, _), _)| *at);
        let expiry = state.expiries.first().map(|(at, _)| *at);
        (timer.into_iter().chain(expiry).min(), state.in_flight)
    }
}

impl Slot {
    /// When a request that leaves now must be back. A write is given its whole time, because its outcome matters.
    fn leaves_at(&self, now: Now) -> Duration {
        let expiry = now.mono.saturating_add(self.timeout);
        match self.deadline {
            Some(deadline) if self.class == Class::Read => expiry.min(deadline),
            _ => expiry,
        }
    }
}

impl State {
    /// Gives a slot its answer and returns the waker to wake.
    #[must_use]
    fn resolve(&mut self, key: u64, answer: Result<Answer, Problem>) -> Option<Waker> {
        self.leave(key);
        let slot = self.slots.get_mut(&key)?;
        slot.stage = Stage::Answered(answer);
        slot.waker.take()
    }

    /// Takes a slot out of the queue or out of flight.
    fn leave(&mut self, key: u64) {
        let Some(slot) = self.slots.get(&key) else { return };
        match slot.stage {
            Stage::Queued(_) => {
                let queue = if slot.class == Class::Read { &mut self.reads } else { &mut self.writes };
                queue.remove(&key);
                self.expiries.remove(&(slot.expiry, key));
            }
            Stage::InFlight { .. } => {
                self.in_flight = self.in_flight.saturating_sub(1);
                self.expiries.remove(&(slot.expiry, key));
            }
            Stage::Answered(_) => {}
        }
    }
}

pub(super) fn cancelled_problem() -> Problem {
    Problem::new(Code::Cancelled, "The operation was cancelled before this was done.")
}

pub(super) fn late_problem() -> Problem {
    Problem::new(Code::DeadlineExceeded, "The time for this operation was used up before it could go on.")
}

pub(super) struct Pending {
    exchange: Arc<Exchange>,
    state: PendingState,
}

enum PendingState {
    New(Box<Try>),
    Waiting(u64),
    Over,
}

impl Future for Pending {
    type Output = Result<Answer, Problem>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match std::mem::replace(&mut self.state, PendingState::Over) {
            PendingState::New(attempt) => {
                let mut guard = self.exchange.lock();
                let state = &mut *guard;
                if state.cancelled.is_some() && !attempt.survives_cancel {
                    return Poll::Ready(Err(cancelled_problem()));
                }
                let key = state.next_key;
                state.next_key += 1;
                let class = if attempt.call.is_write() { Class::Write } else { Class::Read };
                let outgoing = Outgoing {
                    id: RequestId(key),
                    call: attempt.call,
                    whose: Whose::Caller,
                    refused: attempt.refused,
                    request: attempt.request,
                };
                state.slots.insert(
                    key,
                    Slot {
                        class,
                        timeout: attempt.timeout,
                        deadline: attempt.deadline,
                        expiry: attempt.deadline.unwrap_or(Duration::MAX),
                        survives_cancel: attempt.survives_cancel,
                        finish_within: attempt.finish_within,
                        stage: Stage::Queued(Box::new(outgoing)),
                        waker: Some(context.waker().clone()),
                    },
                );
                if let Some(deadline) = attempt.deadline {
                    state.expiries.insert((deadline, key));
                }
                match class {
                    Class::Read => state.reads.insert(key),
                    Class::Write => state.writes.insert(key),
                };
                drop(guard);
                self.state = PendingState::Waiting(key);
                Poll::Pending
            }
            PendingState::Waiting(key) => {
                let mut guard = self.exchange.lock();
                if let Some(Slot { stage: Stage::Answered(_), .. }) = guard.slots.get(&key)
                    && let Some(Slot { stage: Stage::Answered(answer), .. }) = guard.slots.remove(&key)
                {
                    return Poll::Ready(answer);
                }
                let former =
                    guard.slots.get_mut(&key).and_then(|slot| slot.waker.replace(context.waker().clone()));
                drop(guard);
                drop(former);
                self.state = PendingState::Waiting(key);
                Poll::Pending
            }
            PendingState::Over => Poll::Pending,
        }
    }
}

impl Drop for Pending {
    /// Nobody wants the answer any more: a queued request is never sent, one in flight is aborted.
    fn drop(&mut self) {
        if let PendingState::Waiting(key) = self.state {
            let slot = {
                let mut state = self.exchange.lock();
                if matches!(state.slots.get(&key), Some(Slot { stage: Stage::InFlight { .. }, .. })) {
                    state.aborts.push(RequestId(key));
                }
                state.leave(key);
                state.slots.remove(&key)
            };
            drop(slot);
        }
    }
}

pub(super) struct Sleep {
    exchange: Arc<Exchange>,
    until: Duration,
    survives_cancel: bool,
    was_cancelled: bool,
    key: Option<u64>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let mut guard = this.exchange.lock();
        let state = &mut *guard;
        let cancelled = state.cancelled.is_some() && !(this.survives_cancel && this.was_cancelled);
        if state.now.mono >= this.until || cancelled {
            let timer = this.key.take().and_then(|key| state.timers.remove(&(this.until, key)));
            drop(guard);
            drop(timer);
            return Poll::Ready(());
        }
        let key = *this.key.get_or_insert_with(|| {
            let key = state.next_key;
            state.next_key += 1;
            key
        });
        let former = state.timers.insert((this.until, key), context.waker().clone());
        drop(guard);
        drop(former);
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            let timer = self.exchange.lock().timers.remove(&(self.until, key));
            drop(timer);
        }
    }
}
