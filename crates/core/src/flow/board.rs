//! What the rows of a roster tell each other: whether a row's agent user exists.

use crate::ObjectId;
use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

/// What is known of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It will be created, if nothing goes wrong.
    Planned,
    /// It exists.
    Exists(ObjectId),
    /// It ended without an agent user.
    Failed,
}

/// One place per row. A row posts; others wait for it.
#[derive(Debug)]
pub(super) struct Board(Mutex<Vec<Place>>);

#[derive(Debug, Default)]
struct Place {
    standing: Option<Standing>,
    waiting: Vec<Waker>,
}

impl Board {
    pub(super) fn new(rows: usize) -> Self {
        Self(Mutex::new(std::iter::repeat_with(Place::default).take(rows).collect()))
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Place>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Posts what is known of a row. That it exists is final.
    pub(super) fn post(&self, row: usize, standing: Standing) {
        let waiting = {
            let mut places = self.lock();
            let Some(place) = places.get_mut(row) else { return };
            if matches!(place.standing, Some(Standing::Exists(_))) {
                return;
            }
            place.standing = Some(standing);
            std::mem::take(&mut place.waiting)
        };
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Waits until the row exists or has ended; with `plans`, until it is known to be planned, too.
    pub(super) async fn settled(&self, row: usize, plans: bool) -> Standing {
        poll_fn(|context| {
            let mut places = self.lock();
            let Some(place) = places.get_mut(row) else { return Poll::Ready(Standing::Failed) };
            match place.standing {
                Some(Standing::Planned) if !plans => {}
                Some(standing) => return Poll::Ready(standing),
                None => {}
            }
            place.waiting.push(context.waker().clone());
            Poll::Pending
        })
        .await
    }
}
