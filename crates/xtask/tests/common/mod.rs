//! The repository's files, as git knows them.
#![allow(dead_code, reason = "each test file uses a part of this one")]

use std::path::PathBuf;
use std::process::Command;

/// The repository's folder.
pub fn root() -> PathBuf {
    std::path::absolute(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).unwrap()
}

/// The text of a file, by its path in the repository.
pub fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Every file of the repository that is there, ignored ones left out.
pub fn files() -> Vec<String> {
    let mut git = Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]).current_dir(root());
    let output = git.output().unwrap();
    assert!(output.status.success(), "git ls-files: {}", String::from_utf8_lossy(&output.stderr));
    let names = String::from_utf8(output.stdout).unwrap();
    let names = names.split_terminator('\0').filter(|name| root().join(name).is_file());
    let names: Vec<String> = names.map(str::to_owned).collect();
    assert!(names.len() > 300, "git lists {} files", names.len());
    names
}

/// Every file that is a text, with its text.
pub fn texts() -> Vec<(String, String)> {
    let read = |name: String| std::fs::read_to_string(root().join(&name)).ok().map(|text| (name, text));
    files().into_iter().filter_map(read).collect()
}
