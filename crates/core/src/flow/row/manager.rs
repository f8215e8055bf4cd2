//! The manager of a row, who may be another row of the run, or of another shard.

use super::Work;
use crate::ObjectId;
use crate::flow::find::id_of;
use crate::flow::poller::{Backoff, Poller, seen_or_none};
use crate::flow::references::{read_manager, write_manager};
use crate::flow::report::Change;
use crate::flow::row_statuses::RowStatus;
use crate::flow::run::ManagerSource;
use crate::graph::{self, Call, Detail};
use crate::model::{AgentUser, Stage, UserRef};
use crate::operation::Waiting;
use crate::problem::{Code, Problem};

impl Work<'_> {
    /// Sets the manager. One that is a row of this run is waited for until that row's agent user exists.
    pub(super) async fn link_manager(&mut self, user: ObjectId, is_new: bool) -> Result<(), Problem> {
        let (Some(manager), Some(source)) = (self.row.wanted.manager(), self.manager) else { return Ok(()) };
        let id = match source {
            ManagerSource::Directory(id) => id,
            ManagerSource::OtherShard => self.await_other_shard(manager).await?,
            ManagerSource::Row(row) => match self.row.run.statuses.settled(row, false).await {
                RowStatus::Exists(id) => id,
                RowStatus::Planned | RowStatus::Failed => return Err(manager_failed(manager)),
            },
        };
        let has = if is_new { None } else { read_manager(self.graph, user).await?.and_then(|has| has.id()) };
        if has != Some(id) {
            let planned = self.report.plan(Change::SetManager { manager: manager.to_string() });
            self.require_approved()?;
            let write = || write_manager(self.graph, user, id);
            let written = self.row.run.permitted(Call::SetManager, write).await;
            self.report.written(self.graph, [planned], written)?;
        }
        self.reach(Stage::ManagerSet);
        Ok(())
    }

    /// The same comparison for a dry run: a manager that is yet to be created will have to be set.
    pub(super) async fn plan_manager(&mut self, existing: Option<&AgentUser>) -> Result<(), Problem> {
        let (Some(manager), Some(source)) = (self.row.wanted.manager(), self.manager) else { return Ok(()) };
        let id = match source {
            ManagerSource::Directory(id) => Some(id),
            ManagerSource::OtherShard => self.look_for(manager).await?,
            ManagerSource::Row(row) => match self.row.run.statuses.settled(row, true).await {
                RowStatus::Exists(id) => Some(id),
                RowStatus::Planned => None,
                RowStatus::Failed => return Err(manager_failed(manager)),
            },
        };
        let has = match existing {
            Some(child) => read_manager(self.graph, id_of(child)?).await?.and_then(|has| has.id()),
            None => None,
        };
        if id.is_none() || has != id {
            let _ = self.report.plan(Change::SetManager { manager: manager.to_string() });
        }
        Ok(())
    }

    async fn look_for(&self, manager: &UserRef) -> Result<Option<ObjectId>, Problem> {
        let look = graph::get_user(self.graph.endpoint(), manager, &Detail::USUAL);
        seen_or_none(self.graph, self.graph.look(look).await)?.as_ref().map(id_of).transpose()
    }

    /// A manager that is a row of another shard, as soon as it exists.
    async fn await_other_shard(&self, manager: &UserRef) -> Result<ObjectId, Problem> {
        let within = self.graph.settings().provision_timeout;
        let mut poller = Poller::new(self.graph, within, Backoff::REPLICATION);
        loop {
            if let Some(id) = self.look_for(manager).await? {
                return Ok(id);
            }
            if !poller.again(Waiting::Replication).await? {
                let message =
                    format!("Another shard of the roster has not provisioned the manager {manager} in time.");
                return Err(Problem::new(Code::ManagerNotFound, message)
                    .with_field("manager")
                    .with_fix("Run the other shards of the roster, and then this one again."));
            }
        }
    }
}

fn manager_failed(manager: &UserRef) -> Problem {
    Problem::new(
        Code::ManagerRowFailed,
        format!("The row of the manager {manager} failed, so it could not be set."),
    )
    .with_field("manager")
}
