//! The shape of every change to one agent user: find it, compare, report, write unless it is a dry run, conclude.

use super::find::{BinUse, deleted, get, id_of};
use super::guarded;
use super::making::Making;
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
    making: Making,
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
        Self::of_found(&graph, found, dry_run).map(|single| (graph, single))
    }

    /// The same for one in the recycle bin.
    pub(super) async fn find_deleted(
        graph: &Graph,
        user: &UserRef,
        to: BinUse,
        dry_run: bool,
    ) -> Result<(Graph, Self), Problem> {
        let graph = guarded(graph, dry_run);
        let found = deleted(&graph, user, to).await?;
        Self::of_found(&graph, found, dry_run).map(|single| (graph, single))
    }

    /// A change to an agent user that was found.
    pub(super) fn of_found(graph: &Graph, user: AgentUser, dry_run: bool) -> Result<Self, Problem> {
        let making = Making::new(graph, Report::of(graph, &user), None, dry_run);
        Ok(Self { id: id_of(&user)?, making, user })
    }

    /// The same as a row of several. `approved` are the changes that may be made, where
    /// they were planned.
    pub(super) fn of_row(
        graph: &Graph,
        row: usize,
        user: AgentUser,
        approved: Option<Vec<Change>>,
        dry_run: bool,
    ) -> Result<Self, Problem> {
        let report = Report { row: Some(row), ..Report::of(graph, &user) };
        let making = Making::new(graph, report, approved, dry_run);
        Ok(Self { id: id_of(&user)?, making, user })
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
        self.making.make(changes, write).await
    }

    /// Forgets the changes that were planned and not made: they are planned anew.
    pub(super) fn plan_anew(&mut self) {
        self.making.report.plan_anew();
    }

    /// Enters something to know.
    pub(super) fn remark(&mut self, remark: Remark) {
        self.making.report.remark(remark);
    }

    /// Enters what there is to know.
    pub(super) fn remark_all(&mut self, remarks: impl IntoIterator<Item = Remark>) {
        remarks.into_iter().for_each(|remark| self.making.report.remark(remark));
    }

    /// Its user principal name.
    pub(super) fn name(&self) -> String {
        self.making.report.user_principal_name.clone()
    }

    /// The change to this user principal name, which the report has from now on; none if it is the same.
    pub(super) fn renamed(&mut self, name: &str) -> Option<Change> {
        let own = std::mem::replace(&mut self.making.report.user_principal_name, name.to_owned());
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
    pub(super) fn ended(self, result: Result<(), Problem>) -> Report {
        self.making.ended(result)
    }
}
