//! The records of one operation, made as its requests end and its flow changes something.

use crate::Now;
use crate::http::Headers;
use crate::operation::record::{ChangeRecord, Changed, LossKind, Record, Recording, RequestRecord};
use crate::operation::step::Answer;
use crate::problem::{self, retry_after};
use crate::utc::Utc;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

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
            Answer::Lost { why, sent } => Some(Self { loss: Some(why.kind(*sent)), ..Self::default() }),
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
                leg: None,
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
    fn a_request_id_is_what_looks_like_one() {
        let of =
            |value: &str| request_id(&[("request-id".to_owned(), value.to_owned())].into_iter().collect());
        assert_eq!(of(" 3b2c-a1 ").as_deref(), Some("3b2c-a1"));
        for other in ["\u{1b}[2J", "eyJhbGciOiJub25lIn0.e30.c2ln", &"a".repeat(65), ""] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
