//! `split`: divides a module of crates/wasm into one that is loaded at first and one that is loaded when it is needed.
//!
//! The linker's relocations tell what the exports of the first module need, directly or through tables and data. The module that is
//! divided was bound since, which keeps addresses and places of the table.

mod divide;
mod linked;

use anyhow::{Context as _, ensure};
use linked::Linked;
use std::path::{Path, PathBuf};

/// The arguments of the command.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The file that cargo has built, with relocations.
    linked: PathBuf,
    /// The file that `wasm` made of it, which becomes the first module.
    module: PathBuf,
    /// The second module.
    second: PathBuf,
    /// The exports that the second module has the code of, as the module names them.
    #[arg(value_delimiter = ',', required = true, num_args = 1..)]
    exports: Vec<String>,
}

/// Divides the module.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let Arguments { linked, module, second, exports } = arguments;
    let read = |path: &Path| std::fs::read(path).with_context(|| format!("cannot read {}", path.display()));
    let reason = || format!("{} can't be divided", linked.display());
    let linked = Linked::read(&read(linked)?).with_context(reason)?;
    for name in exports {
        ensure!(linked.exports.keys().any(|export| is_of(export, name)), "no export is called {name}");
    }
    // Descriptions of exports are for wasm-bindgen, which takes them out.
    let is_first = |export: &str| {
        !export.starts_with("__wbindgen_describe") && !exports.iter().any(|name| is_of(export, name))
    };
    let roots = linked.exports.iter().filter(|(export, _)| is_first(export)).map(|(_, function)| *function);
    let needed = linked.needed(roots);
    let (one, other) = divide::divide(&read(module)?, &needed, exports).with_context(reason)?;
    std::fs::write(module, one)?;
    std::fs::write(second, other)?;
    Ok(())
}

/// Whether the linked module's export is this one: wasm-bindgen appends a hash to its name there.
fn is_of(export: &str, name: &str) -> bool {
    let rest = export.strip_prefix(name);
    rest.is_some_and(|rest| {
        rest.is_empty()
            || rest.strip_prefix('_').is_some_and(|hash| hash.bytes().all(|b| b.is_ascii_hexdigit()))
    })
}
