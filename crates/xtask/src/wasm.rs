//! The core for WebAssembly: the target where it can be had, else Debian's compiler.

use anyhow::{Context, ensure};
use std::path::Path;
use std::process::{Command, Stdio};

const TARGET: &str = "wasm32-unknown-unknown";

/// The linker and compiler that Debian has for the target.
const DEBIAN: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
const DEBIAN_LINKER: &str = "lld-19";

/// How the core is built for the target on this machine.
enum Compiler {
    Rustup,
    Debian,
}

/// Builds the core; `Ok(None)` when the machine has no way to.
pub(crate) fn build(root: &Path) -> anyhow::Result<Option<()>> {
    let Some(compiler) = compiler() else { return Ok(None) };
    let mut cargo = match compiler {
        Compiler::Rustup => {
            let mut cargo = Command::new(env!("CARGO"));
            cargo.args(["build", "--locked", "--release"]);
            cargo
        }
        Compiler::Debian => {
            let mut cargo = Command::new("/usr/bin/cargo");
            cargo
                .args(["build", "--locked", "--release", "-Z", "build-std=std,panic_abort"])
                .env("PATH", "/usr/bin:/bin")
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19")
                .env("CARGO_TARGET_DIR", root.join("target/debian"));
            for inherited in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN", "RUSTUP_HOME"] {
                cargo.env_remove(inherited);
            }
            cargo
        }
    };
    let status = cargo.args(["--target", TARGET, "-p", "agentuser-core"]).current_dir(root).status();
    ensure!(status.context("cargo could not be started")?.success(), "the core does not build for {TARGET}");
    Ok(Some(()))
}

fn compiler() -> Option<Compiler> {
    if quiet("rustup", &["target", "add", TARGET]) {
        return Some(Compiler::Rustup);
    }
    let has_debian = || Path::new("/usr/bin/cargo").exists() && quiet("wasm-ld-19", &["--version"]);
    if !has_debian() {
        quiet("apt-get", &["update"]);
        let packages = DEBIAN.iter().chain([&DEBIAN_LINKER]);
        let arguments: Vec<&str> =
            ["install", "-y", "--no-install-recommends"].iter().chain(packages).copied().collect();
        quiet("apt-get", &arguments);
    }
    has_debian().then_some(Compiler::Debian)
}

fn quiet(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
