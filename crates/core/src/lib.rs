//! The pure core of agentuser: lifecycle management of Microsoft Entra agent users, without I/O.
//!
//! The core reads no clock, never sleeps, draws no random number and never panics. Everything it can do over
//! the network is an [`operation::Operation`]: a value that a host polls with the time, and that answers with
//! requests to send, results, progress, or a moment to wait for. Pure rules (validation, derivation, the
//! explanation of an error) are plain functions.

mod any_case;
mod call;
mod codes;
mod decimal;
pub mod flow;
pub mod graph;
pub mod hash;
pub mod http;
mod id;
pub mod json;
pub mod later;
pub mod model;
pub mod operation;
pub mod permission;
pub mod plain;
pub mod plan;
pub mod problem;
pub mod remark;
pub mod report;
pub mod roster;
mod short;
#[cfg(feature = "confidential")]
pub mod sign_in;
mod time;
pub mod token;
mod unique;
mod utc;
pub mod validate;

pub use call::Call;
pub use id::{InvalidId, ObjectId};
pub use time::Now;
