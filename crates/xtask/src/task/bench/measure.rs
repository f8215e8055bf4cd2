//! What a process costs, seen from outside: the clock, the processor, the most memory it ever had.

use anyhow::{Context, ensure};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use wait4::Wait4 as _;

/// How often the most memory is looked at while a process runs.
const LOOK: Duration = Duration::from_millis(5);

/// What a process cost, from its start to its end.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cost {
    pub(crate) wall: Duration,
    /// User and system time, of all its threads.
    pub(crate) cpu: Duration,
    /// The most memory that was resident, in KiB. Read from `/proc`: what `wait4` says would be this process's own,
    /// where that is larger. 0 where there is no `/proc`.
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

/// Runs a program to its end; what it prints is dropped.
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

/// What a process has had at most, in KiB.
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
