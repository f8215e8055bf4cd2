//! Files of the workspace that are generated and committed.

use anyhow::{Context as _, ensure};
use std::path::Path;

/// A generated file.
pub(crate) struct File {
    /// Where it is, in the workspace.
    pub(crate) path: &'static str,
    /// The command of this program that writes it.
    pub(crate) command: &'static str,
    pub(crate) text: String,
}

impl File {
    /// Writes the file; to check, fails when the committed one differs.
    pub(crate) fn write_or_check(&self, root: &Path, check: bool) -> anyhow::Result<()> {
        let Self { path, command, text } = self;
        let place = root.join(path);
        if !check {
            return std::fs::write(&place, text).with_context(|| format!("cannot write {path}"));
        }
        let found = std::fs::read_to_string(&place).with_context(|| format!("cannot read {path}"))?;
        // A checkout may have its own line ends.
        ensure!(
            found.replace("\r\n", "\n") == *text,
            "{path} is out of date: run `cargo run -p agentuser-bindgen -- {command}`"
        );
        Ok(())
    }
}
