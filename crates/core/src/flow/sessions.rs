//! The sign-in sessions of an agent user.

use super::ensure::ensure;
use super::report::{Change, Report};
use super::single::Single;
use crate::graph::{self, Detail, SESSIONS};
use crate::model::{AgentUser, UserRef};
use crate::operation::Graph;
use crate::problem::Problem;
use serde_json::Value;

/// Ends the sign-in sessions of an agent user. Access tokens that are out may live on to their end
/// (docs/graph.md#sessions).
///
/// # Errors
/// [`crate::problem::Code::NotFound`], [`crate::problem::Code::NotAnAgentUser`], and refusals of Graph.
pub async fn revoke_sessions(graph: &Graph, user: &UserRef, dry_run: bool) -> Result<Report, Problem> {
    let (graph, mut single) = Single::find(graph, user, &Detail::USUAL, dry_run).await?;
    revoke_sessions_of(&graph, &mut single).await?;
    Ok(single.done())
}

/// The same for one that was found.
pub(super) async fn revoke_sessions_of(graph: &Graph, single: &mut Single) -> Result<(), Problem> {
    let id = single.id;
    let write = ensure(
        graph,
        || graph::revoke_sessions(graph.endpoint(), id),
        || graph::get_user(graph.endpoint(), &UserRef::Id(id), &Detail::USUAL),
        // A moment in the past shows nothing: somebody else may have ended them.
        |_| false,
    );
    single.make([Change::RevokeSessions], write).await.map(drop)
}

/// The moment from which on the sessions of a user are valid, where it was read.
pub(super) fn valid_from(user: &AgentUser) -> Option<String> {
    match serde_json::to_value(user).ok()?.get(SESSIONS)? {
        Value::String(moment) => Some(moment.clone()),
        _ => None,
    }
}
