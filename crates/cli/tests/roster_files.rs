//! Rosters as programs write them, damaged, and without an end.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::simulator::Simulator;
use common::{agentuser, end, example, run};
use std::fmt::Write as _;
use std::io::Read as _;
use wait4::Wait4 as _;

const HEADER: &str = "identityParentId,displayName,userPrincipalName";

/// A path to a file with these bytes, in a folder that lives as long as the test.
struct Given(tempfile::TempDir);

impl Given {
    fn new(bytes: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("given"), bytes).unwrap();
        Self(folder)
    }

    fn path(&self) -> String {
        self.0.path().join("given").to_str().unwrap().to_owned()
    }
}

fn rows(numbers: std::ops::Range<u32>) -> String {
    let mut text = format!("{HEADER}\n");
    for n in numbers {
        writeln!(text, "a1d00000-0000-4000-8000-{n:012},Agent {n},agent{n}@contoso.com").unwrap();
    }
    text
}

#[test]
fn a_missing_quote_is_told_and_nothing_is_valid() {
    let file = rows(1..4).replace("Agent 1", "\"Agent 1");
    let file = Given::new(file);
    let says = "a quote is opened in row 2, column displayName, and never closed";
    run(&["validate", "--file", &file.path()]).failed(1, &[says, "fix: Close the quote in row 2"]);
    run(&["roster", "plan", &file.path(), "--json"]).failed(1, &[says, "RosterUnreadable"]);
}

