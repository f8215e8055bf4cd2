//! A machine that runs what a page shows: commands under bash, with the environment that the page's host gives them and no other.

use crate::simulator_process::Simulator;
use anyhow::{Context as _, ensure};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The machine, with a folder of its own.
pub(super) struct Runner {
    folder: PathBuf,
    /// The environment variables of every command.
    base: BTreeMap<String, String>,
}

impl Runner {
    /// A machine whose `agentuser` is this program, and on which Microsoft's addresses are the simulator.
    pub(super) fn new(
        root: &Path,
        name: &str,
        program: &Path,
        simulator: &Simulator,
    ) -> anyhow::Result<Self> {
        let folder = root.join("target/guides").join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(folder.join("home"))?;
        let programs = program.parent().context("the program is in a folder")?.display().to_string();
        let path = std::env::var("PATH").unwrap_or_default();
        let said = |name: &str| simulator.said(name).map(str::to_owned).with_context(|| format!("no {name}"));
        let authority = said("certificateAuthority")?;
        let home = folder.join("home").display().to_string();
        let base = [
            ("PATH", format!("{programs}:{path}")),
            ("HOME", home),
            ("HTTPS_PROXY", said("proxy")?),
            ("NO_PROXY", "127.0.0.1,localhost".to_owned()),
            ("SSL_CERT_FILE", authority.clone()),
            ("CURL_CA_BUNDLE", authority),
            ("AGENTUSER_CONTRACT", String::new()),
        ];
        let base = base.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Ok(Self { folder, base })
    }

    /// Adds what every command of this host has.
    pub(super) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.base.insert(name.to_owned(), value.into());
    }

    /// The folder in which commands run.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a file into that folder, and says where it is.
    pub(super) fn file(&self, name: &str, text: &str) -> anyhow::Result<PathBuf> {
        let path = self.folder.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, text)?;
        Ok(path)
    }

    /// Runs a script, as runners of pipelines do: it ends at the first command that fails. Gives what it printed.
    pub(super) fn bash(&self, script: &str, more: &BTreeMap<String, String>) -> anyhow::Result<String> {
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]);
        self.output(&mut bash, more).with_context(|| script.to_owned())
    }

    /// Runs a program; its failure is an error that has what it printed.
    pub(super) fn output(
        &self,
        command: &mut Command,
        more: &BTreeMap<String, String>,
    ) -> anyhow::Result<String> {
        command.current_dir(&self.folder).env_clear().envs(&self.base).envs(more).stdin(Stdio::null());
        let output = command.output()?;
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        ensure!(output.status.success(), "it ended with {}:\n{out}{err}", output.status);
        Ok(out.into_owned())
    }
}

/// The members of an object as texts: variables.
pub(super) fn variables(object: Option<&Value>) -> anyhow::Result<BTreeMap<String, String>> {
    let Some(object) = object else { return Ok(BTreeMap::new()) };
    let object = object.as_object().context("variables are an object")?;
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Ok(object.iter().map(|(name, value)| (name.clone(), text(value))).collect())
}

/// The text with every `{open}NAME{close}` replaced. A name that nobody knows is an error.
pub(super) fn substituted(
    text: &str,
    (open, close): (&str, &str),
    value: impl Fn(&str) -> Option<String>,
) -> anyhow::Result<String> {
    let mut parts = text.split(open);
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) =
            part.split_once(close).with_context(|| format!("{text}: {open} without {close}"))?;
        whole += &value(name.trim()).with_context(|| format!("{text}: nothing is named {name:?}"))?;
        whole += rest;
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_and_unknown_ones_refused() {
        let value = |name: &str| (name == "vars.A").then(|| "1".to_owned());
        assert_eq!(substituted("x ${{ vars.A }}y", ("${{", "}}"), value).unwrap(), "x 1y");
        assert!(substituted("${{ vars.B }}", ("${{", "}}"), value).is_err());
        assert!(substituted("${{ vars.A", ("${{", "}}"), value).is_err());
    }
}
