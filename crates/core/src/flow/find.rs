//! Finding one agent user.

use super::pages::{Pages, Turn};
use super::poller::{Poller, seen_or_none};
use crate::ObjectId;
use crate::graph::{self, Ask, Detail};
use crate::model::{AgentUser, Page, UserRef, former_name};
use crate::operation::{Graph, Waiting};
use crate::problem::{Code, Problem, shown};
use std::collections::BTreeSet;

/// The agent user of that id or user principal name.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::NotAnAgentUser`] when it is another user.
pub async fn get(graph: &Graph, user: &UserRef, detail: &Detail) -> Result<AgentUser, Problem> {
    let found = graph.find(graph::get_user(graph.endpoint(), user, detail)).await?;
    let found = found
        .map_err(|absent| Problem::new(Code::NotFound, format!("There is no user {user}.")).about(&absent))?;
    require_agent_user(found, &user.to_string())
}

/// The agent user of that parent, if it has one.
///
/// # Errors
/// Refusals of Graph.
pub async fn find_by_parent(
    graph: &Graph,
    parent: ObjectId,
    detail: &Detail,
) -> Result<Option<AgentUser>, Problem> {
    let mut pages = Pages::new(graph, graph::find_agent_user_by_parent(graph.endpoint(), parent, detail));
    loop {
        let users = match pages.turn().await? {
            Turn::Page(users) => users,
            Turn::Again => continue,
            Turn::End => return Ok(None),
        };
        // The server filters. That it did is checked here, because a child that is found is adopted.
        let is_child = |user: &AgentUser| user.identity_parent_id() == Some(parent) && user.id().is_some();
        if let Some(child) = users.into_iter().find(is_child) {
            return Ok(Some(child));
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

/// The change for which a deleted agent user is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BinUse {
    Restore,
    Purge,
}

/// A deleted agent user, by its id or by the user principal name that it had. Nothing else in the recycle bin is touched.
pub(super) async fn deleted(graph: &Graph, user: &UserRef, to: BinUse) -> Result<AgentUser, Problem> {
    let found = match user {
        UserRef::Id(id) => graph.find(graph::get_deleted_item(graph.endpoint(), *id)).await?.map_err(Some),
        UserRef::Upn(name) => deleted_by_name(graph, name.as_str()).await?.ok_or(None),
    };
    match found {
        Ok(found) => require_agent_user(found.with_former_name(), &user.to_string()),
        Err(absent) => {
            let problem = not_deleted(graph, user, to).await;
            Err(absent.iter().fold(problem, Problem::about))
        }
    }
}

/// The recycle bin can't be filtered by a name that is there only with the id before it (docs/graph.md#recycle-bin), so it
/// is read through.
async fn deleted_by_name(graph: &Graph, name: &str) -> Result<Option<AgentUser>, Problem> {
    let mut found = Vec::<AgentUser>::new();
    deleted_users(graph, |user| {
        let own = user.user_principal_name().unwrap_or_default();
        let former = user.id().and_then(|id| former_name(id, own)).unwrap_or(own);
        let fits = own.eq_ignore_ascii_case(name) || former.eq_ignore_ascii_case(name);
        if fits && !found.iter().any(|other| other.id() == user.id()) {
            found.push(user);
        }
        true
    })
    .await?;
    // A person who had the name is nothing that can be meant here, unless nobody else had it.
    if found.iter().any(AgentUser::is_agent_user) {
        found.retain(AgentUser::is_agent_user);
    }
    if found.len() > 1 {
        return Err(ambiguous(name, &found));
    }
    Ok(found.pop())
}

/// Passes every user of the recycle bin to `take`, some of them perhaps twice, until it has enough and answers false.
pub(super) async fn deleted_users(graph: &Graph, take: impl FnMut(AgentUser) -> bool) -> Result<(), Problem> {
    users_from(graph, graph::list_deleted_users(graph.endpoint()), take).await
}

/// Passes every user of a list to `take`, some of them perhaps twice, until it has enough and answers false.
pub(super) async fn users_from(
    graph: &Graph,
    first: Ask<Page<Vec<AgentUser>>>,
    mut take: impl FnMut(AgentUser) -> bool,
) -> Result<(), Problem> {
    let mut pages = Pages::new(graph, first);
    let mut seen = BTreeSet::new();
    loop {
        match pages.turn().await? {
            Turn::Page(users) => {
                let before = seen.len();
                seen.extend(users.iter().filter_map(AgentUser::id));
                pages.brought(seen.len().saturating_sub(before));
                if !users.into_iter().all(&mut take) {
                    return Ok(());
                }
            }
            Turn::Again => {}
            Turn::End => return Ok(()),
        }
    }
}

fn ambiguous(name: &str, found: &[AgentUser]) -> Problem {
    let one = |user: &AgentUser| {
        let since =
            user.deleted_date_time().map_or(String::new(), |since| format!(", deleted {}", shown(since)));
        user.id().map(|id| format!("{id}{since}"))
    };
    let first: Vec<_> = found.iter().filter_map(one).take(5).collect();
    let message =
        format!("{} deleted agent users had the name {}: {}.", found.len(), shown(name), first.join("; "));
    Problem::new(Code::DeletedNameAmbiguous, message)
}

/// Why a user is not found in the recycle bin.
async fn not_deleted(graph: &Graph, user: &UserRef, to: BinUse) -> Problem {
    let living = graph.look(graph::get_user(graph.endpoint(), user, &Detail::USUAL)).await;
    if let Ok(Some(_)) = living {
        return Problem::new(Code::DeletedItemNotFound, format!("{user} is not deleted."))
            .with_cause("It was restored, or was never deleted.")
            .with_fix(match to {
                BinUse::Restore => "Nothing is to be restored.",
                BinUse::Purge => "Only what is in the recycle bin can be deleted for ever: delete it first.",
            });
    }
    Problem::new(Code::DeletedItemNotFound, format!("There is no {user} in the recycle bin."))
        .with_fix("List the deleted agent users: listDeleted or `agentuser list --deleted`. After 30 days they are gone for ever.")
}

/// The user of that id, as soon as reads see it. `became` says what was done to it: "created", "restored".
///
/// # Errors
/// [`Code::NotVisibleInTime`], and refusals of Graph.
pub(super) async fn visible(graph: &Graph, id: ObjectId, became: &str) -> Result<AgentUser, Problem> {
    let by_id = UserRef::Id(id);
    let mut poller = Poller::replication(graph);
    loop {
        let look = graph.look(graph::get_user(graph.endpoint(), &by_id, &Detail::USUAL)).await;
        let failed = look.as_ref().err().cloned();
        if let Some(user) = seen_or_none(graph, look)? {
            return Ok(user);
        }
        if !poller.again_after(Waiting::Replication, failed.as_ref()).await? {
            return Err(Problem::new(
                Code::NotVisibleInTime,
                format!("{id} was {became}, but does not become visible."),
            ));
        }
    }
}

/// The id of an agent user, and the agent user.
pub(super) async fn resolve(graph: &Graph, user: &UserRef) -> Result<(ObjectId, AgentUser), Problem> {
    let found = get(graph, user, &Detail::USUAL).await?;
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
    match graph.find(graph::get_user(graph.endpoint(), user, &Detail::USUAL)).await? {
        Ok(found) => id_of(&found),
        Err(absent) => {
            Err(Problem::new(missing, format!("There is no user {user}.")).with_field(field).about(&absent))
        }
    }
}
