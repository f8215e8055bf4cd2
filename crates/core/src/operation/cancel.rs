//! Cancelling from any thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Ends an operation early, from any thread, as often as one likes.
///
/// After a cancellation nothing new is started. Writes in flight are finished and recorded, and the outcome of a lost
/// write is still looked up. The host must poll once more for it to take effect.
#[derive(Debug, Clone, Default)]
pub struct Canceller(Arc<AtomicBool>);

impl Canceller {
    /// Asks the operation to end.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether the operation was asked to end.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
