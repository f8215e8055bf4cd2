//! One version in every manifest.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

use serde_json::Value;
use std::path::Path;

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The text between two texts, the first time.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("no {before:?}")).1;
    rest.split_once(after).unwrap_or_else(|| panic!("no {after:?} after {before:?}")).0
}

#[test]
fn every_manifest_has_the_workspace_s_version() {
    let workspace = read("Cargo.toml");
    let version = between(&workspace, "[workspace.package]\nversion = \"", "\"");
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
    let json = |name: &str| serde_json::from_str::<Value>(&read(name)).unwrap();
    let npm = json("crates/wasm/npm/package.json");
    let lock = json("crates/wasm/npm/package-lock.json");
    let header = read("crates/ffi/include/agentuser.h");
    let library = read("dotnet/Directory.Build.props");
    let module = read("powershell/AgentUser/AgentUser.psd1");
    let assembly = read("powershell/Directory.Build.props");
    let found = [
        ("package.json", npm["version"].as_str().unwrap()),
        ("package-lock.json", lock["version"].as_str().unwrap()),
        ("package-lock.json, packages", lock["packages"][""]["version"].as_str().unwrap()),
        ("agentuser.h", between(&header, "#define AGENTUSER_VERSION \"", "\"")),
        (".NET", between(&library, "<Version>", "</Version>")),
        ("the module's assembly", between(&assembly, "<Version>", "</Version>")),
        ("AgentUser.psd1", between(&module, "ModuleVersion          = '", "'")),
    ];
    for (manifest, found) in found {
        assert_eq!(found, version, "{manifest}");
    }
}

#[test]
fn no_lock_file_names_a_registry_of_somebody_s_own() {
    let lock = read("crates/wasm/npm/package-lock.json");
    assert!(!lock.contains("\"resolved\": \"http"), "npm's lock file names hosts");
    for cargo in [read("Cargo.lock"), read("fuzz/Cargo.lock")] {
        let sources: Vec<&str> = cargo.lines().filter(|line| line.starts_with("source = ")).collect();
        assert!(!sources.is_empty());
        for source in sources {
            assert_eq!(source, "source = \"registry+https://github.com/rust-lang/crates.io-index\"");
        }
    }
}
