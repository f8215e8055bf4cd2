//! Help and usage.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::{agentuser, end, run};

const COMMANDS: &[&[&str]] = &[
    &[],
    &["validate"],
    &["explain"],
    &["derive"],
    &["report"],
    &["consent-url"],
    &["conditional-access"],
    &["parent"],
    &["identity"],
    &["identity", "list"],
    &["identity", "get"],
    &["identity", "sponsors"],
    &["identity", "owners"],
    &["identity", "lifecycle"],
    &["attest"],
    &["blueprint"],
    &["blueprint", "list"],
    &["blueprint", "get"],
    &["blueprint", "verify"],
    &["audit"],
    &["access"],
    &["group"],
    &["group", "list"],
    &["group", "add"],
    &["group", "remove"],
    &["list"],
    &["get"],
    &["create"],
    &["update"],
    &["enable"],
    &["disable"],
    &["delete"],
    &["restore"],
    &["purge"],
    &["retire"],
    &["handover"],
    &["contain"],
    &["revoke-sessions"],
    &["manager"],
    &["manager", "get"],
    &["manager", "set"],
    &["manager", "clear"],
    &["sponsor"],
    &["sponsor", "list"],
    &["sponsor", "add"],
    &["sponsor", "remove"],
    &["sponsored"],
    &["sku"],
    &["license"],
    &["license", "list"],
    &["license", "add"],
    &["license", "remove"],
    &["permission"],
    &["permission", "list"],
    &["permission", "grant"],
    &["permission", "revoke"],
    &["permission", "allow-creation"],
    &["permission", "inherit"],
    &["permission", "wait"],
    &["permissions"],
    &["doctor"],
    &["wait"],
    &["login"],
    &["logout"],
    &["whoami"],
    &["token"],
    &["profile"],
    &["profile", "list"],
    &["profile", "show"],
    &["profile", "set"],
    &["profile", "default"],
    &["profile", "remove"],
    &["apply"],
    &["roster"],
    &["roster", "plan"],
    &["roster", "apply"],
    &["simulator"],
    &["completion"],
    &["man"],
];

#[test]
fn the_help_of_every_command_renders() {
    for command in COMMANDS {
        for flag in ["-h", "--help"] {
            let ended = run(&[command, &[flag][..]].concat());
            ended.done(&["Usage:"]);
            assert!(ended.stderr.is_empty(), "{ended:?}");
        }
    }
}

fn help(command: &[&str], columns: &str) -> String {
    let mut program = agentuser(&[command, &["--help"][..]].concat());
    end(program.env("COLUMNS", columns)).stdout
}

/// The examples of a help, as a shell reads them.
fn examples(help: &str) -> Vec<String> {
    let parts = help.split("Examples:").nth(1).unwrap_or_default().split(" \\\n");
    let whole = parts.enumerate().map(|(at, part)| if at == 0 { part } else { part.trim_start() });
    let whole = whole.collect::<Vec<_>>().join(" ");
    let commands = whole.lines().map(str::trim_start).filter(|line| line.starts_with("agentuser "));
    // The text after a gap describes the command.
    commands.map(|line| line.split("   ").next().unwrap().trim_end().to_owned()).collect()
}

#[test]
fn help_fits_any_terminal_and_its_examples_can_be_copied() {
    for command in COMMANDS {
        let wide = help(command, "110");
        let begin = format!("agentuser {}", command.join(" "));
        assert!(examples(&wide).iter().any(|line| line.starts_with(&begin)), "{command:?} has no example");
        for columns in [40, 60, 80, 100] {
            let narrow = help(command, &columns.to_string());
            assert_eq!(examples(&narrow), examples(&wide), "{command:?} {columns}");
            if columns >= 80 {
                for line in narrow.lines() {
                    assert!(line.chars().count() <= columns, "{command:?} {columns}: {line}");
                }
            }
        }
    }
}

