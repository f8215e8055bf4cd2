//! For tests of this crate alone: neither in release builds nor in the header.

use crate::boundary::export;
use crate::output::Out;
use crate::result_data::agentuser_result;
use crate::status::agentuser_status;

/// Panics inside the boundary.
#[unsafe(no_mangle)]
#[allow(clippy::panic)]
pub unsafe extern "C" fn agentuser_test_panic(problem: *mut *mut agentuser_result) -> agentuser_status {
    export!(problem, {
        Out::handle(problem)?;
        panic!("a test asked for it")
    })
}
