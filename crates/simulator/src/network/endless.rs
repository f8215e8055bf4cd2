//! Lists without an end: a list that a fault has made so goes on by empty pages, whichever of them is asked for.

use agentuser_core::ObjectId;
use agentuser_core::http::{Headers, Request, Response};
use serde_json::{Value, json};

/// The beginning of the skip tokens that name such pages: of one answer each, so that no two lists share a page.
const MARK: &str = "$skiptoken=endless-";

/// How many pages a circle has.
const CIRCLE: u64 = 3;

/// Makes a list go on without an end from this answer on.
pub(super) fn open(response: &mut Response, url: &str, id: ObjectId, circle: bool) {
    let Ok(Value::Object(mut body)) = serde_json::from_slice::<Value>(&response.body) else { return };
    if body.get("value").is_some_and(Value::is_array) {
        let kind = if circle { "circle" } else { "line" };
        let first = url.split("$skiptoken=").next().unwrap_or_default().trim_end_matches(['?', '&']);
        let separator = if first.contains('?') { '&' } else { '?' };
        let link = format!("{first}{separator}{MARK}{kind}-{}-1", id.to_string().replace('-', ""));
        body.insert("@odata.nextLink".to_owned(), link.into());
        response.body = Value::Object(body).to_string().into_bytes();
    }
}

/// The answer to a request for such a page.
pub(super) fn page(request: &Request) -> Option<Response> {
    let (list, token) = request.url.split_once(MARK)?;
    let mut parts = token.split('-');
    let (kind, id, number) = (parts.next()?, parts.next()?, parts.next()?.parse::<u64>().ok()?);
    let next = if kind == "circle" { number % CIRCLE + 1 } else { number.saturating_add(1) };
    let headers = Headers::from_iter([("Content-Type", "application/json")]);
    let body = json!({"value": [], "@odata.nextLink": format!("{list}{MARK}{kind}-{id}-{next}")});
    Some(Response { status: 200, headers, body: body.to_string().into_bytes() })
}
