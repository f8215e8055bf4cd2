//! Demands for proofs and prompts, which only the host can meet.

use super::requests::Id;
use super::step::{DemandAnswer, DemandId, DemandKind};
use crate::problem::Problem;
use crate::short::Map;
use std::collections::VecDeque;
use std::task::Waker;

/// The demands of all fetches.
#[derive(Default)]
pub(super) struct Demands {
    slots: Map<Id, Slot>,
    /// The demands that the host has not taken.
    queue: VecDeque<(Id, Id, DemandKind)>,
    withdrawn: Vec<DemandId>,
}

/// A demand, from when a fetch makes it until that has its answer.
#[derive(Default)]
struct Slot {
    is_taken: bool,
    waker: Option<Waker>,
    answer: Option<Result<DemandAnswer, Problem>>,
}

impl Demands {
    /// A fetch makes a demand.
    pub(super) fn insert(&mut self, id: Id, fetch: Id, kind: DemandKind) {
        self.slots.insert(id, Slot::default());
        self.queue.push_back((id, fetch, kind));
    }

    /// The next demand for the host: its id, its fetch, and what it is.
    pub(super) fn take(&mut self) -> Option<(Id, Id, DemandKind)> {
        let (id, fetch, kind) = self.queue.pop_front()?;
        if let Some(slot) = self.slots.get_mut(&id) {
            slot.is_taken = true;
        }
        Some((id, fetch, kind))
    }

    /// The host hands over what was demanded. A demand that is over takes nothing.
    pub(super) fn meet(&mut self, id: DemandId, answer: Result<DemandAnswer, Problem>) -> Option<Waker> {
        let slot = self.slots.get_mut(&id.0)?;
        if slot.answer.is_none() {
            slot.answer = Some(answer);
        }
        slot.waker.take()
    }

    /// Takes the answer to a demand, where it is there; else the waker waits for it.
    pub(super) fn take_met(&mut self, id: Id, waker: &Waker) -> Option<Result<DemandAnswer, Problem>> {
        let slot = self.slots.get_mut(&id)?;
        if slot.answer.is_none() {
            slot.waker = Some(waker.clone());
            return None;
        }
        self.slots.remove(&id)?.answer
    }

    /// The fetch needs it no more.
    pub(super) fn remove(&mut self, id: Id) {
        match self.slots.remove(&id) {
            Some(slot) if slot.is_taken => self.withdrawn.push(DemandId(id)),
            Some(_) => self.queue.retain(|(other, ..)| *other != id),
            None => {}
        }
    }

    pub(super) fn take_withdrawn(&mut self) -> Vec<DemandId> {
        std::mem::take(&mut self.withdrawn)
    }
}
