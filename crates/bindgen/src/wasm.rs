//! `wasm`: the JavaScript that belongs to a .wasm file of crates/wasm.

use anyhow::Context as _;
use std::path::PathBuf;
use wasm_bindgen_cli_support::Bindgen;

/// The arguments of the command.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The file that cargo has built.
    input: PathBuf,
    /// The folder for the module, its types and the file that it loads.
    output: PathBuf,
}

/// Writes the module.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(&arguments.input)
        .out_name("agentuser")
        .web(true)?
        // The package names the file's path, so that bundlers see one path and not two.
        .omit_default_module_path(true)
        .typescript(true)
        .remove_producers_section(true)
        .generate(&arguments.output)
        .with_context(|| format!("no bindings can be made of {}", arguments.input.display()))
}
