//! One roster through every binding: from tenants with the same faults they must come to the same state by the same
//! writes. And one agent in every binding.

use super::agents;
use crate::build::dotnet_sdk::{self, Dotnet};
use crate::build::npm_package::Package;
use crate::build::{cargo_artifacts, powershell_module::Engine};
use crate::programs::{ensure_installed, must};
use crate::simulator_process::Simulator;
use crate::test_suite::Suite;
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

/// A tenant that loses answers, throttles, and shows changes late.
fn options() -> Value {
    json!({
        "speed": 60, "lagMs": 20_000, "seed": 11, "idleSeconds": 300,
        "faults": { "perMille": 80, "brisk": true },
    })
}

/// The result of a run: the tenant's end state, the writes that it took, and the lines that the program printed.
pub(super) struct Run {
    state: Value,
    writes: Value,
    lines: Vec<String>,
}

/// The example program of a binding, given the simulator and a roster.
pub(super) type Program<'a> = Box<dyn Fn(&Simulator, &Path) -> Command + 'a>;

/// Runs the example of every binding that this machine can run, and compares each run with Rust's.
pub(super) fn suites(
    root: &Path,
    dotnet: Option<&Dotnet>,
    npm: Result<&Package, &'static str>,
) -> Vec<Suite> {
    match compare_all(root, dotnet, npm) {
        Ok(suites) => suites,
        Err(error) => vec![Suite::check("bindings", Err(error))],
    }
}

fn compare_all(
    root: &Path,
    dotnet: Option<&Dotnet>,
    npm: Result<&Package, &'static str>,
) -> anyhow::Result<Vec<Suite>> {
    for (package, program) in [("gcc", "cc"), ("python3", "python3")] {
        ensure_installed(&[package], program);
    }
    let simulator = cargo_artifacts::command_line(root, false)?;
    let library = cargo_artifacts::native_library(root, false)?;
    let rust = cargo_artifacts::example(root, "roster")?;
    let reference = run(&simulator, root, &with_arguments(|| Command::new(&rust)))?;
    let mut suites = vec![Suite::check("binding: Rust", is_complete(&reference))];
    let compare = |name: &str, program: Program<'_>| {
        let result = run(&simulator, root, &program).and_then(|run| is_same(&reference, &run));
        Suite::check(&format!("binding: {name}"), result)
    };

    let program = library.with_file_name("agentuser-roster-c");
    cargo_artifacts::c_program(root, "examples/c/roster.c", &library, &program, &[])?;
    suites.push(compare("C", with_arguments(|| Command::new(&program))));
    suites.push(Suite::check("types in Python", python_types(root)));
    let python = || {
        let mut python = Command::new("python3");
        python.arg(root.join("examples/python/roster.py")).env("AGENTUSER_NATIVE_LIBRARY", &library);
        python
    };
    suites.push(compare("Python", with_arguments(python)));
    match dotnet {
        Some(dotnet) => {
            dotnet.run(root, &["build", "examples/dotnet", "-c", "Release", "-v", "quiet"])?;
            let program = || {
                let mut program = dotnet.command(root, &["examples/dotnet/bin/Release/net10.0/Roster.dll"]);
                program.env("AGENTUSER_NATIVE_LIBRARY", &library);
                program
            };
            suites.push(compare(".NET", with_arguments(program)));
            let engine = Engine::build(root, dotnet, &library)?;
            let mut first_steps = engine.command(&["run", "examples/powershell/first-steps.ps1"]);
            let first_steps = must(first_steps.arg(root.join("examples/roster.csv")));
            suites.push(Suite::check("first steps in PowerShell", first_steps));
            let script = |simulator: &Simulator, roster: &Path| engine.example(simulator, roster);
            // PowerShell names the outcomes in its own casing.
            let result = run(&simulator, root, &(Box::new(script) as Program<'_>)).and_then(|mut run| {
                run.lines.iter_mut().for_each(|line| line.make_ascii_lowercase());
                is_same(&reference, &run)
            });
            suites.push(Suite::check("binding: PowerShell", result));
        }
        None => suites.push(Suite::skipped("bindings: .NET, PowerShell", dotnet_sdk::MISSING)),
    }
    match npm {
        Ok(package) => {
            suites.push(compare("Node", with_arguments(|| package.node(&["examples/node/roster.mjs"]))));
            let browser = with_arguments(|| package.node(&["tests/browser/roster.mjs"]));
            // A browser repeats a request by itself when its connection broke, so a row may say `unchanged` for `created`.
            let result = run(&simulator, root, &browser).and_then(|run| has_same_writes(&reference, &run));
            suites.push(Suite::check("binding: browser", result));
        }
        Err(missing) => suites.push(Suite::skipped("bindings: Node, browser", missing)),
    }
    suites.extend(agents::suites(root, &simulator, &library, dotnet, npm)?);
    Ok(suites)
}

