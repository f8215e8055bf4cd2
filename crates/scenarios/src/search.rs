//! Many seeds, and the smallest scenario that still fails.

use crate::run::{Play, Simulated};
use crate::violation::{Invariant, Violation};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

/// How many seeds a thread takes at a time.
const CHUNK: u64 = 32;

/// Runs the scenario of a seed. `verbose` keeps the trace.
#[must_use]
pub fn simulate<P: Play>(seed: u64, verbose: bool) -> Simulated {
    run_caught(&P::draw(seed), verbose)
}

/// Runs a scenario; a panic is a violation like any other.
fn run_caught(scenario: &impl Play, verbose: bool) -> Simulated {
    catch_unwind(AssertUnwindSafe(|| scenario.run(verbose))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let what = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic").to_owned();
        let violation = Violation { invariant: Invariant::NoInternalProblem, what };
        Simulated { violation: Some(violation), trace: Vec::new() }
    })
}

/// Makes a failing scenario smaller as long as the same invariant fails.
#[must_use]
pub fn smallest<P: Play>(scenario: P, invariant: Invariant) -> P {
    let fails = |scenario: &P| {
        run_caught(scenario, false).violation.is_some_and(|violation| violation.invariant == invariant)
    };
    let mut smallest = scenario;
    while let Some(smaller) = smallest.smaller().into_iter().find(fails) {
        smallest = smaller;
    }
    smallest
}

/// A search for the first seed that fails.
#[derive(Debug)]
pub struct Search {
    end: u64,
    next: AtomicU64,
    done: AtomicU64,
    failing: AtomicU64,
}

impl Search {
    /// A search through these seeds.
    #[must_use]
    pub const fn new(seeds: &Range<u64>) -> Self {
        Self {
            end: seeds.end,
            next: AtomicU64::new(seeds.start),
            done: AtomicU64::new(0),
            failing: AtomicU64::new(u64::MAX),
        }
    }

    /// Takes part until no seed is left, or one before them has failed. Any number of threads may.
    pub fn take_part<P: Play>(&self) {
        loop {
            let first = self.next.fetch_add(CHUNK, Ordering::Relaxed);
            for seed in first..first.saturating_add(CHUNK).min(self.end) {
                if seed > self.failing.load(Ordering::Relaxed) {
                    return;
                }
                if simulate::<P>(seed, false).violation.is_some() {
                    self.failing.fetch_min(seed, Ordering::Relaxed);
                }
                self.done.fetch_add(1, Ordering::Relaxed);
            }
            if first.saturating_add(CHUNK) >= self.end {
                return;
            }
        }
    }

    /// How many seeds were run.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// The first seed that failed, once every call of [`Search::take_part`] is back.
    #[must_use]
    pub fn failing(&self) -> Option<u64> {
        Some(self.failing.load(Ordering::Relaxed)).filter(|seed| *seed < u64::MAX)
    }
}
