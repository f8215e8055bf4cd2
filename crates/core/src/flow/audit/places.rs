//! The places of rows by their ids: four bytes for a place, where a tree of ids would take forty.

use crate::ObjectId;
use crate::hash::mix;

/// A slot without a place.
const FREE: u32 = u32::MAX;

/// The places of rows in a list of them. The rows hold their ids.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// A power of two of them, of which at most three of four are taken. A place is in the first free slot from that on which
    /// its id says.
    slots: Vec<u32>,
    taken: usize,
}

impl Places {
    /// The place of the row with this id; else the slot that is free for it.
    pub(super) fn find(
        &self,
        id: ObjectId,
        id_at: impl Fn(usize) -> Option<ObjectId>,
    ) -> Result<usize, Option<usize>> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = first_slot(id);
        // One of four slots is free, so that this ends.
        while let Some(place) = self.slots.get(slot & mask) {
            if *place == FREE {
                return Err(Some(slot & mask));
            }
            let place = widened(*place);
            if id_at(place) == Some(id) {
                return Ok(place);
            }
            slot = slot.wrapping_add(1);
        }
        Err(None)
    }

    /// The place of the row with this id; none where there was none, and `next` is its place from now on.
    pub(super) fn take(
        &mut self,
        id: ObjectId,
        next: usize,
        id_at: impl Fn(usize) -> Option<ObjectId>,
    ) -> Option<usize> {
        if self.taken >= self.slots.len() / 4 * 3 {
            self.grow(&id_at);
        }
        match self.find(id, id_at) {
            Ok(place) => Some(place),
            Err(slot) => {
                if let Some(slot) = slot.and_then(|slot| self.slots.get_mut(slot)) {
                    *slot = narrowed(next);
                    self.taken += 1;
                }
                None
            }
        }
    }

    fn grow(&mut self, id_at: &impl Fn(usize) -> Option<ObjectId>) {
        let size = (self.slots.len() * 2).max(16);
        let former = std::mem::replace(&mut self.slots, vec![FREE; size]);
        for place in former.into_iter().filter(|place| *place != FREE) {
            let free = id_at(widened(place)).map(|id| self.find(id, id_at));
            if let Some(Err(Some(slot))) = free
                && let Some(slot) = self.slots.get_mut(slot)
            {
                *slot = place;
            }
        }
    }
}

/// The slot in which an id is looked for first, of as many as there may be.
fn first_slot(id: ObjectId) -> usize {
    let id = id.as_u128();
    let halves = [id >> 64, id & u128::from(u64::MAX)].map(|half| u64::try_from(half).unwrap_or_default());
    usize::try_from(mix(&halves) & u64::from(u32::MAX)).unwrap_or_default()
}

/// A place as it is kept. Lists have at most some million rows (`max_entries`).
fn narrowed(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(FREE)
}

fn widened(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}
