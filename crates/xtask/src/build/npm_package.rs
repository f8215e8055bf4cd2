//! The npm package: builds it, and runs Node where programs find it.

use super::node::{self, Node};
use super::{cargo_artifacts, fresh, wasm_module};
use crate::programs::must;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package's folder.
const FOLDER: &str = "crates/wasm/npm";

/// The files that `build.mjs` makes the package of, beside the modules and the program that binds them.
const SOURCES: [&str; 6] = [
    "crates/wasm/npm/package.json",
    "crates/wasm/npm/package-lock.json",
    "crates/wasm/npm/scripts",
    "crates/wasm/npm/src",
    "crates/wasm/npm/tsconfig.json",
    "LICENSE",
];

/// The products of `build.mjs`.
pub(super) const PRODUCTS: [&str; 3] =
    ["crates/wasm/npm/dist", "crates/wasm/npm/wasm", "crates/wasm/npm/LICENSE"];

/// The built package.
pub(crate) struct Package {
    root: PathBuf,
    command_line: PathBuf,
    pub(super) node: Node,
}

impl Package {
    /// Builds the package where it is not there or not fresh; else says which tool is missing.
    pub(crate) fn build(root: &Path, command_line: &Path) -> anyhow::Result<Result<Self, &'static str>> {
        let Some(node) = Node::find() else { return Ok(Err(node::MISSING)) };
        let Some(modules) = wasm_module::build(root)? else { return Ok(Err(wasm_module::MISSING)) };
        let bindgen = cargo_artifacts::tested_program(root, "agentuser-bindgen")?;
        node.install(root, FOLDER)?;
        let sources = SOURCES.iter().map(Path::new).chain([&*modules, &*bindgen]).collect::<Vec<_>>();
        fresh::make(root, "npm package", &sources, &PRODUCTS, || {
            let mut build = Command::new("npm");
            build.args(["run", "build", "--", "--wasm"]).arg(&modules).arg("--bindgen").arg(&bindgen);
            must(build.current_dir(root.join(FOLDER)))
        })?;
        Ok(Ok(Self { root: root.to_owned(), command_line: command_line.to_owned(), node }))
    }

    /// Builds the package for its tests and examples, which import it by its name, and checks that its types are those of the schema.
    pub(crate) fn for_tests(root: &Path, command_line: &Path) -> anyhow::Result<Result<Self, &'static str>> {
        let package = match Self::build(root, command_line)? {
            Ok(package) => package,
            Err(missing) => return Ok(Err(missing)),
        };
        package.node.npm(&root.join(FOLDER), &["run", "types", "--", "--check"])?;
        let install = ["install", "--no-package-lock", "--no-audit", "--no-fund"];
        package.node.npm(&root.join("examples/node"), &install)?;
        Ok(Ok(package))
    }

    /// Node with these arguments, in the repository's folder.
    pub(crate) fn node(&self, arguments: &[&str]) -> Command {
        let mut node = Command::new("node");
        node.args(arguments).current_dir(&self.root).env("AGENTUSER_CLI", &self.command_line);
        node
    }
}
