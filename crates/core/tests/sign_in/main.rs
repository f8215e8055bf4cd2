//! Sign-in without a network: the forms of each leg, the answers to them, and who signs in by a configuration.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod browser;
mod common;
mod config;
mod endpoints;
mod forms;
mod names;
mod token_answers;
mod unsigned_assertions;
