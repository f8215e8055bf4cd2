//! Progress on its way to the host.

use crate::operation::budget::{Blocked, BlockedBy};
use crate::operation::quotas::QuotaKind;
use crate::operation::step::{Event, Waiting};
use std::collections::VecDeque;
use std::time::Duration;

/// Shorter waits are the pace that a quota sets, and are not announced.
const MIN_ANNOUNCED: Duration = Duration::from_secs(1);

/// Events that the host has not taken, the newest `limit` of them.
#[derive(Debug)]
pub(super) struct Events {
    waiting: VecDeque<Event>,
    limit: usize,
    /// Until when each kind of wait was announced.
    announced: Vec<(Waiting, Duration)>,
}

impl Events {
    pub(super) fn new(limit: usize) -> Self {
        Self { waiting: VecDeque::new(), limit: limit.max(1), announced: Vec::new() }
    }

    pub(super) fn push(&mut self, event: Event, now: Duration) {
        if let Event::Waiting { why, wait_ms, .. } = event {
            let until = now.saturating_add(Duration::from_millis(wait_ms));
            match self.announced.iter_mut().find(|(other, _)| *other == why) {
                Some((_, announced)) => *announced = until.max(*announced),
                None => self.announced.push((why, until)),
            }
        }
        if self.waiting.len() >= self.limit {
            self.waiting.pop_front();
        }
        self.waiting.push_back(event);
    }

    /// Announces why requests that are ready may not go, unless such a wait was announced that lasts as long: a request that
    /// was refused itself announces its own.
    pub(super) fn announce(&mut self, blocked: Blocked, now: Duration) {
        let why = match blocked.by {
            BlockedBy::Server => Waiting::Throttled,
            BlockedBy::Quota(QuotaKind::Units) => Waiting::UnitQuota,
            BlockedBy::Quota(QuotaKind::Writes) => Waiting::WriteQuota,
            BlockedBy::Quota(QuotaKind::Reports) => Waiting::ReportQuota,
        };
        let left = blocked.until.saturating_sub(now);
        let covered = |until: Duration| now < until && blocked.until < until.saturating_add(MIN_ANNOUNCED);
        let known = self.announced.iter().any(|(other, until)| *other == why && covered(*until));
        if left >= MIN_ANNOUNCED && !known {
            let wait_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
            self.push(Event::Waiting { row: None, why, wait_ms, object: None, setting: None }, now);
        }
    }

    pub(super) fn take(&mut self) -> Option<Event> {
        self.waiting.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_that_is_extended_is_announced_again() {
        let mut events = Events::new(8);
        let mut told = |until, now| {
            let until = Duration::from_secs(until);
            events.announce(Blocked { until, by: BlockedBy::Server }, Duration::from_secs(now));
            match events.take() {
                Some(Event::Waiting { wait_ms, .. }) => Some(wait_ms / 1000),
                _ => None,
            }
        };
        assert_eq!(told(5, 0), Some(5));
        assert_eq!(told(5, 1), None);
        // The host polls next when this wait is over, so it is not told of it later.
        assert_eq!(told(600, 3), Some(597));
        assert_eq!(told(600, 4), None);
    }
}
