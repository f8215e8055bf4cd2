//! The declared state of many agent users: CSV or JSON in, every error of every row out, all at once.

mod columns;
mod csv;
mod error;
mod json;
mod read;
mod row;
mod shard;

pub use columns::Column;
pub use read::{RosterSettings, declare};
pub use row::{Roster, Row};
pub use shard::Shard;
