//! The table of requests and timers between a flow and its host.
//!
//! Wakers and answers leave the lock before they are woken or dropped: either may run code that takes it again.

use super::batch;
use super::budget::{Held, Spent, Ticket};
use super::quotas::Class;
use super::step::{
    Accepted, Answer, Event, Loss, Outgoing, RejectedToken, RequestId, Sent, TokenOwner, Waiting,
};
use crate::Now;
use crate::graph::{Call, Root};
use crate::http::Request;
use crate::problem::{Code, Problem};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

#[derive(Debug)]
pub(super) struct Exchange(Mutex<State>);

#[derive(Debug)]
struct State {
    now: Now,
    /// When it was cancelled.
    cancelled: Option<Duration>,
    next_key: u64,
    slots: BTreeMap<u64, Slot>,
    /// What is ready to go, by class, in the order in which it goes.
    queues: [BTreeSet<Place>; 3],
    /// What of each class is held at this moment. It is not asked about again before the clock has moved, or something
    /// has been settled.
    held: [Option<Held>; 3],
    /// HTTP requests, of which a batch is one.
    in_flight: usize,
    /// Batches in flight, and their parts.
    batches: BTreeMap<u64, Vec<Part>>,
    /// Requests that are no longer in flight, and what that says about quotas.
    settled: Vec<(Ticket, Spent)>,
    expiries: BTreeSet<(Duration, u64)>,
    /// Requests that were held and have left since the last poll.
    leaving: Vec<u64>,
    timers: BTreeMap<(Duration, u64), Waker>,
    aborts: Vec<RequestId>,
    events: VecDeque<Event>,
    /// Until when the flow has said that the server lets it wait.
    throttled_until: Duration,
    event_limit: usize,
}

/// Where a request stands in its queue: by rank, and then by age.
type Place = (u64, u64);

#[derive(Debug)]
struct Slot {
    class: Class,
    rank: u64,
    timeout: Duration,
    deadline: Option<Duration>,
    expiry: Duration,
    survives_cancel: bool,
    /// Not to be packed.
    alone: bool,
    cleanup_timeout: Duration,
    stage: Stage,
    waker: Option<Waker>,
}

#[derive(Debug)]
enum Stage {
    Queued(Box<Outgoing>),
    /// Handed out. `held`: it has not left, because the host waits for a token.
    InFlight {
        held: bool,
        ticket: Ticket,
        /// The batch that it is part of.
        batch: Option<u64>,
    },
    Answered(Result<Answer, Problem>),
}

/// Part of a batch in flight.
#[derive(Debug)]
struct Part {
    key: u64,
    ticket: Ticket,
    /// Whether anybody still waits for its answer. What that says about quotas counts either way.
    wanted: bool,
    /// For when the batch is given up before it has left.
    outgoing: Outgoing,
}

/// One try of one request.
pub(super) struct Try {
    pub(super) call: Call,
    pub(super) request: Request,
    pub(super) refused: Option<RejectedToken>,
    pub(super) timeout: Duration,
    /// When it is no longer worth sending, and a read no longer worth waiting for.
    pub(super) deadline: Option<Duration>,
    pub(super) survives_cancel: bool,
    /// Whether it goes alone, rather than as part of a batch: who was refused once holds nobody up twice.
    pub(super) alone: bool,
    /// Lower goes first.
    pub(super) rank: u64,
    /// How long what survives a cancellation may still take.
    pub(super) cleanup_timeout: Duration,
}

/// What may be sent now, and what is held back.
pub(super) struct Dispatched {
    pub(super) ready: Vec<Outgoing>,
    /// The one of those that are held whose moment is next.
    pub(super) held: Option<Held>,
}

