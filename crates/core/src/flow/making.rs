//! Entering the changes of one object into its report, and making them.

use super::report::{Change, Report};
use crate::operation::Graph;
use crate::problem::Problem;
use std::future::Future;

/// The report of an object that is changed, and the rules by which changes are made.
#[derive(Debug)]
pub(super) struct Making {
    graph: Graph,
    pub(super) report: Report,
    dry_run: bool,
    /// The changes of a plan, which alone may be made; none where there is no plan.
    approved: Option<Vec<Change>>,
}

impl Making {
    /// `approved` are the changes that may be made, where they were planned.
    pub(super) fn new(graph: &Graph, report: Report, approved: Option<Vec<Change>>, dry_run: bool) -> Self {
        Self { graph: graph.clone(), report, dry_run, approved }
    }

    /// Reports the changes and makes them by one write, unless there are none or it is a dry run. Answers with whether
    /// they were made.
    ///
    /// # Errors
    /// Those of the write; [`Code::NotAsPlanned`](crate::problem::Code::NotAsPlanned), before anything is written.
    pub(super) async fn make(
        &mut self,
        changes: impl IntoIterator<Item = Change>,
        write: impl Future<Output = Result<(), Problem>>,
    ) -> Result<bool, Problem> {
        let planned = self.report.plan_all(changes);
        if let Some(approved) = &self.approved {
            self.report.require_approved(approved)?;
        }
        if planned.is_empty() || self.dry_run {
            return Ok(false);
        }
        let written = write.await;
        self.report.written(&self.graph, planned, written)?;
        Ok(true)
    }

    /// The report, when what had to follow a change that was made ended like this.
    pub(super) fn ended(mut self, result: Result<(), Problem>) -> Report {
        self.report.conclude(result, self.dry_run);
        self.report
    }
}
