//! The cost of a session before its first call: importing the PowerShell module, loading the npm package.

use super::{Bindings, output};
use crate::build::{dotnet_sdk, npm_package};

/// Both, as Markdown.
pub(super) fn tables(bindings: &Bindings<'_>) -> anyhow::Result<String> {
    let import = match &bindings.engine {
        Some(engine) => output(&mut engine.command(&["measure", &engine.module().to_string_lossy()]))?,
        None => format!("Left out: {}.", dotnet_sdk::MISSING),
    };
    let size = match &bindings.package {
        Some(package) => output(&mut package.node(&["crates/wasm/npm/scripts/size.mjs"]))?,
        None => format!("Left out: {}.", npm_package::MISSING),
    };
    Ok(format!("## Import of the PowerShell module\n\n{import}\n\n## The npm package\n\n{size}"))
}
