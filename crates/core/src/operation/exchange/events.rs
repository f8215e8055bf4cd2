//! Progress on its way to the host.

use crate::model::Stage;
use crate::operation::budget::{Blocked, BlockedBy};
use crate::operation::quotas::QuotaKind;
use crate::operation::step::{Event, StageCount, Waiting};
use std::collections::VecDeque;
use std::time::Duration;

/// Shorter waits are the pace that a quota sets, and are not announced.
const MIN_ANNOUNCED: Duration = Duration::from_secs(1);

/// Stages are counted at most once in this time.
const BETWEEN_COUNTS: Duration = Duration::from_secs(1);

/// Events that the host has not taken, the newest `limit` of them.
#[derive(Debug)]
pub(super) struct Events {
    waiting: VecDeque<Event>,
    limit: usize,
    /// The kinds of wait that were announced, each with its end.
    announced: Vec<(Waiting, Duration)>,
    rows: Option<Rows>,
}

/// How far the rows of a roster are.
#[derive(Debug)]
struct Rows {
    done: usize,
    of: usize,
    /// In the order of [`Stage::ALL`].
    at: [usize; Stage::ALL.len()],
    /// Rows have moved since they were counted last.
    moved: bool,
    /// When they may be counted next.
    next: Duration,
}

impl Rows {
    fn count(&mut self, now: Duration) -> Event {
        self.moved = false;
        self.next = now.saturating_add(BETWEEN_COUNTS);
        let stages = Stage::ALL.into_iter().zip(self.at).filter(|(_, rows)| *rows > 0);
        let stages = stages.map(|(stage, rows)| StageCount { stage, rows }).collect();
        Event::Rows { done: self.done, of: self.of, stages }
    }
}

impl Events {
    pub(super) fn new(limit: usize) -> Self {
        Self { waiting: VecDeque::new(), limit: limit.max(1), announced: Vec::new(), rows: None }
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
            BlockedBy::Quota(QuotaKind::Reports | QuotaKind::Risk) => Waiting::ReportQuota,
        };
        let left = blocked.until.saturating_sub(now);
        let covered = |until: Duration| now < until && blocked.until < until.saturating_add(MIN_ANNOUNCED);
        let known = self.announced.iter().any(|(other, until)| *other == why && covered(*until));
        if left >= MIN_ANNOUNCED && !known {
            let wait_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
            self.push(Event::Waiting { row: None, why, wait_ms, object: None, setting: None }, now);
        }
    }

    /// A row has reached another stage. One that was reached before takes it nowhere.
    pub(super) fn row_moves(&mut self, from: Stage, to: Stage) {
        let Some(rows) = self.rows.as_mut().filter(|_| to > from) else { return };
        if let Some(left) = rows.at.get_mut(from as usize) {
            *left = left.saturating_sub(1);
        }
        if let Some(reached) = rows.at.get_mut(to as usize) {
            *reached += 1;
        }
        rows.moved = true;
    }

    /// Rows have ended.
    pub(super) fn rows(&mut self, done: usize, of: usize, now: Duration) {
        let rows = self.rows.get_or_insert_with(|| {
            let mut at = [0; Stage::ALL.len()];
            let [not_started, ..] = &mut at;
            *not_started = of;
            Rows { done, of, at, moved: false, next: now }
        });
        rows.done = done;
        let event = rows.count(now);
        self.push(event, now);
    }

    /// When the stages of rows that have moved are counted next.
    pub(super) fn next_rows(&self) -> Option<Duration> {
        self.rows.as_ref().filter(|rows| rows.moved).map(|rows| rows.next)
    }

    /// The next event. Rows that move are counted once the other events are taken, so that a burst costs one count.
    pub(super) fn take(&mut self, now: Duration) -> Option<Event> {
        self.waiting.pop_front().or_else(|| {
            let rows = self.rows.as_mut().filter(|rows| rows.moved && rows.next <= now)?;
            Some(rows.count(now))
        })
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
            match events.take(Duration::from_secs(now)) {
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
