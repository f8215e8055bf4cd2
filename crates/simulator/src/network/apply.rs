//! Applying a fault to a request.

use super::Network;
use super::delivery::{Delivered, Delivery};
use super::endless;
use super::faults::{Fault, RetryAfter};
use crate::batch::{self, Stamp};
use crate::clock;
use agentuser_core::http::{Headers, Request, Response};
use agentuser_core::operation::Sent;
use agentuser_core::{Now, ObjectId};
use serde_json::{Value, json};
use std::time::Duration;

/// The host that a next link that was tampered with points to.
const DECOY: &str = "https://graph.microsoft.com.decoy.example";

/// The object that an answer names in place of the right one.
const OTHER: &str = "00000000-0000-0000-0000-0000000000e1";

impl Network {
    pub(super) fn apply_fault(
        &mut self,
        fault: Fault,
        id: ObjectId,
        (now, after): (Now, Duration),
        authorization: Option<&str>,
        request: &Request,
    ) -> Delivery {
        let date = self.server_date(now);
        let entras = self.directory.outage(now, request, fault.status());
        let refusal = || {
            let mut answer = refusal(fault, request, Stamp { id, unix_ms: date });
            if let Some(entras) = &entras {
                answer.body.clone_from(&entras.body);
            }
            answer
        };
        let root = self.directory.root().to_owned();
        let mut ask = || self.ask(now, authorization, request);
        let (after, outcome) = match fault {
            Fault::LostAnswer => {
                ask();
                (after, Delivered::Lost { sent: Sent::Maybe })
            }
            Fault::Reset => (after, Delivered::Lost { sent: Sent::Maybe }),
            Fault::Refused => (after, Delivered::Lost { sent: Sent::No }),
            Fault::Delay(by) => (after.saturating_add(by), Delivered::Response(ask())),
            Fault::LateArrival(by) => {
                self.late_ones += 1;
                let at = (now.mono.saturating_add(by), self.late_ones);
                self.late.insert(at, (authorization.map(str::to_owned), request.clone()));
                (after, Delivered::Never)
            }
            Fault::Never { executed } => {
                if executed {
                    ask();
                }
                (after, Delivered::Never)
            }
            Fault::Throttled(_) | Fault::Rejected | Fault::ExpiredPageToken => {
                (after, Delivered::Response(refusal()))
            }
            Fault::ServerError { executed, .. }
            | Fault::WrongContentType { executed }
            | Fault::ErrorInSuccess { executed }
            | Fault::ForeignRefusal { executed, .. } => {
                if executed {
                    ask();
                }
                (after, Delivered::Response(refusal()))
            }
            Fault::TruncatedBody
            | Fault::EmptyBody
            | Fault::GarbageJson
            | Fault::AnotherObject
            | Fault::StrangeStatus
            | Fault::ForeignNextLink
            | Fault::CircularNextLink
            | Fault::EndlessPages { .. } => {
                let mut response = ask();
                // No request says which manager its answer must have.
                if fault != Fault::AnotherObject || !request.url.contains("/manager") {
                    falsify(fault, &mut response, (&root, id), &request.url);
                }
                (after, Delivered::Response(response))
            }
        };
        Delivery { after, outcome }
    }
}

/// The answer that comes in place of the directory's.
fn refusal(fault: Fault, request: &Request, stamp: Stamp) -> Response {
    let (id, date) = (stamp.id.to_string(), stamp.unix_ms);
    let client_request_id = request.headers.get("client-request-id").unwrap_or(&id).to_owned();
    let (status, kind, body, retry_after) = match fault {
        Fault::Rejected => return batch::refuse(request, stamp, "The request is malformed."),
        Fault::ErrorInSuccess { .. } => {
            let body = json!({"error": {"code": "generalException", "message": "General exception while processing."}});
            (200, "application/json", body.to_string(), RetryAfter::Absent)
        }
        Fault::Throttled(retry_after) => {
            (429, "application/json", throttled(&id, date).to_string(), retry_after)
        }
        Fault::ExpiredPageToken => {
            let message =
                "The specified page token value has expired and can no longer be included in your request.";
            let body = json!({"error": {"code": "Directory_ExpiredPageToken", "message": message}});
            (400, "application/json", body.to_string(), RetryAfter::Absent)
        }
        Fault::ForeignRefusal { status, .. } => {
            let body = "<html><body>This request was blocked by the company's content filter.</body></html>";
            (status, "text/html", body.to_owned(), RetryAfter::Absent)
        }
        // Observed: https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/6045
        Fault::ServerError { status: 503, retry_after, .. } => {
            let inner = json!({
                "date": clock::without_zone(date), "request-id": id, "client-request-id": client_request_id,
            });
            let body = json!({"error": {
                "code": "serviceNotAvailable", "message": "Service unavailable", "innerError": inner,
            }});
            (503, "application/json", body.to_string(), retry_after)
        }
        // A gateway before Graph answers as any web server does: assumed.
        Fault::ServerError { status, retry_after, .. } => {
            let body = "<html><body>The service is unavailable.</body></html>";
            (status, "text/html", body.to_owned(), retry_after)
        }
        _ => {
            let body = "<html><body>Sign in to the guest network</body></html>";
            let mut headers = Headers::new();
            headers.push("Content-Type", "text/html");
            return Response { status: 200, headers, body: body.into() };
        }
    };
    let mut headers = Headers::new();
    headers.push("Date", clock::http_date(date));
    headers.push("request-id", id);
    headers.push("client-request-id", client_request_id);
    headers.push("Content-Type", kind);
    push_retry_after(&mut headers, retry_after, date);
    Response { status, headers, body: body.into_bytes() }
}

