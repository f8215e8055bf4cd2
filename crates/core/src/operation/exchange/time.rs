//! Moving the clock: timers, requests whose time is over, and a cancellation.

use super::attempt::{cancelled_problem, late_problem};
use super::locked::Exchange;
use super::table::{SlotState, Table};
use crate::Now;
use crate::operation::quotas::Class;
use crate::operation::step::{Answer, Loss, Sent};
use std::task::Waker;

impl Exchange {
    /// Moves the clock: fires timers, expires requests, spreads a cancellation.
    pub(in crate::operation) fn advance(&self, now: Now, cancelled: bool) {
        let mut wake = Vec::new();
        {
            let mut table = self.lock();
            table.set_clock(now);
            table.start_leaving();
            table.fire_timers(&mut wake);
            table.expire(&mut wake);
            if cancelled && table.cancelled.is_none() {
                table.cancel(&mut wake);
            }
        }
        wake.into_iter().for_each(Waker::wake);
    }
}

impl Table {
    fn set_clock(&mut self, now: Now) {
        if now.mono != self.now.mono {
            self.blocked = [None; 3];
        }
        self.now = now;
    }

    /// The time of requests that have their token begins.
    fn start_leaving(&mut self) {
        for key in std::mem::take(&mut self.leaving) {
            let Some(slot) = self.slots.get(&key) else { continue };
            if matches!(slot.state, SlotState::InFlight { awaiting_token: false, .. }) {
                let expiry = slot.expiry_when_leaving(self.now);
                self.set_expiry(key, Some(expiry));
            }
        }
    }

    fn fire_timers(&mut self, wake: &mut Vec<Waker>) {
        while let Some(entry) = self.timers.first_entry().filter(|entry| entry.key().0 <= self.now.mono) {
            wake.push(entry.remove());
        }
    }

    /// Gives up requests whose time is over.
    fn expire(&mut self, wake: &mut Vec<Waker>) {
        while let Some(&(moment, key)) = self.expiries.first() {
            if moment > self.now.mono {
                break;
            }
            let answer = match self.slots.get(&key).map(|slot| &slot.state) {
                Some(SlotState::InFlight { awaiting_token: false, .. }) => {
                    Ok(Answer::Lost { sent: Sent::Maybe, why: Loss::TimedOut })
                }
                _ => Err(late_problem()),
            };
            wake.extend(self.give_up(key, answer));
        }
    }

    fn cancel(&mut self, wake: &mut Vec<Waker>) {
        self.cancelled = Some(self.now.mono);
        let ended: Vec<u64> =
            self.slots.iter().filter(|(_, slot)| slot.ends_on_cancel()).map(|(key, _)| *key).collect();
        self.shorten_cleanup();
        for key in ended {
            wake.extend(self.give_up(key, Err(cancelled_problem())));
        }
        wake.extend(std::mem::take(&mut self.timers).into_values());
    }

    /// A queued request for cleanup does not wait for its turn longer than there is time for the cleanup.
    fn shorten_cleanup(&mut self) {
        for (key, slot) in &mut self.slots {
            let (Some(timeout), SlotState::Queued(_)) = (slot.cleanup_timeout, &slot.state) else { continue };
            let end = self.now.mono.saturating_add(timeout);
            self.expiries.remove(&(slot.expiry, *key));
            slot.deadline = Some(slot.deadline.map_or(end, |deadline| deadline.min(end)));
            slot.expiry = slot.expiry.min(end);
            self.expiries.insert((slot.expiry, *key));
        }
    }
}

impl super::table::Slot {
    fn ends_on_cancel(&self) -> bool {
        let for_cleanup = self.cleanup_timeout.is_some();
        match self.state {
            SlotState::Queued(_) => !for_cleanup,
            // Even for cleanup: after a cancellation nothing waits for a person to sign in.
            SlotState::InFlight { awaiting_token: true, .. } => true,
            // Reads in flight can be dropped; the outcome of a write must be known.
            SlotState::InFlight { .. } => self.class != Class::Write && !for_cleanup,
            SlotState::Answered(_) => false,
        }
    }
}
