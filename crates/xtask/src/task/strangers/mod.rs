//! `cargo xtask strangers`: clients that nobody here wrote judge the simulator, and the command line's requests.
//!
//! Each client is pinned by a lock file below `tests/strangers` and plays its calls against a simulator of its own. A call passes when
//! it ends as Microsoft's pages print; a 501 is not a pass. `tests/strangers/passes.json` says which calls pass: one that no
//! longer does fails, and so does one that newly does until it is written there (`--write`).

mod clients;
mod passes;
mod prism;
mod tenant;
mod tools;

use crate::build::cargo_artifacts;
use crate::build::dotnet_sdk::Dotnet;
use crate::test_suite::{Suite, close};
use passes::{Passes, Verdict};
use serde::Deserialize;
use std::path::Path;

/// The folder of the clients.
const FOLDER: &str = "tests/strangers";

/// The task's arguments.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only these clients: node, python, dotnet, prism, schemathesis
    #[arg(value_name = "CLIENT", value_parser = ["node", "python", "dotnet", "prism", "schemathesis"])]
    only: Vec<String>,
    /// Write the calls that pass now into tests/strangers/passes.json
    #[arg(long)]
    write: bool,
}

/// A call as a client reports it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Call {
    client: String,
    call: String,
    /// The answer that Microsoft's pages print.
    expected: String,
    pass: bool,
    got: String,
}

/// Runs the clients, prints the table, and compares it with what passed before.
pub(crate) fn run(arguments: &Arguments, root: &Path) -> anyhow::Result<()> {
    close(&judged(arguments, root)?)
}

/// The suites of the test command.
pub(crate) fn suites(root: &Path) -> Vec<Suite> {
    let everything = Arguments { only: Vec::new(), write: false };
    judged(&everything, root).unwrap_or_else(|error| vec![Suite::check("strangers", Err(error))])
}

fn judged(arguments: &Arguments, root: &Path) -> anyhow::Result<Vec<Suite>> {
    let wanted = |client: &str| arguments.only.is_empty() || arguments.only.iter().any(|only| only == client);
    let program = cargo_artifacts::command_line(root, false)?;
    let mut passes = Passes::read(&root.join(FOLDER))?;
    let mut suites = Vec::new();
    let mut played = Vec::new();
    let mut play = |name: &str, calls: anyhow::Result<Option<Vec<Call>>>, missing: &str| match calls {
        Ok(Some(calls)) => played.extend(calls),
        Ok(None) => suites.push(Suite::skipped(name, missing)),
        Err(error) => suites.push(Suite::check(name, Err(error))),
    };
    if wanted("node") {
        play("strangers under Node", clients::node(root, &program), tools::NO_NODE);
    }
    if wanted("python") {
        play("strangers under Python", clients::python(root, &program), tools::NO_PYTHON);
    }
    if wanted("dotnet") {
        let dotnet = Dotnet::find();
        let calls = dotnet.as_ref().map(|dotnet| clients::dotnet(root, &program, dotnet)).transpose();
        play("strangers under .NET", calls, crate::build::dotnet_sdk::MISSING);
    }
    if wanted("prism") {
        play("Prism", prism::run(root, &program), tools::NO_NODE);
    }
    if wanted("schemathesis") {
        play("schemathesis", clients::schemathesis(root, &program), tools::NO_PYTHON);
    }
    table(&played);
    if arguments.write {
        passes.write(&played)?;
    }
    let judge = |call: &Call| match passes.judge(call) {
        Verdict::AsBefore => Ok(()),
        Verdict::Regressed => anyhow::bail!("{}: {} no longer passes: {}", call.client, call.call, call.got),
        Verdict::New => anyhow::bail!(
            "{}: {} passes now; write it down with `cargo xtask strangers --write`",
            call.client,
            call.call
        ),
    };
    let mut names: Vec<&str> = played.iter().map(|call| call.client.as_str()).collect();
    names.dedup();
    for name in names {
        let its = played.iter().filter(|call| call.client == name);
        let gone = passes.not_played(name, &played).into_iter();
        let gone = gone.map(|call| Err(anyhow::anyhow!("{name}: {call} was not played")));
        suites.push(Suite::checks(name, its.map(judge).chain(gone)));
    }
    Ok(suites)
}

/// Every call that does not pass, and the counts of each client.
fn table(calls: &[Call]) {
    println!("\n| client | call | expected | got |\n|---|---|---|---|");
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
    for call in calls.iter().filter(|call| !call.pass) {
        let (expected, got) = (cell(&call.expected), cell(&call.got));
        println!("| {} | {} | {expected} | {got} |", call.client, cell(&call.call));
    }
    println!("\n| client | pass | of | lack (501) |\n|---|---|---|---|");
    let mut clients: Vec<&str> = calls.iter().map(|call| call.client.as_str()).collect();
    clients.dedup();
    for client in clients {
        let its = || calls.iter().filter(|call| call.client == client);
        let passed = its().filter(|call| call.pass).count();
        let lacks = |call: &&Call| call.got.contains("501") || call.got.contains("NotSimulated");
        let lacking = its().filter(|call| !call.pass).filter(lacks).count();
        println!("| {client} | {passed} | {} | {lacking} |", its().count());
    }
    println!();
}
