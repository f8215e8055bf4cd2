//! Users and groups to choose from, such as while a name is typed (docs/graph.md#lists).

use super::pages::at_most;
use crate::graph;
use crate::model::{DirectoryObject, Group};
use crate::operation::Graph;
use crate::problem::Problem;

/// The most that is found. More are told apart by more of the name.
const MOST: usize = 100;

/// Users of any kind, or those whose user principal name or display name begins so; at most 100. Each has its type:
/// `#microsoft.graph.agentUser` for agent users, another for people.
///
/// # Errors
/// Refusals of Graph; [`crate::problem::Code::BadAnswer`] for a list that does not lead on.
pub async fn find_users(graph: &Graph, start: Option<&str>) -> Result<Vec<DirectoryObject>, Problem> {
    let found = at_most(MOST, graph, graph::find_users(graph.endpoint(), start, MOST)).await?;
    Ok(found.into_iter().map(DirectoryObject::with_user_type).collect())
}

/// Groups, or those whose display name begins so; at most 100.
///
/// # Errors
/// As for [`find_users`].
pub async fn find_groups(graph: &Graph, start: Option<&str>) -> Result<Vec<Group>, Problem> {
    at_most(MOST, graph, graph::find_groups(graph.endpoint(), start, MOST)).await
}
