//! The requests of one run that wait for a token.

use agentuser_core::problem::Problem;
use tokio::sync::watch;

/// Tells whether requests of a run wait for a token, and can end that wait. Clones share it.
///
/// It is for hosts that ask people to sign in: it tells which run waits, and lets one run give up.
#[derive(Debug, Clone)]
pub struct TokenWaits {
    waiting: watch::Sender<usize>,
    failed: watch::Sender<Option<Problem>>,
}

impl Default for TokenWaits {
    fn default() -> Self {
        Self::new()
    }
}

impl TokenWaits {
    /// A count of waiting requests that begins at 0.
    #[must_use]
    pub fn new() -> Self {
        Self { waiting: watch::Sender::new(0), failed: watch::Sender::new(None) }
    }

    /// Whether a request waits for a token now.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        *self.waiting.borrow() > 0
    }

    /// A receiver of the number of requests that wait.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<usize> {
        self.waiting.subscribe()
    }

    /// Gives up for this run: what waits for a token now, or would wait for one later, ends unsent with this problem.
    /// The token in use still serves. Other runs go on waiting.
    pub fn fail(&self, problem: Problem) {
        self.failed.send_replace(Some(problem));
    }

    /// Why this run has given up, if it has.
    pub(crate) fn failure(&self) -> Option<Problem> {
        self.failed.borrow().clone()
    }

    /// One more request waits, until the guard is dropped.
    pub(crate) fn wait(&self) -> Waiting {
        self.waiting.send_modify(|waiting| *waiting += 1);
        Waiting(self.clone())
    }
}

/// A request that waits.
pub(crate) struct Waiting(TokenWaits);

impl Waiting {
    /// Resolves when the run gives up waiting, or has before.
    pub(crate) async fn failed(&self) -> Problem {
        let mut failed = self.0.failed.subscribe();
        let problem = failed.wait_for(Option::is_some).await.ok().and_then(|problem| problem.clone());
        match problem {
            Some(problem) => problem,
            // The sender lives in `self`, so this is never reached.
            None => std::future::pending().await,
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.waiting.send_modify(|waiting| *waiting = waiting.saturating_sub(1));
    }
}
