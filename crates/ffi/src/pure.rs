//! Functions that need neither a client nor an operation: JSON in, JSON out.

use crate::boundary::boundary_with_problem;
use crate::input;
use crate::output::Out;
use crate::result::agentuser_result;
use crate::status::{AGENTUSER_UNSUPPORTED, agentuser_status};

/// Checks one agent user by every rule: `{"agentUser":{…},"domain"?:…,"verifiedDomains"?:[…]}` to
/// `{"violations":[…],"agentUser"?:{…}}`, where `agentUser` is the body that would be sent.
///
/// PROBLEM: `json` itself is not that object; broken rules are a result. `*result` and `*problem` are to be freed with
/// agentuser_result_free. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_validate(
    json: *const u8,
    json_len: usize,
    result: *mut *mut agentuser_result,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    // SAFETY: the caller's word is passed on.
    unsafe { pure(json, json_len, None, result, problem) }
}

/// Checks one member: `{"member":"userPrincipalName","value":…,"verifiedDomains"?:[…]}` to `{"violations":[…]}`.
///
/// As for agentuser_validate. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_validate_member(
    json: *const u8,
    json_len: usize,
    result: *mut *mut agentuser_result,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    // SAFETY: the caller's word is passed on.
    unsafe { pure(json, json_len, None, result, problem) }
}

/// Checks a roster: `{"domain"?:…,"verifiedDomains"?:[…]}` with the file's bytes as `input` (CSV or JSON) to
/// `{"rows":…,"problem"?:{…,"rowErrors":[…]}}`.
///
/// As for agentuser_validate. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_validate_roster(
    json: *const u8,
    json_len: usize,
    input: *const u8,
    input_len: usize,
    result: *mut *mut agentuser_result,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    // SAFETY: the caller's word is passed on.
    unsafe { pure(json, json_len, Some((input, input_len)), result, problem) }
}

/// Derives names: `{"displayName":…,"domain"?:…,"alternative"?:1}` to `{"mailNickname":…,"userPrincipalName"?:…}`.
///
/// As for agentuser_validate. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_derive(
    json: *const u8,
    json_len: usize,
    result: *mut *mut agentuser_result,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    // SAFETY: the caller's word is passed on.
    unsafe { pure(json, json_len, None, result, problem) }
}

/// Explains an answer of Graph's: `{"call":"createAgentUser","status":…,"headers"?:[["name","value"]…]}` with the
/// answer's body as `input` to a problem, as a result.
///
/// As for agentuser_validate. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_explain(
    json: *const u8,
    json_len: usize,
    input: *const u8,
    input_len: usize,
    result: *mut *mut agentuser_result,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    // SAFETY: the caller's word is passed on.
    unsafe { pure(json, json_len, Some((input, input_len)), result, problem) }
}

/// # Safety
/// As the exports say.
unsafe fn pure(
    json: *const u8,
    json_len: usize,
    input: Option<(*const u8, usize)>,
    result: *mut *mut agentuser_result,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    // SAFETY: the caller's word is passed on.
    unsafe {
        boundary_with_problem(problem, || {
            let _place = Out::handle(result)?;
            let _json = input::text(json, json_len)?;
            let _input = input.map(|(ptr, len)| input::optional(ptr, len)).transpose()?;
            Err(AGENTUSER_UNSUPPORTED.into())
        })
    }
}
