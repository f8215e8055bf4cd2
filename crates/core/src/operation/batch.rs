//! `$batch`: many requests in one (docs/graph.md#batches).
//!
//! Each part has an answer of its own, as if it had been sent alone. Where the answer to the batch is lost, or lacks a
//! part, the outcome of that part is unknown.

use super::step::{Answer, Loss, Outgoing, Sent};
use crate::graph::{Call, Endpoint};
use crate::http::{Headers, Method, Request, Response};
use crate::problem::is_error;
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// The most parts that Graph takes.
pub(super) const MOST: usize = 20;

/// How many parts a batch may have, where the host allows so many.
pub(super) const fn most(allowed: usize) -> usize {
    if allowed < MOST { allowed } else { MOST }
}

/// Whether a request may be a part. Lists go alone: a batch waits for its slowest part, and pages are large.
pub(super) fn is_packable(outgoing: &Outgoing, endpoint: &Endpoint) -> bool {
    !matches!(
        outgoing.call,
        Call::ListAgentUsers
            | Call::ListManagers
            | Call::ListAllSponsors
            | Call::ListLeaveDates
            | Call::ListSignInActivity
            | Call::ListAllPermissionGrants
            | Call::ListAppRoleHolders
            | Call::ListLifecycleSubjects
            | Call::ListDeletedUsers
            | Call::ListAgentIdentities
            | Call::ListBlueprints
            | Call::ListDeletedApplications
            | Call::ListDeletedServicePrincipals
    ) && below(&outgoing.request.url, endpoint).is_some()
        && (outgoing.request.body.is_empty() || raw(&outgoing.request.body).is_some())
}

/// Whether two requests may be parts of one batch, which has one token.
pub(super) fn go_together(one: &Outgoing, other: &Outgoing) -> bool {
    one.token_owner == other.token_owner && one.rejected_token == other.rejected_token
}

#[derive(Serialize)]
struct Batch<'a> {
    requests: Vec<Part<'a>>,
}

#[derive(Serialize)]
struct Part<'a> {
    id: String,
    method: &'static str,
    url: &'a str,
    #[serde(skip_serializing_if = "is_empty", serialize_with = "as_object")]
    headers: &'a Headers,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a RawValue>,
}

fn is_empty(headers: &&Headers) -> bool {
    headers.iter().next().is_none()
}

fn as_object<S: Serializer>(headers: &&Headers, serializer: S) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_map(None)?;
    for (name, value) in headers.iter() {
        object.serialize_entry(name, value)?;
    }
    object.end()
}

/// The one request for all of these. Their ids in it are their places, from 0.
pub(super) fn pack<'a>(parts: impl Iterator<Item = &'a Request>, endpoint: &Endpoint) -> Request {
    let requests = parts
        .enumerate()
        .map(|(place, part)| Part {
            id: place.to_string(),
            method: part.method.as_str(),
            url: below(&part.url, endpoint).unwrap_or_default(),
            headers: &part.headers,
            body: raw(&part.body),
        })
        .collect();
    // Serializing to memory fails only for maps whose keys are not strings, and there are none.
    let body = serde_json::to_vec(&Batch { requests }).unwrap_or_default();
    let headers = [("Content-Type", "application/json")].into_iter().collect();
    Request { method: Method::Post, url: format!("{}/$batch", endpoint.base()), headers, body }
}

/// The URL below the endpoint and its version, as parts have it.
fn below<'a>(url: &'a str, endpoint: &Endpoint) -> Option<&'a str> {
    url.strip_prefix(endpoint.base()).filter(|rest| rest.starts_with('/'))
}

fn raw(body: &[u8]) -> Option<&RawValue> {
    serde_json::from_slice(body).ok()
}

/// The answers of the parts.
pub(super) struct Unpacked {
    /// The answer of each part, by its place.
    pub(super) answers: Vec<Answer>,
    /// The server does not take batches: requests go alone from now on.
    pub(super) refused: bool,
}

#[derive(Deserialize)]
struct Answers<'a> {
    #[serde(borrow)]
    responses: Vec<PartAnswer<'a>>,
}

