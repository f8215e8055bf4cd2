//! The exchange between a flow and its host: a table of requests and timers.
//!
//! [`pending`] has the futures that a flow awaits, [`dispatch`] hands out what may be sent, [`answers`] takes what came
//! back, [`time`] moves the clock, [`events`] keeps progress until the host takes it. All work on one [`table`].
//!
//! Wakers and answers leave the lock before they are woken or dropped: either may run code that takes it again.

mod answers;
mod attempt;
mod dispatch;
mod events;
mod locked;
mod pending;
mod records;
mod table;
mod time;
mod unanswered;

pub(super) use answers::Batches;
pub(super) use attempt::{Attempt, late_problem};
pub(super) use dispatch::Dispatched;
pub(super) use locked::Exchange;
