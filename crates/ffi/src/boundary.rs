//! The frame of every export: it turns results into statuses, and lets no panic out.

use crate::handle;
use crate::output::Out;
use crate::result_data::{ResultData, agentuser_result};
use crate::status::{AGENTUSER_OK, AGENTUSER_PANIC, AGENTUSER_PROBLEM, agentuser_status};
use agentuser_core::problem::Problem;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why an export did not do what it was asked.
pub(crate) enum Refusal {
    /// A mistake of the caller.
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

/// Runs the body of an export that reads or writes through pointers of its caller; with the name of a parameter before
/// the body, the export hands out a problem there. A place for its result stands before the body, so that both places are
/// written before either is missed.
macro_rules! export {
    ($body:block) => {
        $crate::boundary::boundary(|| {
            // SAFETY: the caller's pointers are as the crate's documentation demands.
            unsafe { $body }
        })
    };
    ($problem:ident, $body:block) => {{
        // SAFETY: as above.
        let place = unsafe { $crate::output::Out::handle($problem) };
        $crate::boundary::boundary_with_problem(place, || {
            // SAFETY: as above.
            unsafe { $body }
        })
    }};
    ($problem:ident, $place:ident = $out:expr, $body:block) => {{
        // SAFETY: as above.
        let (problem, place) = unsafe { ($crate::output::Out::handle($problem), $out) };
        $crate::boundary::boundary_with_problem(problem, || {
            let $place = place?;
            // SAFETY: as above.
            unsafe { $body }
        })
    }};
}

pub(crate) use export;

/// Runs the body of an export that takes no pointers but handles.
///
/// A panic leaves only the one object half-done that the export works with: objects are made so that they can be freed
/// in any state, and their locks do not poison.
pub(crate) fn boundary(body: impl FnOnce() -> Result<(), agentuser_status>) -> agentuser_status {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => AGENTUSER_OK,
        Ok(Err(status)) => status,
        Err(panic) => {
            // Dropping the panic's value may panic again; the value of that second panic is leaked.
            if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
                std::mem::forget(again);
            }
            AGENTUSER_PANIC
        }
    }
}

/// Runs the body of an export that may hand out a problem.
pub(crate) fn boundary_with_problem(
    place: Result<Out<*mut agentuser_result>, agentuser_status>,
    body: impl FnOnce() -> Result<(), Refusal>,
) -> agentuser_status {
    boundary(|| {
        let place = place?;
        match body() {
            Ok(()) => Ok(()),
            Err(Refusal::Status(status)) => Err(status),
            Err(Refusal::Problem(problem)) => {
                place.set(handle::add(ResultData::of(&problem)));
                Err(AGENTUSER_PROBLEM)
            }
        }
    })
}
