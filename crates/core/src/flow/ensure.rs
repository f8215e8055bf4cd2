//! Writing until it is so.
//!
//! Only an answer to a write comes from where writes are decided. A look is served by a replica, which may show what
//! was before: an object that was deleted a moment ago as there, a link that was set a moment ago as missing. So a
//! write whose answer was lost is sent again, and looks count only where a replica that lags can't mislead.

use super::patience::{Patience, may_be_lag};
use crate::graph::Ask;
use crate::operation::{Failure, Graph, Waiting};
use crate::problem::{Code, Problem};

/// How often a write whose outcome is unknown is sent before that is reported.
const ROUNDS: u32 = 6;

/// Brings something about, by a write that leaves the same state when it happens twice.
///
/// A refusal that may be lag is tried again within the time a change may take to become visible; `refusal` says what
/// the others mean. Once an answer was lost and a repetition is refused, a look that shows it is proof enough.
pub(super) async fn ensure<L>(
    graph: &Graph,
    write: impl Fn() -> Ask<()>,
    refusal: impl Fn(&Problem) -> Refusal,
    look: impl Fn() -> Ask<L>,
    is_so: impl Fn(Option<&L>) -> bool,
) -> Result<(), Problem> {
    settle(graph, write, refusal, look, is_so, Proof::Seen).await
}

/// Takes something away, by a write that leaves the same state when it happens twice.
///
/// That it is not seen proves nothing before every change must be visible, and neither does a 404: whatever it hangs
/// on may not have arrived there.
pub(super) async fn ensure_gone<L>(
    graph: &Graph,
    write: impl Fn() -> Ask<()>,
    look: impl Fn() -> Ask<L>,
    is_gone: impl Fn(Option<&L>) -> bool,
) -> Result<(), Problem> {
    settle(graph, write, refused, look, is_gone, Proof::SettledOnly).await
}

/// When a look that shows the wanted state proves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// After a lost answer, at once.
    Seen,
    /// When every change must be visible.
    SettledOnly,
}

async fn settle<L>(
    graph: &Graph,
    write: impl Fn() -> Ask<()>,
    refusal: impl Fn(&Problem) -> Refusal,
    look: impl Fn() -> Ask<L>,
    is_so: impl Fn(Option<&L>) -> bool,
    proof: Proof,
) -> Result<(), Problem> {
    let mut patience = Patience::replication(graph);
    let mut unknown = 0;
    // What the server refused for good, though it may be so: from then on it is only looked for.
    let mut refused = None;
    let (problem, stopped) = loop {
        let mut lost = false;
        let problem = match &refused {
            Some(problem) => Problem::clone(problem),
            None => match graph.write(write()).await {
                Ok(()) => return Ok(()),
                Err(Failure::Not(problem)) if may_be_lag(&problem) => problem,
                Err(Failure::Not(problem)) => match refusal(&problem) {
                    Refusal::WasSo => return Ok(()),
                    Refusal::Final if unknown == 0 => return Err(problem),
                    _ if unknown > 0 && !is_answer(&problem) => break (problem, true),
                    Refusal::Final if proof == Proof::SettledOnly => return Err(problem),
                    Refusal::Final | Refusal::MayBeSo => refused.insert(problem).clone(),
                },
                Err(Failure::Unknown(problem)) => {
                    unknown += 1;
                    lost = true;
                    problem
                }
            },
        };
        if lost && (unknown >= ROUNDS || graph.is_cancelled() || graph.is_late()) {
            break (problem, true);
        }
        let telling = refused.is_some() || unknown > 0 && !lost;
        if telling && proof == Proof::Seen && shows(graph, look(), &is_so).await {
            return Ok(());
        }
        match patience.again(Waiting::Replication).await {
            Ok(true) => {}
            // What was lost is sent again however long the losing took: its rounds are counted.
            Ok(false) if lost => {}
            Ok(false) => break (problem, false),
            Err(stop) if unknown == 0 => return Err(stop),
            Err(stop) => break (stop, true),
        }
    };
    // Cut short, absence still proves nothing.
    if (proof == Proof::Seen || !stopped) && shows(graph, look(), &is_so).await {
        return Ok(());
    }
    if !stopped {
        return Err(problem);
    }
    Err(Problem::new(
        Code::OutcomeUnknown,
        format!("It could not be found out whether {} took place: {problem}", write().call()),
    ))
}

/// What was begun is finished: the look happens even after a cancellation. One that fails shows nothing.
async fn shows<L>(graph: &Graph, look: Ask<L>, is_so: impl Fn(Option<&L>) -> bool) -> bool {
    graph.finishing().look(look).await.is_ok_and(|seen| is_so(seen.as_ref()))
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
