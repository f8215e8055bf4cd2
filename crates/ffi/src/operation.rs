//! Operations, for hosts with a transport of their own.

use crate::boundary::{boundary, export};
use crate::handle::{self, Handle};
use crate::input;
use crate::output::Out;
use crate::result_data::{ResultData, agentuser_result};
use crate::session::{SessionHandle, agentuser_session};
use crate::status::{AGENTUSER_BUSY, AGENTUSER_ENDED, AGENTUSER_PANIC, agentuser_status};
use agentuser_core::Now;
use agentuser_core::json::{self, Item, Operation, OperationRequest, step_json};
use agentuser_core::operation::{Accepted, Canceller, RequestId, Step};
use std::sync::{Mutex, TryLockError};
use std::time::Duration;

/// An operation that the host polls with the time and feeds with answers. It sends nothing and starts no thread.
#[allow(non_camel_case_types)]
pub struct agentuser_operation(());

/// Cancels an operation, from any thread.
#[allow(non_camel_case_types)]
pub struct agentuser_canceller(());

/// The kind of step that agentuser_operation_poll asks of the host. New kinds may be added; numbers never change.
#[allow(non_camel_case_types)]
pub type agentuser_step_kind = u32;

/// Send these requests, each on its own, and hand back each answer with agentuser_operation_answer. Their bodies are
/// the result's bodies.
pub const AGENTUSER_STEP_SEND: agentuser_step_kind = 1;
/// Stop waiting for these requests; a late answer to them is ignored.
pub const AGENTUSER_STEP_ABORT: agentuser_step_kind = 2;
/// A page of agent users (with rows) or of agent identities, or a report.
pub const AGENTUSER_STEP_ITEM: agentuser_step_kind = 3;
/// Progress.
pub const AGENTUSER_STEP_EVENT: agentuser_step_kind = 4;
/// Nothing to do until `untilMs` on the host's own clock, or until an answer comes.
pub const AGENTUSER_STEP_WAIT: agentuser_step_kind = 5;
/// The end, with the result; with one row where it is an agent user. Afterwards polling says ENDED.
pub const AGENTUSER_STEP_DONE: agentuser_step_kind = 6;
/// The end, with the problem it failed with. Afterwards polling says ENDED.
pub const AGENTUSER_STEP_FAILED: agentuser_step_kind = 7;
/// A record of what was sent or changed, where the operation's `records` ask for it.
pub const AGENTUSER_STEP_RECORD: agentuser_step_kind = 8;

/// The object behind an operation handle.
pub(crate) struct OperationHandle {
    /// The operation; `None` once the end was taken.
    operation: Mutex<Option<Operation>>,
    canceller: Canceller,
}

impl Handle for OperationHandle {
    type Opaque = agentuser_operation;
}

/// The object behind a canceller handle.
pub(crate) struct CancellerHandle(Canceller);

impl Handle for CancellerHandle {
    type Opaque = agentuser_canceller;
}

impl OperationHandle {
    /// Works with the operation, unless another thread does.
    fn with<T>(&self, work: impl FnOnce(&mut Option<Operation>) -> T) -> Result<T, agentuser_status> {
        match self.operation.try_lock() {
            Ok(mut operation) => Ok(work(&mut operation)),
            Err(TryLockError::WouldBlock) => Err(AGENTUSER_BUSY),
            // A panic left the operation half-done.
            Err(TryLockError::Poisoned(_)) => Err(AGENTUSER_PANIC),
        }
    }

    fn poll(&self, now: Now) -> Result<(agentuser_step_kind, ResultData), agentuser_status> {
        self.with(|place| {
            let step = place.as_mut().ok_or(AGENTUSER_ENDED)?.poll(now);
            let (kind, page) = match &step {
                Step::Send(_) => (AGENTUSER_STEP_SEND, None),
                Step::Abort(_) => (AGENTUSER_STEP_ABORT, None),
                Step::Item(Item::AgentUsers(page)) => (AGENTUSER_STEP_ITEM, Some(page.clone())),
                Step::Item(_) => (AGENTUSER_STEP_ITEM, None),
                Step::Event(_) => (AGENTUSER_STEP_EVENT, None),
                Step::Record(_) => (AGENTUSER_STEP_RECORD, None),
                Step::Wait(_) => (AGENTUSER_STEP_WAIT, None),
                Step::Done(Ok(output)) => (AGENTUSER_STEP_DONE, output.agent_user()),
                Step::Done(Err(_)) => (AGENTUSER_STEP_FAILED, None),
            };
            if matches!(step, Step::Done(_)) {
                *place = None;
            }
            let (json, bodies) = step_json(step);
            let bodies = bodies.into_iter().map(|(id, body)| (id.get(), body)).collect();
            Ok((kind, ResultData::of_json(json).with_page(page).with_bodies(bodies)))
        })?
    }
}

