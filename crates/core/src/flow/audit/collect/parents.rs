//! Parents that neither list of agent identities has.

use crate::ObjectId;
use crate::flow::audit::snapshot::{DeletedIdentity, Identity, OtherParent, OtherParentKind, User};
use crate::flow::audit::table::Table;
use crate::flow::read::Read;
use crate::graph;
use crate::model::Kind;
use crate::operation::Graph;
use crate::problem::Problem;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use std::collections::BTreeSet;

/// The parents that neither list has. None where the list of agent identities was not read: then every parent would be one.
pub(super) fn unknown(
    users: &Table<User>,
    identities: &Read<Table<Identity>>,
    deleted: &Read<Table<DeletedIdentity>>,
) -> BTreeSet<ObjectId> {
    let Ok(identities) = identities.get() else { return BTreeSet::new() };
    let is_listed = |id: &ObjectId| {
        identities.get(*id).is_some() || deleted.get().is_ok_and(|deleted| deleted.get(*id).is_some())
    };
    users.iter().filter_map(|user| user.identity_parent_id).filter(|id| !is_listed(id)).collect()
}

/// Looks each of them up.
pub(super) async fn look_up(
    graph: &Graph,
    parents: BTreeSet<ObjectId>,
) -> Result<Table<OtherParent>, Problem> {
    let found = parents.into_iter().map(|id| Box::pin(async move { parent(graph, id).await }));
    let mut found: FuturesUnordered<_> = found.collect();
    let mut rows = Vec::new();
    while let Some(parent) = found.next().await {
        rows.push(parent?);
    }
    Ok(rows.into_iter().collect())
}

async fn parent(graph: &Graph, id: ObjectId) -> Result<OtherParent, Problem> {
    let found = graph.look(graph::get_service_principal(graph.endpoint(), id)).await;
    let mut display_name = None;
    let kind = found.map(|found| {
        let Some(found) = found else { return OtherParentKind::Missing };
        display_name = found.display_name().map(str::to_owned);
        match found.kind() {
            Kind::AgentIdentity => OtherParentKind::AgentIdentity,
            Kind::BlueprintPrincipal => OtherParentKind::BlueprintPrincipal,
            Kind::Plain => OtherParentKind::ServicePrincipal,
        }
    });
    Ok(OtherParent { id, kind: Read::of(kind)?, display_name })
}
