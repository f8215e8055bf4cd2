//! The npm package: builds it, and runs Node where programs find it.

use super::wasm_module;
use crate::programs::{has, must};
use anyhow::ensure;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Why the package is left out.
pub(crate) const MISSING: &str = "Node 20 with npm, or a WebAssembly target for cargo, is missing";

/// The built package.
pub(crate) struct Package {
    root: PathBuf,
    command_line: PathBuf,
}

impl Package {
    /// Builds the package; none when a tool is missing.
    pub(crate) fn build(root: &Path, command_line: &Path) -> anyhow::Result<Option<Self>> {
        if !has("node", &["--version"]) || !has("npm", &["--version"]) {
            return Ok(None);
        }
        let Some(module) = wasm_module::build(root)? else { return Ok(None) };
        let folder = root.join("crates/wasm/npm");
        must(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder))?;
        let mut build = Command::new("npm");
        build.args(["run", "build", "--", "--wasm"]).arg(&module).current_dir(&folder);
        must(&mut build)?;
        must(Command::new("npm").args(["run", "types", "--", "--check"]).current_dir(&folder))?;
        ensure!(folder.join("dist").is_dir(), "the package has no dist");
        // The example imports the package by its name.
        let install = ["install", "--no-package-lock", "--no-audit", "--no-fund"];
        must(Command::new("npm").args(install).current_dir(root.join("examples/node")))?;
        Ok(Some(Self { root: root.to_owned(), command_line: command_line.to_owned() }))
    }

    /// Node with these arguments, in the repository's folder.
    pub(crate) fn node(&self, arguments: &[&str]) -> Command {
        let mut node = Command::new("node");
        node.args(arguments).current_dir(&self.root).env("AGENTUSER_CLI", &self.command_line);
        node
    }
}
