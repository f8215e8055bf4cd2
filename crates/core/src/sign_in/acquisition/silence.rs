//! How long a sign-in has answered nothing, and what was lost last.

use super::settings::AcquisitionSettings;
use crate::operation::{self, Answer, Loss};
use std::time::Duration;

/// The silence of one sign-in.
#[derive(Debug, Default)]
pub(super) struct Silence {
    silence: operation::Silence,
    last: Option<Loss>,
}

impl Silence {
    /// Notes what came of a request that left at that moment.
    pub(super) fn note(&mut self, answer: &Answer, left_at: Duration, now: Duration) {
        match answer {
            Answer::Response { .. } | Answer::Lost { why: Loss::TooLarge, .. } => self.silence.end(now),
            Answer::Lost { why, .. } => {
                self.silence.note_loss(left_at, now);
                self.last = Some(why.clone());
            }
            Answer::NoToken(_) => {}
        }
    }

    /// Whether a request at that moment is in vain, because there is no time left to wait for its answer.
    pub(super) fn is_in_vain(&self, moment: Duration, settings: &AcquisitionSettings) -> bool {
        self.silence.since().is_some_and(|since| {
            moment.saturating_add(settings.first_timeout) > since.saturating_add(settings.outage_timeout)
        })
    }

    /// The last loss, where another request now is in vain.
    pub(super) fn end(&self, now: Duration, settings: &AcquisitionSettings) -> Option<Loss> {
        let lasts = self.silence.lasts_since(now).is_some();
        self.last.clone().filter(|_| lasts && self.is_in_vain(now, settings))
    }

    /// How long a request may take that leaves now.
    pub(super) fn left(&self, now: Duration, settings: &AcquisitionSettings) -> Duration {
        let since = self.silence.lasts_since(now).unwrap_or(now);
        since.saturating_add(settings.outage_timeout).saturating_sub(now)
    }
}
