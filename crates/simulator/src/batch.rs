//! `$batch` (docs/graph.md#batches): one request taken apart, and one answer put together.

use crate::clock;
use crate::filled::filled;
use crate::spelling::{self, Version};
use agentuser_core::ObjectId;
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

/// A part of a batch, as a request of its own.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) id: String,
    /// Ids, in lower case, of parts before this one that must succeed first.
    depends_on: Vec<String>,
    pub(crate) request: Request,
}

/// The version whose batch the URL names, if it names one.
pub(crate) fn version(root: &str, url: &str) -> Option<Version> {
    let below_root = spelling::below_root(root, url)?;
    let path = below_root.split(['?', '#']).next().unwrap_or_default();
    // Most requests are none, and their other segments need not be read.
    if path.split('/').filter(|segment| !segment.is_empty()).count() != 2 {
        return None;
    }
    let spelled = spelling::read(below_root)?;
    (spelled.path == PATH).then_some(spelled.version)
}

/// The parts of a batch.
///
/// # Errors
/// Graph's refusal, as text.
pub(crate) fn parts(root: &str, version: Version, request: &Request) -> Result<Vec<Part>, String> {
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
            // PowerShell writes what is not there as null.
            let raw = |name: &str| step.get(name).map(|raw| raw.get()).filter(|raw| *raw != "null");
            let text = |name: &str| raw(name).and_then(|raw| serde_json::from_str::<String>(raw).ok());
            let id = raw("id").and_then(id).ok_or("Request Id must be provided.")?;
            let depends_on = depends_on(raw("dependsOn"), &ids)
                .ok_or_else(|| format!("Invalid dependency for request Id: {id}."))?;
            if !ids.insert(id.to_lowercase()) {
                return Err("Request Id has to be unique in a batch.".to_owned());
            }
            let method = text("method").and_then(|name| method(&name)).ok_or("A method must be provided.")?;
            let url = text("url").and_then(|url| self::url(root, version, &url));
            let url = url.ok_or("A relative URL must be provided.")?;
            let headers: BTreeMap<String, String> = match raw("headers") {
                Some(raw) => serde_json::from_str(raw).map_err(|_| "Headers are texts.".to_owned())?,
                None => BTreeMap::new(),
            };
            let headers: Headers = headers.into_iter().collect();
            let body = raw("body").map_or_else(Vec::new, |body| body.as_bytes().to_vec());
            if !body.is_empty() && headers.get("Content-Type").is_none() {
                return Err("A body needs the header 'Content-Type'.".to_owned());
            }
            Ok(Part { id, depends_on, request: Request { method, url, headers, body } })
        })
        .collect()
}

/// An id is a text. A number is taken, too, as Graph does from Microsoft's own scripts, which count their parts.
fn id(raw: &str) -> Option<String> {
    match serde_json::from_str(raw).ok()? {
        Value::String(text) => Some(text).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The parts that come first. Graph takes only ids of parts that stand before this one.
fn depends_on(raw: Option<&str>, before: &BTreeSet<String>) -> Option<Vec<String>> {
    let Some(raw) = raw else { return Some(Vec::new()) };
    let named: Option<Vec<Box<RawValue>>> = serde_json::from_str(raw).ok()?;
    named
        .unwrap_or_default()
        .iter()
        .map(|raw| id(raw.get()).map(|id| id.to_lowercase()).filter(|id| before.contains(id)))
        .collect()
}

/// The URL of a part: below the batch's version, with or without a slash at its start. One that names a version, with
/// or without a root, is taken, too.
fn url(root: &str, version: Version, url: &str) -> Option<String> {
    let url = match spelling::below_root(root, url) {
        Some(below) => below,
        None if url.contains("://") => return None,
        None => url,
    };
    let url = url.trim_start_matches('/');
    let first = url.split(['/', '?']).next().filter(|first| !first.is_empty())?;
    let named = ["v1.0", "beta"].iter().any(|version| version.eq_ignore_ascii_case(first));
    Some(if named { format!("{root}/{url}") } else { format!("{root}{}/{url}", version.path()) })
}

/// The answers to the parts in their order. `answer` gives none where the network loses it. A part that depends on one
/// that did not succeed is not carried out.
pub(crate) fn in_order(parts: Vec<Part>, mut answer: impl FnMut(&Part) -> Option<Response>) -> Vec<Value> {
    let mut succeeded = BTreeSet::new();
    let mut answers = Vec::with_capacity(parts.len());
    for part in parts {
        let ready = part.depends_on.iter().all(|id| succeeded.contains(id));
        let response = if ready { answer(&part) } else { Some(failed_dependency()) };
        if let Some(response) = response {
            if response.status < 400 {
                succeeded.insert(part.id.to_lowercase());
            }
            answers.push(self::answered(&part.id, response));
        }
    }
    answers
}

/// Status from docs/graph.md#batches; no source shows the body.
fn failed_dependency() -> Response {
    let mut headers = Headers::new();
    headers.push("Content-Type", "application/json");
    let message = "A request that this one depends on did not succeed.";
    let body = json!({"error": {"code": "FailedDependency", "message": message}});
    Response { status: 424, headers, body: body.to_string().into_bytes() }
}

fn method(name: &str) -> Option<Method> {
    [Method::Get, Method::Post, Method::Patch, Method::Put, Method::Delete]
        .into_iter()
        .find(|method| method.as_str() == name)
}

/// A part's answer, as the batch's answer has it.
fn answered(id: &str, response: Response) -> Value {
    let headers: Map<String, Value> =
        filled(response.headers.iter().map(|(name, value)| (name.to_owned(), value.into())));
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

/// The id and the time of a batch's answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp {
    pub(crate) id: ObjectId,
    pub(crate) unix_ms: i64,
}

/// The batch's answer. Graph's parts come in any order: here, the last first.
pub(crate) fn answer(request: &Request, stamp: Stamp, mut parts: Vec<Value>) -> Response {
    parts.reverse();
    respond(200, request, stamp, &json!({"responses": parts}))
}

/// The answer to a request that is not a batch.
pub(crate) fn refuse(request: &Request, stamp: Stamp, message: &str) -> Response {
    let id = stamp.id.to_string();
    let inner = json!({
        "date": clock::without_zone(stamp.unix_ms),
        "request-id": id,
        "client-request-id": request.headers.get("client-request-id").unwrap_or(&id),
    });
    let error = json!({"code": "BadRequest", "message": message, "innerError": inner});
    respond(400, request, stamp, &json!({"error": error}))
}

fn respond(status: u16, request: &Request, stamp: Stamp, body: &Value) -> Response {
    let id = stamp.id.to_string();
    let mut headers = Headers::new();
    headers.push("Date", clock::http_date(stamp.unix_ms));
    headers.push("client-request-id", request.headers.get("client-request-id").unwrap_or(&id).to_owned());
    headers.push("request-id", id);
    headers.push("Content-Type", "application/json");
    Response { status, headers, body: body.to_string().into_bytes() }
}
