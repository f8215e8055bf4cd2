//! Moving the clock: timers, requests whose time is over, and the early end of the operation.

use super::attempt::{Stop, StopReason, late_problem};
use super::locked::Exchange;
use super::table::{Slot, SlotState, Table, time_of_writes};
use crate::Now;
use crate::operation::quotas::Class;
use crate::operation::step::{Answer, Event, Loss, Sent};
use std::task::Waker;
use std::time::Duration;

impl Exchange {
    /// Moves the clock: fires timers, expires requests, spreads the end of the operation.
    pub(in crate::operation) fn advance(&self, now: Now, cancelled: bool) {
        let mut wake = Vec::new();
        {
            let mut table = self.lock();
            table.set_clock(now);
            table.start_leaving();
            table.fire_timers(&mut wake);
            if let Some(why) = table.stops(cancelled) {
                table.stop(why, &mut wake);
            }
            table.expire(&mut wake);
            table.tell_unanswered();
        }
        wake.into_iter().for_each(Waker::wake);
    }
}

impl Table {
    fn set_clock(&mut self, now: Now) {
        if now.mono != self.now.mono {
            self.blocked = [None; 4];
        }
        self.now = now;
        if let Some(timeout) = self.timeout.take() {
            self.deadline = now.mono.checked_add(timeout);
        }
    }

    /// Whether the operation ends early from now on, and why.
    fn stops(&self, cancelled: bool) -> Option<StopReason> {
        match self.stop {
            Some(_) => None,
            None if cancelled => Some(StopReason::Cancelled),
            None => self.deadline.filter(|deadline| *deadline <= self.now.mono).map(|_| StopReason::Late),
        }
    }

    /// The time of requests that have their token begins.
    fn start_leaving(&mut self) {
        for key in std::mem::take(&mut self.leaving) {
            let Some(slot) = self.slots.get(&key) else { continue };
            if matches!(slot.state, SlotState::InFlight { awaiting_token: false, .. }) {
                self.leaves(key);
            }
        }
    }

    pub(super) fn remove_timer(&mut self, until: Duration, key: u64, for_cleanup: bool) -> Option<Waker> {
        self.cleanup_timers = self.cleanup_timers.saturating_sub(usize::from(for_cleanup));
        self.timers.remove(&(until, key))
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
            let left = self.slots.get(&key).map(|slot| (slot.is_under_way(), slot.left_at));
            let answer = match left {
                Some((true, left_at)) => {
                    self.note_loss(left_at);
                    Ok(Answer::Lost { sent: Sent::Maybe, why: Loss::TimedOut })
                }
                _ => Err(late_problem(self.waits_for(key))),
            };
            wake.extend(self.give_up(key, answer));
        }
    }

    /// The event that a request waits for: an answer, a token, or its turn.
    fn waits_for(&self, key: u64) -> &'static str {
        match self.slots.get(&key) {
            Some(slot) if slot.is_under_way() => "an answer",
            Some(Slot { state: SlotState::InFlight { .. }, .. }) => "a token",
            _ => "its turn",
        }
    }

    fn stop(&mut self, why: StopReason, wake: &mut Vec<Waker>) {
        self.stop = Some(Stop { at: self.now.mono, why });
        let ended: Vec<u64> =
            self.slots.iter().filter(|(_, slot)| slot.ends_on_stop()).map(|(key, _)| *key).collect();
        self.shorten_cleanup();
        self.shorten_writes();
        for key in ended {
            let problem = why.problem(self.waits_for(key));
            wake.extend(self.give_up(key, Err(problem)));
        }
        if self.in_flight > 0 || self.cleanup_timers > 0 {
            let within_ms = u64::try_from(self.cleanup_timeout.as_millis()).unwrap_or(u64::MAX);
            self.events.push(Event::Ending { within_ms }, self.now.mono);
        }
        wake.extend(std::mem::take(&mut self.timers).into_values());
    }

    /// Writes in flight leave time to look for them.
    fn shorten_writes(&mut self) {
        let end = time_of_writes(self.now.mono, self.cleanup_timeout);
        let late = |slot: &Slot| slot.is_under_way() && slot.class == Class::Write && slot.expiry > end;
        let late: Vec<u64> = self.slots.iter().filter(|(_, slot)| late(slot)).map(|(key, _)| *key).collect();
        for key in late {
            self.set_expiry(key, Some(end));
        }
    }

    /// A request for cleanup waits no longer for its turn, and a look no longer for its answer, than there is time for the
    /// cleanup.
    fn shorten_cleanup(&mut self) {
        for (key, slot) in &mut self.slots {
            let shortens = match slot.state {
                SlotState::Queued(_) => true,
                SlotState::InFlight { .. } => slot.class != Class::Write,
                SlotState::Answered(_) => false,
            };
            let Some(timeout) = slot.cleanup_timeout.filter(|_| shortens) else { continue };
            let end = self.now.mono.saturating_add(timeout);
            self.expiries.remove(&(slot.expiry, *key));
            slot.deadline = Some(slot.deadline.map_or(end, |deadline| deadline.min(end)));
            slot.expiry = slot.expiry.min(end);
            self.expiries.insert((slot.expiry, *key));
        }
    }
}

impl Slot {
    /// Whether it is on its way to the server, or to its answer.
    fn is_under_way(&self) -> bool {
        matches!(self.state, SlotState::InFlight { awaiting_token: false, .. })
    }

    fn ends_on_stop(&self) -> bool {
        let for_cleanup = self.cleanup_timeout.is_some();
        match self.state {
            SlotState::Queued(_) => !for_cleanup,
            // Even for cleanup: an operation that ends early waits for nobody to sign in.
            SlotState::InFlight { awaiting_token: true, .. } => true,
            // Reads in flight can be dropped; the outcome of a write must be known.
            SlotState::InFlight { .. } => self.class != Class::Write && !for_cleanup,
            SlotState::Answered(_) => false,
        }
    }
}
