//! The project's own tasks: `cargo xtask help`.

mod build;
mod programs;
mod simulator_process;
mod task;
mod test_suite;

use clap::{Parser, Subcommand};
use std::path::Path;
use task::{bench, demo, docs, fuzz, package, scenarios, strangers, test};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The project's own tasks", disable_version_flag = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measure lists through every binding, rosters, validations and imports; print Markdown.
    Bench(bench::Arguments),
    /// Provision a roster of agent users on a simulated Graph, in a terminal and in PowerShell, and show the admin page.
    Demo,
    /// Write what is generated: errors, schema, the spelling table, and the examples that the READMEs show.
    Docs(docs::Arguments),
    /// Run the fuzz targets for a while.
    Fuzz(fuzz::Arguments),
    /// Build what users install into target/package, and print the size of every file.
    Package,
    /// Simulate tenants by seed and check every invariant: --seeds 0..30000.
    Scenarios(scenarios::Arguments),
    /// Let clients of Microsoft and others judge the simulator: SDKs, sign-in libraries, Prism, schemathesis.
    Strangers(strangers::Arguments),
    /// Run everything: format, lints, generated files, and every test suite of every language.
    Test(test::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().task {
        Task::Bench(arguments) => bench::run(&arguments, root()),
        Task::Demo => demo::show(root()),
        Task::Docs(arguments) => docs::run(&arguments, root()),
        Task::Fuzz(arguments) => fuzz::run(&arguments, root()),
        Task::Package => package::run(root()),
        Task::Scenarios(arguments) => scenarios::run(&arguments, root()),
        Task::Strangers(arguments) => strangers::run(&arguments, root()),
        Task::Test(arguments) => test::run(&arguments, root()),
    }
}

/// The workspace's folder.
fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}
