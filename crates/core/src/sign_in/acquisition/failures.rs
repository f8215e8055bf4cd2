//! The latest failures, and the waits that Entra asked for, which later asks respect.

use super::key::{Goal, Key};
use crate::problem::Problem;
use crate::token::FAILED_FOR;
use std::collections::BTreeMap;
use std::time::Duration;

/// For so long at most nothing is asked for again because Entra said so; MSAL waits no longer (docs/sign-in.md#renewal).
const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);

/// The failures of fetches, and the waits of those that go on.
#[derive(Default)]
pub(super) struct Failures {
    failed: BTreeMap<Goal, (Duration, Problem)>,
    holds: BTreeMap<Goal, Duration>,
    /// The moment until which a refused refresh token is not sent again.
    refused: BTreeMap<Goal, Duration>,
}

impl Failures {
    /// A fetch has failed.
    pub(super) fn note(&mut self, goal: Goal, problem: &Problem, now: Duration) {
        self.failed.retain(|_, (until, _)| *until > now);
        self.failed.insert(goal, (told_until(problem, now), problem.clone()));
    }

    /// A refresh token was refused, and the fetch goes on without it.
    pub(super) fn refuse_refresh(&mut self, goal: Goal, problem: &Problem, now: Duration) {
        self.refused.retain(|_, until| *until > now);
        self.refused.insert(goal, told_until(problem, now));
    }

    /// This holder has another refresh token.
    pub(super) fn allow_refresh(&mut self, holder: &Key) {
        self.refused.retain(|(key, _), _| key.of_holder() != *holder);
    }

    /// Whether a refresh token was refused so lately that the same refusal would be met again.
    pub(super) fn is_refresh_refused(&self, key: &Key, claims: Option<&String>, now: Duration) -> bool {
        self.refused.get(&(key.clone(), claims.cloned())).is_some_and(|until| *until > now)
    }

    /// The failure that is told to whoever asks now, with what is left of a wait: what needs this token waits no longer than it.
    pub(super) fn of(&self, key: &Key, claims: Option<&String>, now: Duration) -> Option<Problem> {
        let (until, problem) = self.failed.get(&(key.clone(), claims.cloned()))?;
        let left = until.checked_sub(now).filter(|left| !left.is_zero())?;
        let problem = problem.clone();
        Some(if problem.retry_after().is_some() { problem.with_retry_after(left) } else { problem })
    }

    /// There is a token.
    pub(super) fn remove(&mut self, key: &Key, claims: Option<&String>) {
        self.failed.remove(&(key.clone(), claims.cloned()));
    }

    /// Forgets the failures; a wait that Entra asked for stays.
    pub(super) fn clear(&mut self) {
        self.failed.retain(|_, (_, problem)| problem.retry_after().is_some());
        self.refused.clear();
    }

    /// Entra asked to wait. A fetch that is given up takes nothing of that away.
    pub(super) fn hold(&mut self, key: &Key, claims: Option<&String>, until: Duration, now: Duration) {
        self.holds.retain(|_, until| *until > now);
        self.holds.insert((key.clone(), claims.cloned()), until);
    }

    /// The moment until which a new fetch waits, where Entra asked for that.
    pub(super) fn held_until(&self, key: &Key, claims: Option<&String>, now: Duration) -> Option<Duration> {
        self.holds.get(&(key.clone(), claims.cloned())).copied().filter(|until| *until > now)
    }
}

/// The moment until which a failure is the answer to the same request.
fn told_until(problem: &Problem, now: Duration) -> Duration {
    let asked = problem.retry_after().unwrap_or_default().min(LONGEST_WAIT);
    now.saturating_add(asked.max(FAILED_FOR))
}
