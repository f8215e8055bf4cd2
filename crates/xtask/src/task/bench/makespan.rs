//! The time that a large roster takes on the virtual clock, beside the least that the published quotas permit.

use super::output;
use crate::build::cargo_artifacts;
use anyhow::Context as _;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const ROWS: u32 = 10_000;

/// A create, a manager and a license.
const WRITES_PER_ROW: u32 = 3;

/// The published quota (docs/graph.md#throttling).
const WRITES: u32 = 3_000;
const WINDOW: Duration = Duration::from_secs(150);

/// No client can be faster: a sliding window that is empty at the start, and no other client.
fn bound() -> Duration {
    WINDOW * ((ROWS * WRITES_PER_ROW - 1) / WRITES)
}

/// A model of a script that sleeps: one request at a time, five for each row, 200 ms each; ten seconds of sleep after a
/// create and two between rows.
fn script() -> Duration {
    (Duration::from_millis(200) * 5 + Duration::from_secs(10) + Duration::from_secs(2)) * ROWS
}

/// The table: a line for each way to apply the same roster.
pub(super) fn table(root: &Path) -> anyhow::Result<String> {
    let program = cargo_artifacts::bench_program(root, "makespan")?;
    let bound = bound().as_secs_f64();
    let mut table = format!(
        "## {ROWS} rows with manager and license, on the virtual clock, under the published quotas\n\n\
         | | seconds | beside the bound | HTTP calls | requests | writes | refused for quota | held, MB |\n\
         |---|---|---|---|---|---|---|---|\n\
         | the bound: {WRITES} writes in any {} s | {bound:.0} | 1 | | | {} | | |\n",
        WINDOW.as_secs(),
        ROWS * WRITES_PER_ROW
    );
    for (name, per_mille, batch) in [
        ("agentuser", "0", "20"),
        ("the same without `$batch`", "0", "1"),
        ("agentuser, 5 % of requests go wrong", "50", "20"),
        ("the same without `$batch`", "50", "1"),
    ] {
        let rows = ROWS.to_string();
        let said: Value =
            serde_json::from_str(&output(Command::new(&program).args([&rows, per_mille, batch]))?)?;
        let number =
            |name: &str| said.get(name).and_then(Value::as_f64).with_context(|| format!("no {name}"));
        let seconds = number("milliseconds")? / 1000.0;
        writeln!(
            table,
            "| {name} | {seconds:.0} | {:.3} | {} | {} | {} | {} | {:.0} |",
            seconds / bound,
            number("calls")?,
            number("requests")?,
            number("writes")?,
            number("refused")?,
            number("held")? / 1e6
        )?;
    }
    let script = script().as_secs_f64();
    writeln!(table, "| a script that sleeps (a model) | {script:.0} | {:.1} | | | | | |", script / bound)?;
    Ok(table)
}
