//! What Graph holds, as types.

mod member;

pub use member::{Member, Shape};
