//! The budget's answer to a request: a ticket, or why it may not go yet.

use crate::operation::quotas::QuotaKind;
use std::time::Duration;

/// The number of an operation.
pub(in crate::operation) type Owner = u64;

/// A request that was admitted and has not been settled. Tickets are numbered in the order in which requests leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::operation) struct Ticket(pub(super) u64);

/// Why a request may not go yet, and when to ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::operation) struct Blocked {
    pub(in crate::operation) until: Duration,
    pub(in crate::operation) by: BlockedBy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::operation) enum BlockedBy {
    /// A server asked to wait.
    Server,
    /// The window of this quota is full.
    Quota(QuotaKind),
}