#[derive(Deserialize)]
struct PartAnswer<'a> {
    id: String,
    status: u16,
    #[serde(default)]
    headers: Option<BTreeMap<String, serde_json::Value>>,
    #[serde(borrow, default)]
    body: Option<&'a RawValue>,
}

/// Takes the answer to a batch of so many parts apart.
pub(super) fn unpack(answer: Answer, parts: usize) -> Unpacked {
    let (response, token) = match answer {
        Answer::Response { response, token } => (response, token),
        Answer::Lost { sent, why } => {
            // The answers of all parts together are too large. That of each alone may be small enough, so it is asked again.
            let why = match why {
                Loss::TooLarge => Loss::Broken("the answer to the batch is too large".to_owned()),
                why => why,
            };
            let lost = || Answer::Lost { sent, why: why.clone() };
            return Unpacked { answers: (0..parts).map(|_| lost()).collect(), refused: false };
        }
        Answer::NoToken(problem) => {
            let none = || Answer::NoToken(problem.clone());
            return Unpacked { answers: (0..parts).map(|_| none()).collect(), refused: false };
        }
    };
    let refused = is_refused(&response);
    match response.status {
        200..=299 => {
            let mut found = read(&response);
            let answer = |place: usize| match found.remove(&place.to_string()).flatten() {
                // A part that did not run because another one failed. No part depends on another, so the server has decided that.
                Some(part) if part.status == 424 => not_run("the part was not run"),
                Some(response) => Answer::Response { response, token },
                None => Answer::Lost {
                    sent: Sent::Maybe,
                    why: Loss::Broken("the answer to the batch lacks this part".to_owned()),
                },
            };
            Unpacked { answers: (0..parts).map(answer).collect(), refused }
        }
        // Assumed: where Graph itself says so, no part was run. Of another server's page that can't be known.
        _ if refused => {
            let sent = if is_error(&response) { Sent::No } else { Sent::Maybe };
            let why = Loss::Broken("the server does not take batches".to_owned());
            let lost = || Answer::Lost { sent, why: why.clone() };
            Unpacked { answers: (0..parts).map(|_| lost()).collect(), refused }
        }
        _ => {
            // The cost of the batch is not that of a part, and would be learned as such.
            let own = |name: &str| !name.eq_ignore_ascii_case("x-ms-resource-unit");
            let Response { status, headers, body } = response;
            let headers = headers.iter().filter(|(name, _)| own(name));
            let headers = headers.map(|(name, value)| (name.to_owned(), value)).collect();
            let response = Response { status, headers, body };
            let same = || Answer::Response { response: response.clone(), token };
            Unpacked { answers: (0..parts).map(|_| same()).collect(), refused }
        }
    }
}

/// Whether an answer is about the batch itself: Graph does not take batches, or a proxy before it doesn't and says so with
/// its own page. Statuses for which a single request is repeated say nothing against batches.
fn is_refused(response: &Response) -> bool {
    match response.status {
        400 | 404 | 405 | 413 | 415 | 501 => true,
        401 | 408 | 429 | 500 | 502..=504 => false,
        status => status >= 400 && !is_error(response),
    }
}

fn not_run(why: &str) -> Answer {
    Answer::Lost { sent: Sent::No, why: Loss::Broken(why.to_owned()) }
}

