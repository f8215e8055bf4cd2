//! Requests and answers against the documented contract of Microsoft Graph (`tests/contract`): for tests. Of beta, it has the few calls
//! that v1.0 lacks.
//!
//! Where the contract is read leniently:
//!
//! - `graph.user` in it is OpenAPI's spelling of `microsoft.graph.user`; the two count as one everywhere.
//! - `$skiptoken` may stand in any GET: it comes from a next link, which is Graph's to write.
//! - `$select`, `$filter` and answers may name members of types that derive from the declared one, such as
//!   `identityParentId` where a user is declared: directory objects come as what they are.
//! - A 204 needs no declaration of its own where `2XX` is declared, and has no body whatever `2XX` declares.
//! - That there is no object may be written as `{"value": null}`: no source says how Graph answers for a manager who
//!   is not set, and this is one of the readings.
//! - Where a complex member is declared as "this type, or any object, or null", it is read as "this type, or null";
//!   the other form is how the generator writes "nullable".

mod odata;
mod paths;
mod schema;

use crate::batch;
use crate::directory::Directory;
use crate::spelling::Version;
use agentuser_core::Now;
use agentuser_core::http::{Method, Request, Response};
use paths::Operation;
use schema::Schemas;
use serde_json::Value;
use std::fmt;
use std::sync::LazyLock;
use std::time::Duration;

/// Where a request or an answer is not what the contract says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// The request.
    pub request: String,
    /// The mistake.
    pub what: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.request, self.what)
    }
}

struct Contract {
    /// The metadata's paths, and those outside of it.
    document: Value,
    /// The paths of beta.
    beta: Value,
    schemas: Schemas,
}

/// The source of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Graph's metadata has it.
    Metadata,
    /// The metadata lacks it, and this page of Microsoft prints it.
    Documented(&'static str),
    /// Neither has it.
    Assumed,
}

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    // Without a contract nothing is declared, and every check fails.
    let mut document: Value =
        serde_json::from_str(include_str!("../../../../tests/contract/documented-v1.0.json"))
            .unwrap_or_default();
    let mut outside: Value =
        serde_json::from_str(include_str!("../../../../tests/contract/outside-v1.0.json"))
            .unwrap_or_default();
    if let (Some(Value::Object(paths)), Some(Value::Object(more))) =
        (document.get_mut("paths"), outside.get_mut("paths"))
    {
        paths.append(more);
    }
    let schemas = Schemas::new(&document);
    let beta = serde_json::from_str(include_str!("../../../../tests/contract/beta.json")).unwrap_or_default();
    Contract { document, beta, schemas }
});

/// The breaches of a request; of a batch, those of each part.
#[must_use]
pub fn check(request: &Request) -> Vec<Breach> {
    match apart(request) {
        Ok(parts) => parts.iter().flat_map(check_one).collect(),
        Err(what) => {
            let mut found = Found::of(request);
            found.add(what);
            found.breaches
        }
    }
}

/// The requests that one stands for. (`$batch` itself is in no contract: docs/graph.md#batches.)
fn apart(request: &Request) -> Result<Vec<Request>, String> {
    // The root ends where the path begins, after the two slashes of the scheme.
    let root = request.url.match_indices('/').nth(2).and_then(|(at, _)| request.url.get(..at));
    let root = root.unwrap_or_default();
    match batch::version(root, &request.url) {
        Some(version) => {
            Ok(batch::parts(root, version, request)?.into_iter().map(|part| part.request).collect())
        }
        None => Ok(vec![request.clone()]),
    }
}

fn check_one(request: &Request) -> Vec<Breach> {
    let mut found = Found::of(request);
    if let Some(operation) = found.operation(request) {
        check_query(&operation, request, &mut found);
        check_headers(&operation, request, &mut found);
        check_body(&operation, request, &mut found);
    }
    found.breaches
}

