//! Writing until it is so.
//!
//! Only an answer to a write comes from where writes are decided. A look is served by a replica, which may show what
//! was before: what was deleted a moment ago as there, a link that was set a moment ago as missing. So a write whose
//! answer was lost is sent again. A 404 is no proof either, of anything: what the write is about may not have arrived
//! where it was looked up. It is tried again until every change must be visible, and only then a look decides.

use super::patience::{Patience, may_be_lag};
use crate::graph::Ask;
use crate::operation::{Failure, Graph, Waiting};
use crate::problem::{Code, Problem};
use std::future::Future;
use std::pin::Pin;

/// How many answers in a row may be lost before that is reported.
const ROUNDS: u32 = 6;

/// Brings something about that no replica shows before it was so: by a write that leaves the same state when it happens
/// twice.
///
/// `refusal` says what a refusal means that can't be lag.
pub(super) async fn ensure<L: Send>(
    graph: &Graph,
    write: impl Fn() -> Ask<()> + Send + Sync,
    refusal: fn(&Problem) -> Refusal,
    look: impl Fn() -> Ask<L> + Send + Sync,
    is_so: impl Fn(Option<&L>) -> bool + Send + Sync,
) -> Result<(), Problem> {
    settle(graph, &write, refusal, &|| shows(graph, look(), &is_so), false).await
}

/// The same for what a replica that lags may show as done although it is not: something is removed, deleted, restored.
pub(super) async fn ensure_settled<L: Send>(
    graph: &Graph,
    write: impl Fn() -> Ask<()> + Send + Sync,
    look: impl Fn() -> Ask<L> + Send + Sync,
    is_so: impl Fn(Option<&L>) -> bool + Send + Sync,
) -> Result<(), Problem> {
    settle(graph, &write, refused, &|| shows(graph, look(), &is_so), true).await
}

/// What a look shows; nothing where it failed.
type Shows<'a> = Pin<Box<dyn Future<Output = Option<bool>> + Send + 'a>>;

/// One body of code for every write and every look.
async fn settle<'a>(
    graph: &Graph,
    write: &(dyn Fn() -> Ask<()> + Send + Sync),
    refusal: fn(&Problem) -> Refusal,
    shows: &(dyn Fn() -> Shows<'a> + Send + Sync),
    only_settled: bool,
) -> Result<(), Problem> {
    let mut patience = Patience::replication(graph);
    // Whether it may have taken place unseen.
    let mut unknown = false;
    let mut lost_in_a_row = 0;
    // Whether the server refused for good, though it may be so.
    let mut refused = false;
    let (mut problem, mut stopped) = loop {
        let lost_before = std::mem::take(&mut lost_in_a_row);
        let problem = match graph.write(write()).await {
            Ok(()) => return Ok(()),
            Err(Failure::Not(problem)) if may_be_lag(&problem) => problem,
            Err(Failure::Not(problem)) => match refusal(&problem) {
                Refusal::WasSo => return Ok(()),
                Refusal::Final if !unknown => return Err(problem),
                _ if unknown && !is_answer(&problem) => break (problem, true),
                Refusal::Final | Refusal::MayBeSo => {
                    refused = true;
                    break (problem, false);
                }
            },
            Err(Failure::Unknown(problem)) => {
                unknown = true;
                lost_in_a_row = lost_before + 1;
                problem
            }
        };
        let lost = lost_in_a_row > 0;
        if lost && (lost_in_a_row >= ROUNDS || graph.is_cancelled() || graph.is_late()) {
            break (problem, true);
        }
        match patience.again(Waiting::Replication).await {
            Ok(true) => {}
            // What was lost is sent again however long the losing took: its rounds are counted.
            Ok(false) if lost => {}
            Ok(false) => break (problem, false),
            Err(stop) if !unknown => return Err(stop),
            Err(stop) => break (stop, true),
        }
    };
    // Nothing more is written. What may be so is looked for until every reader would see it.
    let mut patience = Patience::replication(graph);
    while !stopped && (unknown || refused) {
        if !only_settled && shows().await == Some(true) {
            return Ok(());
        }
        match patience.again(Waiting::Replication).await {
            Ok(true) => {}
            Ok(false) => break,
            Err(stop) if !unknown => return Err(stop),
            Err(stop) => (problem, stopped) = (stop, true),
        }
    }
    let shown = if stopped && only_settled { None } else { shows().await };
    match shown {
        Some(true) => Ok(()),
        Some(false) if !stopped => Err(problem),
        _ if !unknown => Err(problem),
        _ => Err(Problem::new(
            Code::OutcomeUnknown,
            format!(
                "It could not be found out whether the request to {} took effect: {problem}",
                write().call().what()
            ),
        )),
    }
}

/// What was begun is finished: the look happens even after a cancellation.
fn shows<'a, L: Send + 'a>(
    graph: &'a Graph,
    look: Ask<L>,
    is_so: &'a (impl Fn(Option<&L>) -> bool + Sync),
) -> Shows<'a> {
    Box::pin(async move { graph.for_cleanup().look(look).await.ok().map(|seen| is_so(seen.as_ref())) })
}

/// Whether the server decided it. Otherwise it says nothing of a former try whose answer was lost.
fn is_answer(problem: &Problem) -> bool {
    problem.status().is_some() && !problem.is_transient()
}

/// What a refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It can't be done.
    Final,
    /// It was so before.
    WasSo,
    /// It was so before, perhaps, and reads do not show it yet.
    MayBeSo,
}

/// No refusal means that it was so before.
pub(super) fn refused(_: &Problem) -> Refusal {
    Refusal::Final
}
