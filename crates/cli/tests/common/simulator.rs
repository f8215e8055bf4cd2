//! The simulator, which the program itself serves, in a process of its own.

use super::{Ended, agentuser, end};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// The object id of agent identity `n`.
pub(crate) fn parent(n: u32) -> String {
    agentuser_simulator::ids::identity(n).to_string()
}

/// A simulator in a process of its own.
pub(crate) struct Simulator {
    process: Child,
    pub(crate) root: String,
}

impl Simulator {
    pub(crate) fn start(more: &[&str]) -> Self {
        Self::start_with(more, "")
    }

    /// One that is given this on stdin.
    pub(crate) fn start_with(more: &[&str], stdin: &str) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_agentuser"))
            .args(["simulator", "--json", "--idle", "2m", "--token", "admin"])
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        process.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(said["token"], "admin");
        Self { process, root: said["endpoint"].as_str().unwrap().to_owned() }
    }

    /// One that is fast enough for a mailbox.
    pub(crate) fn fast() -> Self {
        Self::start(&["--speed", "10000"])
    }

    pub(crate) fn command(&self, token: &str, arguments: &[&str]) -> assert_cmd::Command {
        let mut command = agentuser(arguments);
        command.env("AGENTUSER_GRAPH_ENDPOINT", &self.root).env("AGENTUSER_TOKEN", token);
        command
    }

    /// The command of a process that a test signals, or whose output it stops reading.
    pub(crate) fn process(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_agentuser"));
        command.args(arguments).env("AGENTUSER_GRAPH_ENDPOINT", &self.root).env("AGENTUSER_TOKEN", "admin");
        command
            .env("NO_PROXY", "*")
            .envs(super::NOBODY)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The same for a test that signals it.
    #[cfg(unix)]
    pub(crate) fn interruptible(&self, arguments: &[&str]) -> Command {
        let mut command = super::interruptible(&self.process(arguments));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        end(&mut self.command("admin", arguments))
    }

    /// Runs it, and expects JSON.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let ended = self.run(&[arguments, &["--json"]].concat());
        ended.done(&[]);
        ended.json()
    }

    /// The answer of one of the simulator's own addresses.
    pub(crate) fn control(&self, method: &str, path: &str, body: &str) -> Value {
        let address = self.root.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let length = body.len();
        let head = format!("{method} /simulator/{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close");
        let request = format!("{head}\r\nContent-Length: {length}\r\n\r\n{body}");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap()
    }

    /// The simulator's numbers so far.
    pub(crate) fn stats(&self) -> Value {
        self.control("GET", "stats", "")
    }

    pub(crate) fn writes(&self) -> u64 {
        self.stats()["writes"].as_u64().unwrap()
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
