//! Cancels runs in good order on Ctrl+C, and on the signals that end a pod or a session.

use crate::exit::INTERRUPTED;
use crate::output::Progress;
use agentuser::CancelHandle;
use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The signals of this process, so that one between two runs is not lost.
#[derive(Debug, Clone)]
pub(crate) struct Signals {
    came: Arc<OnceLock<watch::Receiver<u32>>>,
}

impl Signals {
    pub(crate) fn new() -> Self {
        Self { came: Arc::default() }
    }

    /// How many signals have come, each counted once. Listening begins with the first call.
    fn listen(&self) -> watch::Receiver<u32> {
        let came = self.came.get_or_init(|| {
            let (sender, receiver) = watch::channel(0);
            tokio::spawn(async move {
                let mut signals = Listener::new();
                loop {
                    signals.next().await;
                    sender.send_modify(|number| *number += 1);
                }
            });
            receiver
        });
        came.clone()
    }

    /// Whether the program was asked to end.
    pub(crate) fn came(&self) -> bool {
        self.came.get().is_some_and(|came| *came.borrow() > 0)
    }
}

/// Watches for signals while a run is under way.
#[derive(Debug)]
pub(crate) struct Watch {
    task: JoinHandle<()>,
}

impl Watch {
    /// The first signal cancels the run; the next one ends the program at once.
    pub(crate) fn start(signals: &Signals, cancel: CancelHandle, progress: Progress) -> Self {
        let mut came = signals.listen();
        let task = tokio::spawn(async move {
            // A signal may have come before this run.
            let before = *came.borrow();
            more_than(&mut came, 0).await;
            if before == 0 {
                progress.event(
                    "cancelling",
                    "Cancelling: requests in flight are finished; press Ctrl+C again to stop at once.",
                );
            }
            let counted = before.max(1);
            cancel.cancel();
            more_than(&mut came, counted).await;
            progress
                .event("stopped", "Stopped at once: requests in flight may or may not have taken effect.");
            std::process::exit(INTERRUPTED);
        });
        Self { task }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Waits for a further signal.
async fn more_than(came: &mut watch::Receiver<u32>, number: u32) {
    if came.wait_for(|came| *came > number).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Resolves at the first signal that asks the program to end.
pub(crate) fn signal() -> impl Future<Output = ()> {
    let mut signals = Listener::new();
    async move { signals.next().await }
}

/// The signals that ask a program to end: Ctrl+C, SIGTERM of a service manager, SIGHUP of a terminal that was closed.
#[cfg(unix)]
struct Listener {
    interrupt: Option<tokio::signal::unix::Signal>,
    terminate: Option<tokio::signal::unix::Signal>,
    hang_up: Option<tokio::signal::unix::Signal>,
    /// When the last one came, and for how long others are the same one.
    last: Option<(Instant, Duration)>,
}

#[cfg(unix)]
impl Listener {
    /// `timeout` signals the program and then its process group, which is one wish. A person does not press Ctrl+C
    /// twice in this time.
    const PRESSED: Duration = Duration::from_millis(100);
    /// The same for signals that programs send: `timeout`, a shell and a terminal that go down together.
    const SENT: Duration = Duration::from_secs(2);

    fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let ignored = ignored();
        let listen = |kind: SignalKind| {
            let bit = u32::try_from(kind.as_raw_value() - 1).unwrap_or(u32::MAX);
            let is_ignored = ignored.checked_shr(bit).is_some_and(|bits| bits & 1 == 1);
            if is_ignored { None } else { signal(kind).ok() }
        };
        Self {
            interrupt: listen(SignalKind::interrupt()),
            terminate: listen(SignalKind::terminate()),
            hang_up: listen(SignalKind::hangup()),
            last: None,
        }
    }

    async fn next(&mut self) {
        loop {
            let same = tokio::select! {
                () = received(&mut self.interrupt) => Self::PRESSED,
                () = received(&mut self.terminate) => Self::SENT,
                () = received(&mut self.hang_up) => Self::SENT,
            };
            let now = Instant::now();
            let again = self.last.is_some_and(|(at, time)| now.duration_since(at) < time.min(same));
            if !again {
                self.last = Some((now, same));
                return;
            }
        }
    }
}

#[cfg(unix)]
async fn received(signal: &mut Option<tokio::signal::unix::Signal>) {
    match signal {
        Some(signal) => {
            signal.recv().await;
        }
        None => std::future::pending().await,
    }
}

/// The signals that the caller had this program ignore, as `nohup` does with SIGHUP. A bit each, from signal 1 on; none
/// where the system does not tell.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default()
}

/// Ctrl+C.
#[cfg(not(unix))]
struct Listener;

#[cfg(not(unix))]
impl Listener {
    fn new() -> Self {
        Self
    }

    /// Never resolves where Ctrl+C can't be listened for; then Ctrl+C ends the program.
    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
