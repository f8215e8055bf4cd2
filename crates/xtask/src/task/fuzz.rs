//! `cargo xtask fuzz`: runs the fuzz targets of `fuzz/` for a while, with cargo-fuzz in a pinned version.

use crate::programs::{ensure_installed, must};
use crate::test_suite::Suite;
use anyhow::{Context, bail, ensure};
use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

/// cargo-fuzz, which makes libFuzzer's programs of the targets.
const VERSION: &str = "0.13.2";

/// Why fuzz targets are left out.
pub(crate) const MISSING: &str = "cargo-fuzz can't be installed, or there is no C++ compiler for libFuzzer";

/// How long each target of the test command runs, in seconds.
const BRIEFLY: u32 = 8;

/// Lines of a target's output that are shown when it has found something.
const SHOWN: usize = 40;

/// The task's arguments.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How long each target runs
    #[arg(long, value_name = "N", default_value_t = 60)]
    seconds: u32,
    /// Targets that run at a time; as many as there are processors, unless given
    #[arg(long, value_name = "N")]
    jobs: Option<NonZero<usize>>,
    /// Only these targets, by the names of their files in fuzz/fuzz_targets
    #[arg(value_name = "TARGET")]
    only: Vec<String>,
}

/// A target that ran, and its result.
struct Ran {
    target: String,
    result: anyhow::Result<String>,
}

/// Runs the targets and prints a line for each.
pub(crate) fn run(arguments: &Arguments, root: &Path) -> anyhow::Result<()> {
    let tool = Tool::find(root).context(MISSING)?;
    let targets = targets(root, &arguments.only)?;
    let ran = tool.run_all(root, &targets, arguments.seconds, arguments.jobs)?;
    let found = ran.iter().filter(|ran| ran.result.is_err()).count();
    if found > 0 {
        bail!("{found} of {} targets found something", ran.len());
    }
    Ok(())
}

/// The targets' lints, and a brief run of each of them.
pub(crate) fn suites(root: &Path) -> Vec<Suite> {
    let manifest = "--manifest-path=fuzz/Cargo.toml";
    let cargo = |arguments: &[&str]| must(Command::new(env!("CARGO")).args(arguments).current_dir(root));
    // Lints do not need libFuzzer.
    let lints =
        ["clippy", manifest, "--locked", "--all-targets", "--no-default-features", "--", "-D", "warnings"];
    let mut suites = vec![
        Suite::check("fuzz format", cargo(&["fmt", manifest, "--check"])),
        Suite::check("fuzz lints", cargo(&lints)),
    ];
    suites.push(match Tool::find(root) {
        None => Suite::skipped("fuzz", MISSING),
        Some(tool) => {
            let tool = Tool { is_brief: true, ..tool };
            let ran = targets(root, &[]).and_then(|targets| tool.run_all(root, &targets, BRIEFLY, None));
            match ran {
                Ok(ran) => Suite::checks("fuzz", ran.into_iter().map(|ran| ran.result.map(drop))),
                Err(error) => Suite::check("fuzz", Err(error)),
            }
        }
    });
    suites
}

/// The targets of these names, or all of them.
fn targets(root: &Path, only: &[String]) -> anyhow::Result<Vec<String>> {
    let mut targets = Vec::new();
    for file in std::fs::read_dir(root.join("fuzz/fuzz_targets"))? {
        let path = file?.path();
        targets.extend(path.file_stem().and_then(|name| name.to_str()).map(str::to_owned));
    }
    targets.sort();
    for name in only {
        ensure!(targets.contains(name), "there is no target {name}; there are {}", targets.join(", "));
    }
    if !only.is_empty() {
        targets.retain(|target| only.contains(target));
    }
    Ok(targets)
}

/// cargo-fuzz in the pinned version.
struct Tool {
    program: OsString,
    /// Builds targets that run for seconds alone: to optimise them as a release takes longer than they run.
    is_brief: bool,
}

