//! The way between a client and the directory: slow, lossy and, on demand, hostile.
//!
//! What goes wrong with a request depends on the request itself and on how many equal ones came before, not on the
//! order among different ones. Equal are requests of the same method, URL and body, but for the tenant's address.

mod faults;

pub use faults::{Fault, Faults, Planned, RetryAfter};

use crate::batch;
use crate::clock;
use crate::directory::Directory;
use crate::hash::Hash;
use agentuser_core::Now;
use agentuser_core::http::{Headers, Request, Response};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// The host that a spoiled next link points to.
const BAIT: &str = "https://graph.microsoft.com.bait.example";

/// Stands for the tenant's address where that must not matter.
const ADDRESS: &str = "https://graph.microsoft.com";

/// Whether a lost request may have reached the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It did not.
    No,
    /// Nobody knows.
    Maybe,
}

/// What comes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// An answer, good or spoiled.
    Response(Response),
    /// The connection broke.
    Lost {
        /// Whether the server may have got it.
        sent: Sent,
    },
    /// Nothing, ever: the client's own timeout has to act.
    Never,
}

/// What comes of a request, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// How long after the request. Without meaning when nothing comes.
    pub after: Duration,
    /// What comes.
    pub outcome: Outcome,
}

/// Which origins were contacted, and whether with a token.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contacts {
    requests: BTreeMap<(String, bool), u64>,
}

impl Contacts {
    /// Requests by origin, and whether they carried an `Authorization` value.
    #[must_use]
    pub const fn requests(&self) -> &BTreeMap<(String, bool), u64> {
        &self.requests
    }

    /// Origins other than `own` that got a token.
    #[must_use]
    pub fn leaks(&self, own: &str) -> Vec<&str> {
        let own = origin(own);
        let leaked = self.requests.keys().filter(|(origin, token)| *token && *origin != own);
        leaked.map(|(origin, _)| origin.as_str()).collect()
    }
}

/// What the network did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// All requests.
    pub requests: u64,
    /// Those of them that were batches.
    pub batches: u64,
    /// Faults by name.
    pub faults: BTreeMap<&'static str, u64>,
    /// Requests that the directory saw.
    pub seen_by_directory: u64,
}

/// What was sent before with the same method, URL and body.
#[derive(Debug, Clone, Copy, Default)]
struct Before {
    attempts: u32,
    faults_in_a_row: u32,
}

/// A directory behind a network.
#[derive(Debug, Clone)]
pub struct Network {
    directory: Directory,
    faults: Faults,
    /// A good answer takes a time between these two, drawn for each request.
    latency: (Duration, Duration),
    before: BTreeMap<u64, Before>,
    late: BTreeMap<(Duration, u64), (Option<String>, Request)>,
    late_ones: u64,
    counts: Counts,
    contacts: Contacts,
}

impl Network {
    /// Puts a network in front of a directory.
    #[must_use]
    pub const fn new(directory: Directory, faults: Faults) -> Self {
        Self {
            directory,
            faults,
            latency: (Duration::from_millis(20), Duration::from_millis(200)),
            before: BTreeMap::new(),
            late: BTreeMap::new(),
            late_ones: 0,
            counts: Counts { requests: 0, batches: 0, faults: BTreeMap::new(), seen_by_directory: 0 },
            contacts: Contacts { requests: BTreeMap::new() },
        }
    }

    /// Sets how long a good answer takes: between `least` and `most`.
    #[must_use]
    pub const fn latency(mut self, least: Duration, most: Duration) -> Self {
        self.latency = (least, most);
        self
    }

    /// The directory behind.
    #[must_use]
    pub const fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The directory behind, to change its settings or to ask it past the network.
    pub const fn directory_mut(&mut self) -> &mut Directory {
        &mut self.directory
    }

    /// Sets what goes wrong from the next request on.
    pub fn set_faults(&mut self, faults: Faults) {
        self.faults = faults;
    }

    /// Adds to what goes wrong. It counts requests from here on.
    pub fn add_faults(&mut self, planned: impl IntoIterator<Item = Planned>) {
        self.faults.add(planned);
    }

    /// Lets everything happen that was due until now, without a request.
    pub fn pass_time(&mut self, now: Now) {
        self.deliver_late(now);
        self.directory.pass_time(now);
    }

    /// Takes the directory out.
    #[must_use]
    pub fn into_directory(self) -> Directory {
        self.directory
    }

    /// What it did.
    #[must_use]
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Whom it was asked to contact.
    #[must_use]
    pub const fn contacts(&self) -> &Contacts {
        &self.contacts
    }

    /// Origins other than the directory's that got a token. Must be empty.
    #[must_use]
    pub fn leaks(&self) -> Vec<&str> {
        self.contacts.leaks(self.directory.root())
    }

