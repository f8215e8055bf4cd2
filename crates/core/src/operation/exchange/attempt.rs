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
}

pub(in crate::operation) fn cancelled_problem() -> Problem {
    Problem::new(Code::Cancelled, "The operation was cancelled before this was done.")
}

pub(in crate::operation) fn late_problem() -> Problem {
    Problem::new(Code::DeadlineExceeded, "The time for this operation was used up before it could go on.")
}
