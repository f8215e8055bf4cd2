//! Packages of registries, as the lock files have them.

use super::FOLDER;
use crate::programs::{ensure_installed, has, must};
use anyhow::Context as _;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(super) const NO_NODE: &str = "npm is missing, or no registry has its packages";
pub(super) const NO_PYTHON: &str = "python3 with venv is missing, or no registry has its packages";

/// The folder of the Node clients, with what their lock file names.
pub(super) fn node(root: &Path) -> anyhow::Result<Option<PathBuf>> {
    let folder = root.join(FOLDER).join("node");
    if !has("npm", &["--version"]) {
        return Ok(None);
    }
    let mark = folder.join("node_modules/.lock-of-strangers");
    let installed = || {
        // No package runs a script on this machine.
        let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        must(Command::new("npm").args(arguments).current_dir(&folder))
    };
    Ok(once(&folder.join("package-lock.json"), &mark, installed)?.then_some(folder))
}

/// The Python of an environment with what the lock file names.
pub(super) fn python(root: &Path) -> anyhow::Result<Option<PathBuf>> {
    if !ensure_installed(&["python3", "python3-venv"], "python3") {
        return Ok(None);
    }
    let environment = root.join("target/strangers/python");
    let python = environment.join("bin/python");
    let lock = root.join(FOLDER).join("python/requirements.lock");
    let installed = || {
        must(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
        let mut pip = Command::new(&python);
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-compile",
            "--no-deps",
        ]);
        must(pip.arg("--requirement").arg(&lock))
    };
    Ok(once(&lock, &environment.join(".lock-of-strangers"), installed)?.then_some(python))
}

/// Installs unless the mark says that this lock file was installed. Tells whether it worked: a registry may be out of reach.
fn once(lock: &Path, mark: &Path, install: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<bool> {
    let wanted = std::fs::read(lock).with_context(|| lock.display().to_string())?;
    if std::fs::read(mark).is_ok_and(|installed| installed == wanted) {
        return Ok(true);
    }
    if let Err(error) = install() {
        eprintln!("{error:#}");
        return Ok(false);
    }
    std::fs::write(mark, wanted)?;
    Ok(true)
}
