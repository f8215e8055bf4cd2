//! Options and output, which every command has.

use crate::connect;
use crate::exit::{CommandResult, internal};
use crate::interrupt::Watch;
use crate::journal::Journal;
use crate::options::{Connection, Global};
use crate::output::{Output, Verb};
use agentuser::{Client, Problem, Report, Run};
use std::convert::Infallible;
use std::ops::ControlFlow;
use std::time::Instant;

/// The options that every command takes, and where its output goes.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) output: Output,
    connection: Connection,
    deadline: Option<Instant>,
    journal: Journal,
}

impl Context {
    pub(crate) fn new(global: Global) -> Self {
        let deadline = global.connection.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let journal = Journal::new(&global.connection);
        Self { output: Output::new(&global.output), connection: global.connection, deadline, journal }
    }

    /// A client, by the options and the environment.
    pub(crate) fn client(&self) -> Result<Client, Problem> {
        connect::client(&self.connection)
    }

    /// A run to its result, with progress and Ctrl+C.
    pub(crate) async fn finish<I, T>(&self, run: Run<I, T>) -> Result<T, Problem>
    where
        I: Send + 'static,
        T: Send + 'static,
    {
        let ended = self.each(run, |_| ControlFlow::Continue(())).await?;
        ended.ok_or_else(|| internal("The run did not come to its end."))
    }

    /// A run to its report, which is printed.
    pub(crate) async fn report(&self, run: Run<Infallible, Report>, verb: Verb) -> CommandResult {
        let report = self.finish(run).await?;
        Ok(self.output.report(&report, verb)?)
    }

    /// A run, item by item, to its result; none when `take` breaks off.
    pub(crate) async fn each<I, T>(
        &self,
        run: Run<I, T>,
        mut take: impl FnMut(I) -> ControlFlow<()>,
    ) -> Result<Option<T>, Problem>
    where
        I: Send + 'static,
        T: Send + 'static,
    {
        let progress = self.output.progress();
        let run = self.journal.keep(run.on_event(progress.events()))?;
        let mut run = match self.deadline {
            Some(deadline) => run.within(deadline.saturating_duration_since(Instant::now())),
            None => run,
        };
        let _watch = Watch::start(run.cancel_handle(), self.output.remarks());
        while let Some(item) = run.next().await {
            if take(item).is_break() {
                return Ok(None);
            }
        }
        let result = run.await;
        progress.rest();
        let result = result.map(Some);
        // What was done is told even where it could not be recorded.
        match self.journal.failure() {
            Some(problem) if result.is_ok() => Err(problem),
            _ => result,
        }
    }
}
