//! Writing until it is so.
//!
//! Only an answer to a write comes from where writes are decided. A look is served by a replica, which may show an
//! earlier state: a user that was deleted a moment ago as there, a link that was set a moment ago as missing. So a write
//! whose answer was lost is sent again. A 404 proves nothing either: the object may not have arrived where the request
//! was served. The write is tried again until every change must be visible, and only then a look decides.

use super::poller::{Poller, may_be_lag};
use crate::graph::Ask;
use crate::operation::{Failure, Graph, Waiting};
use crate::problem::{Code, Problem};
use std::future::Future;
use std::pin::Pin;

/// How many answers in a row may be lost before that is reported.
const ROUNDS: u32 = 6;

/// Makes something so that no replica shows before it is so, by a write that leaves the same state when it happens twice.
///
/// A refusal that can't be lag is final at once, unless Graph's words allow that it is so already: that is a column of the
/// table of problems.
pub(super) async fn ensure<L: Send>(
    graph: &Graph,
    write: impl Fn() -> Ask<()> + Send + Sync,
    look: impl Fn() -> Ask<L> + Send + Sync,
    is_so: impl Fn(Option<&L>) -> bool + Send + Sync,
) -> Result<(), Problem> {
    settle(graph, &write, &|| shows(graph, look(), &is_so), Proof::Look).await
}

/// The same for what a replica that lags may show as done although it is not: something is removed, deleted, restored.
pub(super) async fn ensure_strictly<L: Send>(
    graph: &Graph,
    write: impl Fn() -> Ask<()> + Send + Sync,
    look: impl Fn() -> Ask<L> + Send + Sync,
    is_so: impl Fn(Option<&L>) -> bool + Send + Sync,
) -> Result<(), Problem> {
    settle(graph, &write, &|| shows(graph, look(), &is_so), Proof::LateLook).await
}

/// The same where one look does not tell: `shows` answers whether it is so, or with none where a look failed.
pub(super) async fn ensure_strictly_shown<'a>(
    graph: &Graph,
    write: impl Fn() -> Ask<()> + Send + Sync,
    shows: impl Fn() -> Shows<'a> + Send + Sync,
) -> Result<(), Problem> {
    settle(graph, &write, &shows, Proof::LateLook).await
}

/// The proof that it is so, where no answer to a write is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// Any look that shows it.
    Look,
    /// A look once every change must be visible.
    LateLook,
}

/// Whether a look shows it; none where the look failed.
pub(super) type Shows<'a> = Pin<Box<dyn Future<Output = Option<bool>> + Send + 'a>>;

/// How writing ended where no answer said that it is so.
enum End {
    /// Nothing was changed.
    Not(Problem),
    /// The object was not found as long as a change may take to become visible.
    NeverFound(Problem),
    /// It may be so: because an answer was `lost`, or because the refusal says so.
    MayBeSo { problem: Problem, lost: bool },
    /// An answer was lost, and there was no time to write again.
    CutShort(Problem),
}

/// The body of both: one for every write and every look, because browsers load it.
async fn settle<'a>(
    graph: &Graph,
    write: &(dyn Fn() -> Ask<()> + Send + Sync),
    shows: &(dyn Fn() -> Shows<'a> + Send + Sync),
    proof: Proof,
) -> Result<(), Problem> {
    let Err(mut end) = write_until_decided(graph, write).await else { return Ok(()) };
    // Nothing more is written. It is looked for until every reader would see it.
    if let End::MayBeSo { lost, problem } = &end {
        let lost = *lost;
        let mut poller = Poller::replication(graph);
        loop {
            if proof == Proof::Look && shows().await == Some(true) {
                return Ok(());
            }
            // Nothing would be seen.
            if graph.is_unanswered() {
                break;
            }
            match poller.again_after(Waiting::Replication, Some(problem)).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(stop) => {
                    end = if lost { End::CutShort(stop) } else { End::Not(stop) };
                    break;
                }
            }
        }
    }
    let shown = match &end {
        End::Not(_) => None,
        End::CutShort(_) if proof == Proof::LateLook => None,
        _ => shows().await,
    };
    match (end, shown) {
        (_, Some(true)) => Ok(()),
        (End::CutShort(problem), _) | (End::MayBeSo { problem, lost: true }, None) => {
            let what = write().call().what();
            let message =
                format!("It could not be found out whether the request to {what} took effect: {problem}");
            Err(Problem::new(Code::OutcomeUnknown, message).about(&problem))
        }
        (End::Not(problem) | End::NeverFound(problem) | End::MayBeSo { problem, .. }, _) => Err(problem),
    }
}

/// Writes until an answer says that it is so, or no other write can help.
async fn write_until_decided(graph: &Graph, write: &(dyn Fn() -> Ask<()> + Send + Sync)) -> Result<(), End> {
    let mut poller = Poller::replication(graph);
    let call = write().call();
    // Whether it may have taken place unseen.
    let mut lost = false;
    let mut lost_in_a_row = 0;
    loop {
        let problem = match graph.write(write()).await {
            Ok(()) => return Ok(()),
            Err(Failure::Unknown(problem)) => {
                lost = true;
                lost_in_a_row += 1;
                if lost_in_a_row >= ROUNDS || graph.is_stopped() || graph.is_late() || graph.is_unanswered() {
                    return Err(End::CutShort(problem));
                }
                problem
            }
            Err(Failure::Not(problem)) => {
                lost_in_a_row = 0;
                if !may_be_lag(&problem) {
                    return match problem.already(call) {
                        Some(already) if already.certain => Ok(()),
                        None if !lost => Err(End::Not(problem)),
                        _ if lost && !is_answer(&problem) => Err(End::CutShort(problem)),
                        _ => Err(End::MayBeSo { problem, lost }),
                    };
                }
                problem
            }
        };
        match poller.again_after(Waiting::Replication, Some(&problem)).await {
            Ok(true) => {}
            // A write whose answer was lost is sent again however long that took: its rounds are counted.
            Ok(false) if lost_in_a_row > 0 => {}
            Ok(false) if lost => return Err(End::MayBeSo { problem, lost }),
            Ok(false) => return Err(End::NeverFound(problem)),
            Err(stop) if lost => return Err(End::CutShort(stop)),
            Err(stop) => return Err(End::Not(stop)),
        }
    }
}

/// The look happens even after a cancellation: a write that was begun is finished.
fn shows<'a, L: Send + 'a>(
    graph: &'a Graph,
    look: Ask<L>,
    is_so: &'a (impl Fn(Option<&L>) -> bool + Sync),
) -> Shows<'a> {
    Box::pin(async move { graph.for_cleanup().look(look).await.ok().map(|seen| is_so(seen.as_ref())) })
}

/// Whether the server decided it. Otherwise it says nothing of an earlier attempt whose answer was lost.
fn is_answer(problem: &Problem) -> bool {
    problem.answered().is_some() && !problem.is_transient()
}
