//! `$batch` (docs/graph.md#batches): one request taken apart, and one answer put together.

use agentuser_core::http::{Headers, Method, Request, Response};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The path below the version.
pub(crate) const PATH: &str = "/$batch";

/// The most parts that Graph takes.
const MOST: usize = 20;

/// A part as it came. Its body is kept to the letter: it is the same whether it comes alone or in a batch.
type Step = BTreeMap<String, Box<RawValue>>;

/// The parts of a batch, as requests of their own, with their ids.
///
/// # Errors
/// Graph's refusal, as text.
pub(crate) fn parts(base: &str, request: &Request) -> Result<Vec<(String, Request)>, String> {
    if request.method != Method::Post {
        return Err("A batch is posted.".to_owned());
    }
    let mut batch: BTreeMap<String, Vec<Step>> = serde_json::from_slice(&request.body)
        .map_err(|_| "Unable to read JSON request payload.".to_owned())?;
    let steps = batch.remove("requests").ok_or("Invalid batch payload format.".to_owned())?;
    if steps.is_empty() || steps.len() > MOST {
        return Err(format!("Number of batch request steps exceeds the maximum value of {MOST}."));
    }
    let mut ids = BTreeSet::new();
    steps
        .iter()
        .map(|step| {
            let raw = |name: &str| step.get(name).map(|raw| raw.get());
            let text = |name: &str| raw(name).and_then(|raw| serde_json::from_str::<String>(raw).ok());
            let id = text("id").filter(|id| !id.is_empty()).ok_or("Request Id must be provided.")?;
            if !ids.insert(id.to_lowercase()) {
                return Err("Request Id has to be unique in a batch.".to_owned());
            }
            if step.contains_key("dependsOn") {
                return Err("(The simulator does not know dependsOn.)".to_owned());
            }
            let method = text("method").and_then(|name| method(&name)).ok_or("A method must be provided.")?;
            let url =
                text("url").filter(|url| url.starts_with('/')).ok_or("A relative URL must be provided.")?;
            let headers: BTreeMap<String, String> = match raw("headers") {
                Some(raw) => serde_json::from_str(raw).map_err(|_| "Headers are texts.".to_owned())?,
                None => BTreeMap::new(),
            };
            let headers: Headers = headers.into_iter().collect();
            let body = raw("body").map_or_else(Vec::new, |body| body.as_bytes().to_vec());
            if !body.is_empty() && headers.get("Content-Type").is_none() {
                return Err("A body needs the header 'Content-Type'.".to_owned());
            }
            Ok((id, Request { method, url: format!("{base}{url}"), headers, body }))
        })
        .collect()
}

fn method(name: &str) -> Option<Method> {
    [Method::Get, Method::Post, Method::Patch, Method::Put, Method::Delete]
        .into_iter()
        .find(|method| method.as_str() == name)
}

/// A part's answer, as the batch's answer has it.
pub(crate) fn part(id: &str, response: Response) -> Value {
    let headers: Map<String, Value> =
        response.headers.iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let mut part = json!({"id": id, "status": response.status, "headers": headers});
    if !response.body.is_empty() {
        // A body that is not JSON comes as text.
        let body = serde_json::from_slice(&response.body)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&response.body).into_owned()));
        if let Some(part) = part.as_object_mut() {
            part.insert("body".to_owned(), body);
        }
    }
    part
}

/// The batch's answer. Graph's parts come in any order: here, the last first.
pub(crate) fn answer(date: String, mut parts: Vec<Value>) -> Response {
    parts.reverse();
    respond(200, date, &json!({"responses": parts}))
}

/// The answer to a request that is not a batch.
pub(crate) fn refuse(date: String, message: &str) -> Response {
    respond(400, date, &json!({"error": {"code": "BadRequest", "message": message}}))
}

fn respond(status: u16, date: String, body: &Value) -> Response {
    let mut headers = Headers::new();
    headers.push("Date", date);
    headers.push("Content-Type", "application/json");
    Response { status, headers, body: body.to_string().into_bytes() }
}
