//! Signing in, at the border: what is sent to the sign-in and to Graph, and what comes of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod agents;
mod azure;
mod challenges;
mod configured;
mod environment;
mod hosts;
#[cfg(target_os = "linux")]
mod memory;
mod persons;
mod proofs;
mod tenants;
