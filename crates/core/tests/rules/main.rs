//! The rules against a second, naive reading of them, and what must hold for every text.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod common;
mod member_patches;
mod open_members;
mod parents;
mod second_reading;
mod user_names;
mod violations;
