//! The engine that gets tokens, on a clock of the test's own and with answers by hand (docs/sign-in.md).
#![cfg(feature = "confidential")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod cache;
mod chain;
mod claims;
mod common;
mod give_up;
mod people;
mod request_records;
mod retries;
