//! The trace of a run, line by line, for a replay.

use agentuser_core::Now;
use std::time::Duration;

/// One line per request, answer, event, item and change by others, with the virtual time. Silent unless a replay
/// asks for it, because most seeds are never looked at.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    lines: Option<Vec<String>>,
}

impl Trace {
    pub(crate) fn new(verbose: bool) -> Self {
        Self { lines: verbose.then(Vec::new) }
    }

    pub(crate) fn say(&mut self, now: Now, line: impl FnOnce() -> String) {
        if let Some(lines) = &mut self.lines {
            lines.push(format!("{:>12.3} s  {}", now.mono.as_secs_f64(), line()));
        }
    }

    pub(crate) fn into_lines(self) -> Vec<String> {
        self.lines.unwrap_or_default()
    }
}

/// A duration for people.
pub(crate) fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}
