//! The terminal sessions of READMEs: every command runs against the simulator and must print what the README shows.

use crate::build::cargo_artifacts;
use crate::simulator_process::Simulator;
use anyhow::{Context, ensure};
use serde_json::json;
use std::path::Path;
use std::process::{Command, Stdio};

/// The README's session. A line with nothing but `…` stands for lines that are left out, `…` in a line for some text.
pub(super) fn check(root: &Path, readme: &str) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(root.join(readme))?;
    let (_, session) = text.split_once("```console\n").context("it shows no terminal session")?;
    let (session, _) = session.split_once("```").context("the session has no end")?;
    let program = cargo_artifacts::command_line(root, false)?;
    let simulator = Simulator::start(&program, &json!({ "speed": 120, "idleSeconds": 300 }))?;
    // The lines that the last command printed and the README has not shown yet.
    let mut printed = Vec::new();
    let mut skips = false;
    for line in session.lines() {
        if let Some(command) = line.strip_prefix("$ agentuser ") {
            ensure!(printed.is_empty(), "{readme} leaves out: {printed:#?}");
            printed = run(&program, root, &simulator, command)?;
        } else if line == "…" {
            skips = true;
        } else {
            let found = printed.iter().position(|printed| is_shown_as(printed, line));
            let at = found.with_context(|| format!("not printed: {line:?}, but {printed:#?}"))?;
            ensure!(skips || at == 0, "{readme} leaves out {:?} before {line:?}", printed.first());
            printed.drain(..=at);
            skips = false;
        }
    }
    ensure!(printed.is_empty(), "{readme} leaves out: {printed:#?}");
    simulator.stop()
}

fn is_shown_as(printed: &str, shown: &str) -> bool {
    match shown.split_once('…') {
        Some((before, after)) => printed.strip_prefix(before).is_some_and(|rest| rest.ends_with(after)),
        None => printed == shown,
    }
}

/// The lines that a command of the session prints.
fn run(program: &Path, root: &Path, simulator: &Simulator, command: &str) -> anyhow::Result<Vec<String>> {
    let output = Command::new(program)
        .args(command.split(' '))
        .current_dir(root.join("examples"))
        .env("AGENTUSER_GRAPH_ENDPOINT", simulator.endpoint())
        .env("AGENTUSER_TOKEN", simulator.token())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "agentuser {command} ended with {}", output.status);
    let text = String::from_utf8(output.stdout)?;
    Ok(text.lines().map(|line| line.trim_end().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::is_shown_as;

    #[test]
    fn an_ellipsis_stands_for_some_text() {
        assert!(is_shown_as("a (1234): created", "a (…): created"));
        assert!(!is_shown_as("b (1234): created", "a (…): created"));
        assert!(!is_shown_as("a (1234): changed", "a (…): created"));
        assert!(is_shown_as("a", "a") && !is_shown_as("ab", "a"));
    }
}
