//! From an answer of Entra's token endpoint that is an error to the problem it means.

use super::envelope::{self, Form};
use super::{Code, Group, Problem, retry_after};
use crate::http::Response;
use serde_json::Value;

/// Explains an answer of the token endpoint that is not a token. It takes any status and any bytes.
///
/// The `AADSTS` number decides where it is known, else `error`, else the status. Microsoft may change numbers and
/// texts, so a number picks the explanation and never a retry.
#[must_use]
pub fn sign_in(response: &Response) -> Problem {
    let (form, value) = envelope::parse(&response.body);
    let body = value.unwrap_or_default();
    let error = envelope::name(&body, "error");
    let description = envelope::member(&body, "error_description").and_then(envelope::message);
    let code = decide(response.status, form, &body, error.as_deref(), description.as_deref());
    let mut problem = Problem::new(code, format!("Could not sign in. {}", code.entry().meaning));
    if let Some(wait) = retry_after(&response.headers) {
        problem = problem.with_retry_after(wait);
    }
    if let Some(claims) = envelope::member(&body, "claims").and_then(Value::as_str) {
        problem = problem.with_claims(claims);
    }
    problem.with_graph(response.status, error, description, trace_id(&body))
}

/// The trace id of an answer that is an error, for its record.
#[cfg(feature = "confidential")]
pub(crate) fn sign_in_trace_id(response: &Response) -> Option<String> {
    let body = envelope::parse(&response.body).1.filter(|_| response.status != 200)?;
    trace_id(&body)
}

fn trace_id(body: &Value) -> Option<String> {
    envelope::id(body, "trace_id").or_else(|| envelope::id(body, "correlation_id"))
}

/// Explains the error with which a browser came back from a sign-in. `cancelled`: the person chose to.
#[cfg(feature = "confidential")]
pub(crate) fn sign_in_redirect(error: &str, description: Option<&str>, cancelled: bool) -> Problem {
    let number = || numbers(&Value::Null, description).into_iter().find_map(Code::from_aadsts);
    let declined = cancelled.then_some(Code::SignInDeclined);
    let code = declined.or_else(number).or_else(|| of_error(Some(error))).unwrap_or(Code::SignInRefused);
    Problem::new(code, format!("Could not sign in. {}", code.entry().meaning))
        .with_words(Some(error.to_owned()), description.map(str::to_owned))
}

fn decide(status: u16, form: Form, body: &Value, error: Option<&str>, description: Option<&str>) -> Code {
    match status {
        300..=399 => return Code::Redirected,
        429 => return Code::Throttled,
        400..=599 => {}
        _ => return Code::BadAnswer,
    }
    if let Some(code) = numbers(body, description).into_iter().find_map(Code::from_aadsts) {
        return code;
    }
    if envelope::member(body, "claims").is_some() {
        return Code::ClaimsChallenge;
    }
    match of_error(error) {
        Some(code) => code,
        None if status >= 500 => Code::SignInUnavailable,
        None if form == Form::Foreign => Code::BadAnswer,
        None => Code::SignInRefused,
    }
}

/// The code that stands for the `error` of OAuth.
fn of_error(error: Option<&str>) -> Option<Code> {
    let ours = |c: &Code| c.entry().group == Group::SignIn || *c == Code::ClaimsChallenge;
    error.and_then(Code::from_graph).filter(ours)
}

/// The `AADSTS` numbers of the answer: `error_codes`, then those that the description names.
fn numbers(body: &Value, description: Option<&str>) -> Vec<u32> {
    let codes = envelope::member(body, "error_codes").and_then(Value::as_array).map(Vec::as_slice);
    let listed = codes.unwrap_or_default().iter().take(16).filter_map(|code| match code {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().and_then(|n| u32::try_from(n).ok()),
    });
    let named = description.unwrap_or_default().split("AADSTS").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest.get(..end)?.parse().ok()
    });
    listed.chain(named).collect()
}
