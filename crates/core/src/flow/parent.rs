//! Verifying the parent before anything is created (docs/graph.md#verifying-a-parent).

use super::pages::all;
use super::poller::{Backoff, Poller};
use crate::ObjectId;
use crate::graph;
use crate::model::{Kind, ServicePrincipal};
use crate::operation::{Graph, Waiting};
use crate::problem::{Code, Problem, shown};

/// Makes sure that the id is an agent identity that can have an agent user.
///
/// Tells apart: not found, an application id, another service principal, a blueprint's principal, disabled,
/// disabled by Microsoft. A parent that is not found may be on its way: it is looked for again within
/// [`crate::operation::Settings::parent_timeout`].
///
/// # Errors
/// One problem with the fix for each of these, and refusals of Graph.
pub async fn verify_parent(graph: &Graph, id: ObjectId) -> Result<ServicePrincipal, Problem> {
    let mut poller = Poller::new(graph, graph.settings().parent_timeout, Backoff::REPLICATION);
    let mut asked_for_app = false;
    loop {
        if let Some((parent, kind)) = look(graph, id).await? {
            return usable(parent, kind, id);
        }
        // An id that is not found is often the application's: that is certain at once and needs no waiting.
        if !asked_for_app {
            asked_for_app = true;
            if let Some(problem) = is_app_id(graph, id).await? {
                return Err(problem);
            }
        }
        if !poller.again(Waiting::Replication).await? {
            return Err(Problem::new(Code::ParentNotFound, format!("There is no agent identity {id}."))
                .with_field("identityParentId"));
        }
    }
}

/// Reads it as any service principal, so that the kinds can be told apart; where that needs a permission the caller
/// lacks, as an agent identity: that path answers for nothing else, and may omit the type.
async fn look(graph: &Graph, id: ObjectId) -> Result<Option<(ServicePrincipal, Kind)>, Problem> {
    match graph.look(graph::get_service_principal(graph.root(), id)).await {
        Err(problem) if problem.status() == Some(403) => {
            let parent = graph.look(graph::get_agent_identity(graph.root(), id)).await?;
            Ok(parent.map(|parent| (parent, Kind::AgentIdentity)))
        }
        other => Ok(other?.map(|parent| {
            let kind = parent.kind();
            (parent, kind)
        })),
    }
}

async fn is_app_id(graph: &Graph, id: ObjectId) -> Result<Option<Problem>, Problem> {
    let found = match all(graph, graph::find_service_principal_by_app_id(graph.root(), id)).await {
        Ok(found) => found.into_iter().next(),
        // Without the permission it can't be told apart, which is not a reason to fail.
        Err(problem) if problem.status() == Some(403) => None,
        Err(problem) => return Err(problem),
    };
    Ok(found.map(|principal| {
        let problem = Problem::new(
            Code::ParentIsAppId,
            format!("{id} is an application (client) id, not an object id."),
        )
        .with_field("identityParentId");
        match principal.id() {
            Some(object) if principal.kind() == Kind::AgentIdentity => {
                problem.with_fix(format!("Use {object}, the object id of that agent identity."))
            }
            _ => problem,
        }
    }))
}

fn usable(parent: ServicePrincipal, kind: Kind, id: ObjectId) -> Result<ServicePrincipal, Problem> {
    let name = parent.display_name().map_or_else(|| "without a name".to_owned(), shown);
    let problem = |code, message: String| Err(Problem::new(code, message).with_field("identityParentId"));
    match kind {
        Kind::BlueprintPrincipal => problem(
            Code::ParentIsBlueprintPrincipal,
            format!("{id} ({name}) is the principal of a blueprint."),
        ),
        Kind::Plain => problem(
            Code::ParentIsServicePrincipal,
            format!("{id} ({name}) is a service principal, but not an agent identity."),
        ),
        Kind::AgentIdentity if parent.is_disabled_by_microsoft() => problem(
            Code::ParentDisabledByMicrosoft,
            format!("Microsoft disabled the agent identity {id} ({name})."),
        ),
        Kind::AgentIdentity if parent.account_enabled() == Some(false) => {
            problem(Code::ParentDisabled, format!("The agent identity {id} ({name}) is disabled."))
        }
        Kind::AgentIdentity => Ok(parent),
    }
}
