//! Runs programs, and installs those that Debian has.

use anyhow::{Context, ensure};
use std::process::{Command, Stdio};
use std::sync::Mutex;

/// Whether a program with these arguments succeeds.
pub(crate) fn has(program: &str, arguments: &[&str]) -> bool {
    succeeds(program, arguments)
}

/// Whether a program is there, after an attempt to install Debian's packages where it is not.
pub(crate) fn ensure_installed(packages: &[&str], program: &str) -> bool {
    let is_there = || has(program, &["--version"]);
    if !is_there() {
        install(packages);
    }
    is_there()
}

/// Installs Debian's packages, where that is possible.
pub(crate) fn install(packages: &[&str]) {
    // apt-get refuses to run twice at a time.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock();
    succeeds("apt-get", &["update"]);
    let arguments: Vec<&str> =
        ["install", "-y", "--no-install-recommends"].iter().chain(packages).copied().collect();
    succeeds("apt-get", &arguments);
}

/// Runs a program without showing its output; says whether it succeeded.
pub(crate) fn succeeds(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Runs a program and shows its output; its failure is an error.
pub(crate) fn must(command: &mut Command) -> anyhow::Result<()> {
    let line = line(command);
    println!("$ {line}");
    let status = command.stdin(Stdio::null()).status();
    ensure!(status.with_context(|| format!("{line}: could not be started"))?.success(), "{line}: failed");
    Ok(())
}

/// The command as one would type it.
pub(crate) fn line(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
