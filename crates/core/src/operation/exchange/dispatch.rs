//! The dispatch: which of the ready requests go now. It runs once the flow is quiet and so sees everything that is ready.

use super::locked::Exchange;
use super::table::{BatchInFlight, Part, QueueKey, Slot, SlotState, Table, trace_of};
use crate::graph::{Call, Endpoint};
use crate::operation::batch;
use crate::operation::budget::{Blocked, BlockedBy, Busy, Ticket};
use crate::operation::ids::CLIENT_REQUEST_ID;
use crate::operation::quotas::Class;
use crate::operation::retry::AttemptState;
use crate::operation::step::{Answer, Loss, Outgoing, RequestId, Sent, TokenOwner};
use crate::problem::{Code, Problem};
use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

/// Asks the budget whether a call may go.
type Admit<'a> = &'a mut dyn FnMut(Call, &str) -> Result<Ticket, Blocked>;

/// The requests that may be sent now, and why others must wait.
pub(in crate::operation) struct Dispatched {
    pub(in crate::operation) ready: Vec<Outgoing>,
    /// The class that may go next, of those that are blocked.
    pub(in crate::operation) blocked: Option<Blocked>,
}

/// The problem of a request that is not sent, because the server asked for so long a pause.
fn busy_problem(call: Call, status: u16, left: Duration) -> Problem {
    let code = match status {
        429 => Code::Throttled,
        503 => Code::ServiceUnavailable,
        _ => Code::ServerError,
    };
    let message = format!(
        "Could not {}. The server asked for no such request within the next {} s, so none was sent.",
        call.what(),
        left.as_secs().max(1)
    );
    Problem::new(code, message).with_graph(status, None, None, None).with_retry_after(left)
}

/// A request that may go.
struct Admitted {
    key: u64,
    ticket: Ticket,
    outgoing: Outgoing,
}

impl Exchange {
    /// Takes what may be sent now, in order of priority and age. Up to `batch` that may go at the same time go as one. None
    /// goes where a request is `in_vain`, by when the silence began and by the time it is.
    pub(in crate::operation) fn dispatch(
        &self,
        in_flight: usize,
        batch: usize,
        in_vain: impl Fn(Duration, Duration) -> bool,
        endpoint: &Endpoint,
        admit: Admit<'_>,
    ) -> Dispatched {
        let mut wake = Vec::new();
        let mut guard = self.lock();
        let table = &mut *guard;
        if table.is_unanswered(in_vain) {
            table.end_queued(&mut wake);
        }
        let mut ready = Vec::new();
        while table.in_flight < in_flight.max(1) {
            let Some(class) = table.next_class() else { break };
            let mut parts = table.admit_together(class, batch::most(batch), endpoint, admit);
            if parts.len() > 1 {
                ready.push(table.pack(parts, endpoint));
            } else if let Some(Admitted { outgoing, .. }) = parts.pop() {
                ready.push(outgoing);
            } else {
                continue;
            }
            table.in_flight += 1;
        }
        let dispatched = Dispatched { ready, blocked: table.blocked_next() };
        drop(guard);
        wake.into_iter().for_each(Waker::wake);
        dispatched
    }

    /// Ends requests that wait in vain: the server asks for a pause that is longer than it may be, or than there is time.
    pub(in crate::operation) fn end_those_in_vain(
        &self,
        longest: Duration,
        busy: impl Fn(Class) -> Option<Busy>,
    ) {
        let mut wake = Vec::new();
        let mut table = self.lock();
        for class in Class::ALL {
            if let Some(busy) = table.is_paused(class).then(|| busy(class)).flatten() {
                table.end_paused(class, longest, busy, &mut wake);
            }
        }
        drop(table);
        wake.into_iter().for_each(Waker::wake);
    }
}

impl Table {
    /// Ends requests that are yet to leave: the server is taken for gone, so each would cost its time in vain.
    fn end_queued(&mut self, wake: &mut Vec<Waker>) {
        let queued: Vec<u64> = self.queues.iter().flatten().map(|(_, key)| *key).collect();
        for key in queued {
            let lost = Answer::Lost { sent: Sent::No, why: Loss::TimedOut };
            wake.extend(self.give_up(key, Ok(lost)));
        }
    }

    /// The class of the request that is next, of the classes that are not blocked.
    fn next_class(&self) -> Option<Class> {
        let open = Class::ALL.into_iter().zip(self.blocked).filter(|(_, blocked)| blocked.is_none());
        open.filter_map(|(class, _)| Some((self.first_of(class)?, class)))
            .min_by_key(|(key, _)| *key)
            .map(|(_, class)| class)
    }

