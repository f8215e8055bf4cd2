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
mod connections;
mod control;
mod discovery;
mod first_users;
mod http;
mod managed_identity;
mod on_a_thread;
mod options;
mod script;
mod sign_in_control;
mod tls;
mod token_endpoint;
mod writes;
