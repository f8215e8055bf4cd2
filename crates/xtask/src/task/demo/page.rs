//! The admin page on the simulator of the demo: served on this machine, and opened where there is a display.

use crate::simulator_process::Simulator;
use anyhow::{Context, ensure};
use std::env;
use std::io::{BufRead, BufReader, IsTerminal, Read as _, Write as _, stdin};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

/// Serves the page, opens it where there is a display, and ends it when a person says that it is enough. A program, such as CI, says
/// nothing: without a terminal the page ends at once.
pub(super) fn show(root: &Path, simulator: &Simulator) -> anyhow::Result<()> {
    let server = check(root, simulator)?;
    if env::var_os("CI").is_some() || !stdin().is_terminal() {
        println!("This is not a terminal in which Enter could be pressed, so the page ends here.");
        return Ok(());
    }
    if let Some(mut opener) = opener() {
        // Without a browser, the address is still there to be read.
        let _ = opener.arg(&server.address).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    }
    println!("Press Enter to end it.");
    stdin().lock().read_line(&mut String::new())?;
    Ok(())
}

/// Serves the page, says its address, and checks that it answers.
pub(super) fn check(root: &Path, simulator: &Simulator) -> anyhow::Result<Server> {
    let server = Server::start(root, simulator)?;
    println!("The admin page, with what was made here: {}", server.address);
    let (_, host) = server.address.split_once("://").context("the page has an address")?;
    let mut connection = TcpStream::connect(host)?;
    write!(connection, "GET / HTTP/1.0\r\nHost: {host}\r\n\r\n")?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    ensure!(answer.contains("200 OK") && answer.contains("<title>Agent users"), "the page answers {answer}");
    Ok(server)
}

/// The program that opens an address, where there is a display.
fn opener() -> Option<Command> {
    if cfg!(target_os = "macos") {
        return Some(Command::new("open"));
    }
    if cfg!(windows) {
        let mut command = Command::new("cmd");
        // `start` takes its first argument in quotes for the title of a window.
        command.args(["/C", "start", ""]);
        return Some(command);
    }
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some());
    has_display.then(|| Command::new("xdg-open"))
}

/// The page's server, which ends with its input. Dropping it ends it.
pub(super) struct Server {
    process: Child,
    /// Its end is that of the server.
    input: Option<ChildStdin>,
    address: String,
}

impl Server {
    fn start(root: &Path, simulator: &Simulator) -> anyhow::Result<Self> {
        let mut process = Command::new("node")
            .args(["web/serve/local.mjs", simulator.endpoint(), simulator.token()])
            .current_dir(root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = process.stdin.take();
        let mut address = String::new();
        let output = process.stdout.take().context("the server has no output")?;
        BufReader::new(output).read_line(&mut address)?;
        Ok(Self { process, input, address: address.trim().to_owned() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.process.wait();
    }
}
