//! The client against the simulator over real HTTP, and against servers that are not Graph.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod cancel;
mod common;
mod faults;
mod hostile;
mod provision_by_secret;
mod sign_in;
mod stalls;
