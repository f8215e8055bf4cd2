//! `wasm`: the JavaScript that belongs to a .wasm file of crates/wasm or crates/wasm-simulator.

use anyhow::Context as _;
use std::path::{Path, PathBuf};
use walrus::Module;
use wasm_bindgen_cli_support::Bindgen;

/// The arguments of the command.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The file that cargo has built.
    input: PathBuf,
    /// The folder for the module, its types and the file that it loads.
    output: PathBuf,
    /// The name of its files.
    name: String,
}

/// Writes the module.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(&arguments.input)
        .out_name(&arguments.name)
        .web(true)?
        // The package names the file's path, so that bundlers see one path and not two.
        .omit_default_module_path(true)
        .typescript(true)
        .remove_producers_section(true)
        .generate(&arguments.output)
        .with_context(|| format!("no bindings can be made of {}", arguments.input.display()))?;
    without_relocations(&arguments.output.join(format!("{}_bg.wasm", arguments.name)))
}

/// Takes out the linker's sections, which `split` reads: they no longer describe the module, and other tools fail at them.
fn without_relocations(file: &Path) -> anyhow::Result<()> {
    let mut module = Module::from_file(file)?;
    let of_linker = |name: &str| name == "linking" || name.starts_with("reloc.");
    let sections: Vec<_> =
        module.customs.iter().filter(|(_, one)| of_linker(one.name())).map(|(id, _)| id).collect();
    for section in sections {
        module.customs.delete(section);
    }
    module.emit_wasm_file(file)
}
