//! The project's own tasks: `cargo xtask help`.

mod build;
mod demo;
mod docs;
mod doors;
mod dotnet;
mod module;
mod npm;
mod simulator;
mod suite;
mod test;
mod tools;
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
    /// Provision a roster of agent users on a simulated Graph, and look at what happens.
    Demo,
    /// Write the pages that are generated from the code's tables.
    Docs(docs::Arguments),
    /// Run everything: format, lints, generated pages, the WebAssembly build and every test suite.
    Test,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().task {
        Task::Demo => demo::run(root()),
        Task::Docs(arguments) => docs::run(&arguments, root()),
        Task::Test => test::run(root()),
    }
}

/// The workspace's folder.
fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}
