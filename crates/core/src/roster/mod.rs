//! The declared state of many agent users: CSV or JSON in, every error of every row out, all at once.

mod cells;
mod check;
mod columns;
mod csv;
mod error;
mod file;
mod guard;
mod json;
mod limits;
mod rows;
mod shard;
mod text;

pub use check::{RosterSettings, ValidRoster, declare};
pub use columns::Column;
pub(crate) use file::RosterFile;
pub use guard::guarded;
pub use limits::RosterLimits;
pub use rows::{Roster, Row};
pub use shard::Shard;
pub(crate) use text::roster_text;
