//! The simulated directory and network, through their public functions.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod access;
mod blueprints;
mod client;
mod contract;
mod create;
mod deleted;
mod filterable;
mod groups;
mod lag;
mod licenses;
mod lifecycle_policies;
mod links;
mod listing;
mod network;
mod permissions;
mod principals;
mod queries;
mod scale;
mod spelling;
mod strangers;
mod troubled;
mod users;