    /// Sends a request. `authorization` is the value of that header.
    pub fn deliver(&mut self, now: Now, authorization: Option<&str>, request: &Request) -> Delivery {
        self.deliver_late(now);
        self.counts.requests += 1;
        self.counts.batches += u64::from(self.is_batch(request));
        let contact = (origin(&request.url), authorization.is_some());
        *self.contacts.requests.entry(contact).or_default() += 1;
        self.deliver_one(now, authorization, request)
    }

    /// A request, or a part of one.
    fn deliver_one(&mut self, now: Now, authorization: Option<&str>, request: &Request) -> Delivery {
        let origin = origin(&request.url);
        let key = self.key(request);
        let before = self.before.entry(key).or_default();
        before.attempts += 1;
        let attempt = before.attempts;
        // What goes wrong with a batch goes wrong with each of its parts.
        let mut keys = vec![key];
        let parts = self.is_batch(request).then(|| batch::parts(&self.directory.base(), request));
        if let Some(Ok(parts)) = &parts {
            keys.extend(parts.iter().map(|(_, part)| self.key(part)));
        }
        let in_a_row =
            keys.iter().filter_map(|key| self.before.get(key)).map(|one| one.faults_in_a_row).max();
        let in_a_row = in_a_row.unwrap_or_default();
        let (least, most) = self.latency;
        let drawn = Hash::new(key).text("latency").word(u64::from(attempt));
        let after = least.saturating_add(drawn.up_to(most.saturating_sub(least)));

        if origin != self::origin(self.directory.root()) {
            return Delivery { after, outcome: Outcome::Response(bait(now)) };
        }
        let path = request.url.get(origin.len()..).unwrap_or_default();
        let fault = self.faults.choose(request.method, path, key, attempt, in_a_row);
        let Some(fault) = fault else {
            if let Some(parts) = parts {
                return self.deliver_batch(now, after, authorization, request, parts);
            }
            let response = self.ask(now, authorization, request);
            // Whom a quota turned away has yet to get through.
            if response.status != 429 {
                self.before.entry(key).or_default().faults_in_a_row = 0;
            }
            return Delivery { after, outcome: Outcome::Response(response) };
        };
        for key in keys {
            self.before.entry(key).or_default().faults_in_a_row += 1;
        }
        *self.counts.faults.entry(fault.name()).or_default() += 1;
        self.spoil(fault, now, after, authorization, request)
    }

    fn is_batch(&self, request: &Request) -> bool {
        request.url.strip_suffix(batch::PATH).is_some_and(|base| base == self.directory.base())
    }

    /// The parts of a batch: each has the fate that it would have alone, and the answer comes with the slowest of them.
    /// A part whose answer is lost is missing in it.
    fn deliver_batch(
        &mut self,
        now: Now,
        after: Duration,
        authorization: Option<&str>,
        request: &Request,
        parts: Result<Vec<(String, Request)>, String>,
    ) -> Delivery {
        if let Err(refused) = self.directory.let_in(now, authorization, request) {
            return Delivery { after, outcome: Outcome::Response(refused) };
        }
        let date = clock::http_date(self.server_date(now));
        let parts = match parts {
            Ok(parts) => parts,
            Err(message) => {
                return Delivery { after, outcome: Outcome::Response(batch::refuse(date, &message)) };
            }
        };
        let mut slowest = after;
        let mut answers = Vec::new();
        for (id, part) in parts {
            let delivery = self.deliver_one(now, authorization, &part);
            slowest = slowest.max(delivery.after);
            if let Outcome::Response(response) = delivery.outcome {
                answers.push(batch::part(&id, response));
            }
        }
        Delivery { after: slowest, outcome: Outcome::Response(batch::answer(date, answers)) }
    }

    /// The same for equal requests, whatever the tenant's address: a server may have another port each time.
    fn key(&self, request: &Request) -> u64 {
        let root = self.directory.root();
        let url = request.url.replacen(root, ADDRESS, 1);
        let hash = Hash::new(0).text(request.method.as_str()).text(&url);
        let hash = match std::str::from_utf8(&request.body) {
            Ok(body) => hash.text(&body.replace(root, ADDRESS)),
            Err(_) => hash.bytes(&request.body),
        };
        hash.finish()
    }

