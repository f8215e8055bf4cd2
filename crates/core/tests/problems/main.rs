//! Answers as Graph and Entra send them, and the problem that each one means.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod common;
mod graph_answers;
mod problem_table;
mod secrets;
mod sign_in_answers;
