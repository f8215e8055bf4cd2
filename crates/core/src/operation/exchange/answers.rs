//! Answers that the host hands back, and whether a request waits for a token.

use super::locked::Exchange;
use super::records::End;
use super::table::{BatchInFlight, Slot, SlotState, Table};
use crate::operation::batch;
use crate::operation::budget::Settlement;
use crate::operation::step::{Accepted, Answer, RequestId};
use std::task::Waker;

/// Whether the server takes batches, as far as an answer tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::operation) enum Batches {
    Taken,
    Refused,
}

impl Exchange {
    /// Hands back what came of a request, and says whether the server takes batches.
    pub(in crate::operation) fn answer(&self, id: RequestId, answer: Answer) -> (Accepted, Batches) {
        let mut wake = Vec::new();
        let mut guard = self.lock();
        let table = &mut *guard;
        if let Some(batch) = table.batches.remove(&id.0) {
            table.note_contact(&answer, batch.left_at);
            let batches = table.receive_batch(batch, answer, &mut wake);
            drop(guard);
            wake.into_iter().for_each(Waker::wake);
            return (Accepted::Used, batches);
        }
        let Some(&Slot { state: SlotState::InFlight { ticket, batch: None, .. }, attempt, left_at, .. }) =
            table.slots.get(&id.0)
        else {
            drop(guard);
            drop(answer);
            return (Accepted::Ignored, Batches::Taken);
        };
        table.in_flight = table.in_flight.saturating_sub(1);
        table.note_contact(&answer, left_at);
        if table.records.is_some() {
            let trace = table.slots.get_mut(&id.0).and_then(|slot| slot.trace.take());
            table.record(trace, None, left_at, End::of(&answer));
        }
        let ended = table.ended(attempt, &answer);
        table.settled.push(Settlement::of(ticket, ended));
        let waker = table.receive(id.0, answer);
        drop(guard);
        waker.into_iter().for_each(Waker::wake);
        (Accepted::Used, Batches::Taken)
    }

    /// A request that was handed out waits for its token, or leaves only now: its time begins when it leaves.
    pub(in crate::operation) fn set_awaiting_token(&self, id: RequestId, awaits: bool) -> Accepted {
        let mut guard = self.lock();
        let table = &mut *guard;
        let now = table.now.mono;
        let used = if let Some(batch) = table.batches.get_mut(&id.0) {
            if !awaits {
                batch.left_at = now;
            }
            let keys: Vec<u64> = batch.parts.iter().filter(|part| part.wanted).map(|part| part.key).collect();
            for key in keys {
                table.set_awaiting_token(key, awaits);
            }
            true
        } else {
            table.set_awaiting_token(id.0, awaits)
        };
        if used { Accepted::Used } else { Accepted::Ignored }
    }
}

impl Table {
    /// Gives each part of a batch its answer.
    fn receive_batch(&mut self, batch: BatchInFlight, answer: Answer, wake: &mut Vec<Waker>) -> Batches {
        let BatchInFlight { parts, trace, left_at } = batch;
        self.in_flight = self.in_flight.saturating_sub(1);
        let id = trace.as_ref().map(|trace| trace.id.clone());
        if self.records.is_some() {
            self.record(trace, None, left_at, End::of(&answer));
        }
        let unpacked = batch::unpack(answer, parts.len());
        let Some(last) = parts.last().map(|part| part.ticket) else { return Batches::Taken };
        for (mut part, answer) in parts.into_iter().zip(unpacked.answers) {
            if self.records.is_some() {
                let trace = part.trace.take();
                self.record(trace, id.as_deref(), left_at, End::of(&answer));
            }
            let ended = self.ended(part.attempt, &answer);
            self.settled.push(Settlement::of_part(part.ticket, last, ended));
            if part.wanted {
                wake.extend(self.receive(part.key, answer));
            }
        }
        if unpacked.refused { Batches::Refused } else { Batches::Taken }
    }
}