/// mypy in its pinned version, in an environment of its own, finds no missing and no wrong type.
fn python_types(root: &Path) -> anyhow::Result<()> {
    let environment = root.join("target/python-types");
    let python = environment.join("bin/python");
    must(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    must(install.arg(root.join("tests/python/requirements.txt")))?;
    let mut check = Command::new(&python);
    check.args([
        "-m",
        "mypy",
        "--strict",
        "agentuser.py",
        "roster.py",
        "agent.py",
        "audit.py",
        "--cache-dir",
    ]);
    check.arg(environment.join("cache"));
    must(check.current_dir(root.join("examples/python")))
}

/// A program that takes ENDPOINT TOKEN ROSTER.
pub(super) fn with_arguments<'a>(program: impl Fn() -> Command + 'a) -> Program<'a> {
    Box::new(move |simulator, roster| {
        let mut command = program();
        command.args([simulator.endpoint(), simulator.token()]).arg(roster);
        command
    })
}

/// Applies the roster by a program, on a tenant of its own.
pub(super) fn run(simulator: &Path, root: &Path, program: &Program<'_>) -> anyhow::Result<Run> {
    let simulator = Simulator::start(simulator, &options())?;
    let mut command = program(&simulator, &root.join("examples/roster.csv"));
    let output = command
        .current_dir(root)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("the example could not be started")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(output.status.success(), "the example ended with {}:\n{text}", output.status);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    let mut writes = simulator.look("writes")?;
    // An idempotent write whose answer is lost is looked for, and sent again where the directory lags: how long the
    // machine takes decides on that. A create that is sent twice shows in the state.
    if let Some(writes) = writes.as_array_mut() {
        writes.dedup();
    }
    let run = Run { state: simulator.look("state")?, writes, lines };
    let batches = simulator.look("stats")?.get("batches").and_then(Value::as_u64);
    ensure!(batches > Some(0), "every request went on its own");
    simulator.stop()?;
    Ok(run)
}

/// The run that all others are compared with must itself have applied the whole roster.
fn is_complete(reference: &Run) -> anyhow::Result<()> {
    let users = reference.state.get("users").and_then(Value::as_array).context("the state has users")?;
    let agents = users.iter().filter(|user| user.get("identityParentId").is_some_and(Value::is_string));
    ensure!(agents.count() == 25, "the roster's 24 agent users, and the one that was there");
    ensure!(reference.lines.len() == 25, "a line for each row, and the last: {:?}", reference.lines);
    let writes = reference.writes.as_array().map_or(0, Vec::len);
    ensure!(writes >= 24, "writes: {}", reference.writes);
    Ok(())
}

pub(super) fn is_same(reference: &Run, run: &Run) -> anyhow::Result<()> {
    let lines = (&run.lines, &reference.lines);
    ensure!(lines.0 == lines.1, "it says\n{:#?}\nand Rust\n{:#?}", lines.0, lines.1);
    has_same_writes(reference, run)
}

/// The same state by the same writes, and a line for every row.
fn has_same_writes(reference: &Run, run: &Run) -> anyhow::Result<()> {
    ensure!(reference.lines.len() == run.lines.len(), "it says\n{:#?}", run.lines);
    for (what, expected, found) in
        [("state", &reference.state, &run.state), ("writes", &reference.writes, &run.writes)]
    {
        ensure!(expected == found, "the {what} of the two differ:\n{}", difference(expected, found));
    }
    Ok(())
}

/// The lines that only one of two values has.
fn difference(expected: &Value, found: &Value) -> String {
    let (expected, found) = (format!("{expected:#}"), format!("{found:#}"));
    let only = |a: &str, b: &str, sign: &str| -> String {
        let b: BTreeSet<&str> = b.lines().collect();
        a.lines().filter(|line| !b.contains(line)).take(20).map(|line| format!("{sign} {line}\n")).collect()
    };
    format!("{}{}", only(&expected, &found, "-"), only(&found, &expected, "+"))
}
