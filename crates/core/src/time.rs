//! Time as an argument.

use std::time::Duration;

/// A moment, given by the host with every poll. The core never reads a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Now {
    /// A clock that never goes back, from any fixed start. Deadlines and waits are measured on it.
    pub mono: Duration,
    /// Milliseconds since 1970-01-01T00:00:00Z. Compared with dates that a server sent, and written into client assertions.
    pub unix_ms: i64,
}

impl Now {
    /// The moment `by` later, on both clocks.
    #[must_use]
    pub fn later(self, by: Duration) -> Self {
        let ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        Self { mono: self.mono.saturating_add(by), unix_ms: self.unix_ms.saturating_add(ms) }
    }
}
