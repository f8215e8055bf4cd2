//! Suites of tests, whatever runs them: what each came to, and the line of all at the end.

use anyhow::{Context, bail, ensure};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// What a suite came to.
pub(crate) struct Suite {
    name: String,
    passed: usize,
    failed: usize,
    /// Why it did not run.
    skipped: Option<String>,
}

/// How a runner says what came of its tests.
#[derive(Clone, Copy)]
pub(crate) enum Runner {
    /// `test result: ok. 12 passed; 0 failed; 0 ignored; …`, a line per binary.
    Cargo,
    /// `# pass 12`, `# fail 0`, `# skipped 0`.
    Node,
    /// `Passed!  - Failed:     0, Passed:    12, Skipped:     0, …`, a line per assembly.
    Dotnet,
}

/// Tests, as a runner's line counts them.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: usize,
    failed: usize,
    /// Ignored or skipped, which is no way to pass.
    left_out: usize,
}

impl Suite {
    /// A suite of one check.
    pub(crate) fn check(name: &str, result: anyhow::Result<()>) -> Self {
        Self::checks(name, [result])
    }

    /// A suite of several.
    pub(crate) fn checks(name: &str, results: impl IntoIterator<Item = anyhow::Result<()>>) -> Self {
        let (mut passed, mut failed) = (0, 0);
        for result in results {
            match result {
                Ok(()) => passed += 1,
                Err(error) => {
                    eprintln!("{name}: {error:#}");
                    failed += 1;
                }
            }
        }
        Self { name: name.to_owned(), passed, failed, skipped: None }
    }

    /// A suite that this machine can't run.
    pub(crate) fn skipped(name: &str, why: &str) -> Self {
        eprintln!("{name}: SKIPPED: {why}");
        Self { name: name.to_owned(), passed: 0, failed: 0, skipped: Some(why.to_owned()) }
    }

    /// Runs tests and counts them by their runner's own lines.
    pub(crate) fn run(name: &str, runner: Runner, command: &mut Command) -> Self {
        Self::counted(name, runner, command).unwrap_or_else(|error| Self::check(name, Err(error)))
    }

    fn counted(name: &str, runner: Runner, command: &mut Command) -> anyhow::Result<Self> {
        let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
        println!("$ {} {}", program(command), arguments.join(" "));
        let mut child = command
            .stdout(Stdio::piped())
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("{} could not be started", program(command)))?;
        let mut suite = Self { name: name.to_owned(), passed: 0, failed: 0, skipped: None };
        let mut left_out = 0;
        for line in child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines) {
            let line = line?;
            if let Some(counts) = runner.counts(&line) {
                suite.passed += counts.passed;
                suite.failed += counts.failed;
                left_out += counts.left_out;
            }
            // What passed is only counted; everything else is shown.
            if !runner.is_quiet(&line) {
                println!("{line}");
            }
        }
        let status = child.wait()?;
        if (!status.success() && suite.failed == 0) || left_out > 0 || suite.passed + suite.failed == 0 {
            eprintln!("{name}: no test ran, the run was cut off, or {left_out} tests were left out");
            suite.failed += 1;
        }
        Ok(suite)
    }
}

fn program(command: &Command) -> String {
    std::path::Path::new(command.get_program())
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

impl Runner {
    fn counts(self, line: &str) -> Option<Counts> {
        match self {
            Self::Cargo => {
                let counts = line.strip_prefix("test result: ")?;
                let left_out = before(counts, "ignored");
                Some(Counts { passed: before(counts, "passed"), failed: before(counts, "failed"), left_out })
            }
            Self::Node => {
                let (word, number) =
                    line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ "))?.split_once(' ')?;
                let number = number.parse().ok()?;
                match word {
                    "pass" => Some(Counts { passed: number, ..Counts::default() }),
                    "fail" | "cancelled" => Some(Counts { failed: number, ..Counts::default() }),
                    "skipped" | "todo" => Some(Counts { left_out: number, ..Counts::default() }),
                    _ => None,
                }
            }
            Self::Dotnet => {
                let counts = line.split_once("! ")?.1.trim_start().strip_prefix("- Failed:")?;
                let mut numbers =
                    counts.split(',').map(|part| part.split(':').next_back().unwrap_or(part).trim());
                let mut next = || numbers.next().and_then(|number| number.parse().ok());
                Some(Counts { failed: next()?, passed: next()?, left_out: next()? })
            }
        }
    }

    fn is_quiet(self, line: &str) -> bool {
        line.trim().is_empty()
            || match self {
                Self::Cargo => line.ends_with(" ... ok"),
                Self::Node => line.trim_start().starts_with("ok ") || line.contains('✔'),
                Self::Dotnet => false,
            }
    }
}

/// The number before a word, such as `12` in `ok. 12 passed; 0 failed`.
fn before(counts: &str, word: &str) -> usize {
    let words: Vec<&str> = counts.split([' ', ';']).filter(|word| !word.is_empty()).collect();
    let pair = words.windows(2).find(|pair| pair.get(1) == Some(&word));
    pair.and_then(|pair| pair.first()?.parse().ok()).unwrap_or(0)
}

/// Whether this is a run that may skip nothing.
pub(crate) fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

/// A line per suite, and one for all. In CI nothing may be skipped.
pub(crate) fn close(suites: &[Suite]) -> anyhow::Result<()> {
    println!();
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for suite in suites {
        match &suite.skipped {
            Some(why) => println!("{:<18} SKIPPED: {why}", suite.name),
            None => println!("{:<18} {:>5} passed, {} failed", suite.name, suite.passed, suite.failed),
        }
        passed += suite.passed;
        failed += suite.failed;
        skipped += usize::from(suite.skipped.is_some());
    }
    if in_ci() {
        failed += skipped;
    }
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    if failed > 0 {
        bail!("{failed} failed");
    }
    Ok(())
}

/// Runs a program; its failure is an error.
pub(crate) fn must(command: &mut Command) -> anyhow::Result<()> {
    let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
    let line = format!("{} {}", program(command), arguments.join(" "));
    println!("$ {line}");
    let status = command.stdin(Stdio::null()).status();
    ensure!(status.with_context(|| format!("{line}: could not be started"))?.success(), "{line}: failed");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_runner_s_lines_are_counted() {
        let counts = |passed, failed, left_out| Some(Counts { passed, failed, left_out });
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.25s";
        assert_eq!(Runner::Cargo.counts(line), counts(12, 3, 1));
        assert_eq!(Runner::Node.counts("# pass 7"), counts(7, 0, 0));
        assert_eq!(Runner::Node.counts("ℹ fail 2"), counts(0, 2, 0));
        assert_eq!(Runner::Node.counts("# skipped 1"), counts(0, 0, 1));
        assert_eq!(Runner::Node.counts("# duration_ms 12"), None);
        let line = "Passed!  - Failed:     1, Passed:    40, Skipped:     2, Total:    43, Duration: 9 s - A.dll (net10.0)";
        assert_eq!(Runner::Dotnet.counts(line), counts(40, 1, 2));
        assert_eq!(
            Runner::Dotnet.counts("Failed!  - Failed:     3, Passed:    1, Skipped:     0, Total: 4"),
            counts(1, 3, 0)
        );
        assert_eq!(Runner::Dotnet.counts("Determining projects to restore..."), None);
    }
}
