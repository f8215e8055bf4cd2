//! The admin page on the simulator of the demo: served on this machine, and opened where there is a display.

use crate::simulator_process::Simulator;
use anyhow::Context;
use std::env;
use std::io::{BufRead, BufReader, IsTerminal, stdin};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

/// Why the page is left out.
const MISSING: &str = "web/dist or Node is missing; web/README.md tells how the page is built";

/// Serves the page and says its address. To be shown, it is opened where there is a display, and is there until a person says that
/// it is enough; never for a program, such as CI.
pub(super) fn show(root: &Path, simulator: &Simulator, is_shown: bool) -> anyhow::Result<()> {
    let server = root.join("web/dist/index.html").exists().then(|| Server::start(root, simulator));
    let Some(Ok(server)) = server else {
        println!("left out: {MISSING}");
        return Ok(());
    };
    println!("{}", server.address);
    if !is_shown || env::var_os("CI").is_some() || !stdin().is_terminal() {
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
struct Server {
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
