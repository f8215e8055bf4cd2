//! Sessions, which the operations of one host share.

use crate::boundary::{boundary, export};
use crate::handle::{self, Handle};
use crate::input;
use crate::output::Out;
use crate::result_data::agentuser_result;
use crate::status::agentuser_status;
use agentuser_core::json::Config;
use agentuser_core::operation::Session;
use agentuser_core::problem::{Code, Problem};

/// A session: Graph's address, settings, and what Graph's throttling has taught. For hosts that send requests
/// themselves.
#[allow(non_camel_case_types)]
pub struct agentuser_session(());

/// The object behind a session handle.
pub(crate) struct SessionHandle(pub(crate) Session);

impl Handle for SessionHandle {
    type Opaque = agentuser_session;
}

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
    export!(problem, place = Out::handle(session), {
        let config = Config::parse(input::text(config, config_len)?.as_bytes())?;
        if config.client_secret().is_some() {
            let why = "A session signs nobody in, and its configuration has clientSecret.";
            return Err(Problem::new(Code::Invalid, why).with_field("clientSecret").into());
        }
        let session = Session::new(config.settings()).with_limits(config.limits());
        place.set(handle::add(SessionHandle(session)));
        Ok(())
    })
}

/// Frees a session. Operations that it started go on. NULL is fine.
///
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_session_free(session: *mut agentuser_session) -> agentuser_status {
    boundary(|| handle::remove::<SessionHandle>(session).map(drop))
}
