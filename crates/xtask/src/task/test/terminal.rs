//! The terminal sessions of pages: every command runs against the simulator and must print what the page shows.

use crate::build::cargo_artifacts;
use crate::programs::ensure_installed;
use crate::simulator_process::Simulator;
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The pages whose sessions are whole.
pub(super) const PAGES: [&str; 3] = ["README.md", "crates/cli/README.md", "docs/monday.md"];

/// The comment before a session that has a simulator of its own, with these options, and a terminal of 80 columns.
const OPTIONS: &str = "<!-- agentuser simulator --options ";

/// A block of the page.
struct Session<'a> {
    /// The options of its simulator; none where it goes on with that of the session before.
    options: Option<Value>,
    lines: Vec<&'a str>,
}

/// A place where commands run.
struct Terminal<'a> {
    program: &'a Path,
    folder: PathBuf,
    simulator: Simulator,
    /// Whether it is a terminal of 80 columns, in place of a pipe.
    is_narrow: bool,
    /// The exit code of the last command.
    code: i32,
    /// The digest that was printed last.
    digest: String,
}

/// Plays the sessions of a page. A line with nothing but `…` stands for lines that are left out, `…` in a line for some text, and
/// `DIGEST` in a command for the digest that was printed before.
pub(super) fn check(root: &Path, page: &str) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(root.join(page))?;
    let sessions = sessions(&text)?;
    ensure!(!sessions.is_empty(), "it shows no terminal session");
    let program = cargo_artifacts::command_line(root, false)?;
    let folder = root.join("target/sessions").join(page.replace('/', "-"));
    let mut terminal: Option<Terminal<'_>> = None;
    for session in &sessions {
        if session.options.is_some() || terminal.is_none() {
            if let Some(before) = terminal.take() {
                before.simulator.stop()?;
            }
            terminal = Some(Terminal::open(&program, root, &folder, session.options.as_ref())?);
        }
        terminal.as_mut().context("a terminal is open")?.play(&session.lines)?;
    }
    terminal.map_or(Ok(()), |terminal| terminal.simulator.stop())
}

/// The sessions of a page.
fn sessions(text: &str) -> anyhow::Result<Vec<Session<'_>>> {
    let mut sessions = Vec::new();
    let (mut lines, mut options) = (text.lines(), None);
    while let Some(line) = lines.next() {
        if let Some(json) = line.strip_prefix(OPTIONS).and_then(|line| line.strip_suffix(" -->")) {
            options = Some(serde_json::from_str(json).with_context(|| line.to_owned())?);
        } else if line == "```console" {
            let lines = lines.by_ref().take_while(|line| *line != "```").collect();
            sessions.push(Session { options: options.take(), lines });
        }
    }
    Ok(sessions)
}

impl<'a> Terminal<'a> {
    fn open(program: &'a Path, root: &Path, folder: &Path, options: Option<&Value>) -> anyhow::Result<Self> {
        let mut all = json!({ "speed": 120, "idleSeconds": 300 });
        if let (Value::Object(all), Some(Value::Object(more))) = (&mut all, options) {
            all.extend(more.clone());
        }
        ensure!(options.is_none() || ensure_installed(&["bsdutils"], "script"), "script is missing");
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
        std::fs::create_dir_all(folder)?;
        std::fs::copy(root.join("examples/roster.csv"), folder.join("roster.csv"))?;
        let simulator = Simulator::start(program, &all)?;
        let is_narrow = options.is_some();
        let folder = folder.to_owned();
        Ok(Self { program, folder, simulator, is_narrow, code: 0, digest: String::new() })
    }

