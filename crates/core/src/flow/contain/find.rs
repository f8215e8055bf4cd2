//! Finding what is contained: first what is stopped first.

use super::request::ContainTarget;
use crate::ObjectId;
use crate::flow::blueprint::{blueprint_principal, identities};
use crate::flow::pages::all;
use crate::graph;
use crate::model::{Kind, ServicePrincipal};
use crate::operation::Graph;
use crate::problem::{Code, Problem};
use futures_util::future::join4;

/// A blueprint that was found.
pub(super) struct Found {
    pub(super) app_id: ObjectId,
    /// The blueprint's principal; `None` where the tenant has none.
    pub(super) principal: Option<ServicePrincipal>,
}

/// The blueprint of any of its ids. All that the id may be is asked at once, which one batch takes: the principal is to be stopped
/// by the next request.
///
/// # Errors
/// [`Code::BlueprintNotFound`], [`Code::NotABlueprint`], and refusals of Graph.
pub(super) async fn blueprint(graph: &Graph, id: ObjectId) -> Result<Found, Problem> {
    let endpoint = graph.endpoint();
    let (by_app, by_cast, by_id, application) = join4(
        all(graph, graph::find_service_principal_by_app_id(endpoint, id)),
        all(graph, graph::find_blueprint_principal(endpoint, id)),
        graph.look(graph::get_blueprint_principal(endpoint, id)),
        graph.look(graph::get_blueprint(endpoint, id)),
    )
    .await;
    let stop =
        [by_app.as_ref().err(), by_cast.as_ref().err(), by_id.as_ref().err(), application.as_ref().err()];
    if let Some(stop) = stop.into_iter().flatten().find(|problem| problem.is_stop()) {
        return Err(stop.clone());
    }
    // The cast leaves the type out, but answers for nothing else.
    let of_app = by_app.iter().flatten().filter(|one| one.kind() == Kind::BlueprintPrincipal);
    let of_cast = by_cast.iter().flatten();
    if let Some(principal) = of_app.chain(of_cast).find(|one| one.app_id() == Some(id)) {
        return Ok(Found { app_id: id, principal: Some(principal.clone()) });
    }
    if let Ok(Some(principal)) = by_id
        && let Some(app_id) = principal.app_id()
    {
        return Ok(Found { app_id, principal: Some(principal) });
    }
    let app_id = application.ok().flatten().and_then(|found| found.app_id());
    if let Some(app_id) = app_id
        && let Ok(found) = all(graph, graph::find_blueprint_principal(endpoint, app_id)).await
        && let Some(principal) = found.into_iter().find(|one| one.app_id() == Some(app_id))
    {
        return Ok(Found { app_id, principal: Some(principal) });
    }
    // Which refusal or absence it is, the usual search tells.
    match blueprint_principal(graph, id).await {
        Ok(principal) => {
            let app_id = principal.app_id().or(app_id).unwrap_or(id);
            Ok(Found { app_id, principal: Some(principal) })
        }
        Err(problem) if problem.code() == Code::BlueprintPrincipalMissing => {
            Ok(Found { app_id: app_id.unwrap_or(id), principal: None })
        }
        Err(problem) if problem.code() == Code::SingleInstanceIdentity => {
            let fix =
                "It has no principal. Contain the agent identity itself: agentIdentityId or --identity.";
            Err(problem.with_fix(fix))
        }
        // Its agent identities may have outlived a blueprint (docs/graph.md#delete-and-cascade).
        Err(problem) if problem.code() == Code::BlueprintNotFound => {
            let orphans = identities(graph, id).await.unwrap_or_default();
            if orphans.is_empty() { Err(problem) } else { Ok(Found { app_id: id, principal: None }) }
        }
        Err(problem) => Err(problem),
    }
}

impl ContainTarget {
    /// Its name in messages.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Blueprint(id) => format!("The blueprint {id}"),
            Self::Identity(id) => format!("The agent identity {id}"),
            Self::User(user) => user.to_string(),
        }
    }
}
