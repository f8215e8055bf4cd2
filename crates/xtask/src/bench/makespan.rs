//! How long a large roster takes on the simulated clock, and how many requests.

use super::output;
use crate::build;
use anyhow::Context as _;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

const ROWS: u64 = 10_000;

/// The table: a line per way to bring the same roster about.
pub(super) fn table(root: &Path) -> anyhow::Result<String> {
    let program = build::bench_program(root, "steps")?;
    let said: Value = serde_json::from_str(&output(Command::new(program).arg(ROWS.to_string()))?)?;
    let number = |name: &str| said.get(name).and_then(Value::as_u64).with_context(|| format!("no {name}"));
    Ok(format!(
        "## {ROWS} rows with manager and licence, on the simulated clock\n\n| | requests | seconds |\n|---|---|---|\n\
         | agentuser | {} | {} |",
        number("requests")?,
        number("seconds")?
    ))
}
