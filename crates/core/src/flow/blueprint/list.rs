//! Listing and reading blueprints.

use super::find::blueprint;
use crate::ObjectId;
use crate::flow::pages::all;
use crate::graph;
use crate::model::Blueprint;
use crate::operation::Graph;
use crate::problem::Problem;

/// The blueprints of the tenant, or those whose display name begins so. At most 10,000 are read.
///
/// # Errors
/// Refusals of Graph; [`crate::problem::Code::BadAnswer`] for a list that does not end.
pub async fn list_blueprints(
    graph: &Graph,
    display_name_starts_with: Option<&str>,
) -> Result<Vec<Blueprint>, Problem> {
    all(graph, graph::list_blueprints(graph.endpoint(), display_name_starts_with)).await
}

/// One blueprint, by its application id, or by the object id of its application or of its principal.
///
/// # Errors
/// [`BlueprintNotFound`](crate::problem::Code::BlueprintNotFound), [`NotABlueprint`](crate::problem::Code::NotABlueprint),
/// and refusals of Graph.
pub async fn read_blueprint(graph: &Graph, id: ObjectId) -> Result<Blueprint, Problem> {
    blueprint(graph, id).await.map(|(_, found)| found)
}
