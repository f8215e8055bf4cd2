//! Cancels a run in good order on Ctrl+C, and on the signal that ends a pod.

use crate::exit::INTERRUPTED;
use crate::output::Remarks;
use agentuser::CancelHandle;
use tokio::task::JoinHandle;

/// Watches for signals while a run is under way.
#[derive(Debug)]
pub(crate) struct Watch {
    task: JoinHandle<()>,
}

impl Watch {
    /// The first signal cancels the run; the next one ends the program at once.
    pub(crate) fn start(cancel: CancelHandle, remarks: Remarks) -> Self {
        let task = tokio::spawn(async move {
            signal().await;
            remarks.event(
                "cancelling",
                "cancelling: requests in flight are finished; press Ctrl+C again to stop at once",
            );
            cancel.cancel();
            signal().await;
            remarks.event("stopped", "stopped at once: requests in flight may or may not have taken effect");
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
