//! Suites of tests of every runner: their counts, the reasons of failures, and the line of totals at the end.
//!
//! Exit codes alone would not do: a runner that finds no test, or leaves tests out, ends with 0.

use crate::programs::line;
use anyhow::{Context, bail};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The result of a suite.
pub(crate) struct Suite {
    name: String,
    passed: usize,
    failed: usize,
    /// Why the suite did not run.
    skipped: Option<String>,
    /// The runner's lines about tests that failed: `close` repeats them, because a reader looks at a log's end.
    failures: Vec<String>,
}

/// The suites that ran, and how long each part of them took, which is told and never judged.
#[derive(Default)]
pub(crate) struct Suites {
    suites: Vec<Suite>,
    parts: Vec<(&'static str, Duration)>,
}

/// A runner, by the lines in which it counts its tests.
#[derive(Clone, Copy)]
pub(crate) enum Runner {
    /// `test result: ok. 12 passed; 0 failed; 0 ignored; …`, a line per binary.
    Cargo,
    /// `# pass 12`, `# fail 0`, `# skipped 0`.
    Node,
    /// `Passed!  - Failed:     0, Passed:    12, Skipped:     0, …`, a line per assembly.
    Dotnet,
}

/// The counts of one line.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: usize,
    failed: usize,
    /// Ignored or skipped: a failure of the suite.
    left_out: usize,
}

impl Suite {
    /// A suite of one check.
    pub(crate) fn check(name: &str, result: anyhow::Result<()>) -> Self {
        Self::checks(name, [result])
    }

    /// A suite of several checks.
    pub(crate) fn checks(name: &str, results: impl IntoIterator<Item = anyhow::Result<()>>) -> Self {
        let mut suite =
            Self { name: name.to_owned(), passed: 0, failed: 0, skipped: None, failures: Vec::new() };
        for result in results {
            match result {
                Ok(()) => suite.passed += 1,
                Err(error) => {
                    let failure = format!("{error:#}");
                    eprintln!("{name}: {failure}");
                    suite.failed += 1;
                    suite.failures.push(failure);
                }
            }
        }
        suite
    }

    /// A suite that this machine can't run: `close` makes it a failure in CI.
    pub(crate) fn skipped(name: &str, why: &str) -> Self {
        eprintln!("{name}: SKIPPED: {why}");
        Self {
            name: name.to_owned(),
            passed: 0,
            failed: 0,
            skipped: Some(why.to_owned()),
            failures: Vec::new(),
        }
    }

    /// Runs tests and counts them by the lines of their runner.
    pub(crate) fn run(name: &str, runner: Runner, command: &mut Command) -> Self {
        Self::counted(name, runner, command).unwrap_or_else(|error| Self::check(name, Err(error)))
    }

    fn counted(name: &str, runner: Runner, command: &mut Command) -> anyhow::Result<Self> {
        println!("$ {}", line(command));
        let mut child = command
            .stdout(Stdio::piped())
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("{}: could not be started", line(command)))?;
        let mut suite =
            Self { name: name.to_owned(), passed: 0, failed: 0, skipped: None, failures: Vec::new() };
        let (mut left_out, mut of_failure) = (0, 0);
        for line in child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines) {
            let line = line?;
            if let Some(counts) = runner.counts(&line) {
                suite.passed += counts.passed;
                suite.failed += counts.failed;
                left_out += counts.left_out;
            }
            // Tests that passed are counted and not shown.
            if runner.is_quiet(&line) {
                continue;
            }
            println!("{line}");
            if let Some(more) = runner.failure(&line) {
                of_failure = more + 1;
            }
            if of_failure > 0 {
                of_failure -= 1;
                suite.failures.push(line);
            }
        }
        let status = child.wait()?;
        if (!status.success() && suite.failed == 0) || left_out > 0 || suite.passed + suite.failed == 0 {
            let why = format!("no test ran, the run was cut off, or {left_out} tests were left out");
            eprintln!("{name}: {why}");
            suite.failures.push(why);
            suite.failed += 1;
        }
        Ok(suite)
    }
}

impl Suites {
    /// Runs the suites of a part.
    pub(crate) fn of<S: IntoIterator<Item = Suite>>(&mut self, part: &'static str, run: impl FnOnce() -> S) {
        let start = Instant::now();
        self.suites.extend(run());
        self.parts.push((part, start.elapsed()));
    }