/// Makes an operation of a session. Nothing happens before the first poll.
///
/// `json` and `input` are as for agentuser_call_start. `in_flight`: how many requests the host sends at a time, 0 for
/// the session's. `seed`: of the jitter in waits; the same seed, answers and times give the same run.
///
/// `*operation` is to be freed with agentuser_operation_free, and on PROBLEM `*problem` with agentuser_result_free. Any
/// thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_operation_new(
    session: *const agentuser_session,
    json: *const u8,
    json_len: usize,
    input: *const u8,
    input_len: usize,
    in_flight: u32,
    seed: u64,
    operation: *mut *mut agentuser_operation,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    export!(problem, place = Out::handle(operation), {
        let session = handle::get::<SessionHandle>(session)?;
        let json = input::text(json, json_len)?;
        let input = input::copy(input, input_len)?;
        let request = OperationRequest::parse(json.as_bytes(), input)?;
        let mut limits = session.0.limits();
        if let Some(in_flight) = usize::try_from(in_flight).ok().filter(|requests| *requests > 0) {
            limits.in_flight = in_flight;
        }
        let operation = json::start(&session.0.with_limits(limits), seed, request);
        let canceller = operation.canceller();
        let operation = Mutex::new(Some(operation));
        place.set(handle::add(OperationHandle { operation, canceller }));
        Ok(())
    })
}

/// The next step, at this time. Call it again after every step but WAIT, and after every answer.
///
/// `mono_ms` is a clock of the host's that never goes back, `unix_ms` the time of day. The result's JSON is the whole
/// step, `{"step":…}`. `*result` is to be freed with agentuser_result_free. BUSY: another thread is using it. ENDED: its
/// end was taken. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_operation_poll(
    operation: *mut agentuser_operation,
    mono_ms: u64,
    unix_ms: i64,
    kind: *mut agentuser_step_kind,
    result: *mut *mut agentuser_result,
) -> agentuser_status {
    export!({
        let (kind, result) = (Out::new(kind, 0), Out::handle(result));
        let (kind, result) = (kind?, result?);
        let now = Now { mono: Duration::from_millis(mono_ms), unix_ms };
        let (step, outcome) = handle::get::<OperationHandle>(operation)?.poll(now)?;
        kind.set(step);
        result.set(handle::add(outcome));
        Ok(())
    })
}

/// Hands back the answer of a request: `json` is `{"answer":"response","status":200,"headers":[["name","value"]…],
/// "token":1}` with the response's `body`, `{"answer":"lost","sent":"no","why":"unreachable"}` or
/// `{"answer":"noToken","message":…}`. `body` may be NULL; it is copied.
///
/// `*accepted` is 1, or 0 when the operation does not wait for it any more. PROBLEM: `json` is not an answer, and the
/// operation still waits for one. BUSY: another thread is using the operation. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_operation_answer(
    operation: *mut agentuser_operation,
    request: u64,
    json: *const u8,
    json_len: usize,
    body: *const u8,
    body_len: usize,
    accepted: *mut u32,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    export!(problem, place = Out::new(accepted, 0), {
        let operation = handle::get::<OperationHandle>(operation)?;
        let json = input::text(json, json_len)?;
        let answer = json::answer(json.as_bytes(), input::copy(body, body_len)?)?;
        let id = RequestId::from_number(request);
        let used = operation.with(|operation| {
            operation.as_mut().is_some_and(|operation| operation.answer(id, answer) == Accepted::Used)
        })?;
        place.set(used.into());
        Ok(())
    })
}

/// Says that a request waits for a token: its time does not run until agentuser_operation_may_send. For hosts whose
/// sign-in may take long, such as one that asks a person.
///
/// BUSY: another thread is using the operation. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_operation_token_pending(
    operation: *mut agentuser_operation,
    request: u64,
) -> agentuser_status {
    boundary(|| {
        handle::get::<OperationHandle>(operation)?.with(|operation| {
            if let Some(operation) = operation {
                operation.token_pending(RequestId::from_number(request));
            }
        })
    })
}

/// Asks whether a request that waited for a token may be sent now. `*leaves` is 1 when it may, and its time begins; 0
/// when it was given up meanwhile, by a cancellation or a deadline: then it must not be sent, because it has been
/// reported as not sent.
///
/// BUSY: another thread is using the operation. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_operation_may_send(
    operation: *mut agentuser_operation,
    request: u64,
    leaves: *mut u32,
) -> agentuser_status {
    export!({
        let place = Out::new(leaves, 0)?;
        let id = RequestId::from_number(request);
        let used = handle::get::<OperationHandle>(operation)?.with(|operation| {
            operation.as_mut().is_some_and(|operation| operation.may_send(id) == Accepted::Used)
        })?;
        place.set(used.into());
        Ok(())
    })
}

/// Makes a handle that cancels the operation, and that may outlive it. `*canceller` is to be freed with agentuser_canceller_free.
///
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_operation_canceller(
    operation: *const agentuser_operation,
    canceller: *mut *mut agentuser_canceller,
) -> agentuser_status {
    export!({
        let place = Out::handle(canceller)?;
        let operation = handle::get::<OperationHandle>(operation)?;
        place.set(handle::add(CancellerHandle(operation.canceller.clone())));
        Ok(())
    })
}

/// Frees an operation. The host drops its requests in flight itself. NULL is fine.
///
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_operation_free(operation: *mut agentuser_operation) -> agentuser_status {
    boundary(|| handle::remove::<OperationHandle>(operation).map(drop))
}

/// Asks the operation to end in good order; its thread must poll once more for it to take effect. It may be
/// called any number of times, also after the operation was freed.
///
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_canceller_cancel(
    canceller: *const agentuser_canceller,
) -> agentuser_status {
    boundary(|| {
        handle::get::<CancellerHandle>(canceller)?.0.cancel();
        Ok(())
    })
}

/// Frees a canceller. NULL is fine.
///
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_canceller_free(canceller: *mut agentuser_canceller) -> agentuser_status {
    boundary(|| handle::remove::<CancellerHandle>(canceller).map(drop))
}
