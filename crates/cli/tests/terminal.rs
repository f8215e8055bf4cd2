//! Terminals of any width, and of none that is told.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::example;
use common::pty::Terminal;
use common::simulator::{Simulator, parent};
use std::process::Command;

/// The text of a command on a terminal of so many columns, and its exit code.
fn on_terminal(sim: Option<&Simulator>, columns: u16, arguments: &[&str]) -> (String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_agentuser"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AGENTUSER_")) {
        command.env_remove(name);
    }
    command.args(arguments).env("NO_PROXY", "*").env("TERM", "xterm").env_remove("COLUMNS");
    command.envs(common::NOBODY);
    if let Some(sim) = sim {
        command.env("AGENTUSER_GRAPH_ENDPOINT", &sim.root).env("AGENTUSER_TOKEN", "admin");
    }
    Terminal::start(command, columns, if columns == 0 { 0 } else { 24 }).end()
}

/// Checks that no line is wider, unless it is one long word.
#[track_caller]
fn fits(text: &str, columns: usize) {
    for line in text.lines() {
        let words = line.split_whitespace().count();
        let width = line.chars().count();
        assert!(width <= columns || words == 1, "{width} of {columns}: {line}\n{text}");
    }
}

#[test]
fn errors_of_a_roster_are_whole_words_at_any_width() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roster.csv");
    let row = |name: &str| format!("{},{name},editorial.notes@contoso.com\n", parent(1));
    let text = format!("identityParentId,displayName,userPrincipalName\n{}{}", row("One"), row("Two"));
    std::fs::write(&file, text).unwrap();
    for columns in [0, 40, 80, 100, 200] {
        let (text, code) = on_terminal(None, columns, &["validate", "--file", file.to_str().unwrap()]);
        assert_eq!(code, Some(1), "{text}");
        for whole in [
            "RepeatedUserPrincipalName",
            "userPrincipalName",
            "identityParentId",
            &parent(1),
            "RosterInvalid",
        ] {
            assert!(text.contains(whole), "{columns}: {whole} is not in\n{text}");
        }
        fits(&text, if columns == 0 { 80 } else { usize::from(columns) });
    }
}

#[test]
fn a_roster_is_a_line_for_each_row_and_lists_leave_out_columns() {
    let sim = Simulator::fast();
    for columns in [80, 100, 0, 40] {
        let (text, code) = on_terminal(Some(&sim), columns, &["roster", "apply", &example("roster.csv")]);
        assert_eq!(code, Some(0), "{text}");
        let lines: Vec<&str> = text.lines().filter(|line| line.contains("@contoso.com")).collect();
        assert_eq!(lines.len(), 24, "{columns}: {text}");
        // No row has a problem, so no room is kept for it.
        assert!(text.contains("OUTCOME") && !text.contains("PROBLEM"), "{text}");
        fits(&text, if columns == 0 { 80 } else { usize::from(columns) });
    }
    let heading = |columns, more: &[&str]| {
        let (text, _) = on_terminal(Some(&sim), columns, &[&["list"], more].concat());
        fits(&text, if columns == 0 { 80 } else { usize::from(columns) });
        text.lines().find(|line| line.contains("USER PRINCIPAL")).unwrap_or_default().to_owned()
    };
    assert!(heading(200, &[]).ends_with("PARENT"));
    assert!(heading(80, &[]).ends_with("ENABLED"));
    assert_eq!(heading(0, &[]), heading(80, &[]));
    assert!(heading(40, &[]).ends_with("NAME"));
    // Columns that were asked for stay, under each other where they do not fit beside each other.
    let (text, _) =
        on_terminal(Some(&sim), 60, &["list", "--columns", "userPrincipalName,id,identityParentId"]);
    assert!(text.contains(&format!("PARENT               {}", parent(1))), "{text}");
    fits(&text, 60);
}

/// The origin of a server with these users, by what their display names are in JSON.
fn server_of(names: &[&str]) -> String {
    let user = |(number, name): (usize, &&str)| {
        let id = format!("a6000000-0000-4000-8000-{number:012}");
        let parent = parent(1);
        format!(
            r##"{{"@odata.type":"#microsoft.graph.agentUser","id":"{id}","identityParentId":"{parent}",
            "userPrincipalName":"agent@contoso.com","accountEnabled":true,"displayName":"{name}"}}"##
        )
    };
    let users: Vec<String> = names.iter().enumerate().map(user).collect();
    let body = format!(r#"{{"value":[{}]}}"#, users.join(","));
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
    let answer = format!("{head}{}\r\n\r\n{body}", body.len());
    common::server_by(move |_| answer.clone())
}

