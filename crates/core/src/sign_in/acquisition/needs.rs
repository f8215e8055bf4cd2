//! The tokens that fetches must have first: T1 and T2.

use super::fetches::{Source, Waiter};
use super::key::WantedToken;
use super::requests::Id;
use super::step::{Granted, Renewal};
use super::table::Table;
use crate::problem::Problem;
use std::sync::Arc;
use std::task::Waker;

/// A fetch that needs the token of another.
pub(super) struct Need {
    pub(super) owner: Id,
    pub(super) state: NeedState,
}

pub(super) enum NeedState {
    /// It waits for that fetch.
    Waiting(Id, Waker),
    Over(Result<Granted, Problem>),
}

impl Table {
    /// The token, or the id of a need that waits for it.
    pub(super) fn need(
        &mut self,
        owner: Id,
        wanted: &Arc<WantedToken>,
        waker: &Waker,
    ) -> Result<Result<Granted, Problem>, Id> {
        match self.source(wanted, &Renewal::default()) {
            Source::Here(granted) => Ok(Ok(granted)),
            Source::Failed(problem) => Ok(Err(problem)),
            Source::Fetch(fetch) => {
                let id = self.new_id();
                self.needs.insert(id, Need { owner, state: NeedState::Waiting(fetch, waker.clone()) });
                self.wait_for(fetch, Waiter::Need(id), Renewal::default());
                Err(id)
            }
        }
    }

    pub(super) fn take_need(&mut self, id: Id) -> Option<Result<Granted, Problem>> {
        match self.needs.remove(&id)? {
            Need { state: NeedState::Over(result), .. } => Some(result),
            waiting => {
                self.needs.insert(id, waiting);
                None
            }
        }
    }

    pub(super) fn drop_need(&mut self, id: Id) -> Option<Waker> {
        match self.needs.remove(&id)?.state {
            NeedState::Waiting(fetch, waker) => {
                self.leave(fetch, Waiter::Need(id));
                Some(waker)
            }
            NeedState::Over(_) => None,
        }
    }
}
