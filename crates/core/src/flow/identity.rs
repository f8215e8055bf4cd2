//! Agent identities: list, read, sponsors and owners (docs/graph.md#agent-identities).

use super::blueprint::blueprint;
use super::find::users_from;
use super::pages::{Pages, Turn, all};
use super::parent;
use crate::ObjectId;
use crate::graph::{self, Ask, IdentityQuery};
use crate::model::{DirectoryObject, Kind, Page, ServicePrincipal};
use crate::operation::{Graph, Items};
use crate::problem::{Group, Problem};
use std::collections::BTreeSet;

/// Yields agent identities, each once, a page at a time, and ends with their number.
///
/// Graph has no filter for those without an agent user: the parents of all agent users are read first, and their identities
/// are left out. An agent user in the recycle bin counts for none. Graph has no filter for those that Microsoft has disabled
/// either: where the disabled ones are asked for, all are read.
///
/// # Errors
/// [`BlueprintNotFound`](crate::problem::Code::BlueprintNotFound) and
/// [`NotABlueprint`](crate::problem::Code::NotABlueprint) where no agent identity names the blueprint; as for
/// [`list`](super::list).
pub async fn list_identities<I: From<Vec<ServicePrincipal>>>(
    graph: Graph,
    query: IdentityQuery,
    items: Items<I>,
) -> Result<usize, Problem> {
    let parents =
        if query.without_agent_user { parents_of_agent_users(&graph).await? } else { BTreeSet::new() };
    let (found, count) = yield_all(&graph, &query, &parents, &items).await?;
    if found > 0 {
        return Ok(count);
    }
    match query.blueprint {
        Some(named) => match app_id_of(&graph, named).await? {
            Some(app_id) if app_id != named => {
                let query = IdentityQuery { blueprint: Some(app_id), ..query };
                Ok(yield_all(&graph, &query, &parents, &items).await?.1)
            }
            _ => Ok(0),
        },
        None => Ok(0),
    }
}

/// The application id of a blueprint that is named by any of its ids; none where the caller may not read blueprints.
async fn app_id_of(graph: &Graph, named: ObjectId) -> Result<Option<ObjectId>, Problem> {
    match blueprint(graph, named).await {
        Ok((_, found)) => Ok(found.app_id()),
        Err(problem) if problem.answered() == Some(403) => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// How many agent identities Graph listed, and how many of them were yielded.
async fn yield_all<I: From<Vec<ServicePrincipal>>>(
    graph: &Graph,
    query: &IdentityQuery,
    parents: &BTreeSet<ObjectId>,
    items: &Items<I>,
) -> Result<(usize, usize), Problem> {
    let mut pages = Pages::new(graph, graph::list_agent_identities(graph.endpoint(), query));
    let mut found = BTreeSet::new();
    let mut count = 0_usize;
    loop {
        match pages.turn().await? {
            Turn::Page(page) => {
                let before = found.len();
                let mut page: Vec<ServicePrincipal> = page;
                page.retain(|one| {
                    // One without an id can't be named in any other call.
                    one.id().is_some_and(|id| {
                        is_identity(one) && found.insert(id) && !parents.contains(&id) && query.takes(one)
                    })
                });
                pages.brought(found.len().saturating_sub(before));
                count = count.saturating_add(page.len());
                if !page.is_empty() {
                    items.put_alone(page).await;
                }
            }
            Turn::Again => {}
            Turn::End => return Ok((found.len(), count)),
        }
    }
}

/// The path names the type: an entry that does not say its own is an agent identity.
fn is_identity(one: &ServicePrincipal) -> bool {
    one.odata_type().is_none() || one.kind() == Kind::AgentIdentity
}

/// The agent identities that have an agent user.
async fn parents_of_agent_users(graph: &Graph) -> Result<BTreeSet<ObjectId>, Problem> {
    let mut parents = BTreeSet::new();
    users_from(graph, graph::list_agent_users_briefly(graph.endpoint()), |user| {
        parents.extend(user.identity_parent_id());
        true
    })
    .await?;
    Ok(parents)
}

/// One agent identity.
///
/// # Errors
/// [`ParentNotFound`](crate::problem::Code::ParentNotFound) and the other problems of an id that is not an agent identity's;
/// refusals of Graph.
pub async fn identity(graph: &Graph, id: ObjectId) -> Result<ServicePrincipal, Problem> {
    parent::whole_agent_identity(graph, id).await.map_err(of_identity)
}

/// The sponsors of an agent identity: people and groups. Graph may fill in nothing but ids.
///
/// # Errors
/// As for [`identity`].
pub async fn list_identity_sponsors(graph: &Graph, id: ObjectId) -> Result<Vec<DirectoryObject>, Problem> {
    related(graph, id, graph::list_identity_sponsors(graph.endpoint(), id)).await
}

/// The owners of an agent identity: people and service principals.
///
/// # Errors
/// As for [`identity`].
pub async fn list_identity_owners(graph: &Graph, id: ObjectId) -> Result<Vec<DirectoryObject>, Problem> {
    related(graph, id, graph::list_identity_owners(graph.endpoint(), id)).await
}

async fn related(
    graph: &Graph,
    id: ObjectId,
    first: Ask<Page<Vec<DirectoryObject>>>,
) -> Result<Vec<DirectoryObject>, Problem> {
    match all(graph, first).await {
        Err(absent) if absent.answered() == Some(404) => {
            // The agent identity itself is asked for only where it seems not to be there.
            agent_identity(graph, id).await?;
            Err(absent)
        }
        other => other,
    }
}

/// The agent identity, whose problems name the parameter of these operations.
pub(super) async fn agent_identity(graph: &Graph, id: ObjectId) -> Result<ServicePrincipal, Problem> {
    parent::agent_identity(graph, id).await.map_err(of_identity)
}

fn of_identity(problem: Problem) -> Problem {
    match problem.code().entry().group {
        Group::Parent => problem.with_field("agentIdentityId"),
        _ => problem,
    }
}
