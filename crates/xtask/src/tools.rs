//! Programs that cargo does not bring.

use std::process::{Command, Stdio};

/// Whether a program is here.
pub(crate) fn has(program: &str, arguments: &[&str]) -> bool {
    quiet(program, arguments)
}

/// Whether a program is here, by then: where it is not, Debian's packages are asked for it.
pub(crate) fn ensure(packages: &[&str], program: &str) -> bool {
    let is_here = || has(program, &["--version"]);
    if !is_here() {
        install(packages);
    }
    is_here()
}

/// Installs Debian's packages, where that is possible.
pub(crate) fn install(packages: &[&str]) {
    quiet("apt-get", &["update"]);
    let arguments: Vec<&str> =
        ["install", "-y", "--no-install-recommends"].iter().chain(packages).copied().collect();
    quiet("apt-get", &arguments);
}

/// Runs a program without a word; says whether it succeeded.
pub(crate) fn quiet(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
