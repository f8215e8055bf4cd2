//! Dependencies between crates point one way, as docs/architecture.md draws them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// The crates that each crate may depend on, tests left out.
fn allowed() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    BTreeMap::from([
        ("agentuser-core", BTreeSet::new()),
        ("agentuser", BTreeSet::from(["agentuser-core"])),
        ("agentuser-simulator", BTreeSet::from(["agentuser-core"])),
        // For tests alone, and shipped with nothing.
        ("agentuser-scenarios", BTreeSet::from(["agentuser-core", "agentuser-simulator"])),
        // `agentuser_simulator_start` is a feature, for rehearsals and tests.
        ("agentuser-ffi", BTreeSet::from(["agentuser", "agentuser-core", "agentuser-simulator"])),
        ("agentuser-wasm", BTreeSet::from(["agentuser-core"])),
        // `agentuser/simulator` of the npm package.
        ("agentuser-wasm-simulator", BTreeSet::from(["agentuser-core", "agentuser-simulator"])),
        // It writes the tables of operations and fields for other languages.
        ("agentuser-bindgen", BTreeSet::from(["agentuser-core"])),
        // The command line serves the simulator: `agentuser simulator`.
        ("agentuser-cli", BTreeSet::from(["agentuser", "agentuser-simulator"])),
        // It writes docs/simulator.md, and is shipped with nothing.
        ("xtask", BTreeSet::from(["agentuser-core", "agentuser-simulator"])),
        // Programs to measure, and shipped with nothing.
        ("agentuser-bench", BTreeSet::from(["agentuser", "agentuser-core", "agentuser-simulator"])),
    ])
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn arrows(metadata: &Value, kind: Option<&str>) -> BTreeMap<String, BTreeSet<String>> {
    let packages = metadata["packages"].as_array().unwrap();
    let own: BTreeSet<&str> = packages.iter().map(|package| package["name"].as_str().unwrap()).collect();
    let of = |package: &Value| {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        let of_kind = dependencies.filter(|dependency| dependency["kind"].as_str() == kind);
        let names = of_kind.map(|dependency| dependency["name"].as_str().unwrap());
        names.filter(|name| own.contains(name)).map(str::to_owned).collect::<BTreeSet<_>>()
    };
    packages.iter().map(|package| (package["name"].as_str().unwrap().to_owned(), of(package))).collect()
}

#[test]
fn every_crate_depends_on_allowed_crates_only() {
    let allowed = allowed();
    for (name, knows) in arrows(&metadata(), None) {
        let may = allowed.get(name.as_str()).unwrap_or_else(|| panic!("{name} has no row in `allowed`"));
        let strangers: Vec<&String> = knows.iter().filter(|other| !may.contains(other.as_str())).collect();
        assert!(strangers.is_empty(), "{name} must not depend on {strangers:?}");
    }
}

#[test]
fn the_simulator_is_shipped_by_those_that_serve_it_only() {
    let metadata = metadata();
    for (name, knows) in arrows(&metadata, None) {
        let may = matches!(
            name.as_str(),
            "agentuser-cli"
                | "agentuser-ffi"
                | "agentuser-wasm-simulator"
                | "agentuser-scenarios"
                | "agentuser-bench"
                | "xtask"
        );
        assert!(may || !knows.contains("agentuser-simulator"), "{name} ships the simulator");
        assert!(!knows.contains("agentuser-scenarios"), "{name} ships the scenarios");
    }
}

#[test]
fn tests_depend_on_the_simulator_only() {
    for (name, knows) in arrows(&metadata(), Some("dev")) {
        let may: &[&str] = match name.as_str() {
            // The simulator's own tests need its features.
            "agentuser" | "agentuser-ffi" | "agentuser-scenarios" | "agentuser-simulator" => {
                &["agentuser-simulator"]
            }
            _ => &[],
        };
        let strangers: Vec<&String> = knows.iter().filter(|other| !may.contains(&other.as_str())).collect();
        assert!(strangers.is_empty(), "the tests of {name} must not depend on {strangers:?}");
    }
}

#[test]
fn the_core_does_no_io() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "-p", "agentuser-core", "-e", "normal", "--prefix", "none", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let tree = String::from_utf8(output.stdout).unwrap();
    assert!(tree.contains("serde_json"), "{tree}");
    for stranger in ["tokio", "reqwest", "hyper", "getrandom", "rand", "mio", "async-std", "chrono", "time"] {
        let found = tree.lines().any(|line| line.split(' ').next() == Some(stranger));
        assert!(!found, "the core's dependencies include {stranger}");
    }
}
