//! A whole roster: every row alive at once, bounded by the requests in flight.

use super::guarded;
use super::provision::{Run, row};
use super::ready::Readiness;
use super::report::{Outcome, Report, Summary};
use crate::operation::{Graph, Items};
use crate::problem::Problem;
use crate::roster::Roster;
use futures_util::stream::{FuturesUnordered, StreamExt as _};

/// How a roster is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RosterOptions {
    /// What every row waits for at its end.
    pub readiness: Readiness,
    /// Only say what would change.
    pub dry_run: bool,
}

/// Brings every row of a roster about and yields a report per row as it ends; ends with the numbers.
///
/// All users come first in every row; a manager who is a row is linked once both exist, so that order and cycles in
/// the file do not matter. Run again, it changes what is left to change, down to nothing. After a cancellation every
/// row still reports how far it came.
///
/// # Errors
/// None: whatever goes wrong is the problem of a row.
pub async fn roster<I: From<Report>>(
    graph: Graph,
    roster: Roster,
    options: RosterOptions,
    items: Items<I>,
) -> Result<Summary, Problem> {
    // Rows have many requests ready at the same time.
    let graph = guarded(&graph, options.dry_run).with_batches();
    let wanted: Vec<_> = roster.rows().iter().map(|row| row.wanted().clone()).collect();
    if let Some(shard) = roster.part() {
        graph.share_quotas(shard.of());
    }
    let run = Run::prepare(&graph, &wanted, roster.elsewhere(), options.readiness, options.dry_run).await;
    let of = wanted.len();
    let (graph, run) = (&graph, &run);
    let mut rows: FuturesUnordered<_> = wanted
        .iter()
        .zip(roster.rows())
        .enumerate()
        .map(|(index, (wanted, source))| async move {
            let graph = graph.for_row(source.number());
            row(&graph, &graph, wanted, run, index, Some(source.number())).await
        })
        .collect();
    let mut summary = Summary::default();
    let mut done = 0;
    while let Some(report) = rows.next().await {
        summary.count(report.outcome);
        done += 1;
        graph.rows(done, of);
        items.put(report).await;
    }
    Ok(summary)
}

impl Summary {
    /// Whether every row is as wanted, or would be.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.failed == 0 && self.cancelled == 0
    }

    /// The number of rows with that outcome.
    #[must_use]
    pub fn of(&self, outcome: Outcome) -> usize {
        match outcome {
            Outcome::Created => self.created,
            Outcome::Changed => self.changed,
            Outcome::Unchanged => self.unchanged,
            Outcome::Planned => self.planned,
            Outcome::Failed => self.failed,
            Outcome::Cancelled => self.cancelled,
        }
    }
}
