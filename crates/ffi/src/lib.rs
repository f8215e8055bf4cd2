//! The C ABI of agentuser.
//!
//! Three ways in: pure functions, an operation handle for hosts with a transport of their own, and a client whose calls
//! the host pumps. `include/agentuser.h` is generated from here and says of each function who owns what, and which
//! threads may call it; `docs/c-abi.md` shows how to use it.
//!
//! What holds everywhere:
//! - Every export checks its pointers, and no panic leaves it (`boundary`).
//! - A handle is a number in the shape of a pointer, looked up and never followed (`handle`): one that was freed, or
//!   was never given out, is told apart without touching memory.
//! - Whoever works with an object holds it: freeing a handle takes it out of the table, and the object goes with its
//!   last user.

// The rules for pointers are the same for every export; the header's first comment has them.
#![allow(clippy::missing_safety_doc)]

// The groups are in the order of the header.

pub mod status;
pub mod text;
pub mod version;

pub mod result;

pub mod result_data;

pub mod offline;

pub mod client;

pub mod call;

pub mod wait;

pub mod session;

pub mod operation;

pub mod simulator;

mod boundary;
mod handle;
mod input;
mod output;
mod queue;
mod tokens;
pub mod wake;

#[cfg(debug_assertions)]
pub mod test_hook;
