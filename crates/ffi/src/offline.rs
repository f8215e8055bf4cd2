//! Functions that need neither a client nor an operation: JSON in, JSON out.

use crate::boundary::{Refusal, boundary_with_problem};
use crate::handle;
use crate::input;
use crate::output::Out;
use crate::result::{Outcome, agentuser_result};
use crate::status::agentuser_status;
use agentuser_core::json;

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
    unsafe { pure(json, json_len, result, problem, |json| Ok(json::validate(json)?)) }
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
    unsafe { pure(json, json_len, result, problem, |json| Ok(json::validate_member(json)?)) }
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
    unsafe {
        pure(json, json_len, result, problem, |json| {
            let input = input::optional(input, input_len)?.unwrap_or_default();
            Ok(json::validate_roster(json, input)?)
        })
    }
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
    unsafe { pure(json, json_len, result, problem, |json| Ok(json::derive(json)?)) }
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
    unsafe {
        pure(json, json_len, result, problem, |json| {
            let input = input::optional(input, input_len)?.unwrap_or_default();
            Ok(json::explain(json, input)?)
        })
    }
}

/// # Safety
/// As the exports say.
unsafe fn pure(
    json: *const u8,
    json_len: usize,
    result: *mut *mut agentuser_result,
    problem: *mut *mut agentuser_result,
    function: impl FnOnce(&[u8]) -> Result<String, Refusal>,
) -> agentuser_status {
    // SAFETY: the caller's word is passed on.
    unsafe {
        boundary_with_problem(problem, || {
            let place = Out::handle(result)?;
            let json = function(input::text(json, json_len)?.as_bytes())?;
            place.set(handle::add(Outcome::of_json(json)));
            Ok(())
        })
    }
}
