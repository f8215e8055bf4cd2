//! The records of one operation, made as its requests end and its flow changes something.

use crate::Now;
use crate::hash::mix;
use crate::http::Headers;
use crate::operation::record::{ChangeRecord, Changed, LossKind, Record, Recording, RequestRecord};
use crate::operation::step::{Answer, Loss, Sent};
use crate::problem::{self, retry_after};
use crate::utc::Utc;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// The ids that a run's requests carry. They follow from its seed, so that a replay sends the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ids {
    seed: u64,
}

impl Ids {
    pub(super) const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The id of the run.
    pub(super) fn run(self) -> String {
        format!("{:016x}", mix(&[self.seed, 1]))
    }

    /// The `client-request-id` of the request with this key.
    pub(super) fn request(self, key: u64) -> RequestUuid {
        let high = mix(&[self.seed, 2, key]);
        let bytes = (u128::from(high) << 64) | u128::from(crate::hash::scramble(high ^ key));
        RequestUuid(uuid::Builder::from_random_bytes(bytes.to_be_bytes()).into_uuid())
    }
}

/// A `client-request-id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RequestUuid(uuid::Uuid);

impl RequestUuid {
    /// The text of the header.
    pub(super) fn text(self) -> String {
        self.0.as_hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer()).to_owned()
    }
}

/// A request that left while records were wanted.
#[derive(Debug, Clone)]
pub(super) struct Trace {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) id: String,
    pub(super) attempt: u32,
    pub(super) row: Option<usize>,
    pub(super) is_write: bool,
}

impl Trace {
    /// The path of a URL, without its query.
    pub(super) fn path(url: &str) -> String {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
        path.split(['?', '#']).next().unwrap_or(path).to_owned()
    }
}

/// How a request ended.
#[derive(Debug, Clone, Default)]
pub(super) struct End {
    status: Option<u16>,
    loss: Option<LossKind>,
    request_id: Option<String>,
    retry_after_ms: Option<u64>,
}

impl End {
    pub(super) fn given_up(timed_out: bool) -> Self {
        let loss = if timed_out { LossKind::TimedOut } else { LossKind::GivenUp };
        Self { loss: Some(loss), ..Self::default() }
    }

    /// By this answer; none when it was never sent.
    pub(super) fn of(answer: &Answer) -> Option<Self> {
        match answer {
            Answer::Response { response, .. } => Some(Self {
                status: Some(response.status),
                loss: None,
                request_id: request_id(&response.headers),
                retry_after_ms: retry_after(&response.headers).map(milliseconds),
            }),
            Answer::Lost { why, sent } => {
                let loss = match why {
                    Loss::Unreachable(_)
                    | Loss::Certificate(_)
                    | Loss::Tls(_)
                    | Loss::Proxy(_)
                    | Loss::OpenFiles(_) => LossKind::Unreachable,
                    Loss::Broken(_) => LossKind::Broken,
                    Loss::TimedOut if *sent == Sent::No => LossKind::Unreachable,
                    Loss::TimedOut => LossKind::TimedOut,
                    Loss::TooLarge => LossKind::TooLarge,
                };
                Some(Self { loss: Some(loss), ..Self::default() })
            }
            Answer::NoToken(_) => None,
        }
    }
}

/// As a problem shows it. A part of a batch could have anything in its place.
fn request_id(headers: &Headers) -> Option<String> {
    headers.get("request-id").and_then(problem::request_id)
}

/// The end of a write, which the records of its changes name.
#[derive(Debug, Clone)]
struct WriteEnd {
    status: Option<u16>,
    request_id: Option<String>,
    id: String,
}

/// The records of one operation.
#[derive(Debug)]
pub(super) struct Records {
    wanted: Recording,
    run: String,
    /// Ended since the clock moved last.
    fresh: Vec<Ended>,
    ready: VecDeque<Record>,
    /// The last write of each row, while changes are recorded.
    writes: BTreeMap<Option<usize>, WriteEnd>,
}

