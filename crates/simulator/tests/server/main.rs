//! The simulator over real HTTP, and the client crate against it.
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
mod control;
mod faults;
mod flows;
mod hostile;
mod http;
mod options;
mod script;
mod sign_in;
mod simulator;
mod writes;
