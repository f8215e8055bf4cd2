//! Programs and libraries of the workspace: builds them with cargo and says where they are.

use crate::programs::must;
use anyhow::{Context, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The selection of `cargo test`, by which dependencies have the same features: a package alone would have them built anew.
/// The features of dev-dependencies count only where an example or a test is among the targets.
const AS_TESTED: [&str; 4] = ["--workspace", "--all-features", "--example", "agent"];

/// A workspace package's artifacts.
pub(super) fn artifacts(root: &Path, arguments: &[&str]) -> anyhow::Result<Vec<Value>> {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--message-format", "json-render-diagnostics"])
        .args(arguments)
        .current_dir(root)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("cargo could not be started")?;
    ensure!(output.status.success(), "cargo build {} failed", arguments.join(" "));
    let lines = output.stdout.split(|byte| *byte == b'\n');
    Ok(lines.filter_map(|line| serde_json::from_slice::<Value>(line).ok()).collect())
}

/// The file of that name among artifacts.
pub(super) fn file_named(messages: &[Value], name: &str) -> anyhow::Result<PathBuf> {
    let mut files = messages
        .iter()
        .filter_map(|message| message.get("filenames")?.as_array())
        .flatten()
        .filter_map(|file| file.as_str().map(PathBuf::from));
    files
        .find(|file| file.file_name().is_some_and(|file| *file == *name))
        .with_context(|| format!("cargo names no {name}"))
}

/// The program of that name, which cargo builds with these arguments.
fn executable(root: &Path, arguments: &[&str], name: &str) -> anyhow::Result<PathBuf> {
    let messages = artifacts(root, arguments)?;
    let own =
        messages.iter().filter(|message| message.pointer("/target/name").is_some_and(|own| own == name));
    let mut executables = own.filter_map(|message| message.get("executable")?.as_str().map(PathBuf::from));
    executables.next_back().with_context(|| format!("cargo names no executable {name}"))
}

/// The program `agentuser`, as it is shipped, or for tests: its simulator then checks the contract.
pub(crate) fn command_line(root: &Path, release: bool) -> anyhow::Result<PathBuf> {
    if release {
        return executable(root, &["--package", "agentuser-cli", "--release"], "agentuser");
    }
    tested_program(root, "agentuser")
}

/// A program of the workspace, with the features that tests have.
pub(crate) fn tested_program(root: &Path, name: &str) -> anyhow::Result<PathBuf> {
    executable(root, &[&AS_TESTED[..], &["--bin", name]].concat(), name)
}

/// An example program of the workspace, with the features that tests have.
pub(crate) fn example(root: &Path, name: &str) -> anyhow::Result<PathBuf> {
    executable(root, &[&AS_TESTED[..], &["--example", name]].concat(), name)
}

/// A program to measure: the release profile, with the names of functions.
pub(crate) fn bench_program(root: &Path, name: &str) -> anyhow::Result<PathBuf> {
    executable(root, &["--package", "agentuser-bench", "--bin", name, "--profile", "bench"], name)
}

/// The native library with the C ABI, as it is shipped, or for tests: its simulator then checks the contract.
pub(crate) fn native_library(root: &Path, shipped: bool) -> anyhow::Result<PathBuf> {
    let messages = if shipped {
        artifacts(root, &["--package", "agentuser-ffi", "--lib", "--release"])?
    } else {
        artifacts(root, &[&AS_TESTED[..], &["--lib"]].concat())?
    };
    let name = format!("{}agentuser{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let library = file_named(&messages, &name)?;
    link_versioned(&library)?;
    Ok(library)
}

/// Makes the versioned name, by which linked programs ask for the library, beside it.
#[cfg(unix)]
pub(crate) fn link_versioned(library: &Path) -> anyhow::Result<()> {
    let name = if cfg!(target_os = "macos") { "libagentuser.1.dylib" } else { "libagentuser.so.1" };
    let link = library.with_file_name(name);
    if link.symlink_metadata().is_err() {
        std::os::unix::fs::symlink(library.file_name().context("the library has a name")?, &link)
            .with_context(|| format!("{} can't be made", link.display()))?;
    }
    Ok(())
}

/// Windows looks for the name of the file.
#[cfg(not(unix))]
pub(crate) fn link_versioned(_library: &Path) -> anyhow::Result<()> {
    Ok(())
}

/// A C program over the native library, and others that these flags link, with warnings as errors.
pub(crate) fn c_program(
    root: &Path,
    source: &str,
    library: &Path,
    program: &Path,
    others: &[&str],
) -> anyhow::Result<()> {
    let folder = library.parent().context("the library is in a folder")?;
    let mut cc = Command::new("cc");
    cc.args(["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-I", "crates/ffi/include", source, "-o"]);
    cc.arg(program).arg("-L").arg(folder).arg("-lagentuser").args(others);
    cc.arg(format!("-Wl,-rpath,{}", folder.display())).current_dir(root);
    must(&mut cc)
}
