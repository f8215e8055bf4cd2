//! No two test files share a name: a test's name in a report leads to one file.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files that hold no tests of their own, under one agreed name in every folder.
const SHARED: &[&str] = &["main.rs", "mod.rs", "common.rs", "README.md", "requirements.txt"];

/// Folders without tests: outputs of builds, shared modules, and programs to measure.
const SKIPPED: &[&str] = &["bin", "obj", "node_modules", "__pycache__", "common", "bench"];

/// Whether the folder is one of `tests/portals`, a project whose files have the names that its tools want.
fn is_portal(folder: &Path) -> bool {
    folder.parent().is_some_and(|parent| parent.ends_with("portals"))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if !path.is_dir() {
            files.push(path);
        } else if !SKIPPED.contains(&name) && !is_portal(&path) {
            collect(&path, files);
        }
    }
}

/// The names that more than one file has, with those files.
fn clashes(files: Vec<PathBuf>) -> BTreeMap<String, Vec<PathBuf>> {
    let mut by_name = BTreeMap::<String, Vec<PathBuf>>::new();
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        if !SHARED.contains(&name.as_str()) {
            by_name.entry(name).or_default().push(file);
        }
    }
    by_name.retain(|_, files| files.len() > 1);
    by_name
}

#[test]
fn every_test_file_has_a_name_of_its_own() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut folders =
        vec![root.join("tests"), root.join("dotnet/AgentUser.Tests"), root.join("powershell/tests")];
    for package in std::fs::read_dir(root.join("crates")).unwrap() {
        folders.push(package.unwrap().path().join("tests"));
    }
    let mut files = Vec::new();
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        collect(folder, &mut files);
    }
    assert!(files.len() > 80, "only {} test files were found", files.len());
    let clashes = clashes(files);
    assert!(clashes.is_empty(), "{clashes:#?}");
}

#[test]
fn two_files_of_one_name_are_found() {
    let paths =
        ["a/tests/one.rs", "b/tests/server/one.rs", "b/tests/two.rs", "a/tests/main.rs", "b/tests/main.rs"];
    let found = clashes(paths.map(PathBuf::from).to_vec());
    assert_eq!(found.len(), 1);
    assert_eq!(found["one.rs"], [PathBuf::from("a/tests/one.rs"), PathBuf::from("b/tests/server/one.rs")]);
}
