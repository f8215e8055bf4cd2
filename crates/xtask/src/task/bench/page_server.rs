//! `tests/bench/src/pages.rs`, the server of pages that were rendered before, as a process of its own.

use crate::build::cargo_artifacts;
use anyhow::Context;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The process. Dropping it ends it.
pub(crate) struct Pages {
    process: Child,
    endpoints: Vec<String>,
}

impl Pages {
    /// Starts the server, with a tenant for each of these numbers of agent users.
    pub(crate) fn serve(root: &Path, counts: &[u32]) -> anyhow::Result<Self> {
        let program = cargo_artifacts::bench_program(root, "pages")?;
        let mut process = Command::new(program)
            .args(counts.iter().map(u32::to_string))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the server of pages could not be started")?;
        let stdout = process.stdout.take().context("the server of pages has no output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let endpoints =
            serde_json::from_str(&line).context("the server of pages does not say where it is")?;
        Ok(Self { process, endpoints })
    }

    /// The endpoint of each tenant.
    pub(crate) fn endpoints(&self) -> &[String] {
        &self.endpoints
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
