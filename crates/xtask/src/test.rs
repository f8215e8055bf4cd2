//! `cargo xtask test`: everything that must hold, with a line of counts per suite at the end.

use crate::dotnet::{self, Dotnet};
use crate::npm::{self, Package};
use crate::suite::{Runner, Suite, close, must};
use crate::{build, demo, docs, doors, fuzz, module, tools};
use std::path::Path;
use std::process::Command;

/// What every crate's own tests are run for.
const PACKAGES: &[&str] = &[
    "agentuser-core",
    "agentuser",
    "agentuser-simulator",
    "agentuser-scenarios",
    "agentuser-cli",
    "agentuser-ffi",
    "agentuser-bindgen",
    "xtask",
];

/// What the task takes.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only these parts: checks, rust, fuzz, dotnet, npm, doors, demo
    #[arg(value_name = "PART", value_parser = ["checks", "rust", "fuzz", "dotnet", "npm", "doors", "demo"])]
    only: Vec<String>,
}

/// Runs every suite, or those asked for, whatever the others come to.
pub(crate) fn run(arguments: &Arguments, root: &Path) -> anyhow::Result<()> {
    let wanted = |part: &str| arguments.only.is_empty() || arguments.only.iter().any(|only| only == part);
    let mut suites = Vec::new();
    if wanted("checks") {
        suites.extend([
            Suite::check("format", cargo(root, &["fmt", "--all", "--check"])),
            Suite::check("lints", lints(root)),
            Suite::check("documentation", documentation(root)),
            Suite::check("generated pages", docs::check(root)),
            Suite::check("C header", header(root)),
        ]);
    }
    // Debian's packages for what the C ABI's tests and examples use; without them, the tests say so.
    for (program, package) in
        [("gcc", "gcc"), ("g++", "g++"), ("valgrind", "valgrind"), ("python3", "python3")]
    {
        tools::ensure(&[package], program);
    }
    if wanted("rust") {
        for package in PACKAGES {
            let mut tests = Command::new(env!("CARGO"));
            tests
                .args(["test", "--locked", "--all-features", "--no-fail-fast", "-p", package])
                .current_dir(root);
            suites.push(Suite::run(package, Runner::Cargo, &mut tests));
        }
    }
    if wanted("fuzz") {
        suites.extend(fuzz::suites(root));
    }
    let dotnet = if wanted("dotnet") || wanted("doors") { Dotnet::find() } else { None };
    if wanted("dotnet") {
        match &dotnet {
            Some(dotnet) => suites.extend(managed(root, dotnet)),
            None => suites.push(Suite::skipped(".NET, PowerShell", dotnet::MISSING)),
        }
    }
    let mut package = None;
    if wanted("npm") || wanted("doors") {
        match build::command_line(root, false).and_then(|program| Package::build(root, &program)) {
            Ok(built) => package = built,
            Err(error) => suites.push(Suite::check("npm", Err(error))),
        }
    }
    if wanted("npm") {
        match &package {
            Some(package) => suites.extend([package.node_tests(), package.browser_tests()]),
            None => suites.push(Suite::skipped("npm", npm::MISSING)),
        }
    }
    if wanted("doors") {
        suites.extend(doors::run(root, dotnet.as_ref(), package.as_ref()));
    }
    if wanted("demo") {
        println!("$ cargo xtask demo");
        suites.push(Suite::check("demo", demo::run(root)));
    }
    close(&suites)
}

fn cargo(root: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    must(Command::new(env!("CARGO")).args(arguments).current_dir(root))
}

fn lints(root: &Path) -> anyhow::Result<()> {
    let clippy =
        ["clippy", "--locked", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];
    cargo(root, &clippy)
}

fn documentation(root: &Path) -> anyhow::Result<()> {
    let doc = ["doc", "--locked", "--workspace", "--all-features", "--no-deps", "--quiet"];
    must(Command::new(env!("CARGO")).args(doc).env("RUSTDOCFLAGS", "-D warnings").current_dir(root))
}

fn header(root: &Path) -> anyhow::Result<()> {
    cargo(root, &["run", "--locked", "--quiet", "-p", "agentuser-bindgen", "--", "header", "--check"])
}

/// The .NET library and the PowerShell module: each in the form its users get, against the native library.
fn managed(root: &Path, dotnet: &Dotnet) -> Vec<Suite> {
    let library = match build::native_library(root, false) {
        Ok(library) => library,
        Err(error) => return vec![Suite::check(".NET, PowerShell", Err(error))],
    };
    let format = |solution: &str| dotnet.run(root, &["format", solution, "--verify-no-changes"]);
    let mut suites = vec![
        Suite::check(".NET format", format("dotnet/AgentUser.slnx")),
        Suite::check("PowerShell format", format("powershell/AgentUser.PowerShell.slnx")),
    ];
    let mut tests = |name: &str, project: &[&str]| {
        let mut command = dotnet.command(root, &["test", "-c", "Release"]);
        command.args(project);
        command.env("AGENTUSER_NATIVE_LIBRARY", &library);
        suites.push(Suite::run(name, Runner::Dotnet, &mut command));
    };
    tests(".NET", &["dotnet/AgentUser.Tests"]);
    // What .NET Framework and the PowerShell module load.
    tests(".NET Standard", &["dotnet/AgentUser.Tests", "-p:LibraryFramework=netstandard2.0"]);
    match module::build(root, dotnet, &library) {
        Ok(_) => tests("PowerShell", &["powershell/tests"]),
        Err(error) => suites.push(Suite::check("PowerShell", Err(error))),
    }
    suites
}
