//! What Graph holds, as types.

mod member;
mod new_agent_user;
mod patch;

pub use member::{Member, Shape, UnknownMember};
pub use new_agent_user::{Draft, NewAgentUser};
pub use patch::{AgentUserPatch, MemberValue};
