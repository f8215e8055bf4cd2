//! Bringing back what reports say was taken out of service.

use super::objects;
use super::rows::work_on_all;
use super::steps::{Shared, is_of_licenses};
use super::target::{Target, by_kind};
use super::undone::{Undone, read};
use crate::flow::guarded;
use crate::flow::report::{Report, Summary};
use crate::operation::{Graph, Items};
use crate::problem::Problem;

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

/// Brings back the agent users of reports, those of retiring, containing and plans: each comes out of the recycle bin, can sign in
/// again and gets its groups and licenses, as far as the reports say that these were taken. Blueprints' principals and agent identities that
/// were disabled are enabled before. One whose name another user has by now comes back
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
    let shared = &Shared::read(graph, licensed, request.auto_reconcile_proxy_conflict, true).await;
    let restore = |graph: Graph, row, one| async move { restore(&graph, one, row, shared, dry_run).await };
    Ok(work_on_all(graph, shared, by_kind(undone, |one| one.kind), &items, restore).await)
}

async fn restore(graph: &Graph, one: Undone, row: usize, shared: &Shared, dry_run: bool) -> Report {
    let Undone { id, kind, name, changes, problem, remarks } = one;
    if let Some(problem) = problem {
        let mut report = Report::new(graph, Some(row), None, name);
        report.id = Some(id);
        report.conclude(Err(problem), dry_run);
        return report;
    }
    let target = Target::of(id, kind, name, changes);
    let mut report = objects::apply(&target, graph, row, shared, dry_run).await;
    remarks.into_iter().for_each(|remark| report.remark(remark));
    report
}
