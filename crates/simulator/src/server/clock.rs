//! The server's clock: real time, or faster.

use agentuser_core::Now;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// Time since the server took its port, `speed` times as fast as real.
#[derive(Debug)]
pub(super) struct Clock {
    started: Instant,
    unix_ms: i64,
    speed: u32,
    /// By how much it was moved, in milliseconds.
    ahead_ms: AtomicU64,
}

impl Clock {
    pub(super) fn new(speed: u32) -> Self {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let unix_ms = i64::try_from(unix.as_millis()).unwrap_or(i64::MAX);
        Self { started: Instant::now(), unix_ms, speed, ahead_ms: AtomicU64::new(0) }
    }

    pub(super) const fn started(&self) -> Instant {
        self.started
    }

    /// Real milliseconds since the start.
    pub(super) fn real_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// A real duration on this clock.
    pub(super) const fn scaled(&self, real: Duration) -> Duration {
        real.saturating_mul(self.speed)
    }

    /// Moves the tenant's time.
    pub(super) fn advance(&self, by: Duration) {
        let by = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.ahead_ms.fetch_add(by, Ordering::Relaxed);
    }

    /// The time in the tenant.
    pub(super) fn now(&self) -> Now {
        let ahead = Duration::from_millis(self.ahead_ms.load(Ordering::Relaxed));
        let elapsed = self.scaled(self.started.elapsed()).saturating_add(ahead);
        Now { mono: Duration::ZERO, unix_ms: self.unix_ms }.later(elapsed)
    }
}
