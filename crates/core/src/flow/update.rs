//! Changing members: only what differs is sent.

use super::ensure::{ensure, refused};
use super::find::{get, id_of};
use super::guarded;
use super::report::{Change, Report};
use crate::ObjectId;
use crate::graph::{self, Detail};
use crate::model::{AgentUser, AgentUserPatch, UserRef};
use crate::operation::Graph;
use crate::problem::Problem;
use serde_json::{Map, Value};

/// Gives an agent user these members. Those it has already are not sent.
///
/// # Errors
/// [`crate::problem::Code::NotFound`], [`crate::problem::Code::NotAnAgentUser`], and what Graph refuses.
pub async fn update(
    graph: &Graph,
    user: &UserRef,
    patch: &AgentUserPatch,
    dry_run: bool,
) -> Result<Report, Problem> {
    let graph = &guarded(graph, dry_run);
    let found = get(graph, user, Detail::for_patch(patch)).await?;
    let id = id_of(&found)?;
    let mut report = Report::of(&found);
    let changes = plan(&found, patch, &mut report);
    if !dry_run && !changes.is_empty() {
        write(graph, id, &changes).await?;
        report.applied(|_| true);
    }
    report.conclude(Ok(()), dry_run);
    Ok(report)
}

/// The members as JSON, to compare with.
fn members(user: &AgentUser) -> Map<String, Value> {
    match serde_json::to_value(user) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// What differs, entered into the report.
pub(super) fn plan(user: &AgentUser, wanted: &AgentUserPatch, report: &mut Report) -> AgentUserPatch {
    let members = members(user);
    let changes = wanted.changes_from(&members);
    for (member, value) in changes.iter() {
        report.plan(Change::Set {
            member,
            from: members.get(member.name()).cloned().unwrap_or(Value::Null),
            to: value.into(),
        });
    }
    changes
}

pub(super) async fn write(graph: &Graph, user: ObjectId, changes: &AgentUserPatch) -> Result<(), Problem> {
    ensure(
        graph,
        || graph::update_agent_user(graph.root(), user, changes),
        refused,
        || graph::get_user(graph.root(), &UserRef::Id(user), Detail::for_patch(changes)),
        |seen| seen.is_some_and(|seen| changes.changes_from(&members(seen)).is_empty()),
    )
    .await
}
