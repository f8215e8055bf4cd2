//! How a request ended, as far as quotas are concerned.

use super::ticket::Ticket;
use super::usage::Usage;
use crate::operation::retry::Wait;
use crate::operation::step::{Answer, Sent};

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
    /// Its answer is not waited for any more. It may still arrive.
    Abandoned,
    /// No answer came.
    Lost,
    /// The answer does not say whether the server had room for it.
    Failed(Usage),
    /// The server had room for it.
    Taken(Usage),
    /// The server had no room for it.
    Refused { wait: Wait, usage: Usage },
}

impl Settlement {
    /// The settlement of a request that went alone.
    pub(in crate::operation) const fn of(ticket: Ticket, ended: Ended) -> Self {
        Self { ticket, left_with: ticket, ended }
    }

    /// The settlement of a part of a batch whose last part has the ticket `last`.
    pub(in crate::operation) const fn of_part(ticket: Ticket, last: Ticket, ended: Ended) -> Self {
        Self { ticket, left_with: last, ended }
    }
}

impl Ended {
    /// The end of a request with this answer, which asks for this wait.
    pub(in crate::operation) fn of(answer: &Answer, wait: Option<Wait>) -> Self {
        let response = match answer {
            Answer::Response { response, .. } => response,
            Answer::Lost { sent: Sent::No, .. } | Answer::NoToken(_) => return Self::Unsent,
            Answer::Lost { sent: Sent::Maybe, .. } => return Self::Lost,
        };
        let usage = Usage::of(&response.headers);
        match (wait, response.status) {
            (Some(wait), _) => Self::Refused { wait, usage },
            // The sign-in answers before any quota is looked at.
            (None, 401) => Self::Failed(usage),
            (None, 200..=499) => Self::Taken(usage),
            (None, _) => Self::Failed(usage),
        }
    }
}