    fn play(&mut self, lines: &[&str]) -> anyhow::Result<()> {
        // The lines that the last command printed and the page has not shown yet.
        let (mut printed, mut skips): (Vec<String>, bool) = (Vec::new(), false);
        for line in lines {
            if let Some(command) = line.strip_prefix("$ ") {
                ensure!(skips || printed.is_empty(), "it leaves out: {printed:#?}");
                (printed, skips) = (self.run(command)?, false);
            } else if *line == "…" {
                skips = true;
            } else {
                let found = printed.iter().position(|printed| is_shown_as(printed, line));
                let at = found.with_context(|| format!("not printed: {line:?}, but {printed:#?}"))?;
                ensure!(skips || at == 0, "it leaves out {:?} before {line:?}", printed.first());
                printed.drain(..=at);
                skips = false;
            }
        }
        ensure!(skips || printed.is_empty(), "it leaves out: {printed:#?}");
        ensure!(self.code == 0, "the last command ended with {}", self.code);
        Ok(())
    }

    /// The lines that a command prints. One that fails is followed by a look at its exit code.
    fn run(&mut self, command: &str) -> anyhow::Result<Vec<String>> {
        if command == "echo $?" {
            return Ok(vec![std::mem::take(&mut self.code).to_string()]);
        }
        ensure!(self.code == 0, "the command before {command:?} ended with {}", self.code);
        let arguments = command.strip_prefix("agentuser ").with_context(|| command.to_owned())?;
        let output = self.output(&arguments.replace("DIGEST", &self.digest))?;
        self.code = output.status.code().with_context(|| format!("{command} was ended"))?;
        let text = String::from_utf8(output.stdout)?;
        let is_digest = |word: &&str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        if let Some(digest) = text.split_whitespace().rfind(is_digest) {
            digest.clone_into(&mut self.digest);
        }
        Ok(text.lines().map(|line| line.trim_end().to_owned()).collect())
    }

    fn output(&self, arguments: &str) -> anyhow::Result<Output> {
        let mut command = if self.is_narrow {
            let mut script = Command::new("script");
            let program = self.program.display();
            // Progress is for people who watch.
            script.args(["-qec", &format!("{program} {arguments} 2>errors"), "/dev/null"]);
            script.env("COLUMNS", "80").env("NO_COLOR", "1");
            script
        } else {
            let mut command = Command::new(self.program);
            command.args(arguments.split(' ')).stderr(Stdio::inherit());
            command
        };
        command
            .current_dir(&self.folder)
            .env("AGENTUSER_GRAPH_ENDPOINT", self.simulator.endpoint())
            .env("AGENTUSER_TOKEN", self.simulator.token())
            .stdin(Stdio::null());
        Ok(command.output()?)
    }
}

/// Whether a line is shown by one in which `…` stands for some text.
fn is_shown_as(printed: &str, shown: &str) -> bool {
    let Some((first, rest)) = shown.split_once('…') else { return printed == shown };
    let Some(mut left) = printed.strip_prefix(first) else { return false };
    let mut parts = rest.split('…').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return left.ends_with(part);
        }
        let Some((_, after)) = left.split_once(part) else { return false };
        left = after;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ellipsis_stands_for_some_text() {
        assert!(is_shown_as("a (1234): created", "a (…): created"));
        assert!(!is_shown_as("b (1234): created", "a (…): created"));
        assert!(!is_shown_as("a (1234): changed", "a (…): created"));
        assert!(is_shown_as("a", "a") && !is_shown_as("ab", "a"));
        assert!(is_shown_as("in 9 days: 2026.", "in … days: …."));
        assert!(!is_shown_as("in 9 hours: 2026.", "in … days: …."));
    }

    #[test]
    fn a_session_may_have_a_tenant_of_its_own() {
        let comment = format!("{OPTIONS}{{\"tenant\": \"troubled\"}} -->");
        let text = format!("```console\n$ a\n```\n{comment}\n```console\n$ b\nc\n```\n");
        let sessions = sessions(&text).unwrap();
        assert_eq!((sessions.len(), &sessions[0].options, &sessions[0].lines[..]), (2, &None, &["$ a"][..]));
        assert_eq!(sessions[1].options, Some(json!({ "tenant": "troubled" })));
        assert_eq!(sessions[1].lines, ["$ b", "c"]);
    }
}