/// The breaches of these requests, such as those of [`crate::Ran::sent`].
#[must_use]
pub fn check_sent(sent: &[(Duration, Request)]) -> Vec<Breach> {
    sent.iter().flat_map(|(_, request)| check(request)).collect()
}

/// The breaches of the answer to a request, if it is a success.
#[must_use]
pub fn check_response(request: &Request, response: &Response) -> Vec<Breach> {
    let mut found = Found::of(request);
    if (200..300).contains(&response.status)
        && let Some(operation) = found.operation(request)
    {
        check_answer(&operation, response, &mut found);
    }
    found.breaches
}

/// Sends these requests to a directory, each at its time, and tells what is wrong with its answers.
#[must_use]
pub fn check_answers(
    directory: &mut Directory,
    authorization: &str,
    start: Now,
    sent: &[(Duration, Request)],
) -> Vec<Breach> {
    let answers = |(at, request): &(Duration, Request)| {
        let now = start.later(at.saturating_sub(start.mono));
        let parts = apart(request).unwrap_or_default();
        let mut answer = |part| check_response(part, &directory.handle(now, Some(authorization), part));
        parts.iter().flat_map(&mut answer).collect::<Vec<_>>()
    };
    sent.iter().flat_map(answers).collect()
}

/// The source of this method on this path of v1.0; `None` where none is written down.
#[must_use]
pub fn standing(method: Method, path: &str) -> Option<Standing> {
    standing_in(&CONTRACT.document, method, path)
}

/// The same of a path of beta.
#[must_use]
pub fn standing_in_beta(method: Method, path: &str) -> Option<Standing> {
    standing_in(&CONTRACT.beta, method, path)
}

fn standing_in(document: &'static Value, method: Method, path: &str) -> Option<Standing> {
    let item = paths::find(document, path)?;
    item.operation(method)?;
    Some(item.standing())
}

/// Header fields that belong to HTTP, browsers and clients, not to the calls of the contract. The last ones are of Microsoft's
/// clients: Kiota counts its tries, and the Azure SDK names its requests.
const HTTP_FIELDS: [&str; 15] = [
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Cache-Control",
    "Connection",
    "Content-Length",
    "Host",
    "Origin",
    "Pragma",
    "Referer",
    "Transfer-Encoding",
    "User-Agent",
    "Retry-Attempt",
    "x-ms-client-request-id",
    "x-ms-return-client-request-id",
];

/// The breaches of a request as a server received it: with the fields that HTTP clients add.
#[must_use]
pub fn check_received(request: &Request) -> Vec<Breach> {
    let of_http = |name: &str| {
        let sec = name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("sec-"));
        // Some clients say what kind of body they don't send.
        let of_nothing = request.body.is_empty() && name.eq_ignore_ascii_case("Content-Type");
        sec || of_nothing || HTTP_FIELDS.iter().any(|field| field.eq_ignore_ascii_case(name))
    };
    let headers = request.headers.iter().filter(|(name, _)| !of_http(name));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    check(&Request { headers, ..request.clone() })
}

/// Breaches of one request.
struct Found {
    request: String,
    breaches: Vec<Breach>,
}

impl Found {
    fn of(request: &Request) -> Self {
        Self { request: format!("{} {}", request.method, request.url), breaches: Vec::new() }
    }

    fn add(&mut self, what: impl Into<String>) {
        self.breaches.push(Breach { request: self.request.clone(), what: what.into() });
    }

    fn operation(&mut self, request: &Request) -> Option<Operation<'static>> {
        let Some((version, path)) = paths::below_version(&request.url) else {
            self.add("not below an origin and a version");
            return None;
        };
        let document = if version == Version::Beta { &CONTRACT.beta } else { &CONTRACT.document };
        let Some(item) = paths::find(document, path) else {
            self.add(match version {
                Version::V1 => "no such path",
                Version::Beta => "no such path of beta: others are below /v1.0",
            });
            return None;
        };
        let operation = item.operation(request.method);
        if operation.is_none() {
            self.add(format!("{} is not declared for {}", request.method, item.template));
        }
        operation
    }
}

