//! The client handle: connections, tokens and threads that its calls share.

use crate::boundary::{boundary, boundary_with_problem};
use crate::handle;
use crate::input;
use crate::output::Out;
use crate::result::agentuser_result;
use crate::status::{AGENTUSER_UNSUPPORTED, agentuser_status};

/// A client: Graph's address, connections, the token in use, and two threads of its own once the first call starts.
#[allow(non_camel_case_types)]
pub struct agentuser_client(());

/// What a client handle stands for.
pub(crate) struct ClientHandle;

/// Makes a client. Nothing is sent before a call is started.
///
/// `config` is a JSON object, such as `{"cloud":"global"}`. With the member `clientSecret` the client signs in itself
/// and `secret` is the secret, which is never part of the JSON; without it `secret` must be NULL, and tokens come from
/// agentuser_client_set_token.
///
/// `*client` is to be freed with agentuser_client_free, and on PROBLEM `*problem` with agentuser_result_free. Any
/// thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_client_new(
    config: *const u8,
    config_len: usize,
    secret: *const u8,
    secret_len: usize,
    client: *mut *mut agentuser_client,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    // SAFETY: the caller's word is passed on.
    unsafe {
        boundary_with_problem(problem, || {
            let _place = Out::handle(client)?;
            let _config = input::text(config, config_len)?;
            let _secret = input::optional(secret, secret_len)?;
            Err(AGENTUSER_UNSUPPORTED.into())
        })
    }
}

/// Gives the client a token, the first or a new one: the access token alone, without "Bearer". It serves every call of
/// the client, also those that wait for one. The library keeps a copy until it is replaced, and overwrites that.
///
/// `expires_in_s`: how many seconds it is good for; 0 when unknown, and then it is used until Graph refuses it.
/// PROBLEM: no request could carry it. Any thread, also while others wait for calls.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_client_set_token(
    client: *const agentuser_client,
    token: *const u8,
    token_len: usize,
    expires_in_s: u64,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    // SAFETY: the caller's word is passed on.
    unsafe {
        boundary_with_problem(problem, || {
            let _client = handle::get::<ClientHandle>(client)?;
            let _token = input::text(token, token_len)?;
            let _ = expires_in_s;
            Err(AGENTUSER_UNSUPPORTED.into())
        })
    }
}

/// Frees a client. Its calls go on, and its threads with them, until they are freed, too. NULL is fine.
///
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_client_free(client: *mut agentuser_client) -> agentuser_status {
    boundary(|| handle::remove::<ClientHandle>(client).map(drop))
}
