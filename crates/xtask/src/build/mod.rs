//! Builds what tasks run: programs and libraries of the workspace, the .NET projects, the PowerShell module, the npm
//! package and its WebAssembly module.

pub(crate) mod cargo_artifacts;
pub(crate) mod dotnet_sdk;
pub(crate) mod npm_package;
pub(crate) mod powershell_module;
mod wasm_module;
pub(crate) mod windows_library;
