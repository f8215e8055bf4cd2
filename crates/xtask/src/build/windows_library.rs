//! The native library for Windows, built by mingw, and programs over it.

use super::cargo_artifacts::{artifacts, file_named};
use crate::programs::{ensure_installed, must, succeeds};
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "x86_64-pc-windows-gnu";
const COMPILER: &str = "x86_64-w64-mingw32-gcc";

/// Why the library is left out.
pub(crate) const MISSING: &str =
    "the library for Windows: mingw, or Rust's target x86_64-pc-windows-gnu, is missing";

/// The compiler for Windows on this machine.
pub(crate) struct Mingw(());

impl Mingw {
    /// Looks for mingw and for Rust's target, after an attempt to install them.
    pub(crate) fn find() -> Option<Self> {
        let is_there = ensure_installed(&["gcc-mingw-w64-x86-64"], COMPILER)
            && succeeds("rustup", &["target", "add", TARGET]);
        is_there.then_some(Self(()))
    }

    /// The native library as it is shipped.
    #[expect(clippy::unused_self, reason = "only a mingw that was found builds a library")]
    pub(crate) fn library(&self, root: &Path) -> anyhow::Result<PathBuf> {
        let messages =
            artifacts(root, &["--package", "agentuser-ffi", "--lib", "--release", "--target", TARGET])?;
        file_named(&messages, "agentuser.dll")
    }

    /// A program or a DLL from a source in C, with warnings as errors.
    #[expect(clippy::unused_self, reason = "only a mingw that was found builds a program")]
    pub(crate) fn compile(
        &self,
        root: &Path,
        source: &str,
        file: &Path,
        others: &[&str],
    ) -> anyhow::Result<()> {
        let mut cc = Command::new(COMPILER);
        cc.args(["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-I", "crates/ffi/include", source, "-o"]);
        must(cc.arg(file).args(others).current_dir(root))
    }

    /// The DLLs that a file needs.
    #[expect(clippy::unused_self, reason = "its tools come with mingw")]
    pub(crate) fn needs(&self, file: &Path) -> anyhow::Result<Vec<String>> {
        let output = Command::new("x86_64-w64-mingw32-objdump").arg("-p").arg(file).output();
        let output = output.context("objdump could not be started")?;
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("DLL Name: ").map(str::to_owned))
            .collect())
    }
}

/// A Wine on this machine, which runs programs for Windows.
pub(crate) struct Wine {
    program: &'static str,
    prefix: PathBuf,
}

impl Wine {
    /// Why programs are not run.
    pub(crate) const MISSING: &str = "wine64 is missing";

    /// Looks for Wine, after an attempt to install it. Debian's wine64 is not on PATH.
    pub(crate) fn find(root: &Path) -> Option<Self> {
        let found = ["wine64", "wine", "/usr/lib/wine/wine64"];
        let program = found.into_iter().find(|program| ensure_installed(&["wine64"], program))?;
        Some(Self { program, prefix: root.join("target/wine") })
    }

    /// A program for Windows.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(self.program);
        command.arg(program).env("WINEPREFIX", &self.prefix).env("WINEDEBUG", "-all");
        command
    }
}
