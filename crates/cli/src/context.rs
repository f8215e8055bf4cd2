//! Options and output, which every command that talks to Graph has.

use crate::connect;
use crate::exit::{CommandResult, Exit, internal};
use crate::interrupt::{self, Signals, Watch};
use crate::journal::Journal;
use crate::options::Connection;
use crate::output::{Output, Verb};
use crate::sign_in::Target;
use agentuser::{AccessToken, Client, Code, Problem, ProblemKind, Report, Run};
use std::convert::Infallible;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::time::Instant;

/// The connection of a command, and where its output goes.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) output: Rc<Output>,
    connection: Connection,
    deadline: Option<Instant>,
    signals: Signals,
    journal: Journal,
}

impl Context {
    pub(crate) fn new(output: &Rc<Output>, connection: Connection) -> Self {
        let deadline = connection.settings.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let journal = Journal::new(&connection);
        Self { output: Rc::clone(output), connection, deadline, signals: Signals::new(), journal }
    }

    /// A client, by the options, the environment and the profile.
    pub(crate) fn client(&self) -> Result<Client, Problem> {
        connect::client(&self.connection, &self.target(false)?, &self.output)
    }

    /// Where the command goes and as whom; with a profile that is not there yet, where it makes one.
    pub(crate) fn target(&self, makes_profile: bool) -> Result<Target, Problem> {
        Target::new(&self.connection, makes_profile)
    }

    /// The options.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// A token for these scopes, or for Graph, unless a signal comes before.
    pub(crate) async fn token(&self, client: &Client, scopes: &[&str]) -> Result<AccessToken, Problem> {
        let signal = interrupt::signal();
        let late = async {
            match self.deadline {
                Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            token = client.token(scopes) => token,
            () = signal => Err(Problem::new(Code::Cancelled, "The sign-in was interrupted.")),
            () = late => Err(Problem::new(Code::DeadlineExceeded, "The sign-in took longer than --timeout allows.")),
        }
    }

    /// Does the same for each of several agent users or ids, one after the other. A problem of one does not keep the
    /// others from being done.
    pub(crate) async fn for_each<T>(
        &self,
        values: Vec<T>,
        mut act: impl AsyncFnMut(T) -> CommandResult,
    ) -> CommandResult {
        if values.is_empty() {
            self.output.remark("Standard input names none, so there is nothing to do.");
        }
        let mut exits = Vec::new();
        for value in values {
            let exit = act(value).await.unwrap_or_else(|failure| self.output.failure(&failure));
            exits.push(exit);
            if self.signals.came() || self.output.is_closed() {
                break;
            }
        }
        Ok(together(&exits))
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
        let _watch = Watch::start(&self.signals, run.cancel_handle(), progress.clone());
        let mut broken_off = false;
        while let Some(item) = run.next().await {
            if take(item).is_break() {
                broken_off = true;
                break;
            }
        }
        let result = if broken_off { Ok(None) } else { run.await.map(Some) };
        progress.rest();
        // The changes are reported even where they could not be recorded.
        self.output.at_end(self.journal.failure());
        result
    }
}

/// How several ended: as they all did, or cancelled as one of them was, or some of them failed.
fn together(exits: &[Exit]) -> Exit {
    let cancelled = Exit::Problem(ProblemKind::Cancelled);
    match exits {
        [] => Exit::Done,
        exits if exits.contains(&cancelled) => cancelled,
        [first, others @ ..] if others.iter().all(|exit| exit == first) => *first,
        _ => Exit::SomeFailed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_end_as_they_all_did() {
        let missing = Exit::Problem(ProblemKind::NotFound);
        let cancelled = Exit::Problem(ProblemKind::Cancelled);
        for (exits, expected) in [
            (&[][..], Exit::Done),
            (&[Exit::Done, Exit::Done], Exit::Done),
            (&[missing], missing),
            (&[missing, missing], missing),
            (&[Exit::Done, missing], Exit::SomeFailed),
            (&[missing, Exit::Problem(ProblemKind::Denied)], Exit::SomeFailed),
            (&[Exit::Done, cancelled], cancelled),
        ] {
            assert_eq!(together(exits), expected, "{exits:?}");
        }
    }
}
