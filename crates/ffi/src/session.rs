//! What the operations of one host share.

use crate::boundary::{boundary, boundary_with_problem};
use crate::handle;
use crate::input;
use crate::output::Out;
use crate::result::agentuser_result;
use crate::status::{AGENTUSER_UNSUPPORTED, agentuser_status};

/// A session: Graph's address, settings, and what Graph's throttling has taught. For hosts that send requests
/// themselves.
#[allow(non_camel_case_types)]
pub struct agentuser_session(());

/// What a session handle stands for.
pub(crate) struct SessionHandle;

/// Makes a session. `config` is the JSON object that agentuser_client_new takes, without `clientSecret`.
///
/// `*session` is to be freed with agentuser_session_free, and on PROBLEM `*problem` with agentuser_result_free. Any
/// thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_session_new(
    config: *const u8,
    config_len: usize,
    session: *mut *mut agentuser_session,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    // SAFETY: the caller's word is passed on.
    unsafe {
        boundary_with_problem(problem, || {
            let _place = Out::handle(session)?;
            let _config = input::text(config, config_len)?;
            Err(AGENTUSER_UNSUPPORTED.into())
        })
    }
}

/// Frees a session. Operations that it started go on. NULL is fine.
///
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_session_free(session: *mut agentuser_session) -> agentuser_status {
    boundary(|| handle::remove::<SessionHandle>(session).map(drop))
}
