//! The table: every request of a flow in its slot, from the queue to its answer.

use super::attempt::{Attempt, Stop};
use super::events::Events;
use super::records::{End, Records, Trace};
use crate::Now;
use crate::operation::budget::{Blocked, Ended, Settlement, Ticket};
use crate::operation::ids::{CLIENT_REQUEST_ID, Ids};
use crate::operation::quotas::Class;
use crate::operation::record::path;
use crate::operation::retry::{AttemptState, Policy, class_wait};
use crate::operation::silence::Silence;
use crate::operation::step::{Answer, Loss, Outgoing, RequestId, TokenOwner, TokenTag};
use crate::problem::Problem;
use crate::short::Map;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

/// Where a request stands in its queue: by priority, then by age.
pub(super) type QueueKey = (u64, u64);

#[derive(Debug)]
pub(super) struct Table {
    pub(super) now: Now,
    /// The early end of the operation.
    pub(super) stop: Option<Stop>,
    /// How long the operation may take, from its first poll on.
    pub(super) timeout: Option<Duration>,
    /// When its time is over.
    pub(super) deadline: Option<Duration>,
    /// How long it may still finish what it has begun once it ends early.
    pub(super) cleanup_timeout: Duration,
    pub(super) silence: Silence,
    /// When requests that are not answered are to be told of.
    pub(super) tells_at: Option<Duration>,
    /// Whether it was told that requests wait for a token, since one came last.
    pub(super) sign_in_told: bool,
    policy: Policy,
    next_key: u64,
    pub(super) slots: BTreeMap<u64, Slot>,
    /// Requests that are ready to go, by class, in the order in which they go.
    pub(super) queues: [BTreeSet<QueueKey>; 4],
    /// Why nothing of each class may go at this moment. The dispatch does not ask the budget again before the clock has
    /// moved or a request was settled.
    pub(super) blocked: [Option<Blocked>; 4],
    /// HTTP requests, of which a batch is one.
    pub(super) in_flight: usize,
    /// Batches in flight, and their parts.
    pub(super) batches: Map<u64, BatchInFlight>,
    /// Requests that are no longer in flight.
    pub(super) settled: Vec<Settlement>,
    pub(super) expiries: BTreeSet<(Duration, u64)>,
    /// Requests that waited for a token and have left since the last poll.
    pub(super) leaving: Vec<u64>,
    pub(super) timers: BTreeMap<(Duration, u64), Waker>,
    /// How many of the timers are for cleanup.
    pub(super) cleanup_timers: usize,
    pub(super) aborts: Vec<RequestId>,
    pub(super) events: Events,
    pub(super) ids: Ids,
    pub(super) user_agent: Arc<str>,
    /// The token of the last request that was answered.
    pub(super) last_token: Option<TokenTag>,
    /// Where the host wants any.
    pub(super) records: Option<Box<Records>>,
}

/// A batch in flight.
#[derive(Debug)]
pub(super) struct BatchInFlight {
    pub(super) parts: Vec<Part>,
    /// Where records are wanted.
    pub(super) trace: Option<Box<Trace>>,
    /// When it left.
    pub(super) left_at: Duration,
}

#[derive(Debug)]
pub(super) struct Slot {
    pub(super) class: Class,
    pub(super) row: Option<usize>,
    /// When it left.
    pub(super) left_at: Duration,
    /// Where records are wanted, from when it leaves alone.
    pub(super) trace: Option<Box<Trace>>,
    /// Whether it was told that it has no answer, or no token.
    pub(super) told: bool,
    pub(super) attempt: AttemptState,
    priority: u64,
    timeout: Duration,
    pub(super) deadline: Option<Duration>,
    pub(super) expiry: Duration,
    pub(super) cleanup_timeout: Option<Duration>,
    pub(super) never_batch: bool,
    pub(super) state: SlotState,
    waker: Option<Waker>,
}

#[derive(Debug)]
pub(super) enum SlotState {
    Queued(Box<Outgoing>),
    InFlight {
        /// The host has it and waits for a token: it has not left.
        awaiting_token: bool,
        ticket: Ticket,
        /// The batch that it is part of.
        batch: Option<u64>,
    },
    Answered(Result<Answer, Problem>),
}

/// Part of a batch in flight.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) key: u64,
    pub(super) ticket: Ticket,
    pub(super) attempt: AttemptState,
    /// Whether a flow still waits for its answer. The answer's news about quotas counts either way.
    pub(super) wanted: bool,
    /// To queue it again when the batch is given up before it has left.
    pub(super) outgoing: Outgoing,
    /// Where records are wanted.
    pub(super) trace: Option<Box<Trace>>,
}

