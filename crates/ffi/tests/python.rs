//! The tests of tests/python: Python's own ctypes over the shared library.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod common;

use common::{all_passed, have, library, root, run};
use std::process::Command;

#[test]
fn passes() {
    if have("python3") {
        // -B: nothing is written beside the sources.
        let mut python = Command::new("python3");
        python.arg("-B").arg(root().join("tests/python")).env("AGENTUSER_NATIVE_LIBRARY", library());
        all_passed(&run(&mut python).stdout);
    }
}
