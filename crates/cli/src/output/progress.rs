//! Progress on stderr: a bar on a terminal; elsewhere a line now and then during long waits; as JSON, its events.

use super::remarks::Remarks;
use super::report::stage as in_words;
use agentuser::core::operation::StageCount;
use agentuser::{Event, Stage, Summary, Waiting};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::AbortHandle;

/// Shorter waits get no line in a log.
const WORTH_A_LINE: Duration = Duration::from_secs(5);
/// A failed request that is tried again after a longer pause than this is not a hiccup.
const LONG_RETRY: Duration = Duration::from_secs(2);
/// At most one line in a log in this time.
const BETWEEN_LINES: Duration = Duration::from_secs(30);
/// At most one event of a kind in this time.
const BETWEEN_EVENTS: Duration = Duration::from_secs(10);

const SPINNER: &str = "{spinner} {elapsed} {wide_msg}";
/// The message has a line of its own, because both do not fit 80 columns.
const BAR: &str = "{bar:24} {prefix}, {elapsed}\n{wide_msg}";
/// A run that ends sooner needs no bar.
const WORTH_A_BAR: Duration = Duration::from_millis(300);

/// The progress of a run.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    bar: ProgressBar,
    /// Whether the bar may be drawn, and the task that begins to.
    shows: bool,
    begin: Arc<Mutex<Option<AbortHandle>>>,
    /// Whether each long wait is a line of a log. A bar shows waits by itself.
    logs: bool,
    remarks: Remarks,
    shown: Arc<Mutex<Shown>>,
}

/// The progress that was shown last.
#[derive(Debug, Default)]
struct Shown {
    /// The numbers of ended rows by how they ended.
    outcomes: String,
    done: usize,
    of: usize,
    /// When an event of each kind was written last, for programs.
    written: Vec<(Option<Waiting>, Instant)>,
    /// When the last line was written to a log.
    logged: Option<Instant>,
}

impl Progress {
    pub(super) fn new(remarks: &Remarks, quiet: bool) -> Self {
        let attended = is_attended();
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_style(style(SPINNER));
        Self {
            bar,
            shows: attended && !quiet,
            begin: Arc::default(),
            logs: !attended && remarks.are_wanted(),
            remarks: remarks.clone(),
            shown: Arc::default(),
        }
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows how far the rows are. The bar grows with every stage of a row, and not only when it has ended.
    fn rows(&self, done: usize, of: usize, stages: &[StageCount]) {
        let most = Stage::ALL.len() - 1;
        let stage = |stage: Stage| Stage::ALL.iter().position(|one| *one == stage).unwrap_or_default();
        let ended_early = |sum: usize| sum.max(done.saturating_mul(most));
        let reached =
            ended_early(stages.iter().map(|count| count.rows.saturating_mul(stage(count.stage))).sum());
        self.bar.set_length(u64::try_from(of.saturating_mul(most)).unwrap_or(u64::MAX));
        self.bar.set_position(u64::try_from(reached).unwrap_or(u64::MAX));
        let under_way = stages.iter().filter(|count| count.stage != Stage::Done);
        let stages: Vec<String> =
            under_way.map(|count| format!("{} at: {}", count.rows, in_words(count.stage))).collect();
        self.bar.set_message(stages.join(", "));
        let mut shown = self.shown();
        (shown.done, shown.of) = (done, of);
        self.bar.set_prefix(shown.prefix());
        self.bar.set_style(style(BAR));
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
        let mut shown = self.shown();
        shown.outcomes = counts.map(|(number, what)| format!(", {number} {what}")).collect();
        shown.done = summary.rows;
        self.bar.set_prefix(shown.prefix());
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
        move |event| {
            progress.write(&event);
            match event {
                Event::Waiting { why, wait_ms, .. } => progress.waiting(why, Duration::from_millis(wait_ms)),
                Event::Rows { done, of, stages } => progress.rows(done, of, &stages),
                Event::Stage { row: None, stage } => progress.bar.set_message(in_words(stage)),
                Event::Ending { within_ms } => progress.ending(Duration::from_millis(within_ms)),
                _ => {}
            }
        }
    }

    /// Writes an event for programs, unless one of its kind was written a moment ago.
    fn write(&self, event: &Event) {
        let kind = match event {
            Event::Waiting { why, .. } => Some(*why),
            Event::Rows { .. } => None,
            Event::Ending { .. } => return self.remarks.progress(event),
            _ => return,
        };
        if self.shown().may_write(kind) {
            self.remarks.progress(event);
        }
    }

    /// Writes an event of the whole program, above the bar.
    pub(crate) fn event(&self, name: &str, text: &str) {
        self.suspend(|| self.remarks.event(name, text));
    }

    /// Writes what a person has to see, above the bar.
    pub(crate) fn prompt(&self, name: &str, paragraphs: &[&str], members: &serde_json::Value) {
        self.suspend(|| self.remarks.prompt(name, paragraphs, members));
    }

    /// Writes a warning, above the bar.
    pub(crate) fn warn(&self, name: &str, text: &str) {
        self.suspend(|| self.remarks.warn(name, text));
    }

    fn ending(&self, within: Duration) {
        let text = format!("Finishing what was begun, for {} s at most.", within.as_secs().max(1));
        self.suspend(|| self.remarks.say(&text));
        self.bar.set_message(text);
    }

    fn waiting(&self, why: Waiting, time: Duration) {
        let text = match why {
            Waiting::SignIn => format!("waiting: {}", reason(why)),
            _ => format!("waiting {} s: {}", time.as_secs().max(1), reason(why)),
        };
        if self.logs && is_worth_a_line(why, time) && self.shown().may_log() {
            self.remarks.say(&text);
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

impl Shown {
    fn prefix(&self) -> String {
        format!("{}/{} rows{}", self.done, self.of, self.outcomes)
    }

    fn may_write(&mut self, kind: Option<Waiting>) -> bool {
        let now = Instant::now();
        match self.written.iter_mut().find(|(other, _)| *other == kind) {
            Some((_, last)) if now.duration_since(*last) < BETWEEN_EVENTS => return false,
            Some((_, last)) => *last = now,
            None => self.written.push((kind, now)),
        }
        true
    }

    fn may_log(&mut self) -> bool {
        let may = self.logged.is_none_or(|last| last.elapsed() >= BETWEEN_LINES);
        if may {
            self.logged = Some(Instant::now());
        }
        may
    }
}

fn is_worth_a_line(why: Waiting, time: Duration) -> bool {
    match why {
        Waiting::Answer | Waiting::SignIn | Waiting::Parent => true,
        Waiting::Retry => time >= LONG_RETRY,
        _ => time >= WORTH_A_LINE,
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
        Waiting::Answer => "the server has not answered a request",
        Waiting::SignIn => "the sign-in has not given a token yet",
        Waiting::Parent => "the agent identity is not there yet (--parent-timeout says how long)",
        Waiting::Replication => "the directory may not have replicated a change yet",
        Waiting::License => "a license is not active yet",
        Waiting::Mailbox => "the mailbox is not provisioned yet",
        Waiting::Teams => "Teams is not provisioned yet",
        Waiting::OneDrive => "OneDrive is not provisioned yet",
        Waiting::Permission => "new tokens do not carry the permission yet",
        Waiting::WriteQuota => "the tenant's quota of writes is used up",
        Waiting::UnitQuota => "the tenant's quota of resource units is used up",
        Waiting::ReportQuota => "the tenant's quota of reports is used up",
        _ => "the agent user is not ready yet",
    }
}
