//! Changes to many agent users: planned by a verb, looked at, and then applied.

mod apply;
mod arguments;
mod entries;
mod hand_over;
mod make;
mod objects;
mod only;
mod principal;
mod reported;
mod roster;
mod rows;
mod steps;
mod successor;
mod target;
mod undone;

pub use apply::{ApplyRequest, apply_plan};
pub use arguments::VerbArguments;
pub(super) use entries::of_report;
pub use make::{PlanRequest, plan};
pub use reported::{UndoRequest, restore_reported};
pub use roster::plan_roster;
pub(super) use rows::Rows;
pub(super) use successor::{Successor, look_at};