impl Slot {
    /// When a request that leaves now must be back. A write is given its whole time, because its outcome matters; once the
    /// operation was stopped, as much of it as leaves time to look for it.
    pub(super) fn expiry_when_leaving(&self, now: Now, stop: Option<(Duration, Duration)>) -> Duration {
        let expiry = now.mono.saturating_add(self.timeout);
        let expiry =
            stop.map_or(expiry, |(at, cleanup)| expiry.min(time_of_writes(at, cleanup).max(now.mono)));
        match self.deadline {
            Some(deadline) if self.class != Class::Write => expiry.min(deadline),
            _ => expiry,
        }
    }
}

/// When a write in flight is given up after a stop: a third of the time is left to look for it.
pub(super) fn time_of_writes(stopped_at: Duration, cleanup_timeout: Duration) -> Duration {
    stopped_at.saturating_add(cleanup_timeout / 3 * 2)
}

/// The trace of a request that leaves.
pub(super) fn trace_of(outgoing: &Outgoing, attempt: AttemptState, row: Option<usize>) -> Trace {
    Trace {
        method: outgoing.request.method.as_str(),
        path: path(&outgoing.request.url),
        id: outgoing.request.headers.get(CLIENT_REQUEST_ID).unwrap_or_default().to_owned(),
        attempt: attempt.number(),
        row,
        is_write: outgoing.call.is_write(),
    }
}

impl Table {
    pub(super) fn new(event_limit: usize, policy: Policy, seed: u64) -> Self {
        Self {
            now: Now::default(),
            stop: None,
            timeout: None,
            deadline: None,
            cleanup_timeout: Duration::MAX,
            silence: Silence::default(),
            tells_at: None,
            sign_in_told: false,
            policy,
            next_key: 0,
            slots: BTreeMap::new(),
            queues: Default::default(),
            blocked: [None; 4],
            in_flight: 0,
            batches: Map::default(),
            settled: Vec::new(),
            expiries: BTreeSet::new(),
            leaving: Vec::new(),
            timers: BTreeMap::new(),
            cleanup_timers: 0,
            aborts: Vec::new(),
            events: Events::new(event_limit),
            ids: Ids::new(seed),
            user_agent: Ids::new(seed).user_agent().into(),
            last_token: None,
            records: None,
        }
    }

    pub(super) fn new_key(&mut self) -> u64 {
        let key = self.next_key;
        self.next_key += 1;
        key
    }

    pub(super) fn queue(&mut self, class: Class) -> Option<&mut BTreeSet<QueueKey>> {
        self.queues.get_mut(class as usize)
    }

    /// Queues an attempt, and says by which key it is known; a problem when the operation was cancelled.
    pub(super) fn insert(&mut self, attempt: Attempt, waker: &Waker) -> Result<u64, Problem> {
        if let Some(stop) = self.stop.filter(|_| attempt.cleanup_timeout.is_none()) {
            return Err(stop.why.problem("its turn"));
        }
        let key = self.new_key();
        let class = Class::of(attempt.call);
        let mut request = attempt.request;
        request.headers.push(CLIENT_REQUEST_ID, self.ids.request(key).text());
        let outgoing = Outgoing {
            id: RequestId(key),
            call: attempt.call,
            token_owner: TokenOwner::Caller,
            rejected_token: attempt.rejected_token,
            user_agent: Arc::clone(&self.user_agent),
            request,
        };
        let slot = Slot {
            class,
            row: attempt.row,
            left_at: self.now.mono,
            trace: None,
            told: false,
            attempt: attempt.state,
            priority: attempt.priority,
            timeout: attempt.timeout,
            deadline: attempt.deadline,
            expiry: attempt.deadline.unwrap_or(Duration::MAX),
            cleanup_timeout: attempt.cleanup_timeout,
            never_batch: attempt.never_batch,
            state: SlotState::Queued(Box::new(outgoing)),
            waker: Some(waker.clone()),
        };
        self.slots.insert(key, slot);
        if let Some(deadline) = attempt.deadline {
            self.expiries.insert((deadline, key));
        }
        if let Some(queue) = self.queue(class) {
            queue.insert((attempt.priority, key));
        }
        Ok(key)
    }