#[derive(Debug)]
struct Ended {
    trace: Trace,
    batch: Option<String>,
    left_at: Duration,
    end: End,
}

impl Records {
    pub(super) fn new(wanted: Recording, run: String) -> Self {
        Self { wanted, run, fresh: Vec::new(), ready: VecDeque::new(), writes: BTreeMap::new() }
    }

    pub(super) const fn wants_changes(&self) -> bool {
        self.wanted.changes
    }

    /// A request has ended. Its time is that of the next poll.
    pub(super) fn ended(&mut self, trace: Trace, batch: Option<String>, left_at: Duration, end: End) {
        if self.wanted.changes && trace.is_write {
            let write =
                WriteEnd { status: end.status, request_id: end.request_id.clone(), id: trace.id.clone() };
            self.writes.insert(trace.row, write);
        }
        if self.wanted.requests {
            self.fresh.push(Ended { trace, batch, left_at, end });
        }
    }

    /// A change was made, or may have been.
    pub(super) fn changed(&mut self, row: Option<usize>, who: Option<String>, changed: Changed, now: Now) {
        self.date(now);
        let write = self.writes.get(&row);
        self.ready.push_back(Record::Change(ChangeRecord {
            time: Utc(now.unix_ms).to_string(),
            who,
            run_id: self.run.clone(),
            reason: self.wanted.reason.clone(),
            object: changed.object,
            user_principal_name: changed.user_principal_name,
            change: changed.change,
            outcome: changed.outcome,
            member: changed.member,
            before: changed.before,
            after: changed.after,
            status: write.and_then(|write| write.status),
            request_id: write.and_then(|write| write.request_id.clone()),
            client_request_id: write.map(|write| write.id.clone()),
            row,
        }));
    }

    /// Gives the requests that have ended their time.
    pub(super) fn date(&mut self, now: Now) {
        for Ended { trace, batch, left_at, end } in self.fresh.drain(..) {
            let duration_ms = milliseconds(now.mono.saturating_sub(left_at));
            let left = now.unix_ms.saturating_sub(i64::try_from(duration_ms).unwrap_or(i64::MAX));
            self.ready.push_back(Record::Request(RequestRecord {
                time: Utc(left).to_string(),
                method: trace.method,
                path: trace.path,
                status: end.status,
                loss: end.loss,
                duration_ms,
                request_id: end.request_id,
                client_request_id: trace.id,
                attempt: trace.attempt,
                retry_after_ms: end.retry_after_ms,
                batch_id: batch,
                run_id: self.run.clone(),
                row: trace.row,
            }));
        }
    }

    pub(super) fn take(&mut self, now: Now) -> Option<Record> {
        self.date(now);
        self.ready.pop_front()
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_from_the_seed_and_differ_from_request_to_request() {
        let ids = Ids::new(7);
        assert_eq!(ids.request(1).text(), Ids::new(7).request(1).text());
        assert_ne!(ids.request(1).text(), ids.request(2).text());
        assert_ne!(ids.request(1).text(), Ids::new(8).request(1).text());
        let text = ids.request(3).text();
        assert_eq!((text.len(), text.get(14..15)), (36, Some("4")), "{text}");
        assert_eq!(ids.run().len(), 16);
    }

    #[test]
    fn a_request_id_is_what_looks_like_one() {
        let of =
            |value: &str| request_id(&[("request-id".to_owned(), value.to_owned())].into_iter().collect());
        assert_eq!(of(" 3b2c-a1 ").as_deref(), Some("3b2c-a1"));
        for other in ["\u{1b}[2J", "eyJhbGciOiJub25lIn0.e30.c2ln", &"a".repeat(65), ""] {
            assert_eq!(of(other), None, "{other}");
        }
    }

    #[test]
    fn a_path_has_no_query_and_no_host() {
        let path = |url| Trace::path(url);
        assert_eq!(path("https://graph.microsoft.com/v1.0/users/a?$skiptoken=s"), "/v1.0/users/a");
        assert_eq!(path("https://graph.microsoft.com"), "/");
    }
}
