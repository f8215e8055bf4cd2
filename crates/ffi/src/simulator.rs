//! A simulated Graph on this machine, for rehearsals and tests.

use crate::boundary::{boundary, boundary_with_problem};
use crate::handle;
use crate::input;
use crate::output::Out;
use crate::result::agentuser_result;
use crate::status::{AGENTUSER_UNSUPPORTED, agentuser_status};

/// A simulated Graph that listens on 127.0.0.1. A fake: nothing of it reaches Microsoft.
#[allow(non_camel_case_types)]
pub struct agentuser_simulator(());

/// What a simulator handle stands for.
pub(crate) struct SimulatorHandle;

/// Starts a simulator on a port of its own, with a thread of its own. `options` is a JSON object, such as
/// `{"identities":24,"seed":1}`; `{}` will do.
///
/// `*simulator` is to be freed with agentuser_simulator_free, and on PROBLEM `*problem` with agentuser_result_free.
/// UNSUPPORTED: this library was built without it. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_simulator_start(
    options: *const u8,
    options_len: usize,
    simulator: *mut *mut agentuser_simulator,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    // SAFETY: the caller's word is passed on.
    unsafe {
        boundary_with_problem(problem, || {
            let _place = Out::handle(simulator)?;
            let _options = input::text(options, options_len)?;
            Err(AGENTUSER_UNSUPPORTED.into())
        })
    }
}

/// Where it is, and a token that may do everything: `{"endpoint":"http://127.0.0.1:…","token":…}`. `*result` is to be
/// freed with agentuser_result_free.
///
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_simulator_json(
    simulator: *const agentuser_simulator,
    result: *mut *mut agentuser_result,
) -> agentuser_status {
    boundary(|| {
        // SAFETY: the caller's word is passed on.
        let _place = unsafe { Out::handle(result) }?;
        let _simulator = handle::get::<SimulatorHandle>(simulator)?;
        Err(AGENTUSER_UNSUPPORTED)
    })
}

/// Stops a simulator and frees it. NULL is fine.
///
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_simulator_free(simulator: *mut agentuser_simulator) -> agentuser_status {
    boundary(|| handle::remove::<SimulatorHandle>(simulator).map(drop))
}
