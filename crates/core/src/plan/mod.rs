//! Plans: changes that were found and not made yet, to be looked at, approved by their digest, and then made.
//!
//! A plan is one JSON file for every verb. It names its tenant, its author and its time, and for each change the state that
//! the change expects. Applying it makes these changes and no other.

mod canonical;
mod change_reader;
mod document;
mod entry;
mod fields;
mod limits;
mod reader;
mod verb;

pub(crate) use change_reader::value as member_value;
pub(crate) use document::PlanHead;
pub use document::{MAX_AGE_DAYS, Plan};
pub use entry::{Expected, PlannedChange};
pub use limits::PlanLimits;
pub use verb::Verb;
