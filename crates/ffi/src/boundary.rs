//! Around every export: statuses out, no panic.

use crate::handle;
use crate::output::Out;
use crate::result::{Outcome, agentuser_result};
use crate::status::{AGENTUSER_OK, AGENTUSER_PANIC, AGENTUSER_PROBLEM, agentuser_status};
use agentuser_core::problem::Problem;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why an export did not do what it was asked.
pub(crate) enum Refusal {
    /// The caller's mistake.
    Status(agentuser_status),
    /// A problem to hand out.
    Problem(Problem),
}

impl From<agentuser_status> for Refusal {
    fn from(status: agentuser_status) -> Self {
        Self::Status(status)
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// Runs the body of an export.
///
/// What a panic leaves half-done is inside one object, behind a lock that tells nobody of it: the objects are made so
/// that they can be freed whatever state they are in.
pub(crate) fn boundary(body: impl FnOnce() -> Result<(), agentuser_status>) -> agentuser_status {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => AGENTUSER_OK,
        Ok(Err(status)) => status,
        Err(panic) => {
            // Dropping what was thrown may itself panic; what is thrown then is left where it is.
            if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
                std::mem::forget(again);
            }
            AGENTUSER_PANIC
        }
    }
}

/// Runs the body of an export that may hand out a problem.
///
/// # Safety
/// `problem` is NULL or may be written until the export returns.
pub(crate) unsafe fn boundary_with_problem(
    problem: *mut *mut agentuser_result,
    body: impl FnOnce() -> Result<(), Refusal>,
) -> agentuser_status {
    boundary(|| {
        // SAFETY: the caller's word is passed on.
        let place = unsafe { Out::handle(problem) }?;
        match body() {
            Ok(()) => Ok(()),
            Err(Refusal::Status(status)) => Err(status),
            Err(Refusal::Problem(problem)) => {
                place.set(handle::add(Outcome::of(&problem)));
                Err(AGENTUSER_PROBLEM)
            }
        }
    })
}
