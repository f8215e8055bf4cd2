//! Writing until it is so.

use super::patience::{Patience, may_be_lag};
use crate::graph::Ask;
use crate::operation::{Failure, Graph, Waiting};
use crate::problem::{Code, Problem};

/// How often a write whose outcome is unknown is looked into before that is reported.
const ROUNDS: u32 = 6;

/// Writes once, and again only after a look has shown that it is still needed.
///
/// For writes that leave the same state when they happen twice. A refusal that may be lag is tried again within
/// the time a change may take to become visible; `refusal` says what the others mean.
pub(super) async fn ensure<L>(
    graph: &Graph,
    write: impl Fn() -> Ask<()>,
    refusal: impl Fn(&Problem) -> Refusal,
    look: impl Fn() -> Ask<L>,
    is_so: impl Fn(Option<&L>) -> bool,
) -> Result<(), Problem> {
    let mut patience = Patience::replication(graph);
    let mut unknown = 0;
    // A refusal after an unknown outcome may mean that it took place: from then on it is only looked for.
    let mut refused = None;
    loop {
        let mut lost = false;
        let problem = match &refused {
            Some(problem) => Problem::clone(problem),
            None => match graph.write(write()).await {
                Ok(()) => return Ok(()),
                Err(Failure::Not(problem)) if may_be_lag(&problem) => problem,
                Err(Failure::Not(problem)) => match refusal(&problem) {
                    Refusal::WasSo => return Ok(()),
                    Refusal::Final if unknown == 0 => return Err(problem),
                    Refusal::Final | Refusal::MayBeSo => refused.insert(problem).clone(),
                },
                Err(Failure::Unknown(problem)) => {
                    unknown += 1;
                    lost = true;
                    problem
                }
            },
        };
        // What was begun is finished: the look happens even after a cancellation. One that fails shows nothing.
        let seen = graph.finishing().look(look()).await;
        if seen.is_ok_and(|seen| is_so(seen.as_ref())) {
            return Ok(());
        }
        let ended = graph.is_cancelled() || graph.is_late();
        if lost && (ended || unknown >= ROUNDS) {
            return Err(Problem::new(
                Code::OutcomeUnknown,
                format!("It could not be found out whether {} took place: {problem}", write().call()),
            ));
        }
        // What was lost is sent again however long the losing took: its rounds are counted.
        if !patience.again(Waiting::Replication).await? && !lost {
            return Err(problem);
        }
    }
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
