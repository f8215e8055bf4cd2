//! `cargo xtask test`: everything that must hold, with a line of counts per suite at the end.

use crate::{docs, wasm};
use anyhow::{Context, bail};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// What a suite came to.
struct Suite {
    name: String,
    passed: usize,
    failed: usize,
    /// Why it did not run.
    skipped: Option<String>,
}

impl Suite {
    fn check(name: &str, result: anyhow::Result<()>) -> Self {
        if let Err(error) = &result {
            eprintln!("{name}: {error:#}");
        }
        let passed = usize::from(result.is_ok());
        Self { name: name.to_owned(), passed, failed: 1 - passed, skipped: None }
    }
}

/// Runs every suite, whatever the others come to.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let mut suites = vec![
        Suite::check("format", cargo(root, &["fmt", "--all", "--check"])),
        Suite::check(
            "lints",
            cargo(
                root,
                &[
                    "clippy",
                    "--locked",
                    "--workspace",
                    "--all-targets",
                    "--all-features",
                    "--",
                    "-D",
                    "warnings",
                ],
            ),
        ),
        Suite::check("documentation", documentation(root)),
        Suite::check("generated pages", docs::check(root)),
        match wasm::build(root) {
            Ok(None) => Suite {
                name: "WebAssembly".to_owned(),
                passed: 0,
                failed: 0,
                skipped: Some("neither rustup's wasm32 target nor Debian's rustc-web can be had".to_owned()),
            },
            Ok(Some(())) => Suite::check("WebAssembly", Ok(())),
            Err(error) => Suite::check("WebAssembly", Err(error)),
        },
    ];
    for package in ["agentuser-core", "agentuser", "agentuser-sim", "agentuser-cli", "xtask"] {
        suites.push(tests(root, package)?);
    }
    close(&suites)
}

fn cargo(root: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    println!("$ cargo {}", arguments.join(" "));
    let status = Command::new(env!("CARGO")).args(arguments).current_dir(root).status();
    if !status.context("cargo could not be started")?.success() {
        bail!("cargo {} failed", arguments.join(" "));
    }
    Ok(())
}

fn documentation(root: &Path) -> anyhow::Result<()> {
    println!("$ cargo doc");
    let status = Command::new(env!("CARGO"))
        .args(["doc", "--locked", "--workspace", "--all-features", "--no-deps", "--quiet"])
        .env("RUSTDOCFLAGS", "-D warnings")
        .current_dir(root)
        .status();
    if !status.context("cargo could not be started")?.success() {
        bail!("cargo doc failed");
    }
    Ok(())
}

/// All tests of a package, counted from the lines that cargo's runner closes each binary with.
fn tests(root: &Path, package: &str) -> anyhow::Result<Suite> {
    println!("$ cargo test -p {package}");
    let mut child = Command::new(env!("CARGO"))
        .args(["test", "--locked", "--all-features", "--no-fail-fast", "-p", package])
        .current_dir(root)
        .stdout(Stdio::piped())
        .spawn()
        .context("cargo could not be started")?;
    let mut suite = Suite { name: package.to_owned(), passed: 0, failed: 0, skipped: None };
    let mut ignored = 0;
    for line in child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines) {
        let line = line?;
        if let Some(counts) = line.strip_prefix("test result: ") {
            suite.passed += count(counts, "passed");
            suite.failed += count(counts, "failed");
            ignored += count(counts, "ignored");
        }
        // What passed is only counted; everything else is shown.
        if !line.ends_with(" ... ok") && !line.is_empty() {
            println!("{line}");
        }
    }
    let status = child.wait()?;
    if (!status.success() && suite.failed == 0) || ignored > 0 {
        eprintln!("{package}: the tests did not build, were cut off, or {ignored} of them were ignored");
        suite.failed += 1;
    }
    Ok(suite)
}

/// The number before a word, such as `12` in `ok. 12 passed; 0 failed`.
fn count(counts: &str, word: &str) -> usize {
    let words: Vec<&str> = counts.split([' ', ';']).filter(|word| !word.is_empty()).collect();
    let pair = words.windows(2).find(|pair| pair.get(1) == Some(&word));
    pair.and_then(|pair| pair.first()?.parse().ok()).unwrap_or(0)
}

/// A line per suite, and one for all. In CI nothing may be skipped.
fn close(suites: &[Suite]) -> anyhow::Result<()> {
    let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
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
    if in_ci {
        failed += skipped;
    }
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    if failed > 0 {
        bail!("{failed} failed");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn counts_are_read_from_cargo_s_closing_line() {
        let line = "FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.25s";
        assert_eq!((count(line, "passed"), count(line, "failed"), count(line, "ignored")), (12, 3, 1));
        assert_eq!(count("ok", "passed"), 0);
    }
}
