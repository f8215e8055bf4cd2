//! The records of one client, held against what it sent: each request, and each part of a batch, has exactly one, with its
//! status or its loss, and each change that a report calls made has one.

use crate::learned::Learned;
use crate::parts::{self, Part};
use crate::violation::{Invariant, Violation, require};
use agentuser_core::flow::Report;
use agentuser_core::http::{Method, Request};
use agentuser_core::operation::{ChangeOutcome, Outgoing, Record, RequestId, RequestRecord};
use agentuser_core::problem::Code;
use std::collections::{BTreeMap, BTreeSet};

/// The requests of a client that are not recorded yet, and its records of changes.
#[derive(Debug, Default)]
pub(crate) struct Recorded {
    /// By their `client-request-id`.
    open: BTreeMap<String, Expected>,
    /// All ids that were sent.
    seen: BTreeSet<String>,
    /// The ids of the requests in flight: its own, and those of its parts with their names in the batch.
    ids: BTreeMap<RequestId, (String, Vec<(String, String)>)>,
    /// How many changes were recorded of each row.
    changes: BTreeMap<Option<usize>, usize>,
    /// The rows with a change of which it is not known whether it was made.
    unknown: BTreeSet<Option<usize>>,
}

#[derive(Debug)]
struct Expected {
    method: Method,
    path: String,
    end: End,
}

/// The end of a request, as far as the client has seen it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    InFlight,
    Status(u16),
    Lost,
}

impl Recorded {
    /// A request leaves.
    pub(crate) fn sends(&mut self, outgoing: &Outgoing, parts: &[Part<'_>]) -> Result<(), Violation> {
        let own = self.expects(&outgoing.request)?;
        let mut named = Vec::new();
        if parts::is_batch(&outgoing.request) {
            for part in parts {
                named.push((part.id.clone(), self.expects(&part.request)?));
            }
        }
        self.ids.insert(outgoing.id, (own, named));
        Ok(())
    }

    fn expects(&mut self, request: &Request) -> Result<String, Violation> {
        let id = request.headers.get("client-request-id").unwrap_or_default().to_owned();
        require(id.len() == 36 && self.seen.insert(id.clone()), Invariant::Recorded, || {
            format!("{} {} has no client-request-id of its own: {id:?}", request.method, request.url)
        })?;
        let path = request.url.trim_start_matches("https://graph.microsoft.com");
        let path = path.split('?').next().unwrap_or(path).to_owned();
        let expected = Expected { method: request.method, path, end: End::InFlight };
        self.open.insert(id.clone(), expected);
        Ok(id)
    }

    /// An answer with that status was used, or a loss; `parts` is its meaning for each part of a batch.
    pub(crate) fn answered(&mut self, id: RequestId, status: Option<u16>, parts: &[Learned]) {
        let Some((own, named)) = self.ids.remove(&id) else { return };
        let mut ends = |id: &str, end| {
            if let Some(expected) = self.open.get_mut(id) {
                expected.end = end;
            }
        };
        let whole = status.map_or(End::Lost, End::Status);
        ends(&own, whole);
        let each = status.is_some_and(|status| status < 300);
        for ((_, id), part) in named.iter().zip(parts) {
            let end = match part.status {
                Some(status) if each && (200..=599).contains(&status) => End::Status(status),
                _ if each || whole == End::Lost => End::Lost,
                _ => End::InFlight,
            };
            ends(id, end);
        }
    }

    /// The answers to these are not waited for any more.
    pub(crate) fn aborted(&mut self, ids: &[RequestId]) {
        for id in ids {
            let Some((own, parts)) = self.ids.remove(id) else { continue };
            for id in std::iter::once(own).chain(parts.into_iter().map(|(_, id)| id)) {
                if let Some(expected) = self.open.get_mut(&id) {
                    expected.end = End::Lost;
                }
            }
        }
    }

    /// A record comes.
    pub(crate) fn record(&mut self, record: &Record) -> Result<(), Violation> {
        match record {
            Record::Request(record) => self.request(record),
            Record::Change(change) => {
                if change.outcome == ChangeOutcome::Unknown {
                    self.unknown.insert(change.row);
                } else {
                    *self.changes.entry(change.row).or_default() += 1;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn request(&mut self, record: &RequestRecord) -> Result<(), Violation> {
        let expected = self.open.remove(&record.client_request_id);
        let is_right = expected.as_ref().is_some_and(|expected| {
            let end = match expected.end {
                End::Status(status) => record.status == Some(status) && record.loss.is_none(),
                End::Lost => record.status.is_none() && record.loss.is_some(),
                // Where a batch was answered as a whole, its parts have that status or a loss. The record may also come before
                // the host has been told to give the request up.
                End::InFlight => record.status.is_some() != record.loss.is_some(),
            };
            end && expected.method.as_str() == record.method && expected.path == record.path
        });
        require(is_right, Invariant::Recorded, || format!("{expected:?} is recorded as {record:?}"))
    }

    /// The operation has ended: nothing that was sent lacks its record.
    pub(crate) fn is_complete(&self) -> Result<(), Violation> {
        require(self.open.is_empty(), Invariant::Recorded, || format!("{:?} have no record", self.open))
    }

    /// Every change that a report calls made has its record, and so has one whose outcome is unknown.
    pub(crate) fn changes_of(&self, report: &Report) -> Result<(), Violation> {
        let made = report.changes.iter().filter(|change| change.applied).count();
        let recorded = self.changes.get(&report.row).copied().unwrap_or_default();
        require(made == recorded, Invariant::Recorded, || {
            format!("{recorded} changes are recorded: {report:?}")
        })?;
        let unknown = report.problem.as_ref().is_some_and(|problem| problem.code() == Code::OutcomeUnknown);
        require(unknown == self.unknown.contains(&report.row), Invariant::Recorded, || {
            format!("a change without an outcome is recorded, or is not: {report:?}")
        })
    }
}
