//! The project's own tasks: `cargo xtask help`.

mod bench;
mod build;
mod demo;
mod docs;
mod doors;
mod dotnet;
mod fuzz;
mod module;
mod npm;
mod package;
mod scenarios;
mod simulator;
mod suite;
mod test;
mod tools;
mod transliteration;
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
    /// Measure lists through every door, and what importing the module costs; print Markdown.
    Bench(bench::Arguments),
    /// Provision a roster of agent users on a simulated Graph, in a terminal and in PowerShell.
    Demo,
    /// Write the pages that are generated from the code's tables.
    Docs(docs::Arguments),
    /// Run the fuzz targets for a while.
    Fuzz(fuzz::Arguments),
    /// Build what users get into target/package, and print the size of every file.
    Package,
    /// Simulate tenants by seed and hold every invariant: --seeds 0..30000.
    Scenarios(scenarios::Arguments),
    /// Run everything: format, lints, generated files, and every test suite of every language.
    Test(test::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().task {
        Task::Bench(arguments) => bench::run(&arguments, root()),
        Task::Demo => demo::run(root()),
        Task::Docs(arguments) => docs::run(&arguments, root()),
        Task::Fuzz(arguments) => fuzz::run(&arguments, root()),
        Task::Package => package::run(root()),
        Task::Scenarios(arguments) => scenarios::run(&arguments, root()),
        Task::Test(arguments) => test::run(&arguments, root()),
    }
}

/// The workspace's folder.
fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}
