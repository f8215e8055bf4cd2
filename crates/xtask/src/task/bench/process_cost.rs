//! The cost of a process, seen from outside: time on the clock, time of the processor, peak memory.

use anyhow::{Context, ensure};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use wait4::Wait4 as _;

/// The pause between two looks at the memory of a process.
const LOOK: Duration = Duration::from_millis(5);

/// The cost of a process from its start to its end.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cost {
    pub(crate) wall: Duration,
    /// User and system time, of all its threads.
    pub(crate) cpu: Duration,
    /// Peak resident memory in KiB, from `/proc`; 0 without it. (`wait4` gives this process's own peak where that is
    /// larger.)
    pub(crate) peak: u64,
}

impl Cost {
    /// The median of each; none without runs.
    pub(crate) fn median(runs: &[Self]) -> Option<Self> {
        Some(Self {
            wall: median(runs.iter().map(|run| run.wall))?,
            cpu: median(runs.iter().map(|run| run.cpu))?,
            peak: median(runs.iter().map(|run| run.peak))?,
        })
    }
}

fn median<T: Ord + Copy>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}

/// Runs a program to its end and drops its output.
pub(crate) fn measure(command: &mut Command) -> anyhow::Result<Cost> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit());
    let started = Instant::now();
    let mut child = command.spawn().context("it could not be started")?;
    let (id, ended) = (child.id(), AtomicBool::new(false));
    let (used, peak) = thread::scope(|scope| {
        let peak = scope.spawn(|| {
            let mut peak = 0;
            while !ended.load(Ordering::Acquire) {
                peak = peak_of(id).unwrap_or_default().max(peak);
                thread::sleep(LOOK);
            }
            peak
        });
        let used = child.wait4();
        ended.store(true, Ordering::Release);
        (used.map(|used| (used, started.elapsed())), peak.join().unwrap_or_default())
    });
    let (used, wall) = used?;
    ensure!(used.status.success(), "it ended with {}", used.status);
    Ok(Cost { wall, cpu: used.rusage.utime.saturating_add(used.rusage.stime), peak })
}

/// The peak memory of a process, in KiB.
fn peak_of(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_costs_time() {
        let cost = measure(Command::new("rustc").arg("--version")).unwrap();
        assert!(cost.wall > Duration::ZERO && cost.cpu > Duration::ZERO, "{cost:?}");
        assert!(measure(Command::new("rustc").arg("--no-such-option")).is_err());
        assert_eq!(median([5, 1, 3].into_iter()), Some(3));
    }
}
