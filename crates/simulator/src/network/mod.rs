//! The way between a client and the directory: slow, lossy and, on demand, hostile.
//!
//! The fault that a request meets depends on the request itself and on how many equal ones came before, not
//! on the order among different ones. Requests are equal if their method, URL and body are, apart from the
//! tenant's address.

mod apply;
mod contacts;
mod delivery;
mod endless;
mod faults;
mod scripted;

pub use contacts::{Contacts, Counts};
pub use delivery::{Delivered, Delivery};
pub use faults::{Fault, Faults, Planned, RetryAfter};
pub use scripted::{ScriptedAnswer, ScriptedBody};

use crate::batch::{self, Part, Stamp};
use crate::clock;
use crate::directory::Directory;
use crate::hash::Hash;
use agentuser_core::http::{Method, Request, Response};
use agentuser_core::{Now, ObjectId};
use apply::decoy_response;
use contacts::origin;
use faults::What;
use std::collections::BTreeMap;
use std::time::Duration;

/// Stands for the tenant's address where that must not matter.
const ADDRESS: &str = "https://graph.microsoft.com";

/// The requests so far with the same method, URL and body.
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
            counts: Counts {
                requests: 0,
                sign_ins: 0,
                batches: 0,
                faults: BTreeMap::new(),
                seen_by_directory: 0,
            },
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

    /// Sets how many of 1,000 requests go wrong, from the next one on. Planned faults stay.
    pub const fn set_rate(&mut self, per_mille: u16) {
        self.faults.set_rate(per_mille);
    }

    /// Sets whether only what is over within seconds goes wrong, from the next request on.
    pub const fn set_brisk(&mut self, brisk: bool) {
        self.faults.set_brisk(brisk);
    }

    /// Sets how long a good answer takes, from the next one on.
    pub const fn set_latency(&mut self, least: Duration, most: Duration) {
        self.latency = (least, most);
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

    /// Sums over all requests so far.
    #[must_use]
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The origins that were contacted.
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
        let is_sign_in = self.directory.is_sign_in(request);
        self.counts.sign_ins += u64::from(is_sign_in);
        self.counts.requests += u64::from(!is_sign_in);
        let is_batch = batch::version(self.directory.root(), &request.url).is_some();
        self.counts.batches += u64::from(is_batch);
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
        // A fault of a batch counts for each of its parts.
        let mut keys = vec![key];
        let parts = self.parts(request);
        if let Some(Ok(parts)) = &parts {
            keys.extend(parts.iter().map(|part| self.key(&part.request)));
        }
        let in_a_row =
            keys.iter().filter_map(|key| self.before.get(key)).map(|one| one.faults_in_a_row).max();
        let in_a_row = in_a_row.unwrap_or_default();
        let (least, most) = self.latency;
        let drawn = Hash::new(key).text("latency").word(u64::from(attempt));
        let after = least.saturating_add(drawn.up_to(most.saturating_sub(least)));

        let is_sign_in = self.directory.is_sign_in(request);
        if origin != contacts::origin(self.directory.root()) && !is_sign_in {
            return Delivery { after, outcome: Delivered::Response(decoy_response(now)) };
        }
        if let Some(page) = endless::page(request) {
            return Delivery { after, outcome: Delivered::Response(page) };
        }
        let id = Hash::new(key).text("request").word(u64::from(attempt)).guid();
        let path = request.url.get(origin.len()..).unwrap_or_default();
        let is_drawn = !is_sign_in || self.faults.draws_sign_ins();
        let fault = self.faults.choose(request.method, path, key, (attempt, in_a_row), is_drawn);
        let Some(fault) = fault else {
            if let Some(parts) = parts {
                return self.deliver_batch(id, (now, after), authorization, request, parts);
            }
            let response = self.ask(now, authorization, request);
            // A request that a quota refused has yet to get through.
            if response.status != 429 {
                self.before.entry(key).or_default().faults_in_a_row = 0;
            }
            return Delivery { after, outcome: Delivered::Response(response) };
        };
        for key in keys {
            self.before.entry(key).or_default().faults_in_a_row += 1;
        }
        *self.counts.faults.entry(fault.name()).or_default() += 1;
        match fault {
            What::Fault(fault) => self.apply_fault(fault, id, (now, after), authorization, request),
            What::Answer(answer) => {
                let own = answer.is_executed().then(|| self.ask(now, authorization, request));
                let date = clock::http_date(self.server_date(now));
                Delivery { after, outcome: Delivered::Response(answer.respond(own, &date, &id.to_string())) }
            }
        }
    }

    /// The parts, if it is a batch.
    fn parts(&self, request: &Request) -> Option<Result<Vec<Part>, String>> {
        let root = self.directory.root();
        let version = (request.method == Method::Post).then(|| batch::version(root, &request.url))??;
        Some(batch::parts(root, version, request))
    }

    /// The parts of a batch: each has the fate that it would have alone, and the answer comes with the slowest of them.
    /// A part whose answer is lost is missing in it.
    fn deliver_batch(
        &mut self,
        id: ObjectId,
        (now, after): (Now, Duration),
        authorization: Option<&str>,
        request: &Request,
        parts: Result<Vec<Part>, String>,
    ) -> Delivery {
        if let Err(refused) = self.directory.authorize_batch(now, authorization, request) {
            return Delivery { after, outcome: Delivered::Response(refused) };
        }
        let stamp = Stamp { id, unix_ms: self.server_date(now) };
        let parts = match parts {
            Ok(parts) => parts,
            Err(message) => {
                return Delivery {
                    after,
                    outcome: Delivered::Response(batch::refuse(request, stamp, &message)),
                };
            }
        };
        let mut slowest = after;
        let answers = batch::in_order(parts, |part| {
            let delivery = self.deliver_one(now, authorization, &part.request);
            slowest = slowest.max(delivery.after);
            match delivery.outcome {
                Delivered::Response(response) => Some(response),
                Delivered::Lost { .. } | Delivered::Never => None,
            }
        });
        Delivery { after: slowest, outcome: Delivered::Response(batch::answer(request, stamp, answers)) }
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

    /// Requests that were on their way for long reach the directory; their answers are dropped.
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
        self.counts.seen_by_directory += u64::from(!self.directory.is_sign_in(request));
        self.directory.handle(now, authorization, request)
    }

    fn server_date(&self, now: Now) -> i64 {
        now.unix_ms.saturating_add(self.directory.switches().clock_ahead_ms)
    }
}
