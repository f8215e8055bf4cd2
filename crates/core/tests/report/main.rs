//! Reports: one document, and every format that is written from it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod common;
mod junit;
mod report_findings;
mod report_lists;
mod report_page;
mod sarif;
