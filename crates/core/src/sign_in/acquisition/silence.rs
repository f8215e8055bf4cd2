//! How long a sign-in has answered nothing.

use super::settings::AcquisitionSettings;
use crate::operation::{Answer, Loss};
use std::time::Duration;

/// Losses that are further apart are not one silence: nothing was sent in between.
const ONE_SILENCE: Duration = Duration::from_secs(60);

/// The silence of one sign-in, from its first loss on.
#[derive(Debug, Default)]
pub(super) struct Silence {
    since: Option<Duration>,
    lost_at: Duration,
    last: Option<Loss>,
}

impl Silence {
    /// Notes what came of a request that left at that moment.
    pub(super) fn note(&mut self, answer: &Answer, left_at: Duration, now: Duration) {
        match answer {
            Answer::Response { .. } | Answer::Lost { why: Loss::TooLarge, .. } => *self = Self::default(),
            Answer::Lost { why, .. } => {
                if left_at > self.lost_at.saturating_add(ONE_SILENCE) {
                    self.since = None;
                }
                self.lost_at = now;
                self.last = Some(why.clone());
                self.since.get_or_insert(left_at);
            }
            Answer::NoToken(_) => {}
        }
    }

    /// Whether a request at that moment is in vain, because there is no time left to wait for its answer.
    pub(super) fn is_in_vain(&self, moment: Duration, settings: &AcquisitionSettings) -> bool {
        self.since.is_some_and(|since| {
            moment.saturating_add(settings.first_timeout) > since.saturating_add(settings.outage_timeout)
        })
    }

    /// The last loss, where another request now is in vain. Much later it is not: the silence may be over.
    pub(super) fn end(&self, now: Duration, settings: &AcquisitionSettings) -> Option<Loss> {
        let lately = now <= self.lost_at.saturating_add(ONE_SILENCE);
        self.last.clone().filter(|_| lately && self.is_in_vain(now, settings))
    }

    /// How long a request may take that leaves now.
    pub(super) fn left(&self, now: Duration, settings: &AcquisitionSettings) -> Duration {
        let since = self.since.filter(|_| now <= self.lost_at.saturating_add(ONE_SILENCE)).unwrap_or(now);
        since.saturating_add(settings.outage_timeout).saturating_sub(now)
    }
}
