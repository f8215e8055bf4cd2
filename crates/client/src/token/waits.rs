//! The requests of one run that wait for a token.

use agentuser_core::problem::Problem;
use tokio::sync::watch;

/// Tells whether requests of a run wait for the token provider, and can end them. Cloning shares it.
///
/// For hosts that ask people: which run wants to sign in, and which one gives up.
#[derive(Debug, Clone)]
pub struct TokenWaits {
    waiting: watch::Sender<usize>,
    /// Counts the failures, so that each ends only what waits by then.
    failed: watch::Sender<(u64, Option<Problem>)>,
}

impl TokenWaits {
    pub(crate) fn new() -> Self {
        Self { waiting: watch::Sender::new(0), failed: watch::Sender::new((0, None)) }
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

    /// Ends the requests that wait, as not sent, with this problem. Other runs go on waiting.
    pub fn fail(&self, problem: Problem) {
        self.failed.send_modify(|(count, failed)| {
            *count += 1;
            *failed = Some(problem);
        });
    }

    /// One more request waits, until the guard is dropped.
    pub(crate) fn wait(&self) -> Waiting {
        // First, because who sees that a request waits may end it at once.
        let failed = self.failed.subscribe();
        self.waiting.send_modify(|waiting| *waiting += 1);
        Waiting { waits: self.clone(), failed }
    }
}

/// A request that waits.
pub(crate) struct Waiting {
    waits: TokenWaits,
    failed: watch::Receiver<(u64, Option<Problem>)>,
}

impl Waiting {
    /// Resolves when the run gives up waiting.
    pub(crate) async fn failed(&mut self) -> Problem {
        loop {
            // The sender lives in `waits`.
            if self.failed.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
            if let (_, Some(problem)) = &*self.failed.borrow_and_update() {
                return problem.clone();
            }
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.waits.waiting.send_modify(|waiting| *waiting = waiting.saturating_sub(1));
    }
}
