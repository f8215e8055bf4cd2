//! The statuses by which rows of a roster wait for each other.

use crate::ObjectId;
use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

/// How far a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowStatus {
    /// It will be created, if nothing goes wrong.
    Planned,
    /// It exists.
    Exists(ObjectId),
    /// It ended without an agent user.
    Failed,
}

/// A status per row. A row sets its own; others wait for it.
#[derive(Debug)]
pub(super) struct RowStatuses(Mutex<Vec<RowSlot>>);

#[derive(Debug, Default)]
struct RowSlot {
    status: Option<RowStatus>,
    waiting: Vec<Waker>,
}

impl RowStatuses {
    pub(super) fn new(rows: usize) -> Self {
        Self(Mutex::new(std::iter::repeat_with(RowSlot::default).take(rows).collect()))
    }

    fn lock(&self) -> MutexGuard<'_, Vec<RowSlot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the status of a row. That it exists is final.
    pub(super) fn set(&self, row: usize, status: RowStatus) {
        let waiting = {
            let mut slots = self.lock();
            let Some(slot) = slots.get_mut(row) else { return };
            if matches!(slot.status, Some(RowStatus::Exists(_))) {
                return;
            }
            slot.status = Some(status);
            std::mem::take(&mut slot.waiting)
        };
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Waits until the row exists or has ended; with `plans`, until it is known to be planned, too.
    pub(super) async fn settled(&self, row: usize, plans: bool) -> RowStatus {
        poll_fn(|context| {
            let mut slots = self.lock();
            let Some(slot) = slots.get_mut(row) else { return Poll::Ready(RowStatus::Failed) };
            match slot.status {
                Some(RowStatus::Planned) if !plans => {}
                Some(status) => return Poll::Ready(status),
                None => {}
            }
            slot.waiting.push(context.waker().clone());
            Poll::Pending
        })
        .await
    }
}
