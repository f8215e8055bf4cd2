//! Applying a fault to a request.

use super::Network;
use super::delivery::{Delivered, Delivery};
use super::faults::{Fault, RetryAfter};
use crate::{batch, clock};
use agentuser_core::Now;
use agentuser_core::http::{Headers, Request, Response};
use agentuser_core::operation::Sent;
use serde_json::{Value, json};
use std::time::Duration;

/// The host that a next link that was tampered with points to.
const DECOY: &str = "https://graph.microsoft.com.decoy.example";

impl Network {
    pub(super) fn apply_fault(
        &mut self,
        fault: Fault,
        now: Now,
        after: Duration,
        authorization: Option<&str>,
        request: &Request,
    ) -> Delivery {
        let deliver = |outcome| Delivery { after, outcome };
        let mut ask_if = |executed: bool| {
            if executed {
                let _ = self.ask(now, authorization, request);
            }
        };
        match fault {
            Fault::LostAnswer => {
                ask_if(true);
                deliver(Delivered::Lost { sent: Sent::Maybe })
            }
            Fault::Reset => deliver(Delivered::Lost { sent: Sent::Maybe }),
            Fault::Refused => deliver(Delivered::Lost { sent: Sent::No }),
            Fault::Delay(by) => {
                let response = self.ask(now, authorization, request);
                Delivery { after: after.saturating_add(by), outcome: Delivered::Response(response) }
            }
            Fault::LateArrival(by) => {
                self.late_ones += 1;
                let at = (now.mono.saturating_add(by), self.late_ones);
                self.late.insert(at, (authorization.map(str::to_owned), request.clone()));
                deliver(Delivered::Never)
            }
            Fault::Never { executed } => {
                ask_if(executed);
                deliver(Delivered::Never)
            }
            Fault::Throttled(retry_after) => {
                let date = self.server_date(now);
                let mut headers = Headers::new();
                headers.push("Date", clock::http_date(date));
                headers.push("Content-Type", "application/json");
                push_retry_after(&mut headers, retry_after, date);
                let body = json!({"error": {"code": "TooManyRequests", "message": "Too many requests."}});
                let body = body.to_string().into_bytes();
                deliver(Delivered::Response(Response { status: 429, headers, body }))
            }
            Fault::Rejected => {
                let date = clock::http_date(self.server_date(now));
                deliver(Delivered::Response(batch::refuse(date, "The request is malformed.")))
            }
            Fault::ServerError { status, executed, retry_after } => {
                ask_if(executed);
                let date = self.server_date(now);
                let mut headers = Headers::new();
                headers.push("Date", clock::http_date(date));
                headers.push("Content-Type", "text/html");
                push_retry_after(&mut headers, retry_after, date);
                let body = b"<html><body>The service is unavailable.</body></html>".to_vec();
                deliver(Delivered::Response(Response { status, headers, body }))
            }
            Fault::TruncatedBody => {
                let mut response = self.ask(now, authorization, request);
                response.body.truncate(response.body.len() / 2);
                deliver(Delivered::Response(response))
            }
            Fault::WrongContentType { executed } => {
                ask_if(executed);
                let mut headers = Headers::new();
                headers.push("Content-Type", "text/html");
                let body = b"<html><body>Sign in to the guest network</body></html>".to_vec();
                deliver(Delivered::Response(Response { status: 200, headers, body }))
            }
            Fault::EmptyBody => {
                let mut response = self.ask(now, authorization, request);
                response.body.clear();
                deliver(Delivered::Response(response))
            }
            Fault::GarbageJson => {
                let mut response = self.ask(now, authorization, request);
                response.body = br#"["not", {"what": "you"}, 4, null]"#.to_vec();
                deliver(Delivered::Response(response))
            }
            Fault::ForeignNextLink => {
                let mut response = self.ask(now, authorization, request);
                redirect_next_link(&mut response, self.directory.root());
                deliver(Delivered::Response(response))
            }
        }
    }
}

fn push_retry_after(headers: &mut Headers, retry_after: RetryAfter, date: i64) {
    match retry_after {
        RetryAfter::Absent => {}
        RetryAfter::Seconds(seconds) => headers.push("Retry-After", seconds.to_string()),
        RetryAfter::Date(seconds) => {
            let at = date.saturating_add(i64::from(seconds) * 1000);
            headers.push("Retry-After", clock::http_date(at));
        }
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

fn redirect_next_link(response: &mut Response, root: &str) {
    let Ok(mut body) = serde_json::from_slice::<Value>(&response.body) else { return };
    if let Some(Value::String(link)) = body.get_mut("@odata.nextLink") {
        *link = link.replacen(root, DECOY, 1);
        response.body = body.to_string().into_bytes();
    }
}
