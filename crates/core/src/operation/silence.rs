//! How long a server has answered nothing: one rule for Graph and for the sign-in.

use std::time::Duration;

/// Losses that are further apart are not one silence: nothing was sent in between.
const ONE_SILENCE: Duration = Duration::from_secs(60);

/// The silence of one server, from its first loss on.
#[derive(Debug, Default)]
pub(crate) struct Silence {
    /// When the last answer came, whatever it said.
    answered_at: Duration,
    /// When a request was lost last.
    lost_at: Duration,
    since: Option<Duration>,
}

impl Silence {
    /// An answer has come.
    pub(crate) const fn end(&mut self, now: Duration) {
        self.answered_at = now;
        self.since = None;
    }

    /// A request that left at that moment was lost.
    pub(crate) fn note_loss(&mut self, left_at: Duration, now: Duration) {
        if left_at > self.lost_at.saturating_add(ONE_SILENCE) {
            self.since = None;
        }
        self.lost_at = now;
        self.since.get_or_insert(left_at.max(self.answered_at));
    }

    /// Since when no request was answered, although some were sent.
    pub(crate) const fn since(&self) -> Option<Duration> {
        self.since
    }

    /// The same, where a request was lost lately. Much later the silence may be over.
    pub(crate) fn lasts_since(&self, now: Duration) -> Option<Duration> {
        self.since.filter(|_| now <= self.lost_at.saturating_add(ONE_SILENCE))
    }
}
