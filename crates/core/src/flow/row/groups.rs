//! The groups of a row: those that it is not a direct member of.

use super::{Joined, Work};
use crate::ObjectId;
use crate::flow::find::id_of;
use crate::flow::membership::{read_memberships, write_member};
use crate::flow::report::Change;
use crate::graph::Call;
use crate::model::AgentUser;
use crate::problem::Problem;

impl Work<'_> {
    /// Compares the groups that the row names with those that the agent user is a direct member of.
    pub(super) async fn plan_groups(&mut self, existing: Option<&AgentUser>) -> Result<Vec<Joined>, Problem> {
        let wanted = self.row.wanted.groups();
        let mut joined: Vec<Joined> = Vec::new();
        if wanted.is_empty() {
            return Ok(joined);
        }
        let has = match existing {
            Some(user) => Box::pin(read_memberships(self.graph, id_of(user)?)).await?,
            None => Vec::new(),
        };
        for wanted in wanted {
            let (id, group) = self.row.run.group(wanted)?;
            let is_there = has.iter().any(|has| has.id() == Some(id));
            if !is_there && joined.iter().all(|other| other.id != id) {
                let planned = self.report.plan(Change::AddToGroup { group: wanted.to_string() });
                joined.push(Joined { id, group, planned });
            }
        }
        Ok(joined)
    }

    /// Whether the row itself makes the agent user a member of a group.
    pub(super) fn names_group(&self, group: ObjectId) -> bool {
        let run = self.row.run;
        self.row.wanted.groups().iter().any(|wanted| run.group(wanted).is_ok_and(|(id, _)| id == group))
    }

    /// Adds it to the groups.
    pub(super) async fn join_groups(&mut self, user: ObjectId, groups: Vec<Joined>) -> Result<(), Problem> {
        for Joined { id, group, planned } in groups {
            let write = || write_member(self.graph, id, &group, user);
            let written = self.row.run.permitted(Call::AddGroupMember, write).await;
            self.report.written(self.graph, [planned], written)?;
        }
        Ok(())
    }
}
