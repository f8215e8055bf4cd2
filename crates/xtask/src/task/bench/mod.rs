//! `cargo xtask bench`: measures this library beside other clients, and prints a Markdown table for each topic.

mod audit;
mod browser;
mod list;
mod machine;
mod makespan;
mod microsoft_clients;
mod package_size;
mod page_server;
mod powershell;
mod process_cost;
mod roster;
mod validate;

use crate::build::cargo_artifacts;
use crate::build::dotnet_sdk::{self, Dotnet};
use crate::build::npm_package::Package;
use crate::build::powershell_module::{self, Pwsh};
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
    /// An audit, beside the download of the same answers
    Audit,
    /// Lists, beside Microsoft's clients and the least that a list takes
    List,
    /// A list in a page, beside Microsoft's JavaScript client
    Browser,
    /// An operation's own work for a roster: instructions and memory
    Roster,
    /// A large roster's requests and time on the virtual clock
    Makespan,
    /// Rows and names checked in a second
    Validate,
    /// The PowerShell module's import and first call
    Import,
    /// The PowerShell module's completion from a large tenant
    Completion,
    /// The time from Ctrl+C to the prompt of PowerShell
    Stop,
    /// Many agent users changed from one pipeline of PowerShell, beside one by one
    Changes,
    /// The npm package's size
    Package,
}

/// Measures and prints Markdown.
pub(crate) fn run(arguments: &Arguments, root: &Path) -> anyhow::Result<()> {
    let wanted = |topic| arguments.only.is_empty() || arguments.only.contains(&topic);
    let mut tables = vec![machine::line()];
    let of_powershell = powershell::TABLES.iter().filter(|table| wanted(table.topic)).collect::<Vec<_>>();
    if wanted(Topic::List) || !of_powershell.is_empty() {
        let dotnet = Dotnet::find();
        let library = cargo_artifacts::native_library(root, true)?;
        let module = Module::build(root, dotnet.as_ref(), &library)?;
        for table in of_powershell {
            tables.push(table.measure(root, &module)?);
        }
        if wanted(Topic::List) {
            let bindings = Bindings::build(root, dotnet.as_ref(), library, module)?;
            tables.push(list::table(root, &bindings, arguments.agent_users, arguments.times.max(1))?);
        }
    }
    if wanted(Topic::Browser) {
        tables.push(browser::table(root, arguments.agent_users, arguments.times.max(1))?);
    }
    if wanted(Topic::Package) {
        tables.push(package_size::table(root)?);
    }
    if wanted(Topic::Audit) {
        tables.push(audit::table(root, arguments.agent_users, arguments.times.max(1))?);
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

/// The programs that list.
struct Bindings<'a> {
    command_line: PathBuf,
    library: PathBuf,
    dotnet: Option<&'a Dotnet>,
    /// The PowerShell module, or why PowerShell is left out.
    module: Result<Module, &'static str>,
    /// The npm package, or why it is left out.
    package: Result<Package, &'static str>,
}

impl<'a> Bindings<'a> {
    fn build(
        root: &'a Path,
        dotnet: Option<&'a Dotnet>,
        library: PathBuf,
        module: Result<Module, &'static str>,
    ) -> anyhow::Result<Self> {
        let command_line = cargo_artifacts::command_line(root, true)?;
        let package = Package::for_tests(root, &command_line)?;
        Ok(Self { command_line, library, dotnet, module, package })
    }
}

/// The PowerShell module, and a `pwsh` to measure it in.
struct Module {
    pwsh: Pwsh,
    folder: PathBuf,
}

impl Module {
    fn build(
        root: &Path,
        dotnet: Option<&Dotnet>,
        library: &Path,
    ) -> anyhow::Result<Result<Self, &'static str>> {
        let Some(dotnet) = dotnet else { return Ok(Err(dotnet_sdk::MISSING)) };
        let Some(pwsh) = Pwsh::find() else { return Ok(Err(Pwsh::MISSING)) };
        let folder = powershell_module::build(root, dotnet, library)?;
        Ok(Ok(Self { pwsh, folder }))
    }

    fn folder(&self) -> &Path {
        &self.folder
    }

    /// `pwsh` with a script of this bench, which finds the module by its name.
    fn command(&self, root: &Path, script: &str) -> Command {
        let mut command = self.pwsh.command(&root.join("tests/bench").join(script));
        command.env("PSModulePath", self.folder.parent().unwrap_or(&self.folder));
        command
    }
}

/// A program's output; its failure is an error.
fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.with_context(|| format!("{command:?} could not be started"))?;
    ensure!(output.status.success(), "{command:?} ended with {}", output.status);
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}
