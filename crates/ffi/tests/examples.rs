//! The examples in C and Python: each applies a roster, and says the same as the other.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod common;

use agentuser_simulator::server::{Simulator, SimulatorOptions};
use common::{compile, have, library, root, run};
use std::process::{Command, Output};

/// The lines, sorted but for the last: rows finish in any order.
fn lines(output: &Output) -> Vec<String> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let rows = lines.len() - 1;
    lines[..rows].sort();
    lines
}

fn simulator() -> Simulator {
    Simulator::start(&SimulatorOptions::parse(br#"{"latencyMs":[0,0]}"#).unwrap()).unwrap()
}

fn with_roster<'a>(command: &'a mut Command, simulator: &Simulator, roster: &str) -> &'a mut Command {
    command.args([simulator.endpoint(), simulator.token()]).arg(root().join("examples").join(roster))
}

fn applies_it(mut program: impl FnMut() -> Command) {
    let simulator = simulator();
    let created = lines(&run(with_roster(&mut program(), &simulator, "roster.csv")));
    assert_eq!(created.len(), 25, "{created:?}");
    assert_eq!(created[0], "row 10 support.angstrom@contoso.com created");
    assert_eq!(created[24], "24 rows, 0 failed");
    let again = lines(&run(with_roster(&mut program(), &simulator, "roster.csv")));
    assert_eq!(again[0], "row 10 support.angstrom@contoso.com unchanged");
    let refused = with_roster(&mut program(), &simulator, "roster-bad.csv").output().unwrap();
    assert!(!refused.status.success(), "{refused:?}");
    // 39 errors of the file itself, and 3 domains that the tenant has not verified.
    assert!(String::from_utf8_lossy(&refused.stderr).contains("The roster has 42 errors"), "{refused:?}");
}

#[test]
fn in_c() {
    if have("gcc") {
        let program = compile("roster-example", &["../../examples/c/roster.c"]);
        applies_it(|| Command::new(&program));
    }
}

#[test]
fn in_python() {
    if have("python3") {
        applies_it(|| {
            let mut python = Command::new("python3");
            python.arg("-B").arg(root().join("examples/python/roster.py"));
            python.env("AGENTUSER_NATIVE_LIBRARY", library());
            python
        });
    }
}
