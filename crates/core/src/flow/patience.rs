//! Waiting by predicate: look, pause, look again, within a time.

use crate::operation::{Graph, Waiting};
use crate::problem::{Code, Problem};
use std::time::Duration;

/// How fast looking slows down.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    first: Duration,
    /// In percent of the pause before.
    growth: u32,
    longest: Duration,
}

impl Pace {
    /// For replication, which takes seconds and sometimes minutes (docs/graph.md#known-issues).
    pub(super) const REPLICATION: Self =
        Self { first: Duration::from_secs(1), growth: 160, longest: Duration::from_secs(15) };
    /// For licenses, which take seconds to minutes.
    pub(super) const LICENSE: Self =
        Self { first: Duration::from_secs(2), growth: 150, longest: Duration::from_secs(60) };
    /// For mailboxes and Teams: 10 to 15 minutes as a rule, up to 24 hours (docs/graph.md#licenses-and-readiness).
    pub(super) const READINESS: Self =
        Self { first: Duration::from_secs(5), growth: 150, longest: Duration::from_secs(10 * 60) };
}

/// A wait under way. Only its pauses count, so that a request that was held up or slow costs nothing of it.
#[derive(Debug)]
pub(super) struct Patience {
    graph: Graph,
    left: Duration,
    pace: Pace,
    pause: Duration,
}

impl Patience {
    pub(super) fn new(graph: &Graph, within: Duration, pace: Pace) -> Self {
        Self { graph: graph.clone(), left: within, pace, pause: pace.first }
    }

    /// For replication: as long as the settings say a change may take to become visible.
    pub(super) fn replication(graph: &Graph) -> Self {
        Self::new(graph, graph.settings().replication_timeout, Pace::REPLICATION)
    }

    /// Pauses. `true`: look again; `false`: the time is over. The last look falls on the end of the time.
    ///
    /// # Errors
    /// When cancelled, or past the operation's own deadline.
    pub(super) async fn again(&mut self, why: Waiting) -> Result<bool, Problem> {
        if self.left.is_zero() {
            return Ok(false);
        }
        let pause = self.pause.min(self.left);
        self.graph.pause(pause, why).await?;
        self.left = self.left.saturating_sub(pause);
        self.pause = (self.pause.saturating_mul(self.pace.growth) / 100).min(self.pace.longest);
        Ok(true)
    }
}

/// Since when somebody who was there is answered for with "not found": lag, or they were deleted meanwhile.
#[derive(Debug, Default)]
pub(super) struct Absence(Option<Duration>);

impl Absence {
    /// They are there.
    pub(super) fn ends(&mut self) {
        self.0 = None;
    }

    /// They are not found. Whether that is no lag any more: twice, as far apart as a change takes to become visible.
    pub(super) fn is_certain(&mut self, graph: &Graph) -> bool {
        let now = graph.now().mono;
        let since = *self.0.get_or_insert(now);
        now.saturating_sub(since) >= graph.settings().replication_timeout
    }
}

/// A look that failed for a passing reason has seen nothing; one that was refused is the answer.
pub(super) fn seen<T>(looked: Result<Option<T>, Problem>) -> Result<Option<T>, Problem> {
    match looked {
        Err(problem) if passes(&problem) => Ok(None),
        other => other,
    }
}

/// Whether a failure says nothing about what was looked for.
pub(super) fn passes(problem: &Problem) -> bool {
    problem.is_transient() && !matches!(problem.code(), Code::Cancelled | Code::DeadlineExceeded)
}

/// Whether a refusal may only mean that the object has not replicated to where the request went.
pub(super) fn may_be_lag(problem: &Problem) -> bool {
    problem.status() == Some(404) || matches!(problem.code(), Code::NotFound | Code::NotVisibleYet)
}
