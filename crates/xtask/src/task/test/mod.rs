//! `cargo xtask test`: everything that must hold, with a line of counts for each suite at the end.

mod admin_page;
mod agents;
mod bindings;
mod guides;
mod terminal;
mod windows;

use super::{demo, docs, fuzz, strangers};
use crate::build::dotnet_sdk::{self, Dotnet};
use crate::build::npm_package::Package;
use crate::build::powershell_module::{self, Pwsh};
use crate::build::{self, cargo_artifacts};
use crate::programs::{ensure_installed, has, install, must};
use crate::test_suite::{Runner, Suite, Suites};
use anyhow::{Context as _, anyhow};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The task's arguments.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only these parts: checks, rust, fuzz, dotnet, npm, portals, bindings, guides, strangers, demo; and windows, which runs only when it is named
    #[arg(
        value_name = "PART",
        value_parser = ["checks", "rust", "fuzz", "dotnet", "npm", "portals", "bindings", "guides", "strangers", "demo", "windows"]
    )]
    only: Vec<String>,
}

/// Runs every suite, or those of the parts that are named; a suite that fails stops no other.
pub(crate) fn run(arguments: &Arguments, root: &Path) -> anyhow::Result<()> {
    let wanted = Wanted(&arguments.only);
    let dotnet = if ["dotnet", "bindings", "guides"].iter().any(|part| wanted.has(part)) {
        Dotnet::find()
    } else {
        None
    };
    let mut suites = Suites::default();
    if wanted.has("checks") {
        suites.of("checks", || checks(root));
    }
    if wanted.has("rust") {
        suites.of("rust, compiled", || compiled(root));
    }
    let lanes = Lanes { root, wanted, dotnet, package: OnceLock::new(), page: OnceLock::new() };
    let ran = std::thread::scope(|scope| {
        let lanes = [scope.spawn(|| lanes.of_rust_and_npm()), scope.spawn(|| lanes.of_dotnet_and_pages())];
        lanes.map(|lane| lane.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    ran.into_iter().for_each(|lane| suites.append(lane));
    suites.close()
}

/// The parts that are named, or none for all of them.
#[derive(Clone, Copy)]
struct Wanted<'a>(&'a [String]);

impl Wanted<'_> {
    fn has(self, part: &str) -> bool {
        self.0.is_empty() || self.is_named(part)
    }

    fn is_named(self, part: &str) -> bool {
        self.0.iter().any(|named| named == part)
    }
}

/// Two lanes of parts that run at a time, because suites wait a lot: for answers, for pages, for programs to start. Each folder that
/// suites build into belongs to one lane, and by the last times of all parts, both lanes end together.
struct Lanes<'a> {
    root: &'a Path,
    wanted: Wanted<'a>,
    dotnet: Option<Dotnet>,
    /// Built by the lane that needs it first; else the tool that is missing.
    package: OnceLock<anyhow::Result<Result<Package, &'static str>>>,
    /// The admin page on that package, built once, too.
    page: OnceLock<anyhow::Result<()>>,
}

impl Lanes<'_> {
    fn of_rust_and_npm(&self) -> Suites {
        let Self { root, wanted, .. } = *self;
        let mut suites = Suites::default();
        if ["npm", "portals", "bindings"].iter().any(|part| wanted.has(part)) {
            suites.of("npm package", || {
                self.package().as_ref().err().map(|why| Suite::check("npm package", Err(anyhow!("{why:#}"))))
            });
        }
        if wanted.has("rust") {
            suites.of("rust", || [rust(root)]);
        }
        for part in ["npm", "portals"].into_iter().filter(|part| wanted.has(part)) {
            match self.package() {
                Ok(Ok(package)) if part == "portals" => {
                    suites.of(part, || [in_chromium(root, package, part, "tests/portals", 1)]);
                }
                Ok(Ok(package)) => {
                    suites.of(part, || npm(root, package));
                    suites.of("admin page", || admin_page::suites(root, package, self.page(package)));
                }
                Ok(Err(missing)) => suites.of(part, || [Suite::skipped(part, missing)]),
                // The suite that built the package has failed.
                Err(_) => {}
            }
        }
        suites
    }

    fn of_dotnet_and_pages(&self) -> Suites {
        let Self { root, wanted, dotnet, .. } = self;
        let mut suites = Suites::default();
        if wanted.has("dotnet") {
            suites.of("dotnet", || match dotnet {
                Some(dotnet) => managed(root, dotnet),
                None => vec![Suite::skipped(".NET, PowerShell", dotnet_sdk::MISSING)],
            });
        }
        if wanted.has("guides") {
            suites.of("guides", || guides::suites(root, dotnet.as_ref()));
            suites.of("terminal sessions", || {
                let checked = terminal::PAGES.map(|page| terminal::check(root, page).context(page));
                [Suite::checks("terminal sessions", checked)]
            });
        }
        if wanted.has("fuzz") {
            suites.of("fuzz", || fuzz::suites(root));
        }
        if wanted.has("strangers") {
            println!("$ cargo xtask strangers");
            suites.of("strangers", || strangers::suites(root));
        }
        if wanted.has("demo") {
            println!("$ cargo xtask demo");
            let page = || match self.package() {
                Ok(Ok(package)) => self.page(package).map(Ok),
                Ok(Err(missing)) => Ok(Err(*missing)),
                Err(why) => Err(anyhow!("{why:#}")),
            };
            suites.of("demo", || [Suite::check("demo", demo::play(root, &page))]);
        }
        if wanted.has("bindings") {
            let package = match self.package() {
                Ok(package) => package.as_ref().map_err(|missing| *missing),
                Err(_) => Err("the npm package did not build"),
            };
            suites.of("bindings", || bindings::suites(root, dotnet.as_ref(), package));
        }
        if wanted.is_named("windows") {
            suites.of("windows", || windows::suites(root));
        }
        suites
    }

    fn package(&self) -> &anyhow::Result<Result<Package, &'static str>> {
        self.package.get_or_init(|| {
            cargo_artifacts::command_line(self.root, false)
                .and_then(|program| Package::for_tests(self.root, &program))
        })
    }

    /// Builds the admin page, once.
    fn page(&self, package: &Package) -> anyhow::Result<()> {
        let built = self.page.get_or_init(|| build::admin_page::build(self.root, package));
        built.as_ref().copied().map_err(|why| anyhow!("{why:#}"))
    }
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

