//! An attempt of a request, and the problems of one that is never made.

use crate::graph::Call;
use crate::http::Request;
use crate::operation::retry::AttemptState;
use crate::operation::step::RejectedToken;
use crate::problem::{Code, Problem};
use std::time::Duration;

/// One attempt of one request.
pub(in crate::operation) struct Attempt {
    pub(in crate::operation) call: Call,
    pub(in crate::operation) request: Request,
    pub(in crate::operation) rejected_token: Option<RejectedToken>,
    pub(in crate::operation) state: AttemptState,
    pub(in crate::operation) timeout: Duration,
    /// When it is no longer worth sending, and a read no longer worth waiting for.
    pub(in crate::operation) deadline: Option<Duration>,
    /// How long it may take after a cancellation; without it, a cancellation ends it.
    pub(in crate::operation) cleanup_timeout: Option<Duration>,
    /// Whether it goes alone: as most flows want, and as a repeated request does, so that a second refusal does not delay
    /// a batch.
    pub(in crate::operation) never_batch: bool,
    /// Lower goes first.
    pub(in crate::operation) priority: u64,
    /// The row that it belongs to.
    pub(in crate::operation) row: Option<usize>,
}

/// The early end of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::operation) struct Stop {
    pub(in crate::operation) at: Duration,
    pub(in crate::operation) why: StopReason,
}

/// Why an operation ends early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::operation) enum StopReason {
    /// It was cancelled.
    Cancelled,
    /// Its time is over.
    Late,
}

impl StopReason {
    /// The problem of a flow that waited for `what`.
    pub(in crate::operation) fn problem(self, what: &str) -> Problem {
        match self {
            Self::Cancelled => {
                Problem::new(Code::Cancelled, "The operation was cancelled before this was done.")
            }
            Self::Late => late_problem(what),
        }
    }
}

/// The problem of a flow whose time is over while it waits for `what`.
pub(in crate::operation) fn late_problem(what: &str) -> Problem {
    let message = format!("The time for this operation was used up while it waited for {what}.");
    Problem::new(Code::DeadlineExceeded, message)
}
