//! The examples in C and Python: each applies a roster, or audits a tenant, and says the same as the other.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod common;

use agentuser_simulator::options::SimulatorOptions;
use agentuser_simulator::server::Simulator;
use common::{compile, have, library, root, run};
use std::process::{Command, Output};

/// The lines, sorted except for the last, because rows finish in any order.
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

/// The findings, a role of an agent user, and what retiring it would change.
fn audits_it(mut program: impl FnMut() -> Command) {
    let options = br#"{"latencyMs":[0,0],"tenant":"troubled"}"#;
    let simulator = Simulator::start(&SimulatorOptions::parse(options).unwrap()).unwrap();
    let user = "role.active@contoso.com";
    let output = run(program().args([simulator.endpoint(), simulator.token(), user]));
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    assert_eq!(lines[0], "blocked-permission found blocked.permission@contoso.com");
    assert!(lines.contains(&"parent-gone found parent.gone@contoso.com"), "{lines:#?}");
    assert!(lines.contains(&"privileged-role found role.active@contoso.com"), "{lines:#?}");
    let after = lines.iter().position(|line| line.starts_with("role ")).unwrap();
    assert_eq!(
        lines[after..],
        ["role Global Reader itself", "would set", "would revokeSessions", "would delete"]
    );
    assert_eq!(after, 12, "{lines:#?}");
    let unknown =
        program().args([simulator.endpoint(), simulator.token(), "nobody@contoso.com"]).output().unwrap();
    assert!(!unknown.status.success(), "{unknown:?}");
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("nobody@contoso.com"), "{unknown:?}");
}

#[test]
fn audits_in_c() {
    if have("gcc") {
        let program = compile("audit-example", &["../../examples/c/audit.c"]);
        audits_it(|| Command::new(&program));
    }
}

#[test]
fn audits_in_python() {
    if have("python3") {
        audits_it(|| {
            let mut python = Command::new("python3");
            python.arg("-B").arg(root().join("examples/python/audit.py"));
            python.env("AGENTUSER_NATIVE_LIBRARY", library());
            python
        });
    }
}
