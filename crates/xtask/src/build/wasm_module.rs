//! The WebAssembly modules of the npm package: built by rustup's target where there is one, else by Debian's compiler.

use crate::programs::{has, install, succeeds};
use anyhow::{Context, ensure};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";

/// Why the npm package and the admin page are left out.
pub(super) const MISSING: &str = "neither rustup nor Debian's rustc-web has the WebAssembly target for cargo";

/// The linker and compiler that Debian has for the target.
const DEBIAN: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];

/// The modules, in the package's own list.
const MODULES: &str = "crates/wasm/npm/scripts/modules.json";

/// A module of the package.
#[derive(Deserialize)]
struct Module {
    /// The name of its files.
    name: String,
    /// The crate.
    package: String,
}

/// The compiler that this machine has for the target.
enum Compiler {
    Rustup,
    Debian,
}

/// Builds the modules and gives the folder that they are in, by their names; `Ok(None)` when this machine has no compiler for them.
pub(super) fn build(root: &Path) -> anyhow::Result<Option<PathBuf>> {
    let Some(compiler) = compiler() else { return Ok(None) };
    let target = match compiler {
        Compiler::Rustup => target_folder(root)?,
        Compiler::Debian => root.join("target/debian"),
    };
    let folder = target.join("npm");
    std::fs::create_dir_all(&folder)?;
    let modules: Vec<Module> = serde_json::from_slice(&std::fs::read(root.join(MODULES))?)?;
    for module in modules {
        compile(root, &compiler, &target, &module.package)?;
        let file = target.join(TARGET).join("wasm").join(module.package.replace('-', "_"));
        std::fs::copy(file.with_extension("wasm"), folder.join(module.name).with_extension("wasm"))?;
    }
    Ok(Some(folder))
}

/// Builds one module. Modules that are built together would have each other's features of the core.
fn compile(root: &Path, compiler: &Compiler, target: &Path, package: &str) -> anyhow::Result<()> {
    let mut cargo = match compiler {
        Compiler::Rustup => Command::new(env!("CARGO")),
        Compiler::Debian => {
            let mut cargo = Command::new("/usr/bin/cargo");
            for inherited in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN", "RUSTUP_HOME"] {
                cargo.env_remove(inherited);
            }
            cargo
                .env("PATH", "/usr/bin:/bin")
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19")
                .env("CARGO_TARGET_DIR", target);
            cargo
        }
    };
    cargo.args(["build", "--locked", "--profile", "wasm", "--target", TARGET, "-p", package]);
    if matches!(compiler, Compiler::Debian) {
        cargo.args(["-Z", "build-std=std,panic_abort"]);
    }
    println!("$ cargo build --profile wasm --target {TARGET} -p {package}");
    let status = cargo.current_dir(root).status().context("cargo could not be started")?;
    ensure!(status.success(), "{package} does not build for {TARGET}");
    Ok(())
}

/// The folder that cargo builds into.
fn target_folder(root: &Path) -> anyhow::Result<PathBuf> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--format-version", "1", "--no-deps", "--offline"]).current_dir(root);
    let output = cargo.output().context("cargo could not be started")?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let folder = metadata.get("target_directory").and_then(serde_json::Value::as_str);
    folder.map(PathBuf::from).context("cargo names no target folder")
}

fn compiler() -> Option<Compiler> {
    if succeeds("rustup", &["target", "add", TARGET]) {
        return Some(Compiler::Rustup);
    }
    let has_debian = || Path::new("/usr/bin/cargo").exists() && has("wasm-ld-19", &["--version"]);
    if !has_debian() {
        install(&DEBIAN);
    }
    has_debian().then_some(Compiler::Debian)
}
