//! `cargo xtask bench`: measures this library beside other clients, and prints a Markdown table for each topic.

mod import;
mod list;
mod machine;
mod makespan;
mod microsoft_clients;
mod page_server;
mod process_cost;
mod roster;
mod validate;

use crate::build::cargo_artifacts;
use crate::build::dotnet_sdk::Dotnet;
use crate::build::npm_package::Package;
use crate::build::powershell_module::Engine;
use anyhow::{Context as _, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The task's arguments.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only these topics
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Topic>,
    /// Agent users in the list
    #[arg(long, default_value_t = 100_000)]
    agent_users: u32,
    /// Runs of each program, in turns; the median counts
    #[arg(long, default_value_t = 5)]
    times: usize,
    /// Rows of the rosters whose own work is measured
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 10_000, 100_000])]
    rows: Vec<u32>,
    /// The largest roster whose instructions are counted, which takes fifty times as long as the roster itself
    #[arg(long, default_value_t = 10_000)]
    count_to: u32,
}

/// A topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Topic {
    /// Lists, beside Microsoft's clients and the least that a list takes
    List,
    /// An operation's own work for a roster: instructions and memory
    Roster,
    /// A large roster's requests and time on the virtual clock
    Makespan,
    /// Rows and names checked in a second
    Validate,
    /// The PowerShell module's import, and the npm package's size
    Import,
}

/// Measures and prints Markdown.
pub(crate) fn run(arguments: &Arguments, root: &Path) -> anyhow::Result<()> {
    let wanted = |topic| arguments.only.is_empty() || arguments.only.contains(&topic);
    let mut tables = vec![machine::line()];
    if wanted(Topic::List) || wanted(Topic::Import) {
        let dotnet = Dotnet::find();
        let bindings = Bindings::build(root, dotnet.as_ref())?;
        if wanted(Topic::List) {
            tables.push(list::table(root, &bindings, arguments.agent_users, arguments.times.max(1))?);
        }
        if wanted(Topic::Import) {
            tables.push(import::tables(&bindings)?);
        }
    }
    if wanted(Topic::Roster) {
        tables.push(roster::table(root, &arguments.rows, arguments.count_to)?);
    }
    if wanted(Topic::Makespan) {
        tables.push(makespan::table(root)?);
    }
    if wanted(Topic::Validate) {
        tables.push(validate::table(root)?);
    }
    println!("\n{}", tables.join("\n\n"));
    Ok(())
}

/// The programs that more than one topic needs.
struct Bindings<'a> {
    command_line: PathBuf,
    library: PathBuf,
    dotnet: Option<&'a Dotnet>,
    engine: Option<Engine<'a>>,
    package: Option<Package>,
}

impl<'a> Bindings<'a> {
    fn build(root: &'a Path, dotnet: Option<&'a Dotnet>) -> anyhow::Result<Self> {
        let command_line = cargo_artifacts::command_line(root, true)?;
        let library = cargo_artifacts::native_library(root, true)?;
        let engine = dotnet.map(|dotnet| Engine::build(root, dotnet, &library)).transpose()?;
        let package = Package::build(root, &command_line)?;
        Ok(Self { command_line, library, dotnet, engine, package })
    }
}

/// A program's output; its failure is an error.
fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.with_context(|| format!("{command:?} could not be started"))?;
    ensure!(output.status.success(), "{command:?} ended with {}", output.status);
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}
