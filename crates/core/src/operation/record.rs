//! The records of what was sent and changed, for hosts that ask for them.
//!
//! Unlike progress, no record is left out; they come in the order in which requests ended, and the flow rests
//! while a host has some to take.

use serde::Serialize;
use serde_json::Value;

/// The kinds of records that a host wants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recording {
    /// Every request.
    pub requests: bool,
    /// Every change.
    pub changes: bool,
    /// Why the changes are made, for their records.
    pub reason: Option<String>,
}

/// The record of a request or of a change. It holds no token, no body and no query.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "record", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Record {
    /// A request has ended.
    Request(RequestRecord),
    /// A change was made, or it can't be known whether it was.
    Change(ChangeRecord),
}

/// The record of one request, or of one part of a batch: it was answered or lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RequestRecord {
    /// When it left, in UTC, as 2026-06-01T12:00:00.000Z.
    pub time: String,
    /// The method.
    pub method: &'static str,
    /// The path, without the query.
    pub path: String,
    /// The status of the answer; none where it was lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why there is no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss: Option<LossKind>,
    /// Milliseconds from its leaving to its end.
    pub duration_ms: u64,
    /// The id that Graph gave it, or the trace id of a sign-in. A browser hides it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The `client-request-id` that it carried.
    pub client_request_id: String,
    /// Which try of the same request it was, from 1.
    pub attempt: u32,
    /// The wait that the answer asked for, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// The `client-request-id` of the batch that it was part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<String>,
    /// The run that it belongs to.
    pub run_id: String,
    /// The row that it belongs to, as in its report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// Which request of a sign-in it was, such as `exchange` or `agentUser`; none of a request to Graph.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leg: Option<&'static str>,
}

/// Whether a change was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ChangeOutcome {
    /// It was made.
    Done,
    /// Its write was sent, and it could not be found out whether it was made.
    Unknown,
}

/// The record of one change that was made, or may have been.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChangeRecord {
    /// When it was known to be made, in UTC, or when it was given up to find that out.
    pub time: String,
    /// The account that made it: its user principal name, or else its object id; of a token without an account, the id of
    /// the application. None where the token does not show it.
    pub who: Option<String>,
    /// The run that it belongs to.
    pub run_id: String,
    /// The reason that was given for the run.
    pub reason: Option<String>,
    /// The object id of the user that was changed; of a change of permissions, that of the agent identity, blueprint,
    /// blueprint's principal or user that has them.
    pub object: Option<String>,
    /// The user principal name of the user; of a delegated permission, of the user that it is for. None where there is no
    /// one user.
    pub user_principal_name: Option<String>,
    /// The kind of change, as in reports.
    pub change: &'static str,
    /// Whether it was made.
    pub outcome: ChangeOutcome,
    /// The member that was changed; none where it was the user as a whole.
    pub member: Option<String>,
    /// The value before.
    pub before: Value,
    /// The value after.
    pub after: Value,
    /// The status of the answer to the write that made it; none where that answer was lost and the change found.
    pub status: Option<u16>,
    /// The id that Graph gave that write.
    pub request_id: Option<String>,
    /// The `client-request-id` of that write.
    pub client_request_id: Option<String>,
    /// The row that it belongs to, as in its report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
}

/// Why a request has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum LossKind {
    /// No connection was made.
    Unreachable,
    /// The connection broke, or the answer to its batch lacks it.
    Broken,
    /// It took too long.
    TimedOut,
    /// The answer was larger than the host takes.
    TooLarge,
    /// It was given up: the operation was cancelled, or needs the answer no more.
    GivenUp,
}

/// The path of a URL, without its query.
pub(crate) fn path(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
    path.split(['?', '#']).next().unwrap_or(path).to_owned()
}

/// A change, as a flow tells it.
#[derive(Debug, Clone)]
pub(crate) struct Changed {
    pub(crate) object: Option<String>,
    pub(crate) user_principal_name: Option<String>,
    pub(crate) change: &'static str,
    pub(crate) outcome: ChangeOutcome,
    pub(crate) member: Option<String>,
    pub(crate) before: Value,
    pub(crate) after: Value,
}

impl Record {
    /// The record as JSON, on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Serializing to memory fails only for maps whose keys are not strings, and there are none.
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_no_query_and_no_host() {
        assert_eq!(path("https://graph.microsoft.com/v1.0/users/a?$skiptoken=s"), "/v1.0/users/a");
        assert_eq!(path("https://graph.microsoft.com"), "/");
    }
}
