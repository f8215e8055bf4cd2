//! Functions that need neither a client nor an operation: JSON in, JSON out.

use crate::boundary::export;
use crate::handle;
use crate::input;
use crate::output::Out;
use crate::result_data::{ResultData, agentuser_result};
use crate::status::agentuser_status;
use agentuser_core::json;

/// Checks one agent user by every rule: `{"agentUser":{…},"domain"?:…,"verifiedDomains"?:[…]}` to
/// `{"violations":[…],"agentUser"?:{…}}`, where `agentUser` is the body that would be sent.
///
/// PROBLEM: `json` is not such an object; broken rules are a result. `*result` and `*problem` are to be freed with
/// agentuser_result_free. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_validate(
    json: *const u8,
    json_len: usize,
    result: *mut *mut agentuser_result,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    export!(problem, place = Out::handle(result), {
        let json = json::validate(input::text(json, json_len)?.as_bytes())?;
        place.set(handle::add(ResultData::of_json(json)));
        Ok(())
    })
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
    export!(problem, place = Out::handle(result), {
        let json = json::validate_member(input::text(json, json_len)?.as_bytes())?;
        place.set(handle::add(ResultData::of_json(json)));
        Ok(())
    })
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
    export!(problem, place = Out::handle(result), {
        let json = input::text(json, json_len)?;
        let input = input::optional(input, input_len)?.unwrap_or_default();
        place.set(handle::add(ResultData::of_json(json::validate_roster(json.as_bytes(), input)?)));
        Ok(())
    })
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
    export!(problem, place = Out::handle(result), {
        let json = json::derive(input::text(json, json_len)?.as_bytes())?;
        place.set(handle::add(ResultData::of_json(json)));
        Ok(())
    })
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
    export!(problem, place = Out::handle(result), {
        let json = input::text(json, json_len)?;
        let input = input::optional(input, input_len)?.unwrap_or_default();
        place.set(handle::add(ResultData::of_json(json::explain(json.as_bytes(), input)?)));
        Ok(())
    })
}
