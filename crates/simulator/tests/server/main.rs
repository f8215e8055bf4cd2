//! The simulator over real HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod common;
mod control;
mod http;
mod on_a_thread;
mod options;
mod script;
mod token_endpoint;
mod writes;