fn check_query(operation: &Operation<'_>, request: &Request, found: &mut Found) {
    let options = match odata::options(&request.url) {
        Ok(options) => options,
        Err(what) => return found.add(what),
    };
    let members = operation.entity().map(|entity| CONTRACT.schemas.members(entity, true));
    for (name, value) in &options {
        let opaque = request.method == Method::Get && name == "$skiptoken";
        if !opaque && !operation.declares_parameter("query", name) {
            found.add(format!("the query option {name} is not declared"));
        }
        let named = match name.as_str() {
            "$select" => Ok(value.split(',').map(str::to_owned).collect()),
            "$filter" => odata::members(value),
            _ => continue,
        };
        match (named, &members) {
            (Err(what), _) => found.add(format!("{name}: {what}")),
            (Ok(named), Some(members)) => {
                for member in named.iter().filter(|member| !members.has(member)) {
                    found.add(format!("{name} names {member:?}, which the answer does not have"));
                }
            }
            (Ok(_), None) => found.add(format!("{name} where the answer is not an object")),
        }
    }
}

fn check_headers(operation: &Operation<'_>, request: &Request, found: &mut Found) {
    for (name, _) in request.headers.iter() {
        let always =
            ["Content-Type", "client-request-id"].iter().any(|known| known.eq_ignore_ascii_case(name));
        if !always && !operation.declares_parameter("header", name) {
            found.add(format!("the header {name} is not declared"));
        }
    }
    // Parameters, such as a charset, may follow the media type.
    let media_type = request.headers.get("Content-Type").and_then(|kind| kind.split(';').next());
    let is_json = media_type.is_some_and(|kind| kind.trim_end().eq_ignore_ascii_case("application/json"));
    match (request.body.is_empty(), is_json) {
        (false, false) => found.add("a body without Content-Type: application/json"),
        (true, true) => found.add("a Content-Type without a body"),
        _ => {}
    }
}

fn check_body(operation: &Operation<'_>, request: &Request, found: &mut Found) {
    match (operation.body(), request.body.is_empty()) {
        (None, true) => {}
        (None, false) => found.add("a body where none is declared"),
        (Some((_, true)), true) => found.add("no body where one is required"),
        (Some((_, false)), true) => {}
        (Some((schema, _)), false) => match serde_json::from_slice(&request.body) {
            Ok(body) if says_null(&body) => {}
            Ok(body) => {
                CONTRACT.schemas.check(schema, &body, false, &mut |what| found.add(format!("body: {what}")))
            }
            Err(_) => found.add("the body is not JSON"),
        },
    }
}

fn check_answer(operation: &Operation<'_>, response: &Response, found: &mut Found) {
    let Some(declared) = operation.response(response.status) else {
        return found.add(format!("the status {} is not declared", response.status));
    };
    let empty = response.body.is_empty();
    match declared.schema {
        _ if response.status == 204 => {
            if !empty {
                found.add("a 204 with a body");
            }
        }
        None if empty || declared.is_text => {}
        None => found.add(format!("the {} has a body where none is declared", response.status)),
        Some(schema) => match serde_json::from_slice(&response.body) {
            Ok(body) if says_null(&body) => {}
            Ok(body) => {
                CONTRACT.schemas.check(schema, &body, true, &mut |what| found.add(format!("answer: {what}")));
            }
            Err(_) => found.add("the answer is not JSON"),
        },
    }
}

/// Whether the answer is OData's null: no member but `value`, which is null.
fn says_null(body: &Value) -> bool {
    let others = |object: &serde_json::Map<String, Value>| {
        object.keys().all(|name| name == "value" || name.contains('@'))
    };
    body.get("value").is_some_and(Value::is_null) && body.as_object().is_some_and(others)
}
