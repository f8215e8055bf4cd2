//! Microsoft's clients, in the versions that tests/bench/peers pins, from their registries.

use super::machine::says;
use anyhow::ensure;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A client that is installed, or why it is not.
pub(crate) type Peer = Result<Installed, String>;

/// The client's program and version.
pub(crate) struct Installed {
    program: PathBuf,
    script: PathBuf,
    pub(crate) version: String,
}

impl Installed {
    /// The command that lists; the endpoint is its last argument.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(&self.script);
        command
    }
}

/// `@microsoft/microsoft-graph-client`, under Node.
pub(crate) fn javascript(root: &Path) -> Peer {
    let folder = root.join("tests/bench/peers/javascript");
    let node = says("node", &["--version"]).ok_or("Node is missing")?;
    let mut install = Command::new("npm");
    install.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder);
    done(&mut install)?;
    let package = folder.join("node_modules/@microsoft/microsoft-graph-client/package.json");
    let package = std::fs::read(package).map_err(|error| error.to_string())?;
    let package: serde_json::Value = serde_json::from_slice(&package).map_err(|error| error.to_string())?;
    let version = package.get("version").and_then(serde_json::Value::as_str).unwrap_or("?");
    Ok(Installed {
        program: "node".into(),
        script: folder.join("list.mjs"),
        version: format!("microsoft-graph-client {version}, Node {node}"),
    })
}

/// `msgraph-sdk`, in a Python environment below `target`.
pub(crate) fn python(root: &Path) -> Peer {
    let folder = root.join("tests/bench/peers/python");
    let environment = root.join("target/bench-python");
    let python = environment.join("bin/python");
    let requirements = folder.join("requirements.txt");
    let mut make = Command::new("python3");
    done(make.args(["-m", "venv"]).arg(&environment))?;
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    done(install.arg(&requirements))?;
    let python_version = says(&python.to_string_lossy(), &["--version"]).unwrap_or_default();
    let pinned = std::fs::read_to_string(&requirements).map_err(|error| error.to_string())?;
    let version = pinned.lines().find_map(|line| line.strip_prefix("msgraph-sdk==")).unwrap_or("?");
    Ok(Installed {
        program: python,
        script: folder.join("list.py"),
        version: format!("msgraph-sdk {version}, {python_version}"),
    })
}

/// Runs a step of an installation; the error names the step.
fn done(command: &mut Command) -> Result<(), String> {
    let shown = format!("{command:?}");
    let mut run = || {
        let output = command.stdin(std::process::Stdio::null()).output()?;
        let why = String::from_utf8_lossy(&output.stderr).lines().next_back().unwrap_or_default().to_owned();
        ensure!(output.status.success(), "{why}");
        Ok(())
    };
    run().map_err(|error: anyhow::Error| format!("{shown}: {error}"))
}