    fn spoil(
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
                deliver(Outcome::Lost { sent: Sent::Maybe })
            }
            Fault::Reset => deliver(Outcome::Lost { sent: Sent::Maybe }),
            Fault::Refused => deliver(Outcome::Lost { sent: Sent::No }),
            Fault::Delay(by) => {
                let response = self.ask(now, authorization, request);
                Delivery { after: after.saturating_add(by), outcome: Outcome::Response(response) }
            }
            Fault::LateArrival(by) => {
                self.late_ones += 1;
                let at = (now.mono.saturating_add(by), self.late_ones);
                self.late.insert(at, (authorization.map(str::to_owned), request.clone()));
                deliver(Outcome::Never)
            }
            Fault::Never { executed } => {
                ask_if(executed);
                deliver(Outcome::Never)
            }
            Fault::Throttled(retry_after) => {
                let date = self.server_date(now);
                let mut headers = Headers::new();
                headers.push("Date", clock::http_date(date));
                headers.push("Content-Type", "application/json");
                push_retry_after(&mut headers, retry_after, date);
                let body = json!({"error": {"code": "TooManyRequests", "message": "Too many requests."}});
                let body = body.to_string().into_bytes();
                deliver(Outcome::Response(Response { status: 429, headers, body }))
            }
            Fault::Rejected => {
                let date = clock::http_date(self.server_date(now));
                deliver(Outcome::Response(batch::refuse(date, "The request is malformed.")))
            }
            Fault::ServerError { status, executed, retry_after } => {
                ask_if(executed);
                let date = self.server_date(now);
                let mut headers = Headers::new();
                headers.push("Date", clock::http_date(date));
                headers.push("Content-Type", "text/html");
                push_retry_after(&mut headers, retry_after, date);
                let body = b"<html><body>The service is unavailable.</body></html>".to_vec();
                deliver(Outcome::Response(Response { status, headers, body }))
            }
            Fault::TruncatedBody => {
                let mut response = self.ask(now, authorization, request);
                response.body.truncate(response.body.len() / 2);
                deliver(Outcome::Response(response))
            }
            Fault::WrongContentType { executed } => {
                ask_if(executed);
                let mut headers = Headers::new();
                headers.push("Content-Type", "text/html");
                let body = b"<html><body>Sign in to the guest network</body></html>".to_vec();
                deliver(Outcome::Response(Response { status: 200, headers, body }))
            }
            Fault::EmptyBody => {
                let mut response = self.ask(now, authorization, request);
                response.body.clear();
                deliver(Outcome::Response(response))
            }
            Fault::GarbageJson => {
                let mut response = self.ask(now, authorization, request);
                response.body = br#"["not", {"what": "you"}, 4, null]"#.to_vec();
                deliver(Outcome::Response(response))
            }
            Fault::ForeignNextLink => {
                let mut response = self.ask(now, authorization, request);
                redirect_next_link(&mut response, self.directory.root());
                deliver(Outcome::Response(response))
            }
        }
    }

    /// Requests that were on their way for long reach the directory; their answers go to nobody.
    fn deliver_late(&mut self, now: Now) {
        while let Some(entry) = self.late.first_entry().filter(|entry| entry.key().0 <= now.mono) {
            let at = entry.key().0;
            let (authorization, request) = entry.remove();
            let ago = i64::try_from(now.mono.saturating_sub(at).as_millis()).unwrap_or(i64::MAX);
            let then = Now { mono: at, unix_ms: now.unix_ms.saturating_sub(ago) };
            let _ = self.ask(then, authorization.as_deref(), &request);
        }
    }

    fn ask(&mut self, now: Now, authorization: Option<&str>, request: &Request) -> Response {
        self.counts.seen_by_directory += 1;
        self.directory.handle(now, authorization, request)
    }

    fn server_date(&self, now: Now) -> i64 {
        now.unix_ms.saturating_add(self.directory.switches().clock_ahead_ms)
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

/// Scheme, host and port of a URL, in lower case.
fn origin(url: &str) -> String {
    let host = url.find("://").map_or(0, |at| at + 3);
    let rest = url.get(host..).unwrap_or_default();
    let length = host + rest.find(['/', '?', '#']).unwrap_or(rest.len());
    url.get(..length).unwrap_or_default().to_lowercase()
}

/// What any other host says: something that looks like the last page of a list.
fn bait(now: Now) -> Response {
    let mut headers = Headers::new();
    headers.push("Date", clock::http_date(now.unix_ms));
    headers.push("Content-Type", "application/json");
    let user = json!({"id": "00000000-0000-0000-0000-00000000ba17", "displayName": "Bait"});
    Response { status: 200, headers, body: json!({"value": [user]}).to_string().into_bytes() }
}

fn redirect_next_link(response: &mut Response, root: &str) {
    let Ok(mut body) = serde_json::from_slice::<Value>(&response.body) else { return };
    if let Some(Value::String(link)) = body.get_mut("@odata.nextLink") {
        *link = link.replacen(root, BAIT, 1);
        response.body = body.to_string().into_bytes();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins() {
        for (url, expected) in [
            ("https://graph.microsoft.com/v1.0/users", "https://graph.microsoft.com"),
            ("HTTPS://Graph.Microsoft.com?x", "https://graph.microsoft.com"),
            ("http://127.0.0.1:80", "http://127.0.0.1:80"),
            ("https://graph.microsoft.com@evil.example/v1.0", "https://graph.microsoft.com@evil.example"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(origin(url), expected);
        }
    }
}
