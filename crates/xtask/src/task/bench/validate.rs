//! Validations in a second.

use super::output;
use crate::build::cargo_artifacts;
use anyhow::Context as _;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// The table.
pub(super) fn table(root: &Path) -> anyhow::Result<String> {
    let program = cargo_artifacts::bench_program(root, "validate")?;
    let said: Value = serde_json::from_str(&output(&mut Command::new(program))?)?;
    let number = |name: &str| said.get(name).and_then(Value::as_u64).context("validate says no number");
    Ok(format!(
        "## Validations\n\n| on one core | a second |\n|---|---|\n| rows of a roster, 8 columns, read and checked \
         | {} |\n| user principal names | {} |",
        number("rows")?,
        number("upns")?
    ))
}
