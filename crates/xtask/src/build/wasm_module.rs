//! The WebAssembly module: built by rustup's target where there is one, else by Debian's compiler.

use crate::programs::{has, install, succeeds};
use anyhow::{Context, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";

/// The linker and compiler that Debian has for the target.
const DEBIAN: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];

/// The compiler that this machine has for the target.
enum Compiler {
    Rustup,
    Debian,
}

/// Builds the module and says where it is; `Ok(None)` when this machine has no compiler for it.
pub(crate) fn build(root: &Path) -> anyhow::Result<Option<PathBuf>> {
    let Some(compiler) = compiler() else { return Ok(None) };
    let (mut cargo, target) = match compiler {
        Compiler::Rustup => (Command::new(env!("CARGO")), target_folder(root)?),
        Compiler::Debian => {
            let mut cargo = Command::new("/usr/bin/cargo");
            let target = root.join("target/debian");
            for inherited in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN", "RUSTUP_HOME"] {
                cargo.env_remove(inherited);
            }
            cargo
                .env("PATH", "/usr/bin:/bin")
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19")
                .env("CARGO_TARGET_DIR", &target);
            (cargo, target)
        }
    };
    cargo.args(["build", "--locked", "--profile", "wasm", "--target", TARGET, "-p", "agentuser-wasm"]);
    if matches!(compiler, Compiler::Debian) {
        cargo.args(["-Z", "build-std=std,panic_abort"]);
    }
    println!("$ cargo build --profile wasm --target {TARGET} -p agentuser-wasm");
    let status = cargo.current_dir(root).status().context("cargo could not be started")?;
    ensure!(status.success(), "the core does not build for {TARGET}");
    Ok(Some(target.join(TARGET).join("wasm/agentuser_wasm.wasm")))
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
