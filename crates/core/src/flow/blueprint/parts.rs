//! Reading the parts of a chain. A part that is refused is noted, and the others are read nevertheless.

use super::chain::{ChainPart, NotRead};
use crate::ObjectId;
use crate::flow::pages::{Pages, Turn};
use crate::graph::{self, Ask, IdentityQuery};
use crate::model::{AgentUser, Blueprint, Page, ServicePrincipal};
use crate::operation::Graph;
use crate::problem::Problem;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};

/// The parts of a chain that could not be read so far.
#[derive(Debug, Default)]
pub(super) struct Unread(Vec<NotRead>);

impl Unread {
    /// The part, or none where Graph refuses it for want of a permission, which is noted.
    ///
    /// # Errors
    /// Every other problem.
    pub(super) fn take<T>(
        &mut self,
        part: ChainPart,
        read: Result<T, Problem>,
    ) -> Result<Option<T>, Problem> {
        match read {
            Ok(value) => Ok(Some(value)),
            Err(problem) if problem.answered() == Some(403) => {
                if !self.0.iter().any(|one| one.part == part) {
                    self.0.push(NotRead { part, problem });
                }
                Ok(None)
            }
            Err(problem) => Err(problem),
        }
    }

    pub(super) fn has(&self, part: ChainPart) -> bool {
        self.0.iter().any(|one| one.part == part)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_parts(self) -> Vec<NotRead> {
        self.0
    }
}

/// The entries of a list that `takes` keeps, each once, by their ids.
pub(in crate::flow) async fn gather<T: DeserializeOwned + Send>(
    graph: &Graph,
    first: Ask<Page<Vec<T>>>,
    id: impl Fn(&T) -> Option<ObjectId> + Send,
    takes: impl Fn(&T) -> bool + Send,
) -> Result<Vec<T>, Problem> {
    let mut pages = Pages::new(graph, first);
    // All ids, also of entries that are not wanted: a page of nothing else does not end the list.
    let mut seen = BTreeSet::new();
    let mut kept = BTreeMap::new();
    loop {
        match pages.turn().await? {
            Turn::Page(page) => {
                let before = seen.len();
                for (own, entry) in page.into_iter().filter_map(|entry| Some((id(&entry)?, entry))) {
                    if seen.insert(own) && takes(&entry) {
                        kept.insert(own, entry);
                    }
                }
                pages.brought(seen.len().saturating_sub(before));
            }
            Turn::Again => {}
            Turn::End => return Ok(kept.into_values().collect()),
        }
    }
}

/// The agent identities of a blueprint.
pub(in crate::flow) async fn identities(
    graph: &Graph,
    app_id: ObjectId,
) -> Result<Vec<ServicePrincipal>, Problem> {
    let query = IdentityQuery { blueprint: Some(app_id), ..IdentityQuery::default() };
    let first = graph::list_agent_identities(graph.endpoint(), &query);
    // The server filters. That it did is checked, because others' agent identities would be reported as broken.
    gather(graph, first, ServicePrincipal::id, |one| {
        one.agent_identity_blueprint_id().is_none_or(|blueprint| blueprint == app_id)
    })
    .await
}

/// The service principals in the recycle bin of which this is the application id, or that of their blueprint.
pub(in crate::flow) async fn deleted_principals(
    graph: &Graph,
    app_id: ObjectId,
) -> Result<Vec<ServicePrincipal>, Problem> {
    let first = graph::list_deleted_service_principals(graph.endpoint());
    let app_id = Some(app_id);
    gather(graph, first, ServicePrincipal::id, |one| {
        one.app_id() == app_id || one.agent_identity_blueprint_id() == app_id
    })
    .await
}

/// The blueprints in the recycle bin that have this as one of their ids.
pub(super) async fn deleted_blueprints(graph: &Graph, id: ObjectId) -> Result<Vec<Blueprint>, Problem> {
    let first = graph::list_deleted_applications(graph.endpoint());
    let id = Some(id);
    gather(graph, first, Blueprint::id, |one| one.id() == id || one.app_id() == id).await
}

/// The agent users of these parents.
pub(in crate::flow) async fn agent_users(
    graph: &Graph,
    is_parent: impl Fn(ObjectId) -> bool + Send + Sync,
) -> Result<Vec<AgentUser>, Problem> {
    let first = graph::list_agent_users_briefly(graph.endpoint());
    gather(graph, first, AgentUser::id, |one| one.identity_parent_id().is_some_and(&is_parent)).await
}

/// The users of these parents in the recycle bin, with the names that they had.
pub(super) async fn deleted_agent_users(
    graph: &Graph,
    is_parent: impl Fn(ObjectId) -> bool + Send + Sync,
) -> Result<Vec<AgentUser>, Problem> {
    let first = graph::list_deleted_users(graph.endpoint());
    let found: Vec<AgentUser> = gather(graph, first, AgentUser::id, |one: &AgentUser| {
        one.identity_parent_id().is_some_and(&is_parent)
    })
    .await?;
    Ok(found.into_iter().map(AgentUser::with_former_name).collect())
}
