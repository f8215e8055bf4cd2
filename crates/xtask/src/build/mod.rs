//! Builds what tasks run: programs and libraries of the workspace, the .NET projects, the PowerShell module, the npm
//! package with its WebAssembly modules, and the admin page.

pub(crate) mod admin_page;
pub(crate) mod cargo_artifacts;
pub(crate) mod dotnet_sdk;
mod fresh;
mod node;
pub(crate) mod npm_package;
pub(crate) mod powershell_module;
mod wasm_module;
pub(crate) mod windows_library;
