//! Calls: operations that a client runs, and that the caller pumps.

use crate::boundary::{boundary, boundary_with_problem};
use crate::client::{ClientHandle, agentuser_client};
use crate::handle;
use crate::input;
use crate::output::Out;
use crate::result::agentuser_result;
use crate::status::{AGENTUSER_UNSUPPORTED, agentuser_status};

/// A call of a client: one operation under way.
#[allow(non_camel_case_types)]
pub struct agentuser_call(());

/// Told that agentuser_call_wait has something. It comes from a thread of the library, one at a time for each call, and
/// may only signal: set an event, post a message. It must not block, wait for a lock that is held around
/// agentuser_call_free, or call back into this library.
#[allow(non_camel_case_types)]
pub type agentuser_wake = Option<unsafe extern "C" fn(key: usize)>;

/// What agentuser_call_wait found. New ones may be added; numbers never change.
#[allow(non_camel_case_types)]
pub type agentuser_wait_kind = u32;

/// Nothing within the time. No result.
pub const AGENTUSER_WAIT_TIMEOUT: agentuser_wait_kind = 0;
/// Progress: `{"event":"stage"…}`, `{"event":"waiting"…}` or `{"event":"rows"…}`. Progress nobody takes is dropped, the
/// oldest first.
pub const AGENTUSER_WAIT_EVENT: agentuser_wait_kind = 1;
/// The call can't go on without a token: `{"scope":…,"claims"?:…,"refused":…}`. Answer with agentuser_client_set_token,
/// or agentuser_call_token_failed. Every call that needs one says so, once; one token serves all. With `refused`, Graph
/// did not take the last one: a cache must not give it out again. `claims` is passed on to the sign-in.
pub const AGENTUSER_WAIT_TOKEN: agentuser_wait_kind = 2;
/// A page of agent users (a JSON array, and rows) or the report of a roster's row (a JSON object).
pub const AGENTUSER_WAIT_ITEM: agentuser_wait_kind = 3;
/// The end: the operation's result, with one row where it is an agent user. Afterwards waiting says ENDED.
pub const AGENTUSER_WAIT_DONE: agentuser_wait_kind = 4;
/// The end: the problem it failed with. Afterwards waiting says ENDED.
pub const AGENTUSER_WAIT_FAILED: agentuser_wait_kind = 5;

/// As `timeout_ms`: wait as long as it takes.
pub const AGENTUSER_FOREVER: u32 = 0xFFFF_FFFF;

/// What a call handle stands for.
pub(crate) struct Call;

/// Starts an operation. It runs on the client's threads, whether anybody waits or not; what comes of it is had by
/// agentuser_call_wait.
///
/// `json` is an operation such as `{"operation":"get","user":"ada@contoso.com"}`; `input` holds the bytes that some
/// operations take beside it (a roster's file), else NULL. Both are copied. `wake`, which may be NULL, is called with
/// `key` when there is something to wait for, and again only after agentuser_call_wait has said TIMEOUT: take
/// everything then.
///
/// `*call` is to be freed with agentuser_call_free, and on PROBLEM `*problem` with agentuser_result_free. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_call_start(
    client: *const agentuser_client,
    json: *const u8,
    json_len: usize,
    input: *const u8,
    input_len: usize,
    wake: agentuser_wake,
    key: usize,
    call: *mut *mut agentuser_call,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    // SAFETY: the caller's word is passed on.
    unsafe {
        boundary_with_problem(problem, || {
            let _place = Out::handle(call)?;
            let _client = handle::get::<ClientHandle>(client)?;
            let _json = input::text(json, json_len)?;
            let _input = input::copy(input, input_len)?;
            let _ = (wake, key);
            Err(AGENTUSER_UNSUPPORTED.into())
        })
    }
}

/// Takes what comes next, waiting up to `timeout_ms` milliseconds for it (0 looks without waiting, AGENTUSER_FOREVER
/// waits). Pages are read at most one ahead of what was taken; reports are never held back.
///
/// `*result` is NULL on TIMEOUT, else to be freed with agentuser_result_free. BUSY: another thread is waiting for this
/// call. ENDED: its end was taken, or it was freed meanwhile. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_call_wait(
    call: *mut agentuser_call,
    timeout_ms: u32,
    kind: *mut agentuser_wait_kind,
    result: *mut *mut agentuser_result,
) -> agentuser_status {
    boundary(|| {
        // SAFETY: the caller's word is passed on.
        let _places = unsafe { (Out::new(kind, AGENTUSER_WAIT_TIMEOUT)?, Out::handle(result)?) };
        let _call = handle::get::<Call>(call)?;
        let _ = timeout_ms;
        Err(AGENTUSER_UNSUPPORTED)
    })
}

/// Says that no token can be had for this call, as the answer to TOKEN: the requests that wait for one fail, and the
/// call ends as it can. Other calls of the client still wait for theirs.
///
/// `why` becomes part of the problem, so it must not hold a secret. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_call_token_failed(
    call: *const agentuser_call,
    why: *const u8,
    why_len: usize,
) -> agentuser_status {
    boundary(|| {
        let _call = handle::get::<Call>(call)?;
        // SAFETY: the caller's word is passed on.
        let _why = unsafe { input::text(why, why_len) }?;
        Err(AGENTUSER_UNSUPPORTED)
    })
}

/// Asks the call to end in good order: nothing new is started, what is in flight is finished, lost answers are looked
/// up. Waiting goes on until DONE or FAILED. As often as one likes.
///
/// Any thread, also while another waits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_call_cancel(call: *const agentuser_call) -> agentuser_status {
    boundary(|| {
        let _call = handle::get::<Call>(call)?;
        Err(AGENTUSER_UNSUPPORTED)
    })
}

/// Frees a call. One that has not ended stops at once: requests in flight are cut, and a write among them may or may
/// not take place; running the same again is safe. Who wants to know what was done cancels first and waits for the end.
/// No wake runs after this returns. NULL is fine.
///
/// Any thread, also while another waits: that one returns with ENDED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_call_free(call: *mut agentuser_call) -> agentuser_status {
    boundary(|| handle::remove::<Call>(call).map(drop))
}
