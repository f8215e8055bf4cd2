//! Finding a blueprint and its principal, by whichever of its ids.

use crate::ObjectId;
use crate::flow::pages::all;
use crate::graph;
use crate::model::{Blueprint, Kind, ServicePrincipal};
use crate::operation::Graph;
use crate::problem::{Code, Problem, shown};

/// The principal of a blueprint: by the blueprint's application id, or by the object id of the principal or of the
/// application.
///
/// # Errors
/// [`Code::BlueprintNotFound`], [`Code::NotABlueprint`], [`Code::BlueprintPrincipalMissing`],
/// [`Code::SingleInstanceIdentity`], and refusals of Graph.
pub(in crate::flow) async fn blueprint_principal(
    graph: &Graph,
    id: ObjectId,
) -> Result<ServicePrincipal, Problem> {
    if let Some(found) = of_app(graph, id).await? {
        return Ok(found);
    }
    if let Ok(found) = graph.find(graph::get_service_principal(graph.endpoint(), id)).await? {
        return require_blueprint(found, id);
    }
    let blueprint = blueprint_by_app_or_object(graph, id).await?;
    let app_id = blueprint.app_id().ok_or_else(without_id)?;
    match of_app(graph, app_id).await? {
        Some(found) => Ok(found),
        None => {
            let name = blueprint.display_name().map(|name| format!(" ({})", shown(name))).unwrap_or_default();
            let message = format!("The blueprint {app_id}{name} has no principal in this tenant.");
            Err(Problem::new(Code::BlueprintPrincipalMissing, message).with_field("blueprint"))
        }
    }
}

/// The application of a blueprint, by the same ids.
///
/// # Errors
/// [`Code::BlueprintNotFound`], [`Code::NotABlueprint`], and refusals of Graph.
pub(in crate::flow) async fn blueprint(
    graph: &Graph,
    id: ObjectId,
) -> Result<(ObjectId, Blueprint), Problem> {
    let found = match blueprint_by_app_or_object(graph, id).await {
        Err(absent) if absent.code() == Code::BlueprintNotFound => {
            let by_id = graph.find(graph::get_service_principal(graph.endpoint(), id)).await;
            // Without the permission to read it, the id may be anything.
            let Ok(Ok(principal)) = by_id else { return Err(absent) };
            let app_id = require_blueprint(principal, id)?.app_id().ok_or_else(without_id)?;
            blueprint_by_app_or_object(graph, app_id).await?
        }
        other => other?,
    };
    found.id().map(|id| (id, found)).ok_or_else(without_id)
}

fn without_id() -> Problem {
    Problem::new(Code::BadAnswer, "Graph answered with a blueprint that has no id.")
}

async fn blueprint_by_app_or_object(graph: &Graph, id: ObjectId) -> Result<Blueprint, Problem> {
    let by_app = all(graph, graph::find_blueprint_by_app_id(graph.endpoint(), id)).await?;
    if let Some(found) = by_app.into_iter().find(|one| one.app_id() == Some(id)) {
        return Ok(found);
    }
    graph.find(graph::get_blueprint(graph.endpoint(), id)).await?.map_err(|absent| {
        Problem::new(Code::BlueprintNotFound, format!("There is no blueprint {id}.")).about(&absent)
    })
}

/// The principal of a blueprint's application id; none where no service principal has it.
async fn of_app(graph: &Graph, app_id: ObjectId) -> Result<Option<ServicePrincipal>, Problem> {
    let found = all(graph, graph::find_service_principal_by_app_id(graph.endpoint(), app_id)).await?;
    let mut first = None;
    for one in found.into_iter().filter(|one| one.app_id() == Some(app_id)) {
        if one.kind() == Kind::BlueprintPrincipal {
            return Ok(Some(one));
        }
        first.get_or_insert(one);
    }
    first.map(|other| require_blueprint(other, app_id)).transpose()
}

/// The principal of a blueprint; what another service principal is, otherwise.
fn require_blueprint(found: ServicePrincipal, id: ObjectId) -> Result<ServicePrincipal, Problem> {
    let name = found.display_name().map_or_else(|| "without a name".to_owned(), shown);
    let own = found.id().map(|id| id.to_string()).unwrap_or_default();
    match found.kind() {
        Kind::BlueprintPrincipal => Ok(found),
        Kind::AgentIdentity => {
            let blueprint = found.agent_identity_blueprint_id();
            if blueprint.is_some() && blueprint == found.app_id() {
                let message = format!(
                    "{id} is of {name}, a single-instance agent identity, which shares its client id with its blueprint."
                );
                let problem = Problem::new(Code::SingleInstanceIdentity, message);
                return Err(problem.with_fix(format!(
                    "Grant the permission to the agent identity itself: agentIdentityId {own} (--identity)."
                )));
            }
            let problem = Problem::new(
                Code::NotABlueprint,
                format!("{id} ({name}) is an agent identity, not a blueprint."),
            );
            Err(match blueprint {
                Some(blueprint) => problem.with_fix(format!("Use {blueprint}, the id of its blueprint.")),
                None => problem,
            })
        }
        Kind::Plain => {
            let message = format!("{id} ({name}) is a service principal, but not that of a blueprint.");
            Err(Problem::new(Code::NotABlueprint, message))
        }
    }
}
