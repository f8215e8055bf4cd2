//! Help and usage.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::{agentuser, end, run};

const COMMANDS: &[&[&str]] = &[
    &[],
    &["validate"],
    &["derive"],
    &["parent"],
    &["list"],
    &["get"],
    &["create"],
    &["update"],
    &["enable"],
    &["disable"],
    &["delete"],
    &["restore"],
    &["purge"],
    &["manager"],
    &["manager", "get"],
    &["manager", "set"],
    &["manager", "clear"],
    &["sponsor"],
    &["sponsor", "list"],
    &["sponsor", "add"],
    &["sponsor", "remove"],
    &["sku"],
    &["license"],
    &["license", "add"],
    &["license", "remove"],
    &["wait"],
    &["roster"],
    &["roster", "plan"],
    &["roster", "apply"],
    &["simulator"],
    &["completion"],
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

/// Indented lines (examples, tables) are laid out by hand, and must not be broken into lines again.
#[test]
fn help_fits_a_terminal_of_80_columns() {
    for command in COMMANDS {
        let help = |columns| {
            let mut program = agentuser(&[command, &["--help"][..]].concat());
            let ended = end(program.env("COLUMNS", columns));
            ended.stdout.split("Examples:").skip(1).collect::<String>()
        };
        let (narrow, wide) = (help("80"), help("110"));
        let indented = |text: &str| -> Vec<String> {
            text.lines().filter(|line| line.starts_with(' ')).map(str::to_owned).collect()
        };
        assert_eq!(indented(&narrow), indented(&wide), "{command:?}");
        for line in narrow.lines() {
            assert!(line.chars().count() <= 80, "{command:?}: {line}");
        }
    }
}

#[test]
fn the_help_says_how_to_sign_in_and_what_the_exit_codes_mean() {
    run(&["--help"]).done(&[
        "AGENTUSER_TOKEN",
        "--token-file",
        "Exit codes:",
        "some rows of a roster failed",
    ]);
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
