//! The README shows the examples as they are; the tests of their languages run them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

use std::path::Path;

const EXAMPLES: &[&str] = &[
    "crates/client/examples/provision.rs",
    "examples/c/roster.c",
    "examples/python/roster.py",
    "examples/dotnet/Program.cs",
    "examples/powershell/roster.ps1",
    "examples/node/roster.mjs",
    "examples/browser/roster.html",
];

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The lines between the marks `README: begin` and `README: end`, moved to the margin.
fn shown(example: &str) -> String {
    let lines: Vec<&str> = example
        .lines()
        .skip_while(|line| !line.contains("README: begin"))
        .skip(1)
        .take_while(|line| !line.contains("README: end"))
        .collect();
    let indent =
        lines.iter().filter(|line| !line.is_empty()).map(|line| line.len() - line.trim_start().len()).min();
    let lines = lines.iter().map(|line| line.get(indent.unwrap_or(0)..).unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_language_s_example_is_shown_as_it_is() {
    let readme = read("README.md");
    for name in EXAMPLES {
        let shown = shown(&read(name));
        assert!(shown.lines().count() >= 5, "{name} marks nothing to show");
        assert!(shown.lines().count() <= 18, "{name} is more than one would read");
        assert!(readme.contains(&shown), "README.md shows something else than {name}:\n{shown}");
        assert!(readme.contains(&format!("({name})")), "README.md does not link {name}");
    }
}