    /// The answer of a request, where it is there; its slot is free then.
    pub(super) fn remove_answered(&mut self, key: u64) -> Option<Result<Answer, Problem>> {
        let Some(Slot { state: SlotState::Answered(_), .. }) = self.slots.get(&key) else { return None };
        match self.slots.remove(&key)?.state {
            SlotState::Answered(answer) => Some(answer),
            _ => None,
        }
    }

    /// Sets the waker of a request; the former one is to be dropped outside the lock.
    #[must_use]
    pub(super) fn replace_waker(&mut self, key: u64, waker: Waker) -> Option<Waker> {
        self.slots.get_mut(&key)?.waker.replace(waker)
    }

    /// Sets when a request is given up; without a moment, never.
    pub(super) fn set_expiry(&mut self, key: u64, moment: Option<Duration>) {
        let Some(slot) = self.slots.get_mut(&key) else { return };
        self.expiries.remove(&(slot.expiry, key));
        slot.expiry = moment.unwrap_or(Duration::MAX);
        if let Some(moment) = moment {
            self.expiries.insert((moment, key));
        }
    }

    /// A queued request is handed out.
    pub(super) fn begin(&mut self, key: u64, class: Class, ticket: Ticket) -> Option<Outgoing> {
        let priority = self.slots.get(&key)?.priority;
        self.queue(class)?.remove(&(priority, key));
        let slot = self.slots.get_mut(&key)?;
        let begun = SlotState::InFlight { awaiting_token: false, ticket, batch: None };
        let SlotState::Queued(outgoing) = std::mem::replace(&mut slot.state, begun) else { return None };
        if self.records.is_some() {
            slot.trace = Some(Box::new(trace_of(&outgoing, slot.attempt, slot.row)));
        }
        self.leaves(key);
        Some(*outgoing)
    }

    /// The time of a request begins.
    pub(super) fn leaves(&mut self, key: u64) {
        let Some(slot) = self.slots.get_mut(&key) else { return };
        slot.left_at = self.now.mono;
        slot.told = false;
        let expiry =
            slot.expiry_when_leaving(self.now, self.stop.map(|stop| (stop.at, self.cleanup_timeout)));
        self.set_expiry(key, Some(expiry));
        self.tell_later();
    }

    /// Notes whether a request that left at that moment was answered at all.
    pub(super) fn note_contact(&mut self, answer: &Answer, left_at: Duration) {
        if let Answer::Response { token, .. } = answer {
            self.last_token = Some(*token);
        }
        match answer {
            Answer::Response { .. } | Answer::Lost { why: Loss::TooLarge, .. } => {
                self.silence.end(self.now.mono);
            }
            Answer::Lost { .. } => self.note_loss(left_at),
            Answer::NoToken(_) => {}
        }
    }

    /// A request that left at that moment was lost.
    pub(super) fn note_loss(&mut self, left_at: Duration) {
        self.silence.note_loss(left_at, self.now.mono);
    }

    /// Whether all that was sent lately was lost, for so long that another request is `in_vain`.
    pub(super) fn is_unanswered(&self, in_vain: impl Fn(Duration, Duration) -> bool) -> bool {
        let now = self.now.mono;
        self.silence.lasts_since(now).is_some_and(|since| in_vain(since, now))
    }

    /// A part of a batch that never left is ready again.
    fn requeue(&mut self, Part { key, outgoing, .. }: Part) {
        let Some(slot) = self.slots.get_mut(&key) else { return };
        let (class, place, deadline) = (slot.class, (slot.priority, key), slot.deadline);
        slot.state = SlotState::Queued(Box::new(outgoing));
        self.set_expiry(key, deadline);
        if let Some(queue) = self.queue(class) {
            queue.insert(place);
        }
    }

    pub(super) fn set_awaiting_token(&mut self, key: u64, awaits: bool) -> bool {
        let Some(slot) = self.slots.get_mut(&key) else { return false };
        let SlotState::InFlight { awaiting_token, .. } = &mut slot.state else { return false };
        *awaiting_token = awaits;
        if awaits {
            let deadline = slot.deadline;
            self.set_expiry(key, deadline);
        } else {
            self.sign_in_told = false;
            self.leaving.push(key);
        }
        true
    }

    /// How an attempt with this answer ended.
    pub(super) fn ended(&self, attempt: AttemptState, answer: &Answer) -> Ended {
        let wait = match answer {
            Answer::Response { response, .. } => class_wait(&self.policy, attempt, response),
            _ => None,
        };
        Ended::of(answer, wait)
    }

