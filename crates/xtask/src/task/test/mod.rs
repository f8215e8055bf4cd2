//! `cargo xtask test`: everything that must hold, with a line of counts for each suite at the end.

mod agents;
mod bindings;
mod guides;
mod terminal;

use super::{demo, docs, fuzz, strangers};
use crate::build::cargo_artifacts;
use crate::build::dotnet_sdk::{self, Dotnet};
use crate::build::npm_package::{self, Package};
use crate::build::powershell_module::{self, Pwsh};
use crate::programs::{ensure_installed, has, install, must};
use crate::test_suite::{Runner, Suite, close};
use anyhow::Context as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The task's arguments.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only these parts: checks, rust, fuzz, dotnet, npm, bindings, guides, strangers, demo
    #[arg(
        value_name = "PART",
        value_parser = ["checks", "rust", "fuzz", "dotnet", "npm", "bindings", "guides", "strangers", "demo"]
    )]
    only: Vec<String>,
}

/// Runs every suite, or those of the parts that are named; a suite that fails stops no other.
pub(crate) fn run(arguments: &Arguments, root: &Path) -> anyhow::Result<()> {
    let wanted = |part: &str| arguments.only.is_empty() || arguments.only.iter().any(|only| only == part);
    let mut suites = Vec::new();
    if wanted("checks") {
        suites.extend(checks(root));
    }
    if wanted("rust") {
        suites.push(rust(root));
    }
    if wanted("fuzz") {
        suites.extend(fuzz::suites(root));
    }
    let of_dotnet = ["dotnet", "bindings", "guides"];
    let dotnet = if of_dotnet.into_iter().any(wanted) { Dotnet::find() } else { None };
    if wanted("dotnet") {
        match &dotnet {
            Some(dotnet) => suites.extend(managed(root, dotnet)),
            None => suites.push(Suite::skipped(".NET, PowerShell", dotnet_sdk::MISSING)),
        }
    }
    let mut package = None;
    if wanted("npm") || wanted("bindings") {
        match cargo_artifacts::command_line(root, false).and_then(|program| Package::build(root, &program)) {
            Ok(built) => package = built,
            Err(error) => suites.push(Suite::check("npm", Err(error))),
        }
    }
    if wanted("npm") {
        match &package {
            Some(package) => suites.extend(npm(root, package)),
            None => suites.push(Suite::skipped("npm", npm_package::MISSING)),
        }
    }
    if wanted("bindings") {
        suites.extend(bindings::suites(root, dotnet.as_ref(), package.as_ref()));
        let sessions = ["README.md", "crates/cli/README.md"];
        let checked = sessions.map(|readme| terminal::check(root, readme).context(readme));
        suites.push(Suite::checks("terminal sessions", checked));
    }
    if wanted("guides") {
        suites.extend(guides::suites(root, dotnet.as_ref()));
    }
    if wanted("strangers") {
        println!("$ cargo xtask strangers");
        suites.extend(strangers::suites(root));
    }
    if wanted("demo") {
        println!("$ cargo xtask demo");
        suites.push(Suite::check("demo", demo::run(root)));
    }
    close(&suites)
}

/// Format, lints, documentation, and generated files that are up to date.
fn checks(root: &Path) -> [Suite; 5] {
    let cargo = |arguments: &[&str]| must(Command::new(env!("CARGO")).args(arguments).current_dir(root));
    let clippy =
        ["clippy", "--locked", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];
    let doc = ["doc", "--locked", "--workspace", "--all-features", "--no-deps", "--quiet"];
    let mut documentation = Command::new(env!("CARGO"));
    documentation.args(doc).env("RUSTDOCFLAGS", "-D warnings").current_dir(root);
    let header = || {
        let bindgen = cargo_artifacts::tested_program(root, "agentuser-bindgen")?;
        must(Command::new(bindgen).args(["header", "--check"]).current_dir(root))
    };
    [
        Suite::check("format", cargo(&["fmt", "--all", "--check"])),
        Suite::check("lints", cargo(&clippy)),
        Suite::check("documentation", must(&mut documentation)),
        Suite::check("generated pages", docs::check(root)),
        Suite::check("C header", header()),
    ]
}

