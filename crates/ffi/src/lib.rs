//! The C ABI of agentuser.
//!
//! Three ways in: pure functions, an operation handle for hosts with a transport of their own, and a client whose calls
//! the host pumps. `include/agentuser.h` is generated from here and says of each function who owns what, and which
//! threads may call it; `docs/c-abi.md` shows how to use it.
//!
//! Rules for every export:
//! - It checks its pointers for NULL, and no panic leaves it (`boundary`).
//! - A handle is a number in the shape of a pointer, looked up and never followed (`handle`): a handle that was freed,
//!   or was never given out, is told apart without touching memory.
//! - An export keeps the object that it works with alive: freeing a handle takes the object out of the table, and the
//!   object is dropped with its last user.
//!
//! # Safety
//! Every export demands the same of its caller, as the header's first comment says: a pointer to text or bytes is NULL
//! with length 0 or points to so many bytes that can be read and do not change before the export returns; a pointer to
//! a place for a result is NULL or can be written until then, aligned or not; an array has as many places as its count
//! says. `boundary::export` relies on that for all of them.

// The section above has the rules of every export.
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
mod demand;
mod demands;
mod handle;
mod input;
mod output;
mod queue;
pub mod wake;

#[cfg(debug_assertions)]
pub mod test_hook;
