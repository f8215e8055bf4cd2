//! One fetch at a time may use a refresh token, or ask a person.

use super::key::Key;
use super::requests::Id;
use std::collections::{BTreeMap, VecDeque};
use std::task::Waker;

/// For each holder, the row of those who wait.
#[derive(Default)]
pub(super) struct Turns(BTreeMap<Key, VecDeque<(Id, Option<Waker>)>>);

impl Turns {
    /// Takes the last place in the row of this holder.
    pub(super) fn queue_up(&mut self, holder: Key, id: Id) {
        self.0.entry(holder).or_default().push_back((id, None));
    }

    /// Whether it is the turn of this place; else the waker waits for it.
    pub(super) fn is_turn(&mut self, holder: &Key, id: Id, waker: &Waker) -> bool {
        let Some(row) = self.0.get_mut(holder) else { return true };
        if row.front().is_some_and(|(first, _)| *first == id) {
            return true;
        }
        if let Some((_, place)) = row.iter_mut().find(|(other, _)| *other == id) {
            *place = Some(waker.clone());
        }
        false
    }

    /// Gives the place back; the next one in the row is to be woken.
    pub(super) fn leave(&mut self, holder: &Key, id: Id) -> Option<Waker> {
        let row = self.0.get_mut(holder)?;
        row.retain(|(other, _)| *other != id);
        if row.is_empty() {
            self.0.remove(holder);
            return None;
        }
        row.front_mut()?.1.take()
    }
}
