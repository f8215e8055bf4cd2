//! The parts of a `$batch`, read without the library: the requests that it stands for, and the answer to each.

use agentuser_core::http::{Headers, Method, Request, Response};
use serde_json::Value;
use std::borrow::Cow;

/// A request as the server sees it: sent on its own, or as part of a batch.
#[derive(Debug, Clone)]
pub(crate) struct Part<'a> {
    /// Its name in the batch; empty for a request on its own.
    pub(crate) id: String,
    pub(crate) request: Cow<'a, Request>,
}

/// The outcome of a part.
#[derive(Debug)]
pub(crate) enum Came {
    Response(Response),
    /// Another part kept it from running.
    NotRun,
    /// It is missing, or there twice.
    Unknown,
}

pub(crate) fn is_batch(request: &Request) -> bool {
    request.url.ends_with("/$batch")
}

/// The requests that a request stands for.
///
/// # Errors
/// The reason why it is not a sound batch.
pub(crate) fn of(request: &Request) -> Result<Vec<Part<'_>>, String> {
    let Some(base) = request.url.strip_suffix("/$batch") else {
        return Ok(vec![Part { id: String::new(), request: Cow::Borrowed(request) }]);
    };
    let body: Value = serde_json::from_slice(&request.body).map_err(|error| error.to_string())?;
    let steps = body.get("requests").and_then(Value::as_array).ok_or("it has no requests")?;
    let parts: Vec<Part<'_>> = steps
        .iter()
        .map(|step| part(base, step).ok_or_else(|| step.to_string()))
        .collect::<Result<_, _>>()?;
    let doubled = |part: &Part<'_>| parts.iter().filter(|other| other.id == part.id).count() > 1;
    if !(2..=20).contains(&parts.len()) || parts.iter().any(doubled) {
        return Err(format!("{} parts, or ids that are there twice", parts.len()));
    }
    Ok(parts)
}

fn part(base: &str, step: &Value) -> Option<Part<'static>> {
    let id = step.get("id")?.as_str()?.to_owned();
    let method = step.get("method")?.as_str()?;
    let method = [Method::Get, Method::Post, Method::Patch, Method::Put, Method::Delete]
        .into_iter()
        .find(|one| one.as_str() == method)?;
    let url = format!("{base}{}", step.get("url")?.as_str().filter(|url| url.starts_with('/'))?);
    let body = step.get("body").map(|body| body.to_string().into_bytes()).unwrap_or_default();
    let headers = headers(step.get("headers"));
    let typed = headers.get("Content-Type") == Some("application/json");
    (typed != body.is_empty())
        .then_some(Part { id, request: Cow::Owned(Request { method, url, headers, body }) })
}

fn headers(object: Option<&Value>) -> Headers {
    let object = object.and_then(Value::as_object);
    object
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}

/// The outcome of these parts by the answer to their batch.
pub(crate) fn came<'a>(response: &Response, ids: impl Iterator<Item = &'a str>) -> Vec<Came> {
    let body = serde_json::from_slice::<Value>(&response.body).unwrap_or_default();
    let answers = body.get("responses").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    ids.map(|id| {
        let mut own = answers.iter().filter(|answer| answer.get("id").and_then(Value::as_str) == Some(id));
        let (Some(answer), None) = (own.next(), own.next()) else { return Came::Unknown };
        let status = answer.get("status").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
        match status {
            None => Came::Unknown,
            Some(424) => Came::NotRun,
            Some(status) => {
                let mut headers = headers(answer.get("headers"));
                if headers.get("Date").is_none()
                    && let Some(date) = response.headers.get("Date")
                {
                    headers.push("Date", date);
                }
                let body = answer.get("body").map(|body| body.to_string().into_bytes()).unwrap_or_default();
                Came::Response(Response { status, headers, body })
            }
        }
    })
    .collect()
}