impl Exchange {
    pub(super) fn new(event_limit: usize) -> Arc<Self> {
        Arc::new(Self(Mutex::new(State {
            now: Now::default(),
            cancelled: None,
            next_key: 0,
            slots: BTreeMap::new(),
            queues: Default::default(),
            held: [None; 3],
            in_flight: 0,
            batches: BTreeMap::new(),
            settled: Vec::new(),
            expiries: BTreeSet::new(),
            leaving: Vec::new(),
            timers: BTreeMap::new(),
            aborts: Vec::new(),
            events: VecDeque::new(),
            throttled_until: Duration::ZERO,
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
        if let Event::Waiting { why: Waiting::Throttled, wait_ms, .. } = event {
            let until = state.now.mono.saturating_add(Duration::from_millis(wait_ms));
            state.throttled_until = state.throttled_until.max(until);
        }
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
            if now.mono != state.now.mono {
                state.held = [None; 3];
            }
            state.now = now;
            for key in std::mem::take(&mut state.leaving) {
                let Some(slot) = state.slots.get(&key) else { continue };
                if matches!(slot.stage, Stage::InFlight { held: false, .. }) {
                    state.expires(key, Some(slot.leaves_at(now)));
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
                    Some(Stage::InFlight { held: false, .. }) => {
                        Ok(Answer::Lost { sent: Sent::Maybe, why: Loss::TimedOut })
                    }
                    _ => Err(late_problem()),
                };
                wake.extend(state.resolve(key, answer));
            }
            if cancelled && state.cancelled.is_none() {
                state.cancelled = Some(now.mono);
                let not_left: Vec<u64> = state
                    .slots
                    .iter()
                    .filter_map(|(key, slot)| match slot.stage {
                        Stage::Queued(_) if !slot.survives_cancel => Some(*key),
                        // Also what would survive: nobody may wait for somebody to sign in after a cancellation.
                        Stage::InFlight { held: true, .. } => Some(*key),
                        // What was only to be read has no outcome that anybody must know.
                        Stage::InFlight { .. } if slot.class != Class::Write && !slot.survives_cancel => {
                            Some(*key)
                        }
                        _ => None,
                    })
                    .collect();
                // What survives and waits for its turn may not do so longer than there is time to finish.
                for (key, slot) in &mut state.slots {
                    if slot.survives_cancel && matches!(slot.stage, Stage::Queued(_)) {
                        let end = now.mono.saturating_add(slot.cleanup_timeout);
                        state.expiries.remove(&(slot.expiry, *key));
                        slot.deadline = Some(slot.deadline.map_or(end, |deadline| deadline.min(end)));
                        slot.expiry = slot.expiry.min(end);
                        state.expiries.insert((slot.expiry, *key));
                    }
                }
                for key in not_left {
                    wake.extend(state.resolve(key, Err(cancelled_problem())));
                }
                wake.extend(std::mem::take(&mut state.timers).into_values());
            }
        }
        wake.into_iter().for_each(Waker::wake);
    }

    /// Hands back what came of a request. `Refused` says that the server takes no batches.
    pub(super) fn answer(&self, id: RequestId, answer: Answer) -> (Accepted, Batches) {
        let mut wake = Vec::new();
        let (accepted, batches, ignored) = {
            let mut guard = self.lock();
            let state = &mut *guard;
            if let Some(parts) = state.batches.remove(&id.0) {
                state.in_flight = state.in_flight.saturating_sub(1);
                let unpacked = batch::unpack(answer, parts.len());
                let last = parts.last().map(|part| part.ticket);
                for (part, answer) in parts.into_iter().zip(unpacked.answers) {
                    state.settled.push((part.ticket, Spent::of_part(&answer, last)));
                    if part.wanted {
                        wake.extend(state.take_answer(part.key, answer));
                    }
                }
                let batches = if unpacked.refused { Batches::Refused } else { Batches::Taken };
                (Accepted::Used, batches, None)
            } else if let Some(&Slot { stage: Stage::InFlight { ticket, batch: None, .. }, .. }) =
                state.slots.get(&id.0)
            {
                state.in_flight = state.in_flight.saturating_sub(1);
                state.settled.push((ticket, Spent::of(&answer)));
                wake.extend(state.take_answer(id.0, answer));
                (Accepted::Used, Batches::Taken, None)
            } else {
                (Accepted::Ignored, Batches::Taken, Some(answer))
            }
        };
        drop(ignored);
        wake.into_iter().for_each(Waker::wake);
        (accepted, batches)
    }

    /// A request that was handed out has not left, or leaves only now: its time begins when it leaves.
    pub(super) fn hold(&self, id: RequestId, hold: bool) -> Accepted {
        let mut guard = self.lock();
        let state = &mut *guard;
        let Some(parts) = state.batches.get(&id.0) else { return state.hold(id.0, hold) };
        let keys: Vec<u64> = parts.iter().filter(|part| part.wanted).map(|part| part.key).collect();
        for key in keys {
            state.hold(key, hold);
        }
        Accepted::Used
    }

    /// Takes what may be sent now, in order of rank and age.
    ///
    /// This is the dispatch: it runs once the flow is quiet and so sees everything that is ready. `admit` says
    /// whether a call may go or when to ask again. Up to `batch` that may go at the same time go as one.
    pub(super) fn dispatch(
        &self,
        in_flight: usize,
        batch: usize,
        root: &Root,
        admit: &mut dyn FnMut(Call, &str) -> Result<Ticket, Held>,
    ) -> Dispatched {
        let mut guard = self.lock();
        let state = &mut *guard;
        let mut ready = Vec::new();
        let batch = batch::most(batch);
        while state.in_flight < in_flight.max(1) {
            let Some(class) = state.next_class() else { break };
            let mut parts: Vec<(u64, Ticket, Outgoing)> = Vec::new();
            while let Some((_, key)) = state.first_of(class) {
                let Some(Slot { stage: Stage::Queued(outgoing), alone, .. }) = state.slots.get(&key) else {
                    break;
                };
                let alone = *alone || batch <= 1;
                let packable = |outgoing: &Outgoing| !alone && batch::is_packable(outgoing, root);
                let joins = parts
                    .first()
                    .is_none_or(|(_, _, first)| batch::go_together(first, outgoing) && packable(outgoing));
                if !joins {
                    break;
                }
                let ticket = match admit(outgoing.call, &outgoing.request.url) {
                    Ok(ticket) => ticket,
                    Err(held) => {
                        if let Some(of_class) = state.held.get_mut(class as usize) {
                            *of_class = Some(held);
                        }
                        break;
                    }
                };
                let Some(outgoing) = state.begin(key, class, ticket) else { break };
                let leads = parts.is_empty();
                let ends = (leads && !packable(&outgoing)) || parts.len() + 1 >= batch;
                parts.push((key, ticket, outgoing));
                if ends {
                    break;
                }
            }
            if parts.len() > 1 {
                ready.push(state.pack(parts, root));
            } else if let Some((_, _, outgoing)) = parts.pop() {
                ready.push(outgoing);
            } else {
                continue;
            }
            state.in_flight += 1;
        }
        let held = state.held.iter().zip(&state.queues).filter(|(_, queue)| !queue.is_empty());
        let held = held.filter_map(|(held, _)| *held).min_by_key(|held| held.until);
        Dispatched { ready, held }
    }

    /// What has come to its end since this was asked last.
    pub(super) fn take_settled(&self) -> Vec<(Ticket, Spent)> {
        let mut state = self.lock();
        if !state.settled.is_empty() {
            state.held = [None; 3];
        }
        std::mem::take(&mut state.settled)
    }

    pub(super) fn take_aborts(&self) -> Vec<RequestId> {
        std::mem::take(&mut self.lock().aborts)
    }

    pub(super) fn throttled_until(&self) -> Duration {
        self.lock().throttled_until
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
            Some(deadline) if self.class != Class::Write => expiry.min(deadline),
            _ => expiry,
        }
    }
}

impl State {
    /// The class of the request that is next, of those that are not held.
    fn next_class(&self) -> Option<Class> {
        let open = Class::ALL.into_iter().zip(self.held).filter(|(_, held)| held.is_none());
        open.filter_map(|(class, _)| Some((self.first_of(class)?, class)))
            .min_by_key(|(key, _)| *key)
            .map(|(_, class)| class)
    }

    fn first_of(&self, class: Class) -> Option<Place> {
        self.queues.get(class as usize)?.first().copied()
    }

    fn queue(&mut self, class: Class) -> Option<&mut BTreeSet<Place>> {
        self.queues.get_mut(class as usize)
    }

    /// Sets when a request is given up; without a moment, never.
    fn expires(&mut self, key: u64, moment: Option<Duration>) {
        let Some(slot) = self.slots.get_mut(&key) else { return };
        self.expiries.remove(&(slot.expiry, key));
        slot.expiry = moment.unwrap_or(Duration::MAX);
        if let Some(moment) = moment {
            self.expiries.insert((moment, key));
        }
    }

    /// A queued request is handed out.
    fn begin(&mut self, key: u64, class: Class, ticket: Ticket) -> Option<Outgoing> {
        let rank = self.slots.get(&key)?.rank;
        self.queue(class)?.remove(&(rank, key));
        let slot = self.slots.get_mut(&key)?;
        let begun = Stage::InFlight { held: false, ticket, batch: None };
        let Stage::Queued(outgoing) = std::mem::replace(&mut slot.stage, begun) else { return None };
        let expiry = slot.leaves_at(self.now);
        self.expires(key, Some(expiry));
        Some(*outgoing)
    }

    /// Makes one request of many.
    fn pack(&mut self, parts: Vec<(u64, Ticket, Outgoing)>, root: &Root) -> Outgoing {
        let id = self.next_key;
        self.next_key += 1;
        let request = batch::pack(parts.iter().map(|(_, _, outgoing)| &outgoing.request), root);
        let refused = parts.first().and_then(|(_, _, first)| first.refused.clone());
        let mut packed = Vec::with_capacity(parts.len());
        for (key, ticket, outgoing) in parts {
            if let Some(slot) = self.slots.get_mut(&key) {
                slot.stage = Stage::InFlight { held: false, ticket, batch: Some(id) };
            }
            packed.push(Part { key, ticket, wanted: true, outgoing });
        }
        self.batches.insert(id, packed);
        Outgoing { id: RequestId(id), call: Call::Batch, whose: TokenOwner::Caller, refused, request }
    }

    fn hold(&mut self, key: u64, hold: bool) -> Accepted {
        let Some(slot) = self.slots.get_mut(&key) else { return Accepted::Ignored };
        let Stage::InFlight { held, .. } = &mut slot.stage else { return Accepted::Ignored };
        *held = hold;
        if hold {
            let deadline = slot.deadline;
            self.expires(key, deadline);
        } else {
            self.leaving.push(key);
        }
        Accepted::Used
    }

    /// Nobody waits for the answer to this part of a batch any more.
    ///
    /// A batch that has left is aborted when nobody waits for any of its parts. One that has not must not leave with
    /// this part in it, so it is given up, and the others are ready again.
    fn leave_batch(&mut self, id: u64, key: u64, held: bool) {
        let Some(parts) = self.batches.get_mut(&id) else { return };
        for part in parts.iter_mut().filter(|part| part.key == key) {
            part.wanted = false;
        }
        if !held && parts.iter().any(|part| part.wanted) {
            return;
        }
        let parts = self.batches.remove(&id).unwrap_or_default();
        self.in_flight = self.in_flight.saturating_sub(1);
        self.aborts.push(RequestId(id));
        for part in parts {
            self.settled.push((part.ticket, if held { Spent::UNSENT } else { Spent::GIVEN_UP }));
            if part.wanted {
                self.requeue(part);
            }
        }
    }

    /// A part of a batch that never left is ready again.
    fn requeue(&mut self, Part { key, outgoing, .. }: Part) {
        let Some(slot) = self.slots.get_mut(&key) else { return };
        let (class, place, deadline) = (slot.class, (slot.rank, key), slot.deadline);
        slot.stage = Stage::Queued(Box::new(outgoing));
        self.expires(key, deadline);
        if let Some(queue) = self.queue(class) {
            queue.insert(place);
        }
    }

    /// An answer has come.
    #[must_use]
    fn take_answer(&mut self, key: u64, answer: Answer) -> Option<Waker> {
        self.end(key);
        self.conclude(key, Ok(answer))
    }

    /// Gives a slot its answer, which came from nobody, and returns the waker to wake.
    #[must_use]
    fn resolve(&mut self, key: u64, answer: Result<Answer, Problem>) -> Option<Waker> {
        self.leave(key);
        self.conclude(key, answer)
    }

    #[must_use]
    fn conclude(&mut self, key: u64, answer: Result<Answer, Problem>) -> Option<Waker> {
        let slot = self.slots.get_mut(&key)?;
        slot.stage = Stage::Answered(answer);
        slot.waker.take()
    }

    /// Takes a slot out of the queue or out of flight, unanswered: nobody waits for it any more.
    fn leave(&mut self, key: u64) {
        if let Some(Slot { stage: Stage::InFlight { ticket, held, batch }, .. }) = self.slots.get(&key) {
            let (ticket, held) = (*ticket, *held);
            if let Some(id) = *batch {
                self.leave_batch(id, key, held);
            } else {
                self.in_flight = self.in_flight.saturating_sub(1);
                self.aborts.push(RequestId(key));
                self.settled.push((ticket, if held { Spent::UNSENT } else { Spent::GIVEN_UP }));
            }
        }
        self.end(key);
    }

    fn end(&mut self, key: u64) {
        let Some(slot) = self.slots.get(&key) else { return };
        match slot.stage {
            Stage::Queued(_) => {
                let (class, expiry, place) = (slot.class, slot.expiry, (slot.rank, key));
                if let Some(queue) = self.queue(class) {
                    queue.remove(&place);
                }
                self.expiries.remove(&(expiry, key));
            }
            Stage::InFlight { .. } => {
                self.expiries.remove(&(slot.expiry, key));
            }
            Stage::Answered(_) => {}
        }
    }
}

/// Whether the server takes batches, as far as an answer tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Batches {
    Taken,
    Refused,
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
                let class = Class::of(attempt.call);
                let outgoing = Outgoing {
                    id: RequestId(key),
                    call: attempt.call,
                    whose: TokenOwner::Caller,
                    refused: attempt.refused,
                    request: attempt.request,
                };
                state.slots.insert(
                    key,
                    Slot {
                        class,
                        rank: attempt.rank,
                        timeout: attempt.timeout,
                        deadline: attempt.deadline,
                        expiry: attempt.deadline.unwrap_or(Duration::MAX),
                        survives_cancel: attempt.survives_cancel,
                        alone: attempt.alone,
                        cleanup_timeout: attempt.cleanup_timeout,
                        stage: Stage::Queued(Box::new(outgoing)),
                        waker: Some(context.waker().clone()),
                    },
                );
                if let Some(deadline) = attempt.deadline {
                    state.expiries.insert((deadline, key));
                }
                if let Some(queue) = state.queue(class) {
                    queue.insert((attempt.rank, key));
                }
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
