//! Signing in, at the border: what is sent to the sign-in and to Graph, and what comes of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod azure;
mod challenges;
mod environment;
mod hosts;
