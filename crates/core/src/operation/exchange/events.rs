//! Progress on its way to the host.

use crate::operation::step::{Event, Waiting};
use std::collections::VecDeque;
use std::time::Duration;

/// Events that the host has not taken, the newest `limit` of them.
#[derive(Debug)]
pub(super) struct Events {
    waiting: VecDeque<Event>,
    limit: usize,
    /// Until when the flow has announced that a server asked it to wait.
    throttled_until: Duration,
}

impl Events {
    pub(super) fn new(limit: usize) -> Self {
        Self { waiting: VecDeque::new(), limit: limit.max(1), throttled_until: Duration::ZERO }
    }

    pub(super) fn push(&mut self, event: Event, now: Duration) {
        if let Event::Waiting { why: Waiting::Throttled, wait_ms, .. } = event {
            let until = now.saturating_add(Duration::from_millis(wait_ms));
            self.throttled_until = self.throttled_until.max(until);
        }
        if self.waiting.len() >= self.limit {
            self.waiting.pop_front();
        }
        self.waiting.push_back(event);
    }

    pub(super) fn take(&mut self) -> Option<Event> {
        self.waiting.pop_front()
    }

    pub(super) fn throttled_until(&self) -> Duration {
        self.throttled_until
    }
}
