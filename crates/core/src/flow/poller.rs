//! Waiting by predicate: look, pause, look again, within a time.

use crate::ObjectId;
use crate::operation::{Graph, Waiting};
use crate::problem::{Code, Problem, ProblemKind};
use std::time::Duration;

/// How fast looking slows down.
#[derive(Debug, Clone, Copy)]
pub(super) struct Backoff {
    first: Duration,
    /// In percent of the pause before.
    growth: u32,
    longest: Duration,
}

impl Backoff {
    /// For replication, which takes seconds and sometimes minutes (docs/graph.md#known-issues).
    pub(super) const REPLICATION: Self =
        Self { first: Duration::from_secs(1), growth: 160, longest: Duration::from_secs(15) };
    /// For licenses, which take seconds to minutes.
    pub(super) const LICENSE: Self =
        Self { first: Duration::from_secs(2), growth: 150, longest: Duration::from_secs(60) };
    /// For permissions on their way into tokens, which takes a minute or two (docs/sign-in.md#application-token): each look
    /// costs the sign-in a token.
    pub(super) const TOKEN: Self =
        Self { first: Duration::from_secs(10), growth: 150, longest: Duration::from_secs(30) };
    /// For mailboxes and Teams: 10 to 15 minutes as a rule, up to 24 hours (docs/graph.md#licenses-and-readiness).
    pub(super) const READINESS: Self =
        Self { first: Duration::from_secs(5), growth: 150, longest: Duration::from_secs(10 * 60) };
}

/// A wait under way. Only its pauses count, so that a request that was delayed or slow costs nothing of it.
#[derive(Debug)]
pub(super) struct Poller {
    graph: Graph,
    left: Duration,
    backoff: Backoff,
    pause: Duration,
    /// The object that is waited for.
    object: Option<ObjectId>,
}

impl Poller {
    pub(super) fn new(graph: &Graph, within: Duration, backoff: Backoff) -> Self {
        Self { graph: graph.clone(), left: within, backoff, pause: backoff.first, object: None }
    }

    /// For a parent that may be on its way: as long as the settings say.
    pub(super) fn parent(graph: &Graph, parent: ObjectId) -> Self {
        let within = graph.settings().parent_timeout;
        Self { object: Some(parent), ..Self::new(graph, within, Backoff::REPLICATION) }
    }

    /// For replication: as long as the settings say a change may take to become visible.
    pub(super) fn replication(graph: &Graph) -> Self {
        Self::new(graph, graph.settings().replication_timeout, Backoff::REPLICATION)
    }

    /// Pauses. `true`: look again; `false`: the time is over. The last look falls on the end of the time.
    ///
    /// # Errors
    /// When cancelled, or past the operation's own deadline.
    pub(super) async fn again(&mut self, why: Waiting) -> Result<bool, Problem> {
        self.again_after(why, None).await
    }

    /// The same after a look or a write that failed: an early end keeps what was said of that.
    ///
    /// # Errors
    /// As for [`Poller::again`].
    pub(super) async fn again_after(
        &mut self,
        why: Waiting,
        last: Option<&Problem>,
    ) -> Result<bool, Problem> {
        if self.left.is_zero() {
            return Ok(false);
        }
        let pause = self.pause.min(self.left);
        self.graph.pause_for(pause, why, self.object).await.map_err(|end| end.after(last))?;
        self.left = self.left.saturating_sub(pause);
        self.pause = (self.pause.saturating_mul(self.backoff.growth) / 100).min(self.backoff.longest);
        Ok(true)
    }
}

/// When an object that was there was first not found: either a replica lags, or it was deleted meanwhile.
#[derive(Debug, Default)]
pub(super) struct GoneTimer(Option<Duration>);

impl GoneTimer {
    /// The object is there.
    pub(super) fn reset(&mut self) {
        self.0 = None;
    }

    /// The object is not found. Answers whether that can't be lag any more: it was not found earlier either, and every
    /// change since must be visible.
    pub(super) fn is_gone(&mut self, graph: &Graph) -> bool {
        let now = graph.now().mono;
        let since = *self.0.get_or_insert(now);
        now.saturating_sub(since) >= graph.settings().replication_timeout
    }
}

/// A look that failed for a passing reason has seen nothing; one that was refused is the answer.
pub(super) fn seen_or_none<T>(
    graph: &Graph,
    looked: Result<Option<T>, Problem>,
) -> Result<Option<T>, Problem> {
    match looked {
        Err(problem) if is_passing_failure(graph, &problem) => Ok(None),
        other => other,
    }
}

/// Whether a failure says nothing about what was looked for. A server that asks for more time than the settings allow is
/// not asked again, nor is one that has not answered for long.
pub(super) fn is_passing_failure(graph: &Graph, problem: &Problem) -> bool {
    let longest = graph.settings().retry.longest_retry_after;
    problem.is_transient()
        && !problem.is_stop()
        && problem.retry_after().is_none_or(|asked| asked <= longest && graph.has_time_for(asked))
        && !(matches!(problem.kind(), ProblemKind::Network | ProblemKind::Timeout) && graph.is_unanswered())
}

/// Whether a refusal may only mean that the object has not replicated to where the request went.
pub(super) fn may_be_lag(problem: &Problem) -> bool {
    problem.answered() == Some(404) || matches!(problem.code(), Code::NotFound | Code::NotVisibleYet)
}