#[test]
fn connection_options_stand_where_they_are_needed() {
    let offline: &[&[&str]] = &[
        &["validate"],
        &["derive"],
        &["explain"],
        &["report"],
        &["consent-url"],
        &["conditional-access"],
        &["permissions"],
        &["completion"],
        &["simulator"],
        &["man"],
    ];
    for command in COMMANDS {
        let needed = !command.is_empty() && !offline.contains(command) && command[0] != "profile";
        assert_eq!(help(command, "80").contains("--ca-file"), needed, "{command:?}");
    }
    let usage = run(&["derive", "Ada", "--graph-endpoint", "http://127.0.0.1:1"]);
    usage.failed(2, &["--graph-endpoint", "Usage: agentuser derive"]);
    // An option that the environment sets was not written by the user.
    let mut command = agentuser(&["get"]);
    let ended = end(command.env("AGENTUSER_GRAPH_ENDPOINT", "http://127.0.0.1:1"));
    ended.failed(2, &["Usage: agentuser get [OPTIONS]"]);
    assert!(!ended.stderr.contains("--graph-endpoint"), "{ended:?}");
}

#[test]
fn a_misspelled_member_is_answered_with_the_right_one() {
    run(&["update", "a@contoso.com", "--set", "jobTitel=x"]).failed(2, &["Did you mean jobTitle?"]);
    run(&["list", "--columns", "departmnet"]).failed(2, &["Did you mean department?"]);
    run(&["list", "--sort", "colour"]).failed(2, &["Use licenses, ", "or one of ", "userPrincipalName"]);
}

#[test]
fn manual_pages_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("man1");
    run(&["man", path.to_str().unwrap()]).done(&[]);
    let page = std::fs::read_to_string(path.join("agentuser-roster-apply.1")).unwrap();
    assert!(page.contains("Create every agent user of the roster"), "{page}");
    run(&["man", "/dev/null/x"]).failed(1, &["code: OutputUnwritable", "fix: "]);
}

#[test]
fn the_help_says_how_to_sign_in_and_what_the_exit_codes_mean() {
    run(&["--help"]).done(&["AGENTUSER_TOKEN", "--token-file", "Exit codes:", "some rows of a roster"]);
    run(&["--version"]).done(&["agentuser "]);
}

#[test]
fn wrong_usage_ends_with_2() {
    for arguments in [
        &["nonsense"][..],
        &[],
        &["get"],
        &["get", "a@contoso.com", "--parent", "x"],
        &["list", "--page-size", "1000"],
        &["list", "--deleted", "--enabled"],
        &["list", "--enabled", "--disabled"],
        &["create", "--parent", "x", "--display-name", "Ada"],
        &["create", "--parent", "x", "--display-name", "Ada", "--upn", "a@b.co", "--domain", "b.co"],
        &["update", "a@contoso.com"],
        &["update", "a@contoso.com", "--set", "jobTitel=x"],
        &["update", "a@contoso.com", "--set", "jobTitle"],
        &["update", "a@contoso.com", "--clear", "displayName"],
        &["purge", "a1d00000-0000-4000-8000-000000000001"],
        &["delete", "a1d00000-0000-4000-8000-000000000001"],
        &["delete", "--yes"],
        &["retire", "a@contoso.com"],
        &["retire", "a@contoso.com", "--until", "friday", "--yes"],
        &["apply", "plan.json"],
        &["apply", "plan.json", "--approved", "x", "--detailed-exitcode"],
        &["validate"],
        &["validate", "--file", "x", "--upn", "y"],
        &["wait", "a@contoso.com", "--for", "coffee"],
        &["list", "--cloud", "mars"],
        &["list", "--graph-endpoint", "http://graph.microsoft.com"],
        &["list", "--timeout", "soon"],
        &["list", "--token", "x"],
        &["list", "--client-secret", "x"],
        &["completion", "cmd"],
    ] {
        let ended = run(arguments);
        assert_eq!(ended.code, 2, "{arguments:?}: {ended:#?}");
        assert!(ended.stdout.is_empty() && !ended.stderr.is_empty(), "{arguments:?}: {ended:#?}");
    }
}

#[test]
fn completions_name_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        run(&["completion", shell]).done(&["roster", "sponsor", "graph-endpoint"]);
    }
}
