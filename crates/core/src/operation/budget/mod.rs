//! The rate budget: which requests may go now, such that no window of Graph's quotas is ever overfull when they arrive.
//!
//! Graph counts a request when it arrives, which is some time between its leaving and its answer. So a charge counts
//! from when the request leaves until a whole window after its answer came: whatever arrives meanwhile, and however
//! long it was on its way, no window holds more than the quota.
//!
//! [`admission`] has the budget, which says when to ask again and never wakes anybody; [`window`] counts one quota and
//! shares it among the operations, [`hold`] keeps the waits of servers, [`usage`] reads the headers about quotas, [`size`]
//! learns how large the tenant is, [`settlement`] says how a request ended.

mod admission;
mod hold;
mod settlement;
mod size;
#[cfg(test)]
mod testing;
mod ticket;
mod usage;
mod window;

pub(super) use admission::Budget;
pub(super) use hold::Busy;
pub(super) use settlement::{Ended, Settlement};
pub(super) use ticket::{Blocked, BlockedBy, Owner, Ticket};
