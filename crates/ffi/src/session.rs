//! Sessions, which the operations of one host share.

use crate::boundary::{boundary, export};
use crate::handle::{self, Handle};
use crate::input;
use crate::output::Out;
use crate::result_data::agentuser_result;
use crate::status::agentuser_status;
use agentuser_core::json::Config;
use agentuser_core::operation::{Session, TokenTag};

use agentuser_core::token::TokenFacts;

/// A session: Graph's address, settings, and what Graph's throttling has taught. For hosts that send requests
/// themselves.
#[allow(non_camel_case_types)]
pub struct agentuser_session(());

/// The object behind a session handle.
pub(crate) struct SessionHandle(pub(crate) Session);

impl Handle for SessionHandle {
    type Opaque = agentuser_session;
}

/// Makes a session. `config` is the JSON object that agentuser_client_new takes, without `signIn`,
/// `rootCertificates` and `maxAnswerBytes`.
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
        config.require_session()?;
        let session = Session::new(config.settings()).with_limits(config.limits());
        place.set(handle::add(SessionHandle(session)));
        Ok(())
    })
}

/// Tells a session about a token, before its first answer is handed back: records of changes then say who made them, and
/// a token for another service is named as such. `tag` is the `token` of that answer. The token is read and not kept.
///
/// A host that does not see its tokens needs not call it. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_session_note_token(
    session: *const agentuser_session,
    tag: u64,
    token: *const u8,
    token_len: usize,
) -> agentuser_status {
    export!({
        let session = handle::get::<SessionHandle>(session)?;
        session.0.note_token(TokenTag(tag), TokenFacts::read(input::text(token, token_len)?));
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
