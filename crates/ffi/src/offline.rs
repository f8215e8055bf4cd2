//! Functions that need neither a client nor an operation: JSON in, JSON out.

use crate::boundary::export;
use crate::handle;
use crate::input;
use crate::output::Out;
use crate::result_data::{ResultData, agentuser_result};
use crate::status::agentuser_status;
use agentuser_client::Workbook;
use agentuser_core::json;
use agentuser_core::problem::Problem;

/// Answers JSON with JSON.
///
/// # Safety
/// The pointers are as the crate's documentation demands.
unsafe fn answer(
    of: fn(&[u8]) -> Result<String, Problem>,
    json: *const u8,
    json_len: usize,
    result: *mut *mut agentuser_result,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    export!(problem, place = Out::handle(result), {
        let json = of(input::text(json, json_len)?.as_bytes())?;
        place.set(handle::add(ResultData::of_json(json)));
        Ok(())
    })
}

/// JSON with bytes beside it.
struct Beside {
    json: *const u8,
    json_len: usize,
    input: *const u8,
    input_len: usize,
}

/// Answers JSON and the bytes beside it with JSON.
///
/// # Safety
/// As for [`answer`].
unsafe fn answer_beside(
    of: fn(&[u8], &[u8]) -> Result<String, Problem>,
    Beside { json, json_len, input, input_len }: Beside,
    result: *mut *mut agentuser_result,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    export!(problem, place = Out::handle(result), {
        let json = input::text(json, json_len)?;
        let input = input::optional(input, input_len)?.unwrap_or_default();
        place.set(handle::add(ResultData::of_json(of(json.as_bytes(), input)?)));
        Ok(())
    })
}

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
    // SAFETY: forwarded to the caller's contract.
    unsafe { answer(json::validate, json, json_len, result, problem) }
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
    // SAFETY: forwarded to the caller's contract.
    unsafe { answer(json::validate_member, json, json_len, result, problem) }
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
    // SAFETY: forwarded to the caller's contract.
    unsafe {
        answer_beside(json::validate_roster, Beside { json, json_len, input, input_len }, result, problem)
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
    // SAFETY: forwarded to the caller's contract.
    unsafe { answer(json::derive, json, json_len, result, problem) }
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
    // SAFETY: forwarded to the caller's contract.
    unsafe { answer_beside(json::explain, Beside { json, json_len, input, input_len }, result, problem) }
}

/// Tells what a code of a problem, a violation or a remark means: `{"code":"UpnTaken"}` to
/// `{"code":…,"message":…,"cause"?:…,"fix"?:…,"permissions"?:[…],"kind"?:…,"documentation"?:…}`. Codes of Microsoft, such as
/// `AADSTS7000215`, are understood as well.
///
/// As for agentuser_validate; PROBLEM also when there is no such code. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_explain_code(
    json: *const u8,
    json_len: usize,
    result: *mut *mut agentuser_result,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    // SAFETY: forwarded to the caller's contract.
    unsafe { answer(json::explain_code, json, json_len, result, problem) }
}

/// Makes the address of the page on which an admin consents to a blueprint's permissions:
/// `{"tenantId":…,"clientId":…,"scopes"?:[…],"appRoles"?:[…],"redirectUri"?:…,"state"?:…,"cloud"?:…,"loginEndpoint"?:…}` to
/// `{"url":…}`.
///
/// As for agentuser_validate; PROBLEM also for every broken rule, and for `agentIdentityId` in place of `clientId`: nobody can
/// consent to an agent identity in a browser. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_consent_url(
    json: *const u8,
    json_len: usize,
    result: *mut *mut agentuser_result,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    // SAFETY: forwarded to the caller's contract.
    unsafe { answer(json::consent_url, json, json_len, result, problem) }
}

/// Makes Conditional Access policies for agent users, report-only, for an admin to look at and send:
/// `{"excludeUsers"?:[…]}` to `{"policies":[{"name":…,"blocks":…,"version":…,"path":…,"documentation":…,"assumed"?:…,"policy":{…}}],"needs":…}`.
///
/// As for agentuser_validate; PROBLEM also for what is not an object id. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_access_policies(
    json: *const u8,
    json_len: usize,
    result: *mut *mut agentuser_result,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    // SAFETY: forwarded to the caller's contract.
    unsafe { answer(json::access_policies, json, json_len, result, problem) }
}

/// Writes a report: `{"of":"findings","format":"html",…}` with the records as `input` (the result of `audit`, or for
/// `"of":"agentUsers"` an array of them) to `{"text":…}`. A workbook (`"format":"xlsx"`) is `{}`, and its bytes are
/// the result's one body. docs/reports.md has the other members.
///
/// As for agentuser_validate; PROBLEM also when the records are not as they must be. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_render_report(
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
        let rendered = match json::ReportDraft::parse(json.as_bytes(), input)?.into_workbook() {
            Ok((document, rows)) => {
                let mut book = Workbook::start(document)?;
                rows.iter().try_for_each(|row| book.row(row))?;
                ResultData::of_json("{}").with_bodies(vec![(0, book.end()?)])
            }
            Err(text) => ResultData::of_json(text.into_text()?),
        };
        place.set(handle::add(rendered));
        Ok(())
    })
}
