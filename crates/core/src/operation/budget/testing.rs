//! Helpers for the tests of the budget's files.

pub(super) use super::{Blocked, BlockedBy, Budget, Ended, Owner, Settlement, Ticket};
pub(super) use crate::graph::Call;
use crate::http::Response;
use crate::operation::TokenTag;
pub(super) use crate::operation::quotas::{QuotaKind, Quotas};
use crate::operation::retry::{AttemptState, Policy, class_wait};
use crate::operation::step::Answer;
use std::time::Duration;

pub(super) const URL: &str = "https://graph.microsoft.com/v1.0/x";

pub(super) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// With so many writes in 150 seconds and units in 10.
pub(super) fn budget(writes: u32, units: u32) -> Budget {
    Budget::new(Quotas { writes, units: Some(units), ..Quotas::default() })
}

/// How a write ended that Graph answered like this.
pub(super) fn ended(status: u16, headers: &[(&'static str, &str)]) -> Ended {
    let headers = headers.iter().map(|(name, value)| (*name, *value)).collect();
    let response = Response { status, headers, body: br#"{"error":{}}"#.to_vec() };
    let wait = class_wait(&Policy::default(), AttemptState::new(true), &response);
    Ended::of(&Answer::Response { response, token: TokenTag(0) }, wait)
}

pub(super) fn answered(headers: &[(&'static str, &str)]) -> Ended {
    ended(200, headers)
}

impl Budget {
    /// Settles a request that went alone.
    pub(super) fn end(&mut self, ticket: Ticket, ended: Ended, now: Duration) {
        self.settle(Settlement::of(ticket, ended), now);
    }
}

pub(super) fn write(budget: &mut Budget, owner: Owner, now: Duration) -> Result<Ticket, Blocked> {
    budget.admit(owner, Call::CreateAgentUser, URL, now)
}
