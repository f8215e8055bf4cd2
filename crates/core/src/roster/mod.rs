//! The declared state of many agent users: CSV or JSON in, every error of every row out, all at once.

mod cells;
mod check;
mod columns;
mod csv;
mod error;
mod file;
mod guard;
mod json;
mod rows;
mod shard;

pub use check::{RosterSettings, declare};
pub use columns::Column;
pub(crate) use file::RosterFile;
pub use guard::is_guarded;
pub use rows::{Roster, Row};
pub use shard::Shard;