    /// Adds what another lane ran.
    pub(crate) fn append(&mut self, mut lane: Self) {
        self.suites.append(&mut lane.suites);
        self.parts.append(&mut lane.parts);
    }

    /// Prints what [`close`] prints, and the seconds of each part.
    pub(crate) fn close(self) -> anyhow::Result<()> {
        let closed = close(&self.suites);
        let seconds = self.parts.iter().map(|(part, time)| format!("{part} {}", time.as_secs()));
        println!("\nseconds: {}", seconds.collect::<Vec<_>>().join(", "));
        closed
    }
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

    /// For a line that names a failed test: how many of the lines after it, empty ones not counted, give the reason.
    fn failure(self, line: &str) -> Option<usize> {
        match self {
            // cargo lists the failed tests first, then the reason of each below its name.
            Self::Cargo if line.starts_with("test ") && line.ends_with(" ... FAILED") => Some(0),
            Self::Cargo => (line.starts_with("---- ") && line.ends_with(" stdout ----")).then_some(6),
            Self::Node => line
                .trim_start()
                .strip_prefix("not ok ")
                .or_else(|| line.trim_start().strip_prefix("✖ "))
                .map(|_| 9),
            Self::Dotnet => (line.starts_with("  Failed ") && line.ends_with(']')).then_some(6),
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

/// Whether a skipped suite is a failure.
pub(crate) fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

/// Prints a line for each suite, the totals, and the failures once more. In CI a skipped suite is a failure.
pub(crate) fn close(suites: &[Suite]) -> anyhow::Result<()> {
    close_with(suites, in_ci())
}

fn close_with(suites: &[Suite], may_skip_nothing: bool) -> anyhow::Result<()> {
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
    if may_skip_nothing {
        failed += skipped;
    }
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    for suite in suites.iter().filter(|suite| !suite.failures.is_empty()) {
        println!("\n{} failed:", suite.name);
        suite.failures.iter().for_each(|line| println!("{line}"));
    }
    if failed > 0 {
        bail!("{failed} failed");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_every_runner_are_counted() {
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

    #[test]
    fn in_ci_a_skipped_suite_is_a_failure() {
        let suites = [Suite::check("A", Ok(())), Suite::skipped("B", "a tool is missing")];
        close_with(&suites, false).unwrap();
        assert!(close_with(&suites, true).unwrap_err().to_string().contains("1 failed"));
    }

    #[test]
    fn a_failure_is_found_in_the_output_of_every_runner() {
        assert_eq!(Runner::Cargo.failure("test flow::a_row_is_made ... FAILED"), Some(0));
        assert_eq!(Runner::Cargo.failure("---- flow::a_row_is_made stdout ----"), Some(6));
        assert_eq!(Runner::Cargo.failure("test flow::a_row_is_made ... ok"), None);
        assert_eq!(Runner::Cargo.failure("test result: FAILED. 12 passed; 3 failed"), None);
        assert_eq!(Runner::Node.failure("not ok 3 - all that a page loads is within the budget"), Some(9));
        assert_eq!(Runner::Node.failure("    not ok 1 - a part of it"), Some(9));
        assert_eq!(Runner::Node.failure("✖ all that a page loads is within the budget (12.3ms)"), Some(9));
        assert_eq!(Runner::Node.failure("ok 4 - not ok is what it says"), None);
        assert_eq!(Runner::Dotnet.failure("  Failed AgentUser.Tests.TokenTests.One [12 ms]"), Some(6));
        assert_eq!(Runner::Dotnet.failure("Failed!  - Failed:     3, Passed:    1, Skipped:     0"), None);
    }

    #[test]
    fn a_failed_test_is_kept_with_its_reason() {
        let mut runner = Command::new("printf");
        runner.args([
            "%s\\n",
            "  Passed A [1 ms]",
            "  Failed B [2 ms]",
            "  Error Message:",
            "it was late",
            "",
        ]);
        runner.args(["  Stack Trace:", "4", "5", "6", "7", "Failed!  - Failed: 1, Passed: 1, Skipped: 0"]);
        let suite = Suite::run("B", Runner::Dotnet, &mut runner);
        assert_eq!((suite.passed, suite.failed), (1, 1));
        let kept = ["  Failed B [2 ms]", "  Error Message:", "it was late", "  Stack Trace:", "4", "5", "6"];
        assert_eq!(suite.failures, kept);
    }
}