    /// Records how a request ended, where records are wanted. One that was never sent leaves none.
    pub(super) fn record(
        &mut self,
        trace: Option<Box<Trace>>,
        batch: Option<&str>,
        left_at: Duration,
        end: Option<End>,
    ) {
        if let (Some(records), Some(trace), Some(end)) = (&mut self.records, trace, end) {
            records.ended(*trace, batch.map(str::to_owned), left_at, end);
        }
    }

    /// Gives a slot its answer, which came from the host, and returns the waker to wake.
    #[must_use]
    pub(super) fn receive(&mut self, key: u64, answer: Answer) -> Option<Waker> {
        self.unschedule(key);
        self.conclude(key, Ok(answer))
    }

    /// Gives a slot an answer of the exchange's own, and returns the waker to wake.
    #[must_use]
    pub(super) fn give_up(&mut self, key: u64, answer: Result<Answer, Problem>) -> Option<Waker> {
        let timed_out = matches!(answer, Ok(Answer::Lost { why: Loss::TimedOut, .. }));
        self.withdraw(key, timed_out);
        self.conclude(key, answer)
    }

    #[must_use]
    fn conclude(&mut self, key: u64, answer: Result<Answer, Problem>) -> Option<Waker> {
        let slot = self.slots.get_mut(&key)?;
        slot.state = SlotState::Answered(answer);
        slot.waker.take()
    }

    /// Takes a request out of the queue or out of flight, unanswered: its flow does not wait for it any more.
    pub(super) fn withdraw(&mut self, key: u64, timed_out: bool) {
        if let Some(Slot { state: SlotState::InFlight { ticket, awaiting_token, batch }, .. }) =
            self.slots.get(&key)
        {
            let (ticket, unsent) = (*ticket, *awaiting_token);
            if let Some(id) = *batch {
                self.withdraw_part(id, key, unsent, timed_out);
            } else {
                self.in_flight = self.in_flight.saturating_sub(1);
                self.aborts.push(RequestId(key));
                self.settled.push(Settlement::of(ticket, withdrawn(unsent)));
                if let Some(slot) = self.slots.get_mut(&key) {
                    let (trace, left_at) = (slot.trace.take(), slot.left_at);
                    self.record(trace, None, left_at, (!unsent).then(|| End::given_up(timed_out)));
                }
            }
        }
        self.unschedule(key);
    }

    /// No flow waits for the answer to this part of a batch any more.
    ///
    /// A batch that has left is aborted when no flow waits for any of its parts. One that has not must not leave with
    /// this part in it, so it is given up, and the others are ready again.
    fn withdraw_part(&mut self, id: u64, key: u64, unsent: bool, timed_out: bool) {
        let Some(BatchInFlight { parts, .. }) = self.batches.get_mut(&id) else { return };
        for part in parts.iter_mut().filter(|part| part.key == key) {
            part.wanted = false;
        }
        if !unsent && parts.iter().any(|part| part.wanted) {
            return;
        }
        let Some(BatchInFlight { parts, trace, left_at }) = self.batches.remove(&id) else { return };
        let end = (!unsent).then(|| End::given_up(timed_out));
        let batch = trace.as_ref().map(|trace| trace.id.clone());
        self.record(trace, None, left_at, end.clone());
        self.in_flight = self.in_flight.saturating_sub(1);
        self.aborts.push(RequestId(id));
        for mut part in parts {
            let trace = part.trace.take();
            self.record(trace, batch.as_deref(), left_at, end.clone());
            self.settled.push(Settlement::of(part.ticket, withdrawn(unsent)));
            if part.wanted {
                self.requeue(part);
            }
        }
    }

    /// Takes a request out of the queue, and out of what expires.
    fn unschedule(&mut self, key: u64) {
        let Some(slot) = self.slots.get(&key) else { return };
        match slot.state {
            SlotState::Queued(_) => {
                let (class, expiry, place) = (slot.class, slot.expiry, (slot.priority, key));
                if let Some(queue) = self.queue(class) {
                    queue.remove(&place);
                }
                self.expiries.remove(&(expiry, key));
            }
            SlotState::InFlight { .. } => {
                self.expiries.remove(&(slot.expiry, key));
            }
            SlotState::Answered(_) => {}
        }
    }
}

const fn withdrawn(unsent: bool) -> Ended {
    if unsent { Ended::Unsent } else { Ended::Abandoned }
}
