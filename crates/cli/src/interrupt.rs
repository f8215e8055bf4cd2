//! Cancels a run in good order on Ctrl+C, on the signal that ends a pod, and after `--timeout`.

use crate::exit::INTERRUPTED;
use crate::output::Remarks;
use agentuser::CancelHandle;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use tokio::task::JoinHandle;

/// Watches for signals and the deadline while a run is under way.
#[derive(Debug)]
pub(crate) struct Watch {
    task: JoinHandle<()>,
    timed_out: Arc<AtomicBool>,
}

impl Watch {
    /// The first signal, or the deadline, cancels the run; the next signal ends the program at once.
    pub(crate) fn start(cancel: CancelHandle, deadline: Option<Instant>, remarks: Remarks) -> Self {
        let timed_out = Arc::new(AtomicBool::new(false));
        let late = Arc::clone(&timed_out);
        let task = tokio::spawn(async move {
            tokio::select! {
                () = signal() => remarks.event(
                    "cancelling",
                    "cancelling: requests in flight are finished; press Ctrl+C again to stop at once",
                ),
                () = until(deadline) => {
                    late.store(true, Ordering::Release);
                    remarks.event("timeout", "the time is over: requests in flight are finished");
                }
            }
            cancel.cancel();
            signal().await;
            remarks.event("stopped", "stopped at once: requests in flight may or may not have taken effect");
            std::process::exit(INTERRUPTED);
        });
        Self { task, timed_out }
    }

    /// Whether the deadline ended the run.
    pub(crate) fn timed_out(&self) -> bool {
        self.timed_out.load(Ordering::Acquire)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}

/// Ctrl+C, or the signal by which a service manager ends a program.
#[cfg(unix)]
pub(crate) async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = terminate.recv() => {}
            () = ctrl_c() => {}
        },
        Err(_) => ctrl_c().await,
    }
}

/// Ctrl+C.
#[cfg(not(unix))]
pub(crate) async fn signal() {
    ctrl_c().await;
}

/// Never resolves where Ctrl+C can't be listened for; then Ctrl+C ends the program.
async fn ctrl_c() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
