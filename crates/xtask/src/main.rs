//! The project's own tasks: `cargo xtask help`.

mod docs;
mod test;
mod wasm;

use clap::{Parser, Subcommand};
use std::path::Path;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The project's own tasks", disable_version_flag = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Write the pages that are generated from the code's tables.
    Docs(docs::Arguments),
    /// Run everything: format, lints, generated pages, the WebAssembly build and every test suite.
    Test,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().task {
        Task::Docs(arguments) => docs::run(&arguments, root()),
        Task::Test => test::run(root()),
    }
}

/// The workspace's folder.
fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}
