//! Runs seeds and replays the first one that fails, step by step. `cargo xtask scenarios` builds and starts it.

use agentuser_scenarios::{LifeScenario, Play, Scenario, Search, SignInScenario, simulate, smallest};
use anyhow::{Context as _, bail};
use clap::Parser;
use std::fmt::Debug;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

#[derive(Parser)]
#[command(name = "scenarios", about = "Simulate tenants, one per seed", disable_version_flag = true)]
struct Arguments {
    /// The seeds: FROM..TO, or one alone, which is replayed
    #[arg(long, value_parser = seeds)]
    seeds: Range<u64>,
    /// Simulate sign-ins in place of tenants at work
    #[arg(long)]
    sign_in: bool,
    /// Simulate audits and the ends of lives in place of tenants at work
    #[arg(long, conflicts_with = "sign_in")]
    lives: bool,
    /// Threads [default: one per core]
    #[arg(long)]
    jobs: Option<usize>,
    /// Go on after a failing seed, and only name each
    #[arg(long)]
    all: bool,
    /// Write the trace of each seed into this folder, one file each: two versions of the library that do the same
    /// write the same files
    #[arg(long, value_name = "FOLDER", conflicts_with = "all")]
    traces: Option<PathBuf>,
}

fn seeds(text: &str) -> anyhow::Result<Range<u64>> {
    let number = |text: &str| text.parse::<u64>().with_context(|| format!("'{text}' is not a seed"));
    let Some((from, to)) = text.split_once("..") else {
        let seed = number(text)?;
        return Ok(seed..seed.saturating_add(1));
    };
    let (from, to) = (number(from)?, number(to)?);
    if from >= to {
        bail!("{text} has no seeds");
    }
    Ok(from..to)
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments {
        Arguments { sign_in: true, .. } => run::<SignInScenario>(arguments),
        Arguments { lives: true, .. } => run::<LifeScenario>(arguments),
        _ => run::<Scenario>(arguments),
    }
}

fn run<P: Play + Debug>(arguments: Arguments) -> ExitCode {
    let Arguments { seeds, jobs, all, traces, .. } = arguments;
    if let Some(folder) = traces {
        return match write_traces::<P>(seeds, &folder) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{error:#}");
                ExitCode::FAILURE
            }
        };
    }
    if seeds.end - seeds.start == 1 {
        return replay::<P>(seeds.start);
    }
    if all {
        return name_each::<P>(seeds);
    }
    let jobs = jobs.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from)).max(1);
    let search = Search::new(&seeds);
    let began = Instant::now();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..jobs).map(|_| scope.spawn(|| search.take_part::<P>())).collect();
        let mut told = Instant::now();
        while !threads.iter().all(thread::ScopedJoinHandle::is_finished) {
            thread::sleep(Duration::from_millis(20));
            if told.elapsed() >= Duration::from_secs(5) {
                told = Instant::now();
                progress(&search, &seeds, began);
            }
        }
    });
    progress(&search, &seeds, began);
    match search.failing() {
        None => ExitCode::SUCCESS,
        Some(seed) => replay::<P>(seed),
    }
}

fn progress(search: &Search, seeds: &Range<u64>, began: Instant) {
    let (done, of) = (search.done(), seeds.end - seeds.start);
    #[allow(clippy::cast_precision_loss)]
    let rate = done as f64 / began.elapsed().as_secs_f64().max(0.001);
    println!("{done} of {of} seeds, {rate:.0} seeds/s");
}

/// Runs every seed and writes its trace.
fn write_traces<P: Play>(seeds: Range<u64>, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
    for seed in seeds {
        let file = folder.join(format!("{seed}.txt"));
        let mut trace = simulate::<P>(seed, true).trace.join("\n");
        trace.push('\n');
        fs::write(&file, trace).with_context(|| format!("{} can't be written", file.display()))?;
    }
    Ok(())
}

/// Runs every seed and prints a line for each that fails.
fn name_each<P: Play>(seeds: Range<u64>) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for seed in seeds {
        if let Some(violation) = simulate::<P>(seed, false).violation {
            println!("seed {seed}: {violation}");
            code = ExitCode::FAILURE;
        }
    }
    code
}

/// Prints the scenario of a seed and its trace; for one that fails, the smallest form that still fails.
fn replay<P: Play + Debug>(seed: u64) -> ExitCode {
    let whole = simulate::<P>(seed, true);
    let Some(violation) = whole.violation else {
        println!("{:#?}", P::draw(seed));
        whole.trace.iter().for_each(|line| println!("{line}"));
        println!("seed {seed}: every invariant holds");
        return ExitCode::SUCCESS;
    };
    let scenario = smallest(P::draw(seed), violation.invariant);
    let small = scenario.run(true);
    println!("{scenario:#?}");
    small.trace.iter().for_each(|line| println!("{line}"));
    println!("seed {seed} violates {violation}");
    if let Some(violation) = small.violation {
        println!("made smaller, as traced above: {violation}");
    }
    println!("replay: cargo xtask scenarios {}--seeds {seed}", P::OPTION);
    ExitCode::FAILURE
}
