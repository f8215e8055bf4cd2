//! `agentuser simulator` as a process of its own.

use anyhow::{Context, bail, ensure};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The process. Dropping it ends it.
pub(crate) struct Simulator {
    process: Child,
    endpoint: String,
    token: String,
    greeting: Value,
}

impl Simulator {
    /// Starts the simulator with these options, as JSON.
    pub(crate) fn start(program: &Path, options: &Value) -> anyhow::Result<Self> {
        Self::spawn(&mut Command::new(program), options)
    }

    /// The same for clients that nobody here wrote: their requests need not be in the contract of this project's own.
    pub(crate) fn for_strangers(program: &Path, options: &Value) -> anyhow::Result<Self> {
        Self::spawn(Command::new(program).env("AGENTUSER_CONTRACT", ""), options)
    }

    fn spawn(command: &mut Command, options: &Value) -> anyhow::Result<Self> {
        let mut process = command
            .args(["simulator", "--json", "--options", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the simulator could not be started")?;
        let mut stdin = process.stdin.take().context("the simulator has no input")?;
        stdin.write_all(options.to_string().as_bytes())?;
        drop(stdin);
        let mut line = String::new();
        let stdout = process.stdout.take().context("the simulator has no output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let greeting: Value =
            serde_json::from_str(&line).context("the simulator does not say where it is")?;
        let member = |name: &str| greeting.get(name).and_then(Value::as_str).map(str::to_owned);
        let (Some(endpoint), Some(token)) = (member("endpoint"), member("token")) else {
            bail!("the simulator does not say where it is: {line}");
        };
        Ok(Self { process, endpoint, token, greeting })
    }

    /// A member of what it said when it started, such as `proxy`.
    pub(crate) fn said(&self, name: &str) -> Option<&str> {
        self.greeting.get(name).and_then(Value::as_str)
    }

    /// The simulator's address.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// A token that the simulator takes.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// The facts, counts and state of the simulator: `tenant`, `stats`, `state`, `writes`.
    pub(crate) fn look(&self, what: &str) -> anyhow::Result<Value> {
        let body = self.ask(&self.token, "GET", &format!("/simulator/{what}"), None)?;
        serde_json::from_str(&body).with_context(|| format!("the simulator's {what} can't be read"))
    }

    /// A request to the simulated Graph v1.0 with the token that may do everything. The answer's body, null where it is empty.
    pub(crate) fn graph(&self, method: &str, path: &str, body: Option<&Value>) -> anyhow::Result<Value> {
        let body = self.ask(&self.token, method, &format!("/v1.0{path}"), body)?;
        if body.is_empty() { Ok(Value::Null) } else { Ok(serde_json::from_str(&body)?) }
    }

    /// Its answer to the holder of another token.
    pub(crate) fn asked_as(&self, token: &str, path: &str) -> anyhow::Result<Value> {
        Ok(serde_json::from_str(&self.ask(token, "GET", path, None)?)?)
    }

    /// Stops the simulator and waits for the end of its process.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        self.ask(&self.token, "POST", "/simulator/stop", None)?;
        let status = self.process.wait()?;
        ensure!(status.success(), "the simulator ended with {status}");
        Ok(())
    }

    /// One request to a server on this machine, which speaks plain HTTP beside TLS; not worth a library.
    fn ask(&self, token: &str, method: &str, path: &str, body: Option<&Value>) -> anyhow::Result<String> {
        let (_, host) = self.endpoint.split_once("://").context("the simulator has an address")?;
        let mut connection = TcpStream::connect(host)?;
        connection.set_read_timeout(Some(Duration::from_secs(30)))?;
        let body = body.map(Value::to_string).unwrap_or_default();
        let length = body.len();
        write!(
            connection,
            "{method} {path} HTTP/1.0\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").context("the simulator's answer has no end")?;
        let status = head.split(' ').nth(1).unwrap_or_default();
        ensure!(status.starts_with('2'), "the simulator answers {method} {path} with {status}: {body}");
        Ok(body.to_owned())
    }
}

impl Drop for Simulator {
    /// A failed check must not leave the process behind.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
