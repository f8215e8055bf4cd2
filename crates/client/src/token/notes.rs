//! Notes of a sign-in that is under way: its requests and its progress.

use agentuser_core::operation::{Event, RequestRecord};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::broadcast;

/// Notes that a slow run has not taken; older ones are lost to it.
const MOST: usize = 256;

/// One thing that a sign-in tells.
#[derive(Debug, Clone)]
pub(crate) enum SignInNote {
    /// Progress.
    Event(Event),
    /// A request to the sign-in has ended.
    Record(Box<RequestRecord>),
}

/// Tells the runs of one client that wait for a token. Each note has a number, for a run hears it once for each request
/// that waits.
#[derive(Debug, Clone)]
pub(crate) struct SignInNotes {
    sender: broadcast::Sender<(u64, SignInNote)>,
    numbers: Arc<AtomicU64>,
}

impl SignInNotes {
    pub(crate) fn new() -> Self {
        Self { sender: broadcast::Sender::new(MOST), numbers: Arc::default() }
    }

    pub(crate) fn tell(&self, note: SignInNote) {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        // It fails where nothing listens, which is fine.
        drop(self.sender.send((number, note)));
    }

    pub(crate) fn listen(&self) -> SignInListener {
        SignInListener(self.sender.subscribe())
    }

    pub(crate) fn is_of_same_client(&self, other: &Self) -> bool {
        self.sender.same_channel(&other.sender)
    }
}

/// Hears what is told from now on.
pub(crate) struct SignInListener(broadcast::Receiver<(u64, SignInNote)>);

impl SignInListener {
    /// The next note.
    pub(crate) async fn next(&mut self) -> (u64, SignInNote) {
        loop {
            match self.0.recv().await {
                Ok(note) => return note,
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }

    /// The next note, if it has been told already.
    pub(crate) fn next_told(&mut self) -> Option<(u64, SignInNote)> {
        loop {
            match self.0.try_recv() {
                Ok(note) => return Some(note),
                Err(broadcast::error::TryRecvError::Lagged(_)) => {}
                Err(_) => return None,
            }
        }
    }
}