fn list_of(server: &str, columns: u16, more: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_agentuser"));
    command.arg("list").args(more).args(["--graph-endpoint", server]);
    command.env("NO_PROXY", "*").env("TERM", "xterm").env_remove("COLUMNS").env("AGENTUSER_TOKEN", "admin");
    let (text, code) = Terminal::start(command, columns, 24).end();
    assert_eq!(code, Some(0), "{text}");
    text
}

#[test]
fn one_long_name_takes_no_column_from_the_others() {
    let long = "x".repeat(256);
    let server = server_of(&["Ada", "Eve", &long, "Joe", "Zoe"]);
    let text = list_of(&server, 200, &[]);
    let heading = text.lines().find(|line| line.contains("USER PRINCIPAL")).unwrap();
    assert!(heading.ends_with("PARENT"), "{text}");
    assert_eq!(text.lines().filter(|line| line.ends_with(&parent(1))).count(), 5, "{text}");
    assert!(text.lines().any(|line| line.ends_with(&long)), "{text}");
    let text = list_of(&server, 100, &["--columns", "displayName,id"]);
    assert!(text.lines().any(|line| line.starts_with("DISPLAY NAME  ID")), "{text}");
}

#[test]
fn no_output_takes_hold_of_the_terminal() {
    let server = server_of(&[r"\u001b[31mred\u0007", r"\u009b\u202eevil", r"a\r\nb\tc"]);
    for more in [&[][..], &["--csv"], &["--json"], &["--sort", "id"]] {
        let text = list_of(&server, 200, more);
        let taken = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(text.contains("red") && text.contains("evil"), "{more:?}: {text:?}");
        assert!(!text.contains(taken), "{more:?}: {text:?}");
    }
}

#[test]
fn an_interrupt_is_told_on_a_line_of_its_own() {
    let endpoint =
        common::server("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 600\r\nContent-Length: 0\r\n\r\n");
    let mut command = Command::new(env!("CARGO_BIN_EXE_agentuser"));
    command
        .args(["list", "--graph-endpoint", &endpoint])
        .env("NO_PROXY", "*")
        .env("AGENTUSER_TOKEN", "admin");
    command.env("TERM", "xterm");
    let mut terminal = Terminal::start(common::interruptible(&command), 100, 24);
    terminal.until("waiting 600 s");
    assert!(
        Command::new("kill").args(["-INT", &terminal.program.id().to_string()]).status().unwrap().success()
    );
    let (text, code) = terminal.end();
    assert_eq!(code, Some(9), "{text}");
    assert!(text.lines().any(|line| line.starts_with("Cancelling: ")), "{text}");
}

#[test]
fn prose_is_wrapped_on_a_terminal_and_whole_in_a_file() {
    let arguments = ["get", "ada@contoso.com"];
    let (text, code) = on_terminal(None, 50, &arguments);
    assert_eq!(code, Some(4), "{text}");
    fits(&text, 50);
    assert!(text.lines().count() > 5, "{text}");
    let ended = common::run(&arguments);
    ended.failed(4, &["code: TokenMissing"]);
    assert_eq!(ended.stderr.lines().count(), 5, "{ended:?}");
}

#[test]
fn one_picture_of_an_agent_user() {
    let sim = Simulator::fast();
    sim.run(&["roster", "apply", &example("roster.csv")]).done(&[]);
    let (text, _) = on_terminal(Some(&sim), 80, &["get", "sales.lead@contoso.com"]);
    for line in
        ["manager            Human 1 (", "sponsors           Human 1 (", "group Group 1 (", "AGENT_365"]
    {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(text.contains("EXCHANGE_S_ENTERPRISE") && !text.contains("skuId"), "{text}");
    fits(&text, 80);
}

#[test]
fn a_token_comes_on_a_terminal_only_when_it_is_asked_for() {
    let sim = Simulator::start(&[]);
    let (text, code) = on_terminal(Some(&sim), 80, &["token"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.contains("error: The token is not printed, because standard output is a terminal."),
        "{text}"
    );
    assert!(text.contains("add --show") && !text.contains("admin"), "{text}");
    fits(&text, 80);
    let (text, code) = on_terminal(Some(&sim), 80, &["token", "--show"]);
    assert_eq!((text.trim_end(), code), ("admin", Some(0)));
    sim.run(&["token"]).done(&["admin\n"]);
}
