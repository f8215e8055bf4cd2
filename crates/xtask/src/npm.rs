//! The npm package: built, tested under Node and in a browser.

use crate::suite::{Runner, Suite, must};
use crate::{tools, wasm};
use anyhow::ensure;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Why it can't be built.
pub(crate) const MISSING: &str = "Node 20 with npm, or a WebAssembly target for cargo, is missing";

/// The built package.
pub(crate) struct Package {
    root: PathBuf,
    command_line: PathBuf,
}

impl Package {
    /// Builds it; none when this machine can't.
    pub(crate) fn build(root: &Path, command_line: &Path) -> anyhow::Result<Option<Self>> {
        if !tools::has("node", &["--version"]) || !tools::has("npm", &["--version"]) {
            return Ok(None);
        }
        let Some(module) = wasm::build(root)? else { return Ok(None) };
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

    /// Node with these arguments, in the project's folder.
    pub(crate) fn node(&self, arguments: &[&str]) -> Command {
        let mut node = Command::new("node");
        node.args(arguments).current_dir(&self.root).env("AGENTUSER_CLI", &self.command_line);
        node
    }

    /// The tests under Node.
    pub(crate) fn node_tests(&self) -> Suite {
        self.tests("npm under Node", "tests/node")
    }

    /// The tests of a folder. Its files are named one by one: what a folder stands for changes with Node's version.
    fn tests(&self, name: &str, folder: &str) -> Suite {
        let entries = std::fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten();
        let mut files: Vec<String> = entries
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|file| file.ends_with(".test.mjs"))
            .map(|file| format!("{folder}/{file}"))
            .collect();
        files.sort();
        let mut tests = self.node(&["--test", "--test-reporter=tap"]);
        Suite::run(name, Runner::Node, tests.args(files))
    }

    /// The tests in a browser.
    pub(crate) fn browser_tests(&self) -> Suite {
        if !tools::ensure(&["chromium"], "chromium") {
            return Suite::skipped("npm in a browser", "no Chromium is here, and Debian's can't be had");
        }
        self.tests("npm in a browser", "tests/browser")
    }
}
