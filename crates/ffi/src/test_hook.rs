//! For this crate's tests alone: neither in release builds nor in the header.

use crate::boundary::boundary_with_problem;
use crate::result::agentuser_result;
use crate::status::agentuser_status;

/// Panics inside the boundary.
#[unsafe(no_mangle)]
#[allow(clippy::panic)]
pub unsafe extern "C" fn agentuser_test_panic(problem: *mut *mut agentuser_result) -> agentuser_status {
    // SAFETY: the caller's word is passed on.
    unsafe { boundary_with_problem(problem, || panic!("a test asked for it")) }
}
