//! The simulator's sign-in, without a network.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod assertions;
mod authorize_page;
mod common;
mod consent;
mod device_code;
mod federated;
mod legs;
mod numbers;
mod policies;
mod refresh;
mod sign_in_faults;
mod signing;