    fn first_of(&self, class: Class) -> Option<QueueKey> {
        self.queues.get(class as usize)?.first().copied()
    }

    fn is_paused(&self, class: Class) -> bool {
        let blocked = self.blocked.get(class as usize).copied().flatten();
        matches!(blocked, Some(Blocked { by: BlockedBy::Server, .. })) && self.first_of(class).is_some()
    }

    fn end_paused(&mut self, class: Class, longest: Duration, busy: Busy, wake: &mut Vec<Waker>) {
        let left = busy.until.saturating_sub(self.now.mono);
        let in_vain = |slot: &Slot| left > longest || slot.deadline.is_some_and(|end| end <= busy.until);
        let queue = self.queue(class).map(|queue| queue.iter().map(|(_, key)| *key).collect::<Vec<_>>());
        for key in queue.unwrap_or_default() {
            let Some(slot) = self.slots.get(&key).filter(|slot| in_vain(slot)) else { continue };
            let SlotState::Queued(outgoing) = &slot.state else { continue };
            let problem = busy_problem(outgoing.call, busy.status, left);
            wake.extend(self.give_up(key, Err(problem)));
        }
    }

    fn blocked_next(&self) -> Option<Blocked> {
        let queued = self.blocked.iter().zip(&self.queues).filter(|(_, queue)| !queue.is_empty());
        queued.filter_map(|(blocked, _)| *blocked).min_by_key(|blocked| blocked.until)
    }

    /// The first requests of a class that may go now as one, up to so many. None when the class is blocked.
    fn admit_together(
        &mut self,
        class: Class,
        most: usize,
        endpoint: &Endpoint,
        admit: Admit<'_>,
    ) -> Vec<Admitted> {
        let mut parts: Vec<Admitted> = Vec::new();
        while let Some((_, key)) = self.first_of(class) {
            let Some(Slot { state: SlotState::Queued(outgoing), never_batch, .. }) = self.slots.get(&key)
            else {
                break;
            };
            let alone = *never_batch || most <= 1;
            let packable = |outgoing: &Outgoing| !alone && batch::is_packable(outgoing, endpoint);
            if let Some(first) = parts.first()
                && !(batch::go_together(&first.outgoing, outgoing) && packable(outgoing))
            {
                break;
            }
            let ticket = match admit(outgoing.call, &outgoing.request.url) {
                Ok(ticket) => ticket,
                Err(blocked) => {
                    if let Some(of_class) = self.blocked.get_mut(class as usize) {
                        *of_class = Some(blocked);
                    }
                    break;
                }
            };
            let Some(outgoing) = self.begin(key, class, ticket) else { break };
            let is_last = (parts.is_empty() && !packable(&outgoing)) || parts.len() + 1 >= most;
            parts.push(Admitted { key, ticket, outgoing });
            if is_last {
                break;
            }
        }
        parts
    }

    /// Makes one request of many.
    fn pack(&mut self, admitted: Vec<Admitted>, endpoint: &Endpoint) -> Outgoing {
        let id = self.new_key();
        let mut request = batch::pack(admitted.iter().map(|part| &part.outgoing.request), endpoint);
        request.headers.push(CLIENT_REQUEST_ID, self.ids.request(id).text());
        let rejected_token = admitted.first().and_then(|first| first.outgoing.rejected_token.clone());
        let mut parts = Vec::with_capacity(admitted.len());
        for Admitted { key, ticket, outgoing } in admitted {
            let Some(slot) = self.slots.get_mut(&key) else { continue };
            slot.state = SlotState::InFlight { awaiting_token: false, ticket, batch: Some(id) };
            let trace = slot.trace.take();
            parts.push(Part { key, ticket, attempt: slot.attempt, wanted: true, outgoing, trace });
        }
        let outgoing = Outgoing {
            id: RequestId(id),
            call: Call::Batch,
            token_owner: TokenOwner::Caller,
            rejected_token,
            user_agent: Arc::clone(&self.user_agent),
            request,
        };
        let first = AttemptState::new(false);
        let trace = self.records.is_some().then(|| Box::new(trace_of(&outgoing, first, None)));
        self.batches.insert(id, BatchInFlight { parts, left_at: self.now.mono, trace });
        outgoing
    }
}
