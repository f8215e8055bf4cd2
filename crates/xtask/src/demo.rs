//! `cargo xtask demo`: a roster of agent users on a simulated Graph that throttles, lags and loses answers.

use anyhow::{Context, bail, ensure};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// The simulator's time runs this many times as fast as ours: its mailboxes take ten minutes and more.
const SPEED: &str = "120";
/// How long a change takes at most to reach every reader, on the simulator's clock.
const LAG: &str = "2m";
/// Of 1000 requests, so many are throttled or lose their answer.
const FAULTS: &str = "60";
/// Where ids, delays and faults come from.
const SEED: &str = "2026";

/// Plays the demo; fails when anything in it is not as it must be.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let program = build(root)?;
    let started = Instant::now();
    say("A simulator of Microsoft Graph. It is a fake; nothing leaves this machine.");
    let simulator = Simulator::start(&program, root)?;

    say("What the roster would change:");
    simulator.step(&["roster", "plan", "examples/roster.csv"], 0)?;
    say("Make it so. Requests are throttled, answers are lost, changes show late:");
    simulator.step(&["roster", "apply", "examples/roster.csv", "--wait", "mailbox,teams"], 0)?;
    say("What is there now:");
    simulator.step(&["list"], 0)?;
    say("Once more. Whoever runs a roster twice changes nothing:");
    simulator.step(&["roster", "apply", "examples/roster.csv"], 0)?;
    say("A roster with every rule broken, before anything is sent:");
    simulator.step(&["roster", "plan", "examples/roster-bad.csv"], 1)?;

    let stats = simulator.stats()?;
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
    println!("{:.0} seconds", started.elapsed().as_secs_f32());
    ensure!(
        created == 24 && twice.is_empty(),
        "the demo created {created} agent users, {} of them twice",
        twice.len()
    );
    ensure!(!faults.is_empty(), "nothing went wrong on the way, so the demo shows nothing");
    simulator.stop()
}

fn say(text: &str) {
    println!("\n── {text}");
}

/// Builds the command line and says where it is.
fn build(root: &Path) -> anyhow::Result<PathBuf> {
    let output = Command::new(env!("CARGO"))
        .args([
            "build",
            "--locked",
            "--package",
            "agentuser-cli",
            "--message-format",
            "json-render-diagnostics",
        ])
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()
        .context("cargo could not be started")?;
    ensure!(output.status.success(), "the command line does not build");
    let messages = output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    let mut executables =
        messages.filter_map(|message| message.get("executable")?.as_str().map(PathBuf::from));
    executables.next_back().context("cargo names no executable")
}

/// The simulator's process. It ends with this value.
struct Simulator<'a> {
    program: &'a Path,
    root: &'a Path,
    process: Child,
    endpoint: String,
    token: String,
}

impl<'a> Simulator<'a> {
    fn start(program: &'a Path, root: &'a Path) -> anyhow::Result<Self> {
        let mut process = Command::new(program)
            .args([
                "simulator",
                "--json",
                "--brisk",
                "--speed",
                SPEED,
                "--lag",
                LAG,
                "--faults",
                FAULTS,
                "--seed",
                SEED,
            ])
            .args(["--idle", "5m"])
            .stdout(Stdio::piped())
            .spawn()
            .context("the simulator could not be started")?;
        let mut line = String::new();
        let stdout = process.stdout.take().context("the simulator has no output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let greeting: Value =
            serde_json::from_str(&line).context("the simulator does not say where it is")?;
        let member = |name: &str| greeting.get(name).and_then(Value::as_str).map(str::to_owned);
        let (Some(endpoint), Some(token)) = (member("endpoint"), member("token")) else {
            bail!("the simulator does not say where it is: {line}");
        };
        println!("{endpoint}");
        Ok(Self { program, root, process, endpoint, token })
    }

    /// Runs the command line as a person would; it must end with that code.
    fn step(&self, arguments: &[&str], code: i32) -> anyhow::Result<()> {
        println!("$ agentuser {}", arguments.join(" "));
        let status: ExitStatus = Command::new(self.program)
            .args(arguments)
            .current_dir(self.root)
            .env("AGENTUSER_GRAPH_ENDPOINT", &self.endpoint)
            .env("AGENTUSER_TOKEN", &self.token)
            .status()?;
        ensure!(
            status.code() == Some(code),
            "agentuser {} ended with {status}, not with {code}",
            arguments.join(" ")
        );
        Ok(())
    }

    fn stats(&self) -> anyhow::Result<Value> {
        let body = self.ask("GET", "/simulator/stats")?;
        serde_json::from_str(&body).context("the simulator's counts can't be read")
    }

    fn stop(mut self) -> anyhow::Result<()> {
        self.ask("POST", "/simulator/stop")?;
        let status = self.process.wait()?;
        ensure!(status.success(), "the simulator ended with {status}");
        Ok(())
    }

    /// One request to a server on this machine; not worth a library.
    fn ask(&self, method: &str, path: &str) -> anyhow::Result<String> {
        let host = self.endpoint.strip_prefix("http://").context("the simulator speaks http")?;
        let mut connection = TcpStream::connect(host)?;
        connection.set_read_timeout(Some(Duration::from_secs(10)))?;
        write!(connection, "{method} {path} HTTP/1.0\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n")?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").context("the simulator's answer has no end")?;
        let status = head.split(' ').nth(1).unwrap_or_default();
        ensure!(status.starts_with('2'), "the simulator answers {method} {path} with {status}");
        Ok(body.to_owned())
    }
}

impl Drop for Simulator<'_> {
    /// Whatever happened, the process this demo started does not stay.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