/// The body of a 429 (docs/graph.md#throttling).
fn throttled(id: &str, date: i64) -> Value {
    let inner = json!({
        "code": "429",
        "date": clock::without_zone(date),
        "message": "Please retry after",
        "request-id": id,
        "status": "429",
    });
    json!({"error": {
        "code": "TooManyRequests", "innerError": inner, "message": "Please retry again later.",
    }})
}

/// Changes the body of the directory's answer.
fn falsify(fault: Fault, response: &mut Response, (root, id): (&str, ObjectId), url: &str) {
    match fault {
        Fault::TruncatedBody => response.body.truncate(response.body.len() / 2),
        Fault::EmptyBody => response.body.clear(),
        Fault::GarbageJson => response.body = br#"["not", {"what": "you"}, 4, null]"#.to_vec(),
        Fault::AnotherObject => name_another(response),
        Fault::StrangeStatus => response.status = 999,
        Fault::CircularNextLink => {
            let first = url.split("&$skiptoken=").next().unwrap_or_default();
            change_next_link(response, |_| first.to_owned());
        }
        Fault::EndlessPages { circle } => endless::open(response, url, id, circle),
        _ => change_next_link(response, |link| link.replacen(root, DECOY, 1)),
    }
}

/// Makes a success one about another object. An answer that names no object stays.
fn name_another(response: &mut Response) {
    let Ok(Value::Object(mut body)) = serde_json::from_slice::<Value>(&response.body) else { return };
    if !(200..300).contains(&response.status) || !body.contains_key("id") {
        return;
    }
    for name in ["id", "identityParentId"] {
        body.insert(name.to_owned(), OTHER.into());
    }
    if let Some(name) = body.get_mut("userPrincipalName") {
        *name = "another@contoso.com".into();
    }
    body.insert("@odata.type".to_owned(), "#microsoft.graph.user".into());
    response.body = Value::Object(body).to_string().into_bytes();
}

fn push_retry_after(headers: &mut Headers, retry_after: RetryAfter, date: i64) {
    match retry_after {
        RetryAfter::Absent => {}
        RetryAfter::Seconds(seconds) => headers.push("Retry-After", seconds.to_string()),
        RetryAfter::Date(seconds) => {
            let at = date.saturating_add(i64::from(seconds) * 1000);
            headers.push("Retry-After", clock::http_date(at));
        }
        RetryAfter::Text(text) => headers.push("Retry-After", text),
    }
}

/// The answer of any other host. It looks like the last page of a list.
pub(super) fn decoy_response(now: Now) -> Response {
    let mut headers = Headers::new();
    headers.push("Date", clock::http_date(now.unix_ms));
    headers.push("Content-Type", "application/json");
    let user = json!({"id": "00000000-0000-0000-0000-00000000dec0", "displayName": "Decoy"});
    Response { status: 200, headers, body: json!({"value": [user]}).to_string().into_bytes() }
}

fn change_next_link(response: &mut Response, change: impl FnOnce(&str) -> String) {
    let Ok(mut body) = serde_json::from_slice::<Value>(&response.body) else { return };
    if let Some(Value::String(link)) = body.get_mut("@odata.nextLink") {
        *link = change(link);
        response.body = body.to_string().into_bytes();
    }
}
