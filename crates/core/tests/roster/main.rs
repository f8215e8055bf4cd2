//! Rosters: what a file may look like, and every error of every row with its place.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod common;
mod damaged_quotes;
mod derived_names;
mod json_rows;
mod known_programs;
mod strict;
mod table_rows;
mod tables;
