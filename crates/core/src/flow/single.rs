//! The shape of every single change: find the agent user, compare, report, write unless it is a dry run, conclude.

use super::find::{deleted, get, id_of};
use super::guarded;
use super::report::{Change, Report};
use crate::ObjectId;
use crate::graph::Detail;
use crate::model::{AgentUser, Member, UserRef};
use crate::operation::Graph;
use crate::problem::Problem;
use crate::remark::Remark;
use std::future::Future;

/// A change to one agent user that was found.
#[derive(Debug)]
pub(super) struct Single {
    pub(super) id: ObjectId,
    /// As it was found.
    pub(super) user: AgentUser,
    graph: Graph,
    report: Report,
    dry_run: bool,
}

impl Single {
    /// A change to an agent user, and the graph to make it with, which refuses the writes of a dry run.
    pub(super) async fn find(
        graph: &Graph,
        user: &UserRef,
        detail: &Detail,
        dry_run: bool,
    ) -> Result<(Graph, Self), Problem> {
        let graph = guarded(graph, dry_run);
        let found = get(&graph, user, detail).await?;
        Self::of(&graph, found, dry_run).map(|single| (graph, single))
    }

    /// The same for one in the recycle bin.
    pub(super) async fn find_deleted(
        graph: &Graph,
        user: &UserRef,
        dry_run: bool,
    ) -> Result<(Graph, Self), Problem> {
        let graph = guarded(graph, dry_run);
        let found = deleted(&graph, user).await?;
        Self::of(&graph, found, dry_run).map(|single| (graph, single))
    }

    fn of(graph: &Graph, user: AgentUser, dry_run: bool) -> Result<Self, Problem> {
        let report = Report::of(graph, &user);
        Ok(Self { id: id_of(&user)?, graph: graph.clone(), report, user, dry_run })
    }

    /// Reports the changes and makes them by one write, unless there are none or it is a dry run. Answers with whether
    /// they were made.
    pub(super) async fn make(
        &mut self,
        changes: impl IntoIterator<Item = Change>,
        write: impl Future<Output = Result<(), Problem>>,
    ) -> Result<bool, Problem> {
        let planned = self.report.plan_all(changes);
        if planned.is_empty() || self.dry_run {
            return Ok(false);
        }
        let written = write.await;
        self.report.written(&self.graph, planned, written)?;
        Ok(true)
    }

    /// Enters something to know.
    pub(super) fn remark(&mut self, remark: Remark) {
        self.report.remark(remark);
    }

    /// Enters what there is to know.
    pub(super) fn remark_all(&mut self, remarks: impl IntoIterator<Item = Remark>) {
        remarks.into_iter().for_each(|remark| self.report.remark(remark));
    }

    /// Its user principal name.
    pub(super) fn name(&self) -> String {
        self.report.user_principal_name.clone()
    }

    /// The change to this user principal name, which the report has from now on; none if it is the same.
    pub(super) fn renamed(&mut self, name: &str) -> Option<Change> {
        let own = std::mem::replace(&mut self.report.user_principal_name, name.to_owned());
        (!own.eq_ignore_ascii_case(name)).then(|| Change::Set {
            member: Member::UserPrincipalName.into(),
            from: own.into(),
            to: name.into(),
        })
    }

    /// The report.
    pub(super) fn done(self) -> Report {
        self.ended(Ok(()))
    }

    /// The report, when what had to follow a change that was made ended like this.
    pub(super) fn ended(mut self, result: Result<(), Problem>) -> Report {
        self.report.conclude(result, self.dry_run);
        self.report
    }
}