/// Compiles the tests and programs of every crate by one call of cargo, each crate once, with the features that all tests need.
fn compiled(root: &Path) -> Option<Suite> {
    // The tests of the C ABI compile and run programs; they fail where one of these is missing.
    for program in ["gcc", "g++", "valgrind", "python3"] {
        ensure_installed(&[program], program);
    }
    // The command line's tests sign in with certificates that OpenSSL makes, and keep sign-ins in a real
    // Secret Service.
    if !has("openssl", &["version"]) {
        install(&["openssl"]);
    }
    for (package, program) in [("dbus", "dbus-daemon"), ("gnome-keyring", "gnome-keyring-daemon")] {
        ensure_installed(&[package], program);
    }
    must(cargo_test(root).arg("--no-run")).err().map(|why| Suite::check("Rust, compiled", Err(why)))
}

/// The tests of every crate.
fn rust(root: &Path) -> Suite {
    Suite::run("Rust", Runner::Cargo, cargo_test(root).arg("--no-fail-fast"))
}

fn cargo_test(root: &Path) -> Command {
    let mut tests = Command::new(env!("CARGO"));
    tests.args(["test", "--locked", "--workspace", "--all-features"]).current_dir(root);
    tests
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
        must(pwsh.command(&tests.join(name)).arg(module).args(more)).context(name.to_owned())
    };
    let roster = root.join("examples/roster.csv");
    let stand_in = tests.join("modules/Microsoft.Graph.Authentication");
    ensure_installed(&["python3"], "python3");
    let mut terminal = Command::new("python3");
    terminal.arg(tests.join("terminal.py")).arg(module).arg(&roster);
    let scripts = [
        // A person's terminal is a pseudo-terminal of Python's standard library.
        must(&mut terminal).context("terminal.py"),
        script("smoke.ps1", std::slice::from_ref(&roster)),
        script("mggraph.ps1", &[stand_in, roster]),
        script("pester.ps1", &[]),
    ];
    Suite::checks(NAME, scripts)
}

/// The npm package under Node and in a browser.
fn npm(root: &Path, package: &Package) -> [Suite; 2] {
    let browser = in_chromium(root, package, "npm in a browser", "tests/browser", 1);
    [node_tests(root, package, "npm under Node", "tests/node", 1), browser]
}

/// The tests of a folder, in Node, that open pages in Chromium.
fn in_chromium(root: &Path, package: &Package, name: &str, folder: &str, at_once: usize) -> Suite {
    if ensure_installed(&["chromium"], "chromium") {
        node_tests(root, package, name, folder, at_once)
    } else {
        Suite::skipped(name, "Chromium is missing and can't be installed")
    }
}

/// The tests of a folder, in Node: of so many files at a time.
fn node_tests(root: &Path, package: &Package, name: &str, folder: &str, at_once: usize) -> Suite {
    // Its files are named one by one: `node --test FOLDER` means something else in every version of Node.
    let entries = std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let names = names.filter(|name| name.ends_with(".test.mjs"));
    let mut files: Vec<String> = names.map(|name| format!("{folder}/{name}")).collect();
    files.sort();
    let mut node = package.node(&["--test", "--test-reporter=tap", &format!("--test-concurrency={at_once}")]);
    Suite::run(name, Runner::Node, node.args(files))
}
