//! The size of the npm package, which a page loads before its first call.

use super::output;
use crate::build::cargo_artifacts;
use crate::build::npm_package::Package;
use std::path::Path;

/// The table.
pub(super) fn table(root: &Path) -> anyhow::Result<String> {
    let size = match Package::build(root, &cargo_artifacts::command_line(root, true)?)? {
        Ok(package) => output(&mut package.node(&["crates/wasm/npm/scripts/size.mjs"]))?,
        Err(missing) => format!("Left out: {missing}."),
    };
    Ok(format!("## The npm package\n\n{size}"))
}
