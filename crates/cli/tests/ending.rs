//! Signals, and outputs that take nothing more.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::simulator::Simulator;
use common::{end, example};
use rustix::process::{Pid, Signal};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Output, Stdio};

/// A tenant whose answers take so long that a roster does not end within seconds.
fn slow() -> Simulator {
    Simulator::start_with(&["--options", "-"], r#"{"identities": 24, "latencyMs": [400, 400]}"#)
}

/// A tenant that has the first request of this method and path wait for ten minutes: only a signal ends it before.
fn holding(method: &str, path: &str) -> Simulator {
    let sim = Simulator::fast();
    sim.control(
        "POST",
        "script",
        &serde_json::json!([{ "method": method, "path": path, "fault": "throttled", "retryAfterSeconds": 600 }])
            .to_string(),
    );
    sim
}

/// Waits until the simulator has done what was scripted: each look is a request to it, and no clock is involved.
fn faulted(sim: &Simulator, program: &mut Child) {
    loop {
        let ended = program.try_wait().unwrap();
        if sim.stats()["faults"] != serde_json::json!({}) {
            return;
        }
        assert!(ended.is_none(), "it ended early");
    }
}

/// A roster that waits for the answer about its first agent identity.
fn waiting_roster(sim: &Simulator) -> Child {
    // One request at a time, so that no row goes on beside it.
    let arguments = ["roster", "apply", &example("roster.csv"), "--no-batch", "--in-flight", "1"];
    let mut apply = sim.interruptible(&arguments).spawn().unwrap();
    faulted(sim, &mut apply);
    apply
}

fn signal(signal: Signal, program: &Child) {
    rustix::process::kill_process(Pid::from_child(program), signal).unwrap();
}

fn texts(output: &Output) -> (String, String) {
    (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn an_interrupted_roster_says_so_in_a_line() {
    let sim = holding("GET", "/servicePrincipals/");
    let apply = waiting_roster(&sim);
    signal(Signal::INT, &apply);
    let output = apply.wait_with_output().unwrap();
    let (stdout, stderr) = texts(&output);
    assert_eq!(output.status.code(), Some(9), "{stdout}{stderr}");
    assert!(stdout.contains("24 rows: ") && stdout.contains("cancelled"), "{stdout}");
    assert!(!stderr.contains("error:"), "{stderr}");
    assert!(stderr.contains("Run the same command again: it goes on where it stopped."), "{stderr}");
    assert!(stderr.lines().count() <= 3, "{stderr}");
    sim.run(&["roster", "apply", &example("roster.csv")]).done(&["24 rows: "]);
    assert_eq!(sim.stats()["agentUsersCreated"], 24);
}

#[test]
fn an_interrupted_list_says_so_in_a_line() {
    let sim = Simulator::fast();
    sim.control("POST", "script", r#"[{"method": "GET", "path": "/users", "fault": "never"}]"#);
    let mut list = sim.interruptible(&["list"]).spawn().unwrap();
    faulted(&sim, &mut list);
    signal(Signal::INT, &list);
    let output = list.wait_with_output().unwrap();
    let (stdout, stderr) = texts(&output);
    assert_eq!(output.status.code(), Some(9), "{stdout}{stderr}");
    let lines: Vec<&str> = stderr.lines().collect();
    let [cancelling, ended] = lines[..] else { panic!("{stderr}") };
    assert!(cancelling.starts_with("Cancelling: "), "{stderr}");
    assert!(ended.starts_with("error: ") && ended.contains("Run it again"), "{stderr}");
}

#[test]
fn a_simulator_that_can_t_say_where_it_is_ends() {
    for more in [&[][..], &["--json"]] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let mut simulator = Command::new(env!("CARGO_BIN_EXE_agentuser"));
        simulator.args([&["simulator", "--idle", "2m"], more].concat()).stdout(full);
        let output = simulator.output().unwrap();
        let (_, stderr) = texts(&output);
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(stderr.contains("OutputUnwritable"), "{stderr}");
    }
}

#[test]
fn rows_that_hit_the_time_limit_end_it_with_the_code_of_a_timeout() {
    let sim = slow();
    let arguments = ["roster", "apply", &example("roster.csv"), "--timeout", "6s", "--in-flight", "4"];
    let output = sim.process(&arguments).arg("--no-batch").output().unwrap();
    let (stdout, stderr) = texts(&output);
    assert_eq!(output.status.code(), Some(6), "{stdout}{stderr}");
    assert!(stderr.contains("DeadlineExceeded") && stderr.contains("run id: "), "{stderr}");
    assert!(stderr.contains("not finished in time. Run the same command again"), "{stderr}");
}

#[test]
fn a_doubled_signal_is_one_and_a_closed_terminal_ends_it_in_good_order() {
    for signals in [&[Signal::TERM, Signal::TERM][..], &[Signal::HUP], &[Signal::HUP, Signal::TERM]] {
        let sim = holding("GET", "/servicePrincipals/");
        let apply = waiting_roster(&sim);
        signals.iter().for_each(|one| signal(*one, &apply));
        let output = apply.wait_with_output().unwrap();
        let (stdout, stderr) = texts(&output);
        assert_eq!(output.status.code(), Some(9), "{signals:?}: {stdout}{stderr}");
        assert!(stdout.contains("cancelled"), "{signals:?}: {stdout}");
    }
}

#[test]
fn a_second_interrupt_stops_it_at_once() {
    let sim = Simulator::fast();
    sim.control("POST", "script", r#"[{"method": "PATCH", "path": "/users/", "fault": "never"}]"#);
    let arguments = ["update", "first.agent@contoso.com", "--set", "jobTitle=x", "--json"];
    let mut update = sim.interruptible(&arguments).spawn().unwrap();
    // A write in flight is waited for.
    faulted(&sim, &mut update);
    signal(Signal::INT, &update);
    let mut said = BufReader::new(update.stderr.take().unwrap());
    let mut stderr = String::new();
    while !stderr.contains(r#""event":"cancelling""#) {
        assert_ne!(said.read_line(&mut stderr).unwrap(), 0, "{stderr}");
    }
    // A signal that comes at once is the same one, sent twice.
    while update.try_wait().unwrap().is_none() {
        signal(Signal::INT, &update);
    }
    said.read_to_string(&mut stderr).unwrap();
    let output = update.wait_with_output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(130), "{stdout}{stderr}");
    assert!(stderr.contains(r#""event":"stopped""#), "{stderr}");
}

#[test]
fn nohup_keeps_it_running() {
    let sim = Simulator::fast();
    sim.control(
        "POST",
        "script",
        r#"[{"method": "GET", "path": "/users", "fault": "throttled", "retryAfterSeconds": 2}]"#,
    );
    let arguments = ["-c", r#"trap "" HUP; exec "$@""#, "sh", env!("CARGO_BIN_EXE_agentuser"), "list"];
    let mut command = Command::new("sh");
    command.args(arguments).env("AGENTUSER_GRAPH_ENDPOINT", &sim.root).env("AGENTUSER_TOKEN", "admin");
    command.env("NO_PROXY", "*").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut list = command.spawn().unwrap();
    faulted(&sim, &mut list);
    signal(Signal::HUP, &list);
    let output = list.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn a_full_disk_is_named() {
    let sim = Simulator::fast();
    for arguments in
        [&["list"][..], &["list", "--csv"], &["sku", "--json"], &["--help"], &["list", "-h"], &["--version"]]
    {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = sim.process(arguments).stdout(full).output().unwrap();
        let (_, stderr) = texts(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {stderr}");
        assert!(
            stderr.contains("OutputUnwritable") && stderr.contains("No space left"),
            "{arguments:?}: {stderr}"
        );
        assert!(!stderr.contains("Report it"), "{stderr}");
    }
}

#[test]
fn no_token_is_in_a_core_dump() {
    let sim = holding("GET", "/users");
    let mut list = sim.process(&["list"]).spawn().unwrap();
    faulted(&sim, &mut list);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", list.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap().to_owned();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
    signal(Signal::ABORT, &list);
    assert!(!format!("{:?}", list.wait_with_output().unwrap().status).contains("core dumped"));
}

#[test]
fn few_open_files_are_enough_or_named() {
    let sim = Simulator::fast();
    let limited = |files: u32, arguments: &[&str]| {
        let mut command = assert_cmd::Command::new("sh");
        let limit = format!(r#"ulimit -n {files}; exec "$@""#);
        command.args(["-c", &limit, "sh", env!("CARGO_BIN_EXE_agentuser")]).args(arguments);
        command.env("AGENTUSER_GRAPH_ENDPOINT", &sim.root).env("AGENTUSER_TOKEN", "admin");
        end(command.env("NO_COLOR", "1").env("NO_PROXY", "*"))
    };
    limited(16, &["roster", "apply", &example("roster.csv")]).done(&["24 rows: 24 created"]);
    let ended = limited(5, &["list"]);
    ended.failed(6, &["code: TooManyOpenFiles", "ulimit -n"]);
}