impl Tool {
    /// Finds cargo-fuzz on PATH or under `target/tools`, else installs it there.
    fn find(root: &Path) -> Option<Self> {
        if !ensure_installed(&["g++"], "c++") {
            return None;
        }
        let folder = root.join("target/tools");
        let own = folder.join("bin").join(format!("cargo-fuzz{}", std::env::consts::EXE_SUFFIX));
        let here = [OsString::from("cargo-fuzz"), own.into_os_string()];
        let fits = |program: &OsString| {
            let output = Command::new(program).arg("--version").stderr(Stdio::null()).output();
            output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim_end().ends_with(VERSION))
        };
        if !here.iter().any(fits) {
            let mut install = Command::new(env!("CARGO"));
            // cargo-fuzz only starts compilers and targets, and installs faster without optimisation.
            install.args(["install", "--debug", "--locked", "cargo-fuzz", "--version", VERSION, "--root"]);
            install.arg(folder);
            must(&mut install).ok()?;
        }
        here.into_iter().find(fits).map(|program| Self { program, is_brief: false })
    }

    fn command(&self, root: &Path, task: &str) -> Command {
        let mut command = Command::new(&self.program);
        if self.is_brief {
            command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        }
        // A sanitizer needs a nightly compiler, and the core has no unsafe code for it to watch.
        command.args([task, "--sanitizer", "none"]);
        command.current_dir(root).stdin(Stdio::null());
        command
    }

    fn run_all(
        &self,
        root: &Path,
        targets: &[String],
        seconds: u32,
        jobs: Option<NonZero<usize>>,
    ) -> anyhow::Result<Vec<Ran>> {
        must(&mut self.command(root, "build"))?;
        let jobs = jobs.map_or_else(std::thread::available_parallelism, Ok)?.get();
        let (waiting, ran) = (Mutex::new(targets.iter()), Mutex::new(Vec::new()));
        std::thread::scope(|scope| {
            for _ in 0..jobs.min(targets.len()) {
                scope.spawn(|| {
                    loop {
                        let next = waiting.lock().map(|mut waiting| waiting.next()).ok().flatten();
                        let Some(target) = next else { return };
                        let result = self.run_one(root, target, seconds);
                        match &result {
                            Ok(said) => println!("{target:<14} {said}"),
                            Err(error) => println!("{target:<14} {error:#}"),
                        }
                        if let Ok(mut ran) = ran.lock() {
                            ran.push(Ran { target: target.clone(), result });
                        }
                    }
                });
            }
        });
        let mut ran = ran.into_inner().unwrap_or_default();
        ensure!(ran.len() == targets.len(), "a target was not run");
        ran.sort_by(|a, b| a.target.cmp(&b.target));
        Ok(ran)
    }

    /// Runs a target from its seeds and from what earlier runs have learnt.
    fn run_one(&self, root: &Path, target: &str, seconds: u32) -> anyhow::Result<String> {
        let corpus = format!("fuzz/corpus/{target}");
        std::fs::create_dir_all(root.join(&corpus))?;
        let mut command = self.command(root, "run");
        command.args([target, &corpus, &format!("fuzz/seeds/{target}"), "--"]);
        command.arg(format!("-dict={}", root.join(format!("fuzz/dictionaries/{target}.dict")).display()));
        // An input that takes ten seconds or two gigabytes is a finding, too.
        command.arg(format!("-max_total_time={seconds}")).args(["-timeout=10", "-rss_limit_mb=2048"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let mut last = VecDeque::new();
        let mut done = None;
        let mut input = None;
        for line in child.stderr.take().map(BufReader::new).into_iter().flat_map(|all| all.split(b'\n')) {
            let line = String::from_utf8_lossy(&line?).into_owned();
            if let Some(said) = line.strip_prefix("Done ") {
                done = Some(summary(said));
            }
            if let Some((_, path)) = line.split_once("Test unit written to ") {
                input = Some(PathBuf::from(path.trim()));
            }
            if last.len() == SHOWN {
                last.pop_front();
            }
            last.push_back(line);
        }
        if child.wait()?.success() {
            return Ok(done.unwrap_or_else(|| "no run".to_owned()));
        }
        for line in last {
            println!("{target}: {line}");
        }
        let Some(input) = input else { bail!("it failed, with no input to replay") };
        let input = input.strip_prefix(root).unwrap_or(&input).display();
        bail!("found {input}; replay it with: cargo fuzz run --sanitizer none {target} {input}")
    }
}

/// `1234 runs in 5 second(s)` as runs and runs a second.
fn summary(said: &str) -> String {
    let numbers: Vec<u64> = said.split(' ').filter_map(|word| word.parse().ok()).collect();
    match numbers.as_slice() {
        [runs, seconds] => format!("{runs} runs, {} a second", runs / seconds.max(&1)),
        _ => said.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_counted_by_the_second() {
        assert_eq!(summary("1234 runs in 5 second(s)"), "1234 runs, 246 a second");
        assert_eq!(summary("7 runs in 0 second(s)"), "7 runs, 7 a second");
    }

    #[test]
    fn every_target_has_seeds_and_words() {
        let all = targets(crate::root(), &[]).unwrap();
        assert!(all.len() > 5);
        let manifest = std::fs::read_to_string(crate::root().join("fuzz/Cargo.toml")).unwrap();
        for target in &all {
            let seeds = crate::root().join("fuzz/seeds").join(target);
            assert!(seeds.read_dir().unwrap().count() > 0, "{target}");
            assert!(crate::root().join(format!("fuzz/dictionaries/{target}.dict")).is_file(), "{target}");
            assert!(manifest.contains(&format!("name = \"{target}\"")), "{target}");
        }
        assert!(targets(crate::root(), &["nothing".to_owned()]).is_err());
    }
}
