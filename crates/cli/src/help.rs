//! Help that is wrapped once, and usage.

use crate::exit::{Exit, output_unwritable};
use crate::options::OutputOptions;
use crate::output::{Output, width, wrapped};
use agentuser::core::problem::without_tokens;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue};
use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

/// The command line, its help laid out for this terminal.
pub(crate) fn for_terminal(command: clap::Command) -> clap::Command {
    laid_out(command, width::help())
}

/// A command, its help laid out for this width.
fn laid_out(command: clap::Command, width: usize) -> clap::Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let whole = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let text = command.get_after_help().map(|text| fitted(&text.to_string(), width));
    let command = command.term_width(width);
    let command = match text {
        Some(text) => command.after_help(text),
        None => command,
    };
    names.into_iter().fold(command, |command, name| {
        let examples = examples_of(&command, &name, &whole);
        command.mut_subcommand(name, |sub| {
            let lacks_some = sub.get_after_help().is_none() && !examples.is_empty();
            laid_out(if lacks_some { sub.after_help(examples) } else { sub }, width)
        })
    })
}

/// The examples of a subcommand among those of its command.
fn examples_of(command: &clap::Command, name: &str, whole: &str) -> String {
    let begin = format!("  agentuser {} {name} ", command.get_name());
    let mut goes_on = false;
    let is_of = |line: &&str| {
        let takes = goes_on || format!("{line} ").starts_with(&begin);
        goes_on = takes && line.ends_with(" \\");
        takes
    };
    let lines: Vec<&str> = whole.lines().filter(is_of).collect();
    if lines.is_empty() { String::new() } else { format!("Examples:\n{}", lines.join("\n")) }
}

