//! The machine that the numbers were measured on.

use std::fs::read_to_string;
use std::process::{Command, Stdio};

/// The machine, its versions and its load, as a line.
pub(crate) fn line() -> String {
    let cpus = read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = value(&cpus, "model name", ':').unwrap_or(std::env::consts::ARCH);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let release = read_to_string("/etc/os-release").unwrap_or_default();
    let system = value(&release, "PRETTY_NAME", '=').unwrap_or(std::env::consts::OS);
    let load = load();
    let rust = says("rustc", &["--version"]).unwrap_or_default();
    format!("{model}, {cores} cores, {system}, {rust}; load at the start {load}.")
}

/// The load of the last minute; `?` where the system does not tell.
pub(crate) fn load() -> String {
    let load = read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("?").to_owned()
}

/// The first line that a program prints.
pub(crate) fn says(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output();
    let output = output.ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().next().map(|line| line.trim().to_owned())
}

/// The value of a line `name: value`.
fn value<'a>(text: &'a str, name: &str, between: char) -> Option<&'a str> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(between)?.1.trim().trim_matches('"'))
}
