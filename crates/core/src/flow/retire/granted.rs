//! Permissions that were granted for an agent user, which end with its deletion (docs/graph.md#what-is-lost).

use crate::ObjectId;
use crate::flow::find::id_of;
use crate::flow::pages::all;
use crate::flow::remarks::remark;
use crate::graph;
use crate::model::AgentUser;
use crate::operation::Graph;
use crate::problem::{Problem, ProblemKind};
use crate::remark::{Remark, RemarkCode};
use std::collections::BTreeSet;

/// The delegated permissions and app roles that it alone has; none where there are none.
///
/// # Errors
/// An early end. What can't be read is said as such.
pub(super) async fn remark_on(graph: &Graph, user: &AgentUser) -> Result<Option<Remark>, Problem> {
    let id = id_of(user)?;
    let scopes = match user.identity_parent_id() {
        Some(parent) => scopes(graph, parent, id).await,
        None => Ok(Vec::new()),
    };
    let roles = roles(graph, id).await;
    let mut sentences = Vec::new();
    for (what, read) in [("delegated permissions", scopes), ("app roles", roles)] {
        match read {
            Ok(named) if named.is_empty() => {}
            Ok(named) => sentences.push(format!("Its {what} end with its deletion: {}.", named.join(", "))),
            Err(problem) if problem.is_stop() => return Err(problem),
            Err(problem) if problem.kind() == ProblemKind::Denied => sentences.push(format!(
                "Which {what} end with its deletion was not read: that needs one of {}.",
                problem.permissions().join(", ")
            )),
            Err(problem) => {
                sentences.push(format!("Which {what} end with its deletion was not read: {problem}"));
            }
        }
    }
    let message = sentences.join(" ");
    Ok((!message.is_empty()).then(|| remark(RemarkCode::EndsWithDeletion, &message)))
}

/// The names of the permissions that its parent has for it alone.
async fn scopes(graph: &Graph, parent: ObjectId, user: ObjectId) -> Result<Vec<String>, Problem> {
    let grants = all(graph, graph::permission_grants_of(graph.endpoint(), parent)).await?;
    let own = grants.iter().filter(|grant| grant.principal_id() == Some(user));
    let names: BTreeSet<&str> = own.flat_map(|grant| grant.scopes()).collect();
    Ok(names.into_iter().map(str::to_owned).collect())
}

/// The resources of which it has app roles, with their number: only the resource tells their names.
async fn roles(graph: &Graph, user: ObjectId) -> Result<Vec<String>, Problem> {
    let assigned = all(graph, graph::list_user_app_roles(graph.endpoint(), user)).await?;
    let resource = |id: Option<ObjectId>, name: Option<&str>| {
        name.map_or_else(|| id.map(|id| id.to_string()).unwrap_or_default(), str::to_owned)
    };
    let mut resources: Vec<(String, usize)> = Vec::new();
    for role in &assigned {
        let name = resource(role.resource_id(), role.resource_display_name());
        match resources.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => resources.push((name, 1)),
        }
    }
    Ok(resources.into_iter().map(|(name, count)| format!("{count} of {name}")).collect())
}
