//! How a request ended, as far as quotas are concerned.

use super::Ticket;
use super::hold::Wait;
use super::usage::Usage;
use crate::http::Response;
use crate::operation::step::{Answer, Sent};
use crate::problem::retry_after;

/// The end of an admitted request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::operation) struct Settlement {
    pub(super) ticket: Ticket,
    /// The last of the requests that left together, as parts of one batch; the request itself where it went alone.
    pub(super) left_with: Ticket,
    pub(super) ended: Ended,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::operation) enum Ended {
    /// It never reached the server.
    Unsent,
    /// Nobody waits for its answer any more. It may still arrive.
    Abandoned,
    /// No answer came.
    Lost,
    /// The answer does not say whether the server had room for it.
    Failed(Usage),
    /// The server had room for it.
    Taken(Usage),
    /// The server had no room for it.
    Refused { wait: Option<Wait>, usage: Usage },
}

impl Settlement {
    /// Of a request that went alone.
    pub(in crate::operation) const fn of(ticket: Ticket, ended: Ended) -> Self {
        Self { ticket, left_with: ticket, ended }
    }

    /// Of a part of a batch whose last part has the ticket `last`.
    pub(in crate::operation) const fn of_part(ticket: Ticket, last: Ticket, ended: Ended) -> Self {
        Self { ticket, left_with: last, ended }
    }
}

impl Ended {
    pub(in crate::operation) fn of(answer: &Answer) -> Self {
        match answer {
            Answer::Response { response, .. } => Self::of_response(response),
            Answer::Lost { sent: Sent::No, .. } | Answer::NoToken(_) => Self::Unsent,
            Answer::Lost { sent: Sent::Maybe, .. } => Self::Lost,
        }
    }

    fn of_response(response: &Response) -> Self {
        let headers = &response.headers;
        let usage = Usage::of(headers);
        let refused = |of_all| {
            let wait = retry_after(headers).map(|time| Wait { time, of_all });
            Self::Refused { wait, usage }
        };
        match response.status {
            429 => refused(false),
            408 | 500..=599 if headers.get("Retry-After").is_some() => refused(true),
            // The sign-in answers before any quota is looked at.
            401 => Self::Failed(usage),
            200..=499 => Self::Taken(usage),
            _ => Self::Failed(usage),
        }
    }
}
