//! Progress on stderr: a bar on a terminal; elsewhere a line now and then, while the server throttles.

use super::remarks::Remarks;
use agentuser::{Event, Summary, Waiting};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::AbortHandle;

/// Shorter waits get no line in a log.
const WORTH_A_LINE: Duration = Duration::from_secs(5);
/// At most one line in a log in this time.
const BETWEEN_LINES: Duration = Duration::from_secs(30);

const SPINNER: &str = "{spinner} {elapsed} {wide_msg}";
/// The message has a line of its own, because both do not fit 80 columns.
const BAR: &str = "{bar:24} {pos}/{len} rows, {elapsed}{prefix}\n{wide_msg}";
/// What ends sooner needs no bar.
const WORTH_A_BAR: Duration = Duration::from_millis(300);

/// The progress of a run.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    bar: ProgressBar,
    /// Whether the bar may be drawn, and the task that begins to.
    shows: bool,
    begin: Arc<Mutex<Option<AbortHandle>>>,
    log: Option<Arc<Log>>,
}

/// Lines for a log.
#[derive(Debug)]
struct Log {
    remarks: Remarks,
    last: Mutex<Option<Instant>>,
}

impl Progress {
    pub(super) fn new(remarks: &Remarks, quiet: bool) -> Self {
        let attended = is_attended();
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_style(style(SPINNER));
        let wanted = !attended && remarks.are_wanted();
        let log = wanted.then(|| Arc::new(Log { remarks: remarks.clone(), last: Mutex::new(None) }));
        Self { bar, shows: attended && !quiet, begin: Arc::default(), log }
    }

    /// Shows a bar for so many rows, where there is none yet.
    fn rows(&self, rows: usize) {
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        if self.bar.length() != Some(rows) {
            self.bar.set_style(style(BAR));
            self.bar.set_length(rows);
        }
    }

    /// Shows the numbers so far, after a row has ended.
    pub(crate) fn row(&self, summary: &Summary) {
        let counts = [
            (summary.created, "created"),
            (summary.changed, "changed"),
            (summary.planned, "to do"),
            (summary.failed, "failed"),
            (summary.cancelled, "cancelled"),
        ];
        let counts = counts.iter().filter(|(number, _)| *number > 0);
        self.bar.set_prefix(counts.map(|(number, what)| format!(", {number} {what}")).collect::<String>());
        self.bar.set_position(u64::try_from(summary.rows).unwrap_or(u64::MAX));
    }

    /// A function that takes the events of a run.
    pub(crate) fn events(&self) -> impl FnMut(Event) + Send + 'static {
        let progress = self.clone();
        if progress.shows {
            progress.bar.reset();
            let bar = progress.bar.clone();
            let begin = tokio::spawn(async move {
                tokio::time::sleep(WORTH_A_BAR).await;
                bar.set_draw_target(ProgressDrawTarget::stderr());
                bar.enable_steady_tick(Duration::from_millis(120));
            });
            progress.replace(Some(begin.abort_handle()));
        }
        move |event| match event {
            Event::Waiting { why, wait_ms, .. } => progress.waiting(why, Duration::from_millis(wait_ms)),
            Event::Rows { of, .. } => progress.rows(of),
            Event::Stage { row: None, stage } => progress.bar.set_message(stage.to_string()),
            _ => {}
        }
    }

    fn waiting(&self, why: Waiting, time: Duration) {
        let text = format!("waiting {} s: {}", time.as_secs().max(1), reason(why));
        if let Some(log) = &self.log
            && (why == Waiting::Parent
                || time >= WORTH_A_LINE
                    && matches!(
                        why,
                        Waiting::Throttled | Waiting::WriteQuota | Waiting::UnitQuota | Waiting::ReportQuota
                    ))
        {
            log.line(&text);
        }
        self.bar.set_message(text);
    }

    /// Clears the bar until the next run.
    pub(crate) fn rest(&self) {
        self.replace(None);
        self.bar.disable_steady_tick();
        self.bar.set_message("");
        self.bar.finish_and_clear();
        self.bar.set_draw_target(ProgressDrawTarget::hidden());
    }

    /// Sets the task that begins to draw, and ends the one before.
    fn replace(&self, begin: Option<AbortHandle>) {
        let mut current = self.begin.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = std::mem::replace(&mut *current, begin) {
            before.abort();
        }
    }

    /// Hides the bar while something else is written.
    pub(super) fn suspend<R>(&self, write: impl FnOnce() -> R) -> R {
        self.bar.suspend(write)
    }
}

impl Log {
    fn line(&self, text: &str) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_none_or(|last| last.elapsed() >= BETWEEN_LINES) {
            *last = Some(Instant::now());
            self.remarks.say(text);
        }
    }
}

/// Whether stderr is a terminal that can draw a bar.
fn is_attended() -> bool {
    io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn reason(why: Waiting) -> &'static str {
    match why {
        Waiting::Throttled => "the server asks to slow down (Retry-After)",
        Waiting::Retry => "a request failed and is tried again",
        Waiting::Parent => "the agent identity is not there yet (--parent-timeout says how long)",
        Waiting::Replication => "the directory may not have replicated a change yet",
        Waiting::License => "a license is not active yet",
        Waiting::Mailbox => "the mailbox is not provisioned yet",
        Waiting::Teams => "Teams is not provisioned yet",
        Waiting::OneDrive => "OneDrive is not provisioned yet",
        Waiting::WriteQuota => "the tenant's quota of writes is used up",
        Waiting::UnitQuota => "the tenant's quota of resource units is used up",
        Waiting::ReportQuota => "the tenant's quota of reports is used up",
        _ => "the agent user is not ready yet",
    }
}