#[test]
fn what_was_recognised_is_said_once_in_text_and_json() {
    let file = Given::new(format!("sep=,\r\n{}", rows(1..3).replace('\n', ",\r\n")));
    let ended = run(&["validate", "--file", &file.path()]);
    ended.done(&["valid (2 rows)"]);
    assert_eq!(ended.stderr.matches("sep=").count(), 1, "{ended:#?}");
    assert!(ended.stderr.contains("without a name and without values"), "{ended:#?}");
    let json = run(&["validate", "--file", &file.path(), "--json"]).json().remove(0);
    let codes: Vec<_> = json["remarks"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    assert_eq!(codes, ["SeparatorLine", "EmptyColumns"]);
}

const APP: &str = "22222222-3333-4444-8555-666666666666";

#[test]
fn what_has_no_end_is_read_to_the_limit() {
    for path in ["/dev/zero", "/dev/urandom"].into_iter().filter(|path| std::path::Path::new(path).exists()) {
        run(&["validate", "--file", path, "--max-bytes", "1000000"])
            .failed(1, &["The roster has more than 1000000 bytes.", "code: InputTooLarge"]);
        run(&["roster", "plan", path, "--max-bytes", "1000000"]).failed(1, &["InputTooLarge"]);
        run(&["list", "--token-file", path]).failed(1, &["has more than 65536 bytes", "InputTooLarge"]);
        run(&["list", "--tenant", "contoso.com", "--client-id", APP, "--client-secret-file", path])
            .failed(1, &["has more than 65536 bytes"]);
        run(&["simulator", "--options", path]).failed(1, &["has more than 1048576 bytes"]);
    }
    let many = Given::new(rows(1..12));
    run(&["validate", "--file", &many.path(), "--max-rows", "10"])
        .failed(1, &["The roster has more than 10 rows.", "code: InputTooLarge"]);
    run(&["validate", "--file", &many.path(), "--max-rows", "11"]).done(&["valid (11 rows)"]);
    let mut endless = agentuser(&["validate", "--file", "-", "--max-bytes", "100"]);
    end(endless.write_stdin(rows(1..12))).failed(1, &["more than 100 bytes"]);
}

#[test]
fn files_that_cannot_be_read_are_said_without_numbers_of_the_system() {
    let folder = tempfile::tempdir().unwrap();
    let (a_folder, missing) = (folder.path().to_str().unwrap(), folder.path().join("none"));
    let missing = missing.to_str().unwrap();
    for (path, says) in [(a_folder, "it is a folder."), (missing, "there is no such file or folder.")] {
        for arguments in [
            &["validate", "--file", path][..],
            &["roster", "plan", path],
            &["list", "--token-file", path],
            &["list", "--ca-file", path],
            &["simulator", "--options", path],
        ] {
            let ended = run(arguments);
            ended.failed(ended.code, &[says]);
            assert!(ended.code != 0 && !ended.stderr.contains("os error"), "{ended:#?}");
        }
    }
    end(agentuser(&["list", "--log", a_folder]).env("AGENTUSER_TOKEN", "x"))
        .failed(1, &["can't be written: it is a folder."]);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ended = run(&["simulator", "--port", &port]);
    assert!(ended.code == 1 && !ended.stderr.contains("os error"), "{ended:#?}");
}

#[test]
fn many_errors_are_bounded_counted_and_summed_up() {
    let file = Given::new(rows(1..4_001).replace("@contoso.com", "@contoso"));
    let ended = run(&["validate", "--file", &file.path()]);
    ended.failed(1, &["The roster has 4000 errors in 4000 rows. The first 1000 are listed"]);
    assert!(ended.stdout.lines().count() < 1_010, "{}", ended.stdout.lines().count());
    assert!(ended.stdout.contains("4000") && ended.stdout.contains("FIRST ROW"), "{}", ended.stdout);
    let ended = run(&["validate", "--file", &file.path(), "--json", "--max-errors", "5"]);
    let problem: serde_json::Value = serde_json::from_str(ended.stderr.trim()).unwrap();
    assert_eq!(problem["rowErrors"].as_array().unwrap().len(), 5);
    let counts = serde_json::json!([
        {"code": "UpnDomainShape", "field": "userPrincipalName", "count": 4000, "firstRow": 2},
    ]);
    assert_eq!(problem["rowErrorCounts"], counts);
    assert_eq!(ended.json().len(), 5);
}

#[test]
fn a_hundred_thousand_rows_of_eight_columns_take_little_memory() {
    let mut good = format!("{HEADER},usageLocation,jobTitle,manager,sponsors,licenses\n");
    for n in 1..=100_000 {
        writeln!(
            good,
            "a1d00000-0000-4000-8000-{n:012},Sales Agent {n},sales.{n}@contoso.com,US,Assistant,\
             lead@contoso.com,one@contoso.com;two@contoso.com,AGENT_365"
        )
        .unwrap();
    }
    let bad = good.replace("a1d00000-", "x").replace(",US,", ",Utopia,");
    for (file, says) in [(good, "valid (100000 rows)"), (bad, "in 100000 rows")] {
        let file = Given::new(file);
        let mut process = std::process::Command::new(env!("CARGO_BIN_EXE_agentuser"))
            .args(["validate", "--file", &file.path()])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let (mut stdout, mut stderr) = (process.stdout.take().unwrap(), process.stderr.take().unwrap());
        let mut said = String::new();
        stdout.read_to_string(&mut said).unwrap();
        stderr.read_to_string(&mut said).unwrap();
        let peak = process.wait4().unwrap().rusage.maxrss;
        assert!(said.contains(says), "{}", said.chars().take(500).collect::<String>());
        assert!(peak < 150 << 20, "{peak} bytes");
    }
}

#[test]
fn what_the_program_lists_it_takes_back_and_nothing_changes() {
    let sim = Simulator::fast();
    sim.run(&["roster", "apply", &example("roster.csv")]).done(&["24 created"]);
    let lines = sim.run(&["list", "--json"]).stdout;
    let objects: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let one = sim.run(&["get", "sales.lead@contoso.com", "--json"]).stdout;
    let array = serde_json::to_string_pretty(&objects).unwrap();
    let graph = format!("{{\"@odata.context\": \"x\", \"value\": {array}}}");
    for (file, rows, remark) in [
        (lines.as_str(), 25, "JSON lines"),
        (&array, 25, "written by Graph alone"),
        (&graph, 25, "member value"),
        (&one, 1, "one object"),
    ] {
        let file = Given::new(file);
        let plan = sim.run(&["roster", "plan", &file.path()]);
        let noun = if rows == 1 { "row" } else { "rows" };
        plan.done(&[&format!("{rows} {noun}: nothing to change")]);
        assert!(plan.stderr.contains(remark), "{plan:#?}");
    }
    let writes = sim.writes();
    let file = Given::new(&lines);
    sim.run(&["roster", "apply", &file.path()]).done(&["25 rows: nothing to change"]);
    assert_eq!(sim.writes(), writes);
}

#[test]
fn the_examples_stay_as_they_are_read() {
    run(&["validate", "--file", &example("roster.csv"), "--quiet"]).done(&["valid (24 rows)"]);
}
