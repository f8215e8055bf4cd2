//! Changing members: only what differs is sent.

use super::ensure::ensure;
use super::report::{Change, Report};
use super::single::Single;
use crate::ObjectId;
use crate::graph::{self, Detail};
use crate::model::{AgentUser, AgentUserPatch, Member, MemberName, MemberValue, UserRef};
use crate::operation::Graph;
use crate::problem::Problem;
use serde_json::{Map, Value};

/// Gives an agent user these members. Those it has already are not sent.
///
/// # Errors
/// [`crate::problem::Code::NotFound`], [`crate::problem::Code::NotAnAgentUser`], and refusals of Graph.
pub async fn update(
    graph: &Graph,
    user: &UserRef,
    patch: &AgentUserPatch,
    dry_run: bool,
) -> Result<Report, Problem> {
    let (graph, mut single) = Single::find(graph, user, &Detail::for_patch(patch), dry_run).await?;
    update_it(&graph, &mut single, patch).await?;
    Ok(single.done())
}

/// The same for one that was found.
pub(super) async fn update_it(
    graph: &Graph,
    single: &mut Single,
    patch: &AgentUserPatch,
) -> Result<(), Problem> {
    let (patch, changes) = differences(&single.user, patch);
    single.make(changes, write(graph, single.id, &patch)).await.map(drop)
}

/// The change that enables or disables an account.
pub(super) fn signs_in(enabled: bool) -> Result<AgentUserPatch, Problem> {
    AgentUserPatch::parse([(Member::AccountEnabled, MemberValue::Flag(enabled))])
        .map_err(Problem::from_violations)
}

/// The members as JSON, to compare with.
fn members(user: &AgentUser) -> Map<String, Value> {
    match serde_json::to_value(user) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// The part of a patch that differs from an agent user, and the changes that it makes.
pub(super) fn differences(user: &AgentUser, wanted: &AgentUserPatch) -> (AgentUserPatch, Vec<Change>) {
    let members = members(user);
    let patch = wanted.changes_from(&members);
    let change = |(member, value): (&MemberName, &MemberValue)| {
        let from = match member {
            MemberName::Declared(member) => members.get(member.name()),
            MemberName::Open(member) => Some(member.of(&members)),
        };
        Change::Set { member: member.clone(), from: from.cloned().unwrap_or_default(), to: value.into() }
    };
    let changes = patch.iter().map(change).collect();
    (patch, changes)
}

pub(super) async fn write(graph: &Graph, user: ObjectId, changes: &AgentUserPatch) -> Result<(), Problem> {
    ensure(
        graph,
        || graph::update_agent_user(graph.endpoint(), user, changes),
        || graph::get_user(graph.endpoint(), &UserRef::Id(user), &Detail::for_patch(changes)),
        |seen| seen.is_some_and(|seen| changes.changes_from(&members(seen)).is_empty()),
    )
    .await
}