/// The tests of every crate, by one call of cargo: it compiles each crate once, with the features that all tests need.
fn rust(root: &Path) -> Suite {
    // The tests of the C ABI compile and run programs; they fail where one of these is missing.
    for program in ["gcc", "g++", "valgrind", "python3"] {
        ensure_installed(&[program], program);
    }
    // Those of the command line sign in with certificates that OpenSSL makes, and keep sign-ins in a real Secret Service.
    if !has("openssl", &["version"]) {
        install(&["openssl"]);
    }
    for (package, program) in [("dbus", "dbus-daemon"), ("gnome-keyring", "gnome-keyring-daemon")] {
        ensure_installed(&[package], program);
    }
    let mut tests = Command::new(env!("CARGO"));
    tests.args(["test", "--locked", "--workspace", "--all-features", "--no-fail-fast"]);
    Suite::run("Rust", Runner::Cargo, tests.current_dir(root))
}

/// The .NET library and the PowerShell module, each as its users load it, with the native library.
fn managed(root: &Path, dotnet: &Dotnet) -> Vec<Suite> {
    let library = match cargo_artifacts::native_library(root, false) {
        Ok(library) => library,
        Err(error) => return vec![Suite::check(".NET, PowerShell", Err(error))],
    };
    let format = |solution: &str| dotnet.run(root, &["format", solution, "--verify-no-changes"]);
    let mut suites = vec![
        Suite::check(".NET format", format("dotnet/AgentUser.slnx")),
        Suite::check("PowerShell format", format("powershell/AgentUser.PowerShell.slnx")),
    ];
    let tests = |name: &str, project: &[&str]| {
        let mut command = dotnet.command(root, &["test", "-c", "Release"]);
        command.args(project);
        command.env("AGENTUSER_NATIVE_LIBRARY", &library);
        Suite::run(name, Runner::Dotnet, &mut command)
    };
    suites.push(tests(".NET", &["dotnet/AgentUser.Tests"]));
    // .NET Framework and the PowerShell module load this build of the library.
    suites.push(tests(".NET Standard", &["dotnet/AgentUser.Tests", "-p:LibraryFramework=netstandard2.0"]));
    match powershell_module::build(root, dotnet, &library) {
        Ok(module) => {
            // The other suite builds the module anew, without the native library in its folder.
            suites.push(pwsh(root, &module));
            suites.push(tests("PowerShell", &["powershell/tests"]));
        }
        Err(error) => suites.push(Suite::check("PowerShell", Err(error))),
    }
    suites
}

/// The module in the whole PowerShell, with commands that the hosted engine of the other tests does not have.
fn pwsh(root: &Path, module: &Path) -> Suite {
    const NAME: &str = "PowerShell in pwsh";
    let Some(pwsh) = Pwsh::find() else { return Suite::skipped(NAME, Pwsh::MISSING) };
    let tests = root.join("powershell/tests");
    let script = |name: &str, more: &[PathBuf]| {
        let mut command = pwsh.command(&tests.join(name));
        command.arg(module).args(more);
        must(command.arg(root.join("examples/roster.csv"))).context(name.to_owned())
    };
    let stand_in = tests.join("modules/Microsoft.Graph.Authentication");
    Suite::checks(NAME, [script("smoke.ps1", &[]), script("mggraph.ps1", &[stand_in])])
}

/// The npm package under Node and in a browser.
fn npm(root: &Path, package: &Package) -> [Suite; 2] {
    let tests = |name: &str, folder: &str| {
        // Its files are named one by one: `node --test FOLDER` means something else in every version of Node.
        let entries = std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let names = names.filter(|name| name.ends_with(".test.mjs"));
        let mut files: Vec<String> = names.map(|name| format!("{folder}/{name}")).collect();
        files.sort();
        let mut node = package.node(&["--test", "--test-reporter=tap"]);
        Suite::run(name, Runner::Node, node.args(files))
    };
    let browser = if ensure_installed(&["chromium"], "chromium") {
        tests("npm in a browser", "tests/browser")
    } else {
        Suite::skipped("npm in a browser", "Chromium is missing and can't be installed")
    };
    [tests("npm under Node", "tests/node"), browser]
}
