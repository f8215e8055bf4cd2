//! `cargo xtask demo`: a roster of agent users on a simulated Graph that throttles, lags and loses answers.

mod page;

use crate::build::dotnet_sdk::{self, Dotnet};
use crate::build::npm_package::Package;
use crate::build::powershell_module::Engine;
use crate::build::{admin_page, cargo_artifacts};
use crate::programs::must;
use crate::simulator_process::Simulator;
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::Instant;

/// The tenant of the demo. Its clock runs 120 times as fast as ours, because a mailbox takes ten minutes and more. A change
/// reaches every reader within two of its minutes; 60 of 1,000 requests are throttled or lose their answer.
/// It is there as long as the admin page may be looked at.
fn options() -> Value {
    json!({
        "speed": 120, "lagMs": 120_000, "seed": 2026, "idleSeconds": 3600,
        "faults": { "perMille": 60, "brisk": true },
    })
}

/// Builds the admin page, unless it is there and fresh; else says which tool is missing.
type BuildPage<'a> = &'a dyn Fn() -> anyhow::Result<Result<(), &'static str>>;

/// Shows the demo to a person: the admin page is there to be looked at. Where it can't be built, the rest is shown.
pub(crate) fn show(root: &Path) -> anyhow::Result<()> {
    say("Building the command line. The first time takes some minutes.");
    let program = cargo_artifacts::command_line(root, false)?;
    let build = || match Package::build(root, &program)? {
        Ok(package) => admin_page::build(root, &package).map(Ok),
        Err(missing) => Ok(Err(missing)),
    };
    let simulator = in_terminals(root, &program)?;
    let shown =
        build_page(&build).and_then(|is_built| if is_built { page::show(root, &simulator) } else { Ok(()) });
    if let Err(error) = shown {
        println!("left out: {error:#}");
    }
    simulator.stop()
}

/// Plays the demo without a person. A step that ends otherwise than it should is an error.
pub(crate) fn play(root: &Path, build: BuildPage<'_>) -> anyhow::Result<()> {
    let simulator = in_terminals(root, &cargo_artifacts::command_line(root, false)?)?;
    if build_page(build)? {
        page::check(root, &simulator)?;
    }
    simulator.stop()
}

/// Builds the page, and says so; whether it is there.
fn build_page(build: BuildPage<'_>) -> anyhow::Result<bool> {
    say(
        "Building the admin page: WebAssembly modules, npm package, page. The first time takes some minutes.",
    );
    let built = build()?;
    if let Err(missing) = built {
        println!("left out: {missing}");
    }
    Ok(built.is_ok())
}

/// The demo in a terminal and in PowerShell. Gives the simulator of the first.
fn in_terminals(root: &Path, program: &Path) -> anyhow::Result<Simulator> {
    let started = Instant::now();
    say("A simulator of Microsoft Graph. It is a fake; nothing leaves this machine.");
    let simulator = Simulator::start(program, &options())?;
    println!("{}", simulator.endpoint());
    let step = |arguments: &[&str], code| agentuser(program, root, &simulator, arguments, code);

    say("The changes that the roster would make:");
    step(&["roster", "plan", "examples/roster.csv"], 0)?;
    say("Apply it. Requests are throttled, answers are lost, changes show late:");
    step(&["roster", "apply", "examples/roster.csv", "--wait", "mailbox,teams"], 0)?;
    say("The agent users that are there now:");
    step(&["list"], 0)?;
    say("Apply it once more: nothing is left to change:");
    step(&["roster", "apply", "examples/roster.csv"], 0)?;
    say("A roster with every rule broken, before anything is sent:");
    step(&["roster", "plan", "examples/roster-bad.csv"], 1)?;

    check(&simulator)?;
    println!("{:.0} seconds", started.elapsed().as_secs_f32());
    in_powershell(root, program)?;
    Ok(simulator)
}

/// The same roster on a tenant of its own, through the PowerShell module.
fn in_powershell(root: &Path, program: &Path) -> anyhow::Result<()> {
    say("The same roster in PowerShell:");
    let Some(dotnet) = Dotnet::find() else {
        println!("left out: {}", dotnet_sdk::MISSING);
        return Ok(());
    };
    let library = cargo_artifacts::native_library(root, false)?;
    let engine = Engine::build(root, &dotnet, &library)?;
    let simulator = Simulator::start(program, &options())?;
    println!("{}", simulator.endpoint());
    for _ in 0..2 {
        println!("PS> ./examples/powershell/roster.ps1 {} … examples/roster.csv", simulator.endpoint());
        must(&mut engine.example(&simulator, &root.join("examples/roster.csv")))?;
    }
    check(&simulator)?;
    simulator.stop()
}

/// Checks the simulator's own count: 24 agent users, none created twice, and faults on the way.
fn check(simulator: &Simulator) -> anyhow::Result<()> {
    let stats = simulator.look("stats")?;
    let created = stats.get("agentUsersCreated").and_then(Value::as_u64).context("the simulator counts")?;
    let twice = stats
        .get("createdMoreThanOncePerParent")
        .and_then(Value::as_object)
        .context("the simulator counts")?;
    let faults = stats.get("faults").and_then(Value::as_object).into_iter().flatten();
    let faults: Vec<String> = faults.map(|(name, times)| format!("{times} × {name}")).collect();
    say("The simulator's own count:");
    println!("{created} created, {} twice", twice.len());
    println!("faults on the way: {}", if faults.is_empty() { "none".to_owned() } else { faults.join(", ") });
    ensure!(
        created == 24 && twice.is_empty(),
        "the demo created {created} agent users, {} of them twice",
        twice.len()
    );
    ensure!(!faults.is_empty(), "nothing went wrong on the way, so the demo shows nothing");
    Ok(())
}

fn say(text: &str) {
    println!("\n── {text}");
}

/// Runs the command line as a person would; any exit code but this one is an error.
fn agentuser(
    program: &Path,
    root: &Path,
    simulator: &Simulator,
    arguments: &[&str],
    code: i32,
) -> anyhow::Result<()> {
    println!("$ agentuser {}", arguments.join(" "));
    let status: ExitStatus = Command::new(program)
        .args(arguments)
        .current_dir(root)
        .env("AGENTUSER_GRAPH_ENDPOINT", simulator.endpoint())
        .env("AGENTUSER_TOKEN", simulator.token())
        .status()?;
    ensure!(
        status.code() == Some(code),
        "agentuser {} ended with {status}, not with {code}",
        arguments.join(" ")
    );
    Ok(())
}
