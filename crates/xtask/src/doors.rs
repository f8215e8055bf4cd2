//! The same roster through every door: the same tenant with the same faults must end in the same state, by the same
//! writes.

use crate::build;
use crate::dotnet::{self, Dotnet};
use crate::module::Engine;
use crate::npm;
use crate::simulator::Simulator;
use crate::suite::Suite;
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};

/// A tenant whose network loses answers, throttles and lags.
fn options() -> Value {
    json!({
        "speed": 60, "lagMs": 20_000, "seed": 11, "idleSeconds": 300,
        "faults": { "perMille": 80, "brisk": true },
    })
}

/// What a run came to.
struct Came {
    state: Value,
    writes: Value,
    lines: Vec<String>,
}

/// A way into the library: its example program, which takes an endpoint, a token and a roster.
type Door<'a> = Box<dyn Fn(&Simulator, &Path) -> Command + 'a>;

/// Runs every door that this machine has and compares each with Rust's.
pub(crate) fn run(root: &Path, dotnet: Option<&Dotnet>, npm: Option<&npm::Package>) -> Vec<Suite> {
    match doors(root, dotnet, npm) {
        Ok(suites) => suites,
        Err(error) => vec![Suite::check("doors", Err(error))],
    }
}

fn doors(root: &Path, dotnet: Option<&Dotnet>, npm: Option<&npm::Package>) -> anyhow::Result<Vec<Suite>> {
    let simulator = build::command_line(root, false)?;
    let library = build::native_library(root, false)?;
    let rust = build::example(root, "agentuser", "roster")?;
    let first = through(&simulator, root, &with_arguments(|| Command::new(&rust)))?;
    let mut suites = vec![Suite::check("door: Rust", whole(&first))];
    let mut compare = |name: &str, door: Door<'_>| {
        let came = through(&simulator, root, &door);
        suites.push(Suite::check(&format!("door: {name}"), came.and_then(|came| same(&first, &came))));
    };

    let program = library.with_file_name("agentuser-roster-c");
    build::c_program(root, "examples/c/roster.c", &library, &program)?;
    compare("C", with_arguments(|| Command::new(&program)));
    compare(
        "Python",
        with_arguments(|| {
            let mut python = Command::new("python3");
            python.arg(root.join("examples/python/roster.py")).env("AGENTUSER_NATIVE_LIBRARY", &library);
            python
        }),
    );
    match dotnet {
        Some(dotnet) => {
            dotnet.run(root, &["build", "examples/dotnet", "-c", "Release", "-v", "quiet"])?;
            compare(
                ".NET",
                with_arguments(|| {
                    let mut program =
                        dotnet.command(root, &["examples/dotnet/bin/Release/net10.0/Roster.dll"]);
                    program.env("AGENTUSER_NATIVE_LIBRARY", &library);
                    program
                }),
            );
            let engine = Engine::build(root, dotnet, &library)?;
            compare("PowerShell", Box::new(|simulator, roster| engine.example(simulator, roster)));
        }
        None => suites.push(Suite::skipped("doors: .NET, PowerShell", dotnet::MISSING)),
    }
    let mut compare = |name: &str, door: Door<'_>| {
        let came = through(&simulator, root, &door);
        suites.push(Suite::check(&format!("door: {name}"), came.and_then(|came| same(&first, &came))));
    };
    match npm {
        Some(package) => {
            compare("Node", with_arguments(|| package.node(&["examples/node/roster.mjs"])));
            // A browser sends a request again by itself whose connection broke: what was created then was there before.
            let came =
                through(&simulator, root, &with_arguments(|| package.node(&["tests/browser/roster.mjs"])));
            let compared = came.and_then(|came| same_writes(&first, &came));
            suites.push(Suite::check("door: browser", compared));
        }
        None => suites.push(Suite::skipped("doors: Node, browser", npm::MISSING)),
    }
    Ok(suites)
}

/// A program that is given its arguments last.
fn with_arguments<'a>(program: impl Fn() -> Command + 'a) -> Door<'a> {
    Box::new(move |simulator, roster| {
        let mut command = program();
        command.args([simulator.endpoint(), simulator.token()]).arg(roster);
        command
    })
}

/// Applies the roster through a door, on a tenant of its own.
fn through(simulator: &Path, root: &Path, door: &Door<'_>) -> anyhow::Result<Came> {
    let simulator = Simulator::start(simulator, &options())?;
    let mut command = door(&simulator, &root.join("examples/roster.csv"));
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
    let came = Came { state: simulator.look("state")?, writes: simulator.look("writes")?, lines };
    let batches = simulator.look("stats")?.get("batches").and_then(Value::as_u64);
    ensure!(batches > Some(0), "every request went on its own");
    simulator.stop()?;
    Ok(came)
}

/// What the first door must have come to, for the others to be compared with it.
fn whole(first: &Came) -> anyhow::Result<()> {
    let users = first.state.get("users").and_then(Value::as_array).context("the state has users")?;
    let agents = users.iter().filter(|user| user.get("identityParentId").is_some_and(Value::is_string));
    ensure!(agents.count() == 25, "the roster's 24 agent users, and the one that was there");
    ensure!(first.lines.len() == 25, "a line per row, and the last: {:?}", first.lines);
    ensure!(first.writes.as_array().is_some_and(|writes| writes.len() >= 24), "writes: {}", first.writes);
    Ok(())
}

fn same(first: &Came, other: &Came) -> anyhow::Result<()> {
    ensure!(first.lines == other.lines, "it says\n{:#?}\nand Rust\n{:#?}", other.lines, first.lines);
    same_writes(first, other)
}

/// The same state, by the same writes, and a line for every row.
fn same_writes(first: &Came, other: &Came) -> anyhow::Result<()> {
    ensure!(first.lines.len() == other.lines.len(), "it says\n{:#?}", other.lines);
    ensure!(first.state == other.state, "the state differs:\n{}", difference(&first.state, &other.state));
    ensure!(first.writes == other.writes, "the writes differ:\n{}", difference(&first.writes, &other.writes));
    Ok(())
}

/// The lines of two texts that only one of them has.
fn difference(first: &Value, other: &Value) -> String {
    let (first, other) = (format!("{first:#}"), format!("{other:#}"));
    let only = |a: &str, b: &str, sign: &str| -> String {
        let b: std::collections::BTreeSet<&str> = b.lines().collect();
        a.lines().filter(|line| !b.contains(line)).take(20).map(|line| format!("{sign} {line}\n")).collect()
    };
    format!("{}{}", only(&first, &other, "-"), only(&other, &first, "+"))
}
