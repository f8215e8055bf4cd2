//! An audit from one server, beside the least that its answers take.

use super::output;
use super::process_cost::{Cost, measure};
use crate::build::cargo_artifacts;
use anyhow::Context as _;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The server of answers. Dropping it ends it.
struct Answers(Child);

impl Drop for Answers {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The table.
pub(super) fn table(root: &Path, agent_users: u32, times: usize) -> anyhow::Result<String> {
    let program = cargo_artifacts::bench_program(root, "audit")?;
    let fetch = cargo_artifacts::bench_program(root, "fetch")?;
    let mut server = Answers(
        Command::new(cargo_artifacts::bench_program(root, "answers")?)
            .arg(agent_users.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the server of answers could not be started")?,
    );
    let mut endpoint = String::new();
    let said = server.0.stdout.take().context("the server of answers has no output")?;
    BufReader::new(said).read_line(&mut endpoint)?;
    let endpoint = endpoint.trim();
    let floor = || {
        let mut command = Command::new(&fetch);
        command.arg(endpoint);
        command
    };
    let audit = || {
        let mut command = Command::new(&program);
        command.args([endpoint, "token"]);
        command
    };
    let entries = output(&mut floor())?;
    let lines = output(&mut audit())?.lines().count();
    let (mut floors, mut audits) = (Vec::new(), Vec::new());
    for _ in 0..times {
        floors.push(measure(&mut floor())?);
        audits.push(measure(&mut audit())?);
    }
    let [floor, audit] = [floors, audits].map(|runs| Cost::median(&runs).unwrap_or_default());
    let mut table = format!(
        "## {agent_users} agent users audited\n\n{entries} entries; {} findings; medians of {times} runs in turns.\n\n\
         | | wall, ms | beside the download | CPU, ms | beside the download | peak, MB |\n|---|---|---|---|---|---|\n",
        lines.saturating_sub(1)
    );
    for (name, cost) in [("the download: reqwest, serde_json", floor), ("an audit, Rust", audit)] {
        let beside = |own: f64, other: f64| own / other.max(1e-9);
        writeln!(
            table,
            "| {name} | {} | {:.2} | {} | {:.2} | {} |",
            cost.wall.as_millis(),
            beside(cost.wall.as_secs_f64(), floor.wall.as_secs_f64()),
            cost.cpu.as_millis(),
            beside(cost.cpu.as_secs_f64(), floor.cpu.as_secs_f64()),
            cost.peak / 1024
        )?;
    }
    Ok(table)
}
