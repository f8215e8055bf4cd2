//! What a session pays before it does anything: the PowerShell module's import, the npm package's size.

use super::{Doors, output};
use crate::{dotnet, npm};

/// Both, as Markdown.
pub(super) fn tables(doors: &Doors<'_>) -> anyhow::Result<String> {
    let import = match &doors.engine {
        Some(engine) => output(&mut engine.command(&["measure", &engine.module().to_string_lossy()]))?,
        None => format!("Left out: {}.", dotnet::MISSING),
    };
    let size = match &doors.package {
        Some(package) => output(&mut package.node(&["crates/wasm/npm/scripts/size.mjs"]))?,
        None => format!("Left out: {}.", npm::MISSING),
    };
    Ok(format!("## Import of the PowerShell module\n\n{import}\n\n## The npm package\n\n{size}"))
}
