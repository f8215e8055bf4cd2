//! `cargo xtask bench`: what lists and imports cost, door beside door, in one run.

use crate::build;
use crate::dotnet::{self, Dotnet};
use crate::module::Engine;
use crate::npm::{self, Package};
use crate::simulator::Simulator;
use crate::suite::must;
use anyhow::{Context, ensure};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the task takes.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Agent users in the tenant
    #[arg(long, default_value_t = 100_000)]
    agent_users: u32,
    /// How often each door lists them; the median counts
    #[arg(long, default_value_t = 5)]
    times: usize,
}

/// Measures and prints Markdown.
pub(crate) fn run(arguments: &Arguments, root: &Path) -> anyhow::Result<()> {
    let command_line = build::command_line(root, true)?;
    let library = build::native_library(root, true)?;
    let dotnet = Dotnet::find(root);
    let package = Package::build(root, &command_line)?;
    let engine = dotnet.as_ref().map(|dotnet| Engine::build(root, dotnet, &library)).transpose()?;

    let simulator = Simulator::start(
        &command_line,
        &json!({ "agentUsers": arguments.agent_users, "identities": 0, "latencyMs": [0, 0], "idleSeconds": 600 }),
    )?;
    let rust = build::example(root, "agentuser", "list", true)?;
    let c = c_program(root, &library)?;
    let mut doors: Vec<(&str, Command)> = vec![("Rust", Command::new(rust)), ("C, by rows", Command::new(c))];
    if let Some(dotnet) = &dotnet {
        dotnet.run(root, &["build", "dotnet/AgentUser.Bench", "-c", "Release", "-v", "quiet"])?;
        let program = "dotnet/AgentUser.Bench/bin/Release/net10.0/AgentUser.Bench.dll";
        doors.push((".NET, typed objects", dotnet.command(root, &[program])));
    }
    if let Some(engine) = &engine {
        doors.push(("PowerShell, `Get-AgentUser -All`", engine.command(&["run", "tests/bench/list.ps1"])));
    }
    if let Some(package) = &package {
        doors.push(("Node", package.node(&["tests/bench/list.mjs"])));
    }
    println!("\n{} agent users, pages of 999, median of {}\n", arguments.agent_users, arguments.times);
    println!("| door | wall, ms | beside Rust | peak memory, MB |\n|---|---|---|---|");
    let mut beside = None;
    for (door, command) in &mut doors {
        command.args([simulator.endpoint(), simulator.token()]).current_dir(root);
        // cargo's own setting leads to the library that it built for tests.
        command
            .env_remove("LD_LIBRARY_PATH")
            .env("AGENTUSER_NATIVE_LIBRARY", &library)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit());
        let mut runs = Vec::new();
        for _ in 0..arguments.times.max(1) {
            let output = command.output().with_context(|| format!("{door} could not be started"))?;
            let text = String::from_utf8_lossy(&output.stdout);
            let run = Run::read(&text).with_context(|| format!("{door} says: {text}"))?;
            // The demo tenant has one of its own.
            ensure!(run.count == arguments.agent_users + 1, "{door} lists {} agent users", run.count);
            runs.push(run);
        }
        let ms = median(runs.iter().map(|run| run.ms));
        let peak = median(runs.iter().map(|run| run.peak));
        let rust = *beside.get_or_insert(ms);
        println!("| {door} | {ms} | {:.2} | {peak} |", f64::from(ms) / f64::from(rust.max(1)));
    }
    simulator.stop()?;
    match &engine {
        Some(engine) => {
            println!("\nImport of the PowerShell module\n");
            let module = engine.module().to_string_lossy().into_owned();
            must(&mut engine.command(&["measure", &module]))?;
        }
        None => println!("left out: {}", dotnet::MISSING),
    }
    match &package {
        Some(package) => must(&mut package.node(&["crates/wasm/npm/scripts/size.mjs"])),
        None => {
            println!("left out: {}", npm::MISSING);
            Ok(())
        }
    }
}

/// What a program says of its list.
struct Run {
    count: u32,
    ms: u32,
    peak: u32,
}

impl Run {
    /// Reads `100000 agent users, 412 ms, …peak 30 MB…`.
    fn read(text: &str) -> Option<Self> {
        let number = |text: &str| text.trim().parse().ok();
        let (count, rest) = text.split_once(" agent users, ")?;
        let (ms, rest) = rest.split_once(" ms")?;
        let (peak, _) = rest.split_once("peak ")?.1.split_once(" MB")?;
        Some(Self { count: number(count.lines().next_back()?)?, ms: number(ms)?, peak: number(peak)? })
    }
}

fn median(values: impl Iterator<Item = u32>) -> u32 {
    let mut values: Vec<u32> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn c_program(root: &Path, library: &Path) -> anyhow::Result<PathBuf> {
    let program = library.with_file_name("agentuser-list-c");
    build::c_program(root, "tests/bench/list.c", library, &program)?;
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_programs_say_is_read() {
        let run =
            Run::read("x\n100000 agent users, 412 ms, first after 3 ms, peak 30 MB, managed 2 MB\n").unwrap();
        assert_eq!((run.count, run.ms, run.peak), (100_000, 412, 30));
        assert_eq!(median([5, 1, 3].into_iter()), 3);
    }
}
