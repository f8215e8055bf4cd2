//! Properties that hold for any input: rosters, URLs, answers, links, waits.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod any_answers;
mod any_rosters;
mod common;
mod urls;
mod user_pages;
