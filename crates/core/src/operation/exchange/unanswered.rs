//! Tells of requests that have had no answer, or no token, for a while.

use super::table::{SlotState, Table};
use crate::operation::step::{Event, Waiting};
use std::time::Duration;

/// How long a request may have no answer, or no token, before that is told.
const TOLD_AFTER: Duration = Duration::from_secs(10);

impl Table {
    /// A request has been handed out: it is told of when it has no answer by then.
    pub(super) fn tell_later(&mut self) {
        if self.tells_at.is_none() {
            self.tells_at = Some(self.now.mono.saturating_add(TOLD_AFTER));
        }
    }

    /// Tells of requests that have not been answered for a while, once each; and once of all those that have waited for
    /// their token for so long, because one sign-in is for all of them.
    pub(super) fn tell_unanswered(&mut self) {
        let now = self.now.mono;
        if self.tells_at.is_none_or(|at| at > now) {
            return;
        }
        let mut next: Option<Duration> = None;
        for slot in self.slots.values_mut() {
            let SlotState::InFlight { awaiting_token, .. } = slot.state else { continue };
            if slot.told || awaiting_token && self.sign_in_told {
                continue;
            }
            let at = slot.left_at.saturating_add(TOLD_AFTER);
            if at > now {
                next = Some(next.map_or(at, |other| other.min(at)));
                continue;
            }
            slot.told = true;
            let event = if awaiting_token {
                self.sign_in_told = true;
                Event::Waiting { row: None, why: Waiting::SignIn, wait_ms: 0, object: None, setting: None }
            } else {
                let left = slot.expiry.saturating_sub(now).as_millis();
                let wait_ms = u64::try_from(left).unwrap_or(u64::MAX);
                Event::Waiting { row: slot.row, why: Waiting::Answer, wait_ms, object: None, setting: None }
            };
            self.events.push(event, now);
        }
        self.tells_at = next;
    }
}
