//! What Graph holds, as types.

mod member;
mod patch;

pub use member::{Member, Shape, UnknownMember};
pub use patch::{AgentUserPatch, MemberValue};
