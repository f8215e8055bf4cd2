//! One fetch at a time gets the same token, uses a refresh token, or asks a person.

use super::key::Goal;
use super::requests::Id;
use std::collections::{BTreeMap, VecDeque};
use std::task::Waker;

/// For each goal, the row of those who wait. Fetches of one holder that may use its refresh token have the same goal, the
/// holder's key without claims.
#[derive(Default)]
pub(super) struct Turns(BTreeMap<Goal, VecDeque<(Id, Option<Waker>)>>);

impl Turns {
    /// Takes the last place in the row of this goal.
    pub(super) fn queue_up(&mut self, goal: Goal, id: Id) {
        self.0.entry(goal).or_default().push_back((id, None));
    }

    /// Whether it is the turn of this place; else the waker waits for it.
    pub(super) fn is_turn(&mut self, goal: &Goal, id: Id, waker: &Waker) -> bool {
        let Some(row) = self.0.get_mut(goal) else { return true };
        if row.front().is_some_and(|(first, _)| *first == id) {
            return true;
        }
        if let Some((_, place)) = row.iter_mut().find(|(other, _)| *other == id) {
            *place = Some(waker.clone());
        }
        false
    }

    /// Gives the place back; the next one in the row is to be woken.
    pub(super) fn leave(&mut self, goal: &Goal, id: Id) -> Option<Waker> {
        let row = self.0.get_mut(goal)?;
        row.retain(|(other, _)| *other != id);
        if row.is_empty() {
            self.0.remove(goal);
            return None;
        }
        row.front_mut()?.1.take()
    }
}