/// A text whose examples can be copied and whose prose is wrapped between words. Lines that fit stay as they are.
fn fitted(text: &str, width: usize) -> String {
    let whole = text.lines().fold(Vec::<String>::new(), |mut lines, line| {
        // A command that is broken already is broken anew.
        match lines
            .last_mut()
            .and_then(|last| last.strip_suffix(" \\").map(str::to_owned).map(|head| (last, head)))
        {
            Some((last, head)) => *last = format!("{head} {}", line.trim_start()),
            None => lines.push(line.to_owned()),
        }
        lines
    });
    let lines = whole.iter().flat_map(|line| {
        let indent = line.len() - line.trim_start().len();
        if line.chars().count() <= width || indent == 0 {
            return wrapped(line, width);
        }
        let line = line.trim_start();
        if line.starts_with("agentuser ") || line.starts_with("export ") {
            return example(line, indent, width);
        }
        // A name and its meaning: the meaning keeps its column.
        let (name, meaning) = line.find("  ").and_then(|at| line.split_at_checked(at)).unwrap_or(("", line));
        let column = indent + name.len() + meaning.len() - meaning.trim_start().len();
        let column = if column * 2 > width { indent + 2 } else { column };
        let mut lines = wrapped(meaning.trim_start(), width.saturating_sub(column).max(1));
        let spaces = |number: usize| " ".repeat(number);
        let first = format!("{}{name}", spaces(indent));
        if name.is_empty() || first.len() + 2 <= column {
            for (at, line) in lines.iter_mut().enumerate() {
                let before = if at == 0 { first.clone() } else { String::new() };
                *line = format!("{before:column$}{line}");
            }
        } else {
            lines.iter_mut().for_each(|line| *line = format!("{}{line}", spaces(column)));
            lines.insert(0, first);
        }
        lines
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A command, broken as shells take it.
fn example(line: &str, indent: usize, width: usize) -> Vec<String> {
    let (command, meaning) = match line.find("   ").and_then(|at| line.split_at_checked(at)) {
        Some((command, meaning)) => (command, meaning.trim_start()),
        None => (line, ""),
    };
    let room = width.saturating_sub(indent + 6).max(1);
    // A quoted text stays on its line.
    let mut quoted = false;
    let whole = command.chars().map(|c| {
        quoted ^= c == '"';
        if quoted && c == ' ' { '\u{a0}' } else { c }
    });
    let mut lines = wrapped(&whole.collect::<String>(), room);
    lines.iter_mut().for_each(|line| *line = line.replace('\u{a0}', " "));
    let last = lines.len().saturating_sub(1);
    for (at, line) in lines.iter_mut().enumerate() {
        let indent = if at == 0 { indent } else { indent + 4 };
        // Clap would break a line that is too long once more.
        let indent = indent.min(width.saturating_sub(line.len() + 2));
        let go_on = if at < last { " \\" } else { "" };
        *line = format!("{:indent$}{line}{go_on}", "");
    }
    let meaning = wrapped(meaning, room).into_iter().filter(|line| !line.is_empty());
    lines.extend(meaning.map(|line| format!("{:1$}# {line}", "", indent + 2)));
    lines
}

/// Prints help that was asked for, or what is wrong with the command line.
pub(crate) fn or_usage(mut error: clap::Error, whole: clap::Command, arguments: &[OsString]) -> ExitCode {
    if !error.use_stderr() {
        let output = Output::new(&OutputOptions::default());
        output.styled(&error.render().ansi().to_string());
        return output.end(Exit::Done).into();
    }
    if error.get(ContextKind::Usage).is_some() {
        // Clap's own line counts what variables of the environment set among what the user wrote.
        error.insert(ContextKind::Usage, ContextValue::StyledStr(usage(whole, arguments)));
    }
    let text = without_secrets(&error.render().ansi().to_string());
    match anstream::stderr().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::from(2),
        Err(error) => Output::new(&OutputOptions::default()).problem(&output_unwritable(&error)).into(),
    }
}

/// The text without tokens and passwords that stood where they do not belong: clap repeats what it refuses.
fn without_secrets(text: &str) -> String {
    let mut parts = text.split("://");
    let first = parts.next().unwrap_or_default().to_owned();
    let clean = parts.fold(first, |before, part| {
        let authority = part.find(['/', '\'', '"', ' ', '\n']).unwrap_or(part.len());
        match part.get(..authority).and_then(|authority| authority.rfind('@')) {
            Some(at) => format!("{before}://[redacted]{}", part.get(at..).unwrap_or_default()),
            None => format!("{before}://{part}"),
        }
    });
    without_tokens(&clean).into_owned()
}

/// The usage of the command that these arguments begin with.
fn usage(mut whole: clap::Command, arguments: &[OsString]) -> StyledStr {
    whole.build();
    usage_of(&mut whole, arguments.get(1..).unwrap_or_default())
}

fn usage_of(command: &mut clap::Command, words: &[OsString]) -> StyledStr {
    let found = words.iter().enumerate().find(|(_, word)| command.find_subcommand(word).is_some());
    match found.and_then(|(at, word)| Some((at, command.find_subcommand_mut(word)?.clone()))) {
        Some((at, mut sub)) => usage_of(&mut sub, words.get(at + 1..).unwrap_or_default()),
        None => command.render_usage(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_can_be_copied_at_any_width() {
        let line =
            "  agentuser create --parent a1d00000-0000-4000-8000-000000000001 --display-name \"Sales Agent\"";
        assert_eq!(fitted(line, 110), line);
        let narrow = fitted(line, 60);
        assert_eq!(
            narrow,
            "  agentuser create --parent \\\n      a1d00000-0000-4000-8000-000000000001 --display-name \\\n      \"Sales Agent\""
        );
        assert!(narrow.lines().all(|line| line.len() <= 60));
        let told = "  agentuser roster apply roster.csv      make the changes; run it again any time";
        assert_eq!(
            fitted(told, 50),
            "  agentuser roster apply roster.csv\n    # make the changes; run it again any time"
        );
    }

    #[test]
    fn meanings_keep_their_column() {
        let line = "  --token-file PATH   a file with a token; read again when Graph refuses it";
        assert_eq!(
            fitted(line, 50),
            "  --token-file PATH   a file with a token; read\n                      again when Graph refuses it"
        );
    }
}