/// The parts' responses by their ids; none when it is not an answer to a batch. The response of an id that is there more
/// than once is ambiguous, so the outcome of that part is unknown.
fn read(response: &Response) -> BTreeMap<String, Option<Response>> {
    let mut found = BTreeMap::new();
    let Ok(Answers { responses }) = serde_json::from_slice::<Answers<'_>>(&response.body) else {
        return found;
    };
    // A part without a valid status has no known outcome.
    for part in responses.into_iter().filter(|part| (200..=599).contains(&part.status)) {
        let mut headers = Headers::new();
        for (name, value) in part.headers.unwrap_or_default() {
            match value {
                serde_json::Value::String(value) => headers.push(name, value),
                other => headers.push(name, other.to_string()),
            }
        }
        // A Retry-After that is a date counts from the server's own time.
        if headers.get("Date").is_none()
            && let Some(date) = response.headers.get("Date")
        {
            headers.push("Date", date);
        }
        let body = part.body.map_or_else(Vec::new, |body| body.get().as_bytes().to_vec());
        found.entry(part.id).and_modify(|former| *former = None).or_insert(Some(Response {
            status: part.status,
            headers,
            body,
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Cloud;
    use crate::operation::{RequestId, TokenOwner, TokenTag};
    use serde_json::json;

    fn outgoing(call: Call, method: Method, path: &str, body: &str) -> Outgoing {
        let endpoint = Endpoint::from(Cloud::Global);
        let headers =
            [("Content-Type", "application/json")].into_iter().filter(|_| !body.is_empty()).collect();
        let url = format!("{}{path}", endpoint.base());
        let request = Request { method, url, headers, body: body.as_bytes().to_vec() };
        let user_agent = "agentuser".into();
        let id = RequestId(0);
        Outgoing { id, call, token_owner: TokenOwner::Caller, rejected_token: None, user_agent, request }
    }

    fn answered(status: u16, body: serde_json::Value) -> Answer {
        let headers = [("Date", "Mon, 01 Jun 2026 00:00:00 GMT")].into_iter().collect();
        let response = Response { status, headers, body: body.to_string().into_bytes() };
        Answer::Response { response, token: TokenTag(7) }
    }

    #[test]
    fn parts_have_ids_relative_urls_and_a_type_where_there_is_a_body() {
        let endpoint = Endpoint::from(Cloud::Global);
        let parts = [
            outgoing(Call::GetUser, Method::Get, "/users/a%23b?$select=id", ""),
            outgoing(Call::CreateAgentUser, Method::Post, "/users/x", r#"{"displayName":"Ä"}"#),
        ];
        let request = pack(parts.iter().map(|part| &part.request), &endpoint);
        assert_eq!(request.url, "https://graph.microsoft.com/v1.0/$batch");
        assert_eq!(request.headers.get("content-type"), Some("application/json"));
        assert_eq!(
            serde_json::from_slice::<serde_json::Value>(&request.body).unwrap(),
            json!({"requests": [
                {"id": "0", "method": "GET", "url": "/users/a%23b?$select=id"},
                {"id": "1", "method": "POST", "url": "/users/x", "headers": {"Content-Type": "application/json"},
                    "body": {"displayName": "Ä"}},
            ]})
        );
    }

    #[test]
    fn lists_foreign_addresses_and_bodies_that_are_not_json_go_alone() {
        let endpoint = Endpoint::from(Cloud::Global);
        let packable = |call, path, body| is_packable(&outgoing(call, Method::Get, path, body), &endpoint);
        assert!(packable(Call::GetUser, "/users/x", ""));
        assert!(!packable(Call::ListAgentUsers, "/users", ""));
        assert!(!packable(Call::GetUser, "/users/x", "no json"));
        let mut beta = outgoing(Call::GetUser, Method::Get, "", "");
        "https://graph.microsoft.com/beta/users/x".clone_into(&mut beta.request.url);
        assert!(!is_packable(&beta, &endpoint));
    }

    #[test]
    fn parts_are_answered_apart() {
        let Unpacked { answers, refused } = unpack(
            answered(
                200,
                json!({"responses": [
                    {"id": "3", "status": 424, "body": {"error": {"code": "x"}}},
                    {"id": "1", "status": 429, "headers": {"Retry-After": "7"}, "body": {"error": {}}},
                    {"id": "0", "status": 204},
                    {"id": "4", "status": 200}, {"id": "4", "status": 201},
                    {"id": "5", "status": 200}, {"id": "5", "status": 200}, {"id": "5", "status": 200},
                ]}),
            ),
            6,
        );
        assert!(!refused);
        let Answer::Response { response, token } = &answers[0] else { panic!("{answers:?}") };
        assert_eq!((response.status, response.body.len(), *token), (204, 0, TokenTag(7)));
        let Answer::Response { response, .. } = &answers[1] else { panic!("{answers:?}") };
        assert_eq!(response.headers.get("retry-after"), Some("7"));
        assert_eq!(response.headers.get("date"), Some("Mon, 01 Jun 2026 00:00:00 GMT"));
        assert_eq!(response.body, br#"{"error":{}}"#);
        assert!(matches!(answers[2], Answer::Lost { sent: Sent::Maybe, .. }));
        assert!(matches!(answers[3], Answer::Lost { sent: Sent::No, .. }));
        for doubled in &answers[4..] {
            assert!(matches!(doubled, Answer::Lost { sent: Sent::Maybe, .. }), "an id that is there twice");
        }
    }

    #[test]
    fn the_cost_of_a_batch_is_not_that_of_a_part() {
        let headers = [("X-MS-Resource-Unit", "20"), ("Retry-After", "7")].into_iter().collect();
        let response = Response { status: 429, headers, body: Vec::new() };
        for part in unpack(Answer::Response { response, token: TokenTag(1) }, 2).answers {
            let Answer::Response { response, .. } = part else { panic!("{part:?}") };
            assert_eq!(response.headers.get("x-ms-resource-unit"), None);
            assert_eq!(response.headers.get("retry-after"), Some("7"));
        }
    }

    #[test]
    fn a_part_of_an_answer_that_is_too_large_is_asked_for_again() {
        use crate::operation::retry::{AttemptState, Policy, Verdict, verdict};
        let state = AttemptState { contacted: true, ..AttemptState::new(false) };
        for part in unpack(Answer::Lost { sent: Sent::Maybe, why: Loss::TooLarge }, 2).answers {
            let next = verdict(&Policy::default(), state, &part, false);
            assert!(matches!(next, Verdict::Again { .. }), "{next:?}");
        }
    }

    #[test]
    fn a_part_without_a_valid_status_is_unknown() {
        for status in [0, 100, 199, 600, u16::MAX] {
            let answer = answered(200, json!({"responses": [{"id": "0", "status": status}]}));
            let answers = unpack(answer, 1).answers;
            assert!(matches!(answers[0], Answer::Lost { sent: Sent::Maybe, .. }), "{status}: {answers:?}");
        }
    }

    #[test]
    fn an_answer_to_the_whole_batch_holds_for_each_part() {
        for (answer, sent) in [
            (answered(200, json!(["not", "you"])), Some(Sent::Maybe)),
            (answered(400, json!({"error": {"code": "BadRequest"}})), Some(Sent::No)),
            (answered(400, json!("a proxy's page")), Some(Sent::Maybe)),
            (answered(403, json!("a proxy's page")), Some(Sent::Maybe)),
            (answered(403, json!({"error": {"code": "Authorization_RequestDenied"}})), None),
            (answered(501, json!("a proxy's page")), Some(Sent::Maybe)),
            (answered(429, json!({"error": {}})), None),
            (answered(503, json!("down")), None),
            (Answer::Lost { sent: Sent::Maybe, why: Loss::TimedOut }, Some(Sent::Maybe)),
            (Answer::Lost { sent: Sent::No, why: Loss::TimedOut }, Some(Sent::No)),
        ] {
            let before = format!("{answer:?}");
            for part in unpack(answer, 3).answers {
                match (&part, sent) {
                    (Answer::Lost { sent, .. }, Some(expected)) => assert_eq!(*sent, expected, "{before}"),
                    (Answer::Response { .. }, None) => assert_eq!(format!("{part:?}"), before),
                    _ => panic!("{before}: {part:?}"),
                }
            }
        }
        for body in [json!({"error": {}}), json!("a proxy's page")] {
            assert!(unpack(answered(405, body), 1).refused);
        }
        for status in 400..1000 {
            let goes_on = matches!(status, 401 | 408 | 429 | 500 | 502 | 503 | 504);
            assert_eq!(unpack(answered(status, json!("a page")), 1).refused, !goes_on, "{status}");
        }
    }
}
