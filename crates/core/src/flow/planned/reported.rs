//! Bringing back what reports say was taken out of service.

use super::steps::{Shared, is_of_licenses};
use super::target::Target;
use super::undone::{Undone, read};
use crate::flow::guarded;
use crate::flow::report::{Report, Summary};
use crate::flow::skus::Skus;
use crate::operation::{Graph, Items};
use crate::problem::Problem;
use futures_util::stream::{FuturesUnordered, StreamExt as _};

/// How agent users of reports are brought back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UndoRequest {
    /// Let Graph drop the mail addresses that other users have by now, in place of refusing. It is the default.
    pub auto_reconcile_proxy_conflict: bool,
    /// Only says what would change.
    pub dry_run: bool,
}

impl Default for UndoRequest {
    fn default() -> Self {
        Self { auto_reconcile_proxy_conflict: true, dry_run: false }
    }
}

/// Brings back the agent users of reports, those of retiring and of plans: each comes out of the recycle bin, can sign in again
/// and gets its licenses, as far as the reports say that these were taken. One whose name another user has by now comes back
/// with a number in its name. Yields the report of each; ends with the numbers. Run again, it goes on where it stopped.
///
/// # Errors
/// [`crate::problem::Code::ReportUnreadable`]. Everything else is the problem of its agent user.
pub async fn restore_reported<I: From<Report>>(
    graph: Graph,
    file: Vec<u8>,
    request: UndoRequest,
    items: Items<I>,
) -> Result<Summary, Problem> {
    let undone = read(&file)?;
    drop(file);
    let dry_run = request.dry_run;
    let graph = &guarded(&graph, dry_run).with_batches();
    let licensed = undone.iter().flat_map(|one| &one.changes).any(is_of_licenses);
    let skus = if licensed { Some(Skus::read(graph).await) } else { None };
    let auto_reconcile_proxy_conflict = request.auto_reconcile_proxy_conflict;
    let shared = &Shared { skus, auto_reconcile_proxy_conflict, renames: true };
    let of = undone.len();
    graph.rows(0, of);
    let restored = undone.into_iter().zip(1..).map(|(one, row)| {
        Box::pin(async move {
            let graph = graph.for_row(row);
            restore(&graph, one, row, shared, dry_run).await
        })
    });
    let mut restored: FuturesUnordered<_> = restored.collect();
    let mut summary = Summary { run_id: graph.run_id(), ..Summary::default() };
    while let Some(report) = restored.next().await {
        summary.add(&report);
        graph.rows(summary.rows, of);
        items.put(report).await;
    }
    if let Some(Ok(skus)) = &shared.skus {
        summary.seats = skus.counts();
    }
    Ok(summary)
}

async fn restore(graph: &Graph, one: Undone, row: usize, shared: &Shared, dry_run: bool) -> Report {
    let Undone { id, name, changes, problem, remarks } = one;
    if let Some(problem) = problem {
        let mut report = Report::new(graph, Some(row), None, name);
        report.id = Some(id);
        report.conclude(Err(problem), dry_run);
        return report;
    }
    let mut report = Target::of(id, name, changes).apply(graph, row, shared, dry_run).await;
    remarks.into_iter().for_each(|remark| report.remark(remark));
    report
}
