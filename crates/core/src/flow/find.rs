//! Finding one agent user.

use super::poller::{Poller, seen_or_none};
use crate::ObjectId;
use crate::graph::{self, Detail};
use crate::model::{AgentUser, UserRef};
use crate::operation::{Graph, Waiting};
use crate::problem::{Code, Problem};

/// The agent user of that id or user principal name.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::NotAnAgentUser`] when it is another user.
pub async fn get(graph: &Graph, user: &UserRef, detail: Detail) -> Result<AgentUser, Problem> {
    let found = graph.look(graph::get_user(graph.root(), user, detail)).await?;
    let found = found.ok_or_else(|| Problem::new(Code::NotFound, format!("There is no user {user}.")))?;
    require_agent_user(found, &user.to_string())
}

/// The agent user of that parent, if it has one.
///
/// # Errors
/// Refusals of Graph.
pub async fn find_by_parent(
    graph: &Graph,
    parent: ObjectId,
    detail: Detail,
) -> Result<Option<AgentUser>, Problem> {
    let mut ask = graph::find_agent_user_by_parent(graph.root(), parent, detail);
    // A page may be empty and still have a next one (docs/graph.md#lists).
    loop {
        let (users, next) = super::list::page(graph, ask).await?;
        // The server filters. That it did is checked here, because a child that is found is adopted.
        let is_child = |user: &AgentUser| user.identity_parent_id() == Some(parent) && user.id().is_some();
        if let Some(child) = users.into_iter().find(is_child) {
            return Ok(Some(child));
        }
        match next? {
            None => return Ok(None),
            Some(next) => ask = next,
        }
    }
}

/// An object that is not an agent user is never touched.
pub(super) fn require_agent_user(user: AgentUser, name: &str) -> Result<AgentUser, Problem> {
    if user.is_agent_user() {
        return Ok(user);
    }
    Err(Problem::new(Code::NotAnAgentUser, format!("{name} is a user, but not an agent user.")))
}

/// A deleted agent user. Nothing else in the recycle bin is touched.
pub(super) async fn deleted(graph: &Graph, id: ObjectId) -> Result<AgentUser, Problem> {
    let found = graph.look(graph::get_deleted_item(graph.root(), id)).await?;
    let found = found.ok_or_else(|| {
        Problem::new(Code::NotFound, format!("There is no {id} in the recycle bin."))
            .with_fix("Look with `agentuser list --deleted`. After 30 days a deleted user is gone for ever.")
    })?;
    require_agent_user(found, &id.to_string())
}

/// The user of that id, as soon as reads see it. `became` says what was done to it: "created", "restored".
///
/// # Errors
/// [`Code::NotVisibleInTime`], and refusals of Graph.
pub(super) async fn visible(graph: &Graph, id: ObjectId, became: &str) -> Result<AgentUser, Problem> {
    let by_id = UserRef::Id(id);
    let mut poller = Poller::replication(graph);
    loop {
        let look = graph.look(graph::get_user(graph.root(), &by_id, Detail::Usual)).await;
        if let Some(user) = seen_or_none(graph, look)? {
            return Ok(user);
        }
        if !poller.again(Waiting::Replication).await? {
            return Err(Problem::new(
                Code::NotVisibleInTime,
                format!("{id} was {became}, but does not become visible."),
            ));
        }
    }
}

/// The id of an agent user, and the agent user.
pub(super) async fn resolve(graph: &Graph, user: &UserRef) -> Result<(ObjectId, AgentUser), Problem> {
    let found = get(graph, user, Detail::Usual).await?;
    id_of(&found).map(|id| (id, found))
}

/// The id, which every answer has that this library takes.
pub(super) fn id_of(user: &AgentUser) -> Result<ObjectId, Problem> {
    user.id().ok_or_else(|| Problem::new(Code::BadAnswer, "Graph answered with a user that has no id."))
}

/// The object id of a user of any kind: a manager, a sponsor.
pub(super) async fn user_id(
    graph: &Graph,
    user: &UserRef,
    missing: Code,
    field: &str,
) -> Result<ObjectId, Problem> {
    match graph.look(graph::get_user(graph.root(), user, Detail::Usual)).await? {
        Some(found) => id_of(&found),
        None => Err(Problem::new(missing, format!("There is no user {user}.")).with_field(field)),
    }
}
