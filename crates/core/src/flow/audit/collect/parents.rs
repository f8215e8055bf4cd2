//! Agent identities, and the parents that neither list of them has.

use super::gather::gather;
use super::parts::{Part, gather_in_parts};
use crate::ObjectId;
use crate::flow::audit::snapshot::{DeletedIdentity, Identity, OtherParent, OtherParentKind, User};
use crate::flow::audit::table::Table;
use crate::flow::audit::text::Text;
use crate::flow::read::Read;
use crate::graph::{self, Endpoint, IdentityQuery};
use crate::model::{Kind, ServicePrincipal};
use crate::operation::Graph;
use crate::problem::Problem;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use std::collections::BTreeSet;

/// The agent identities. Their pages are small: appIds, which every service principal has, part the list into sixteen.
pub(super) async fn identities(graph: &Graph) -> Result<Table<Identity>, Problem> {
    let first = graph::list_agent_identities(graph.endpoint(), &IdentityQuery::default());
    let split = |page: &[ServicePrincipal]| {
        page.iter().all(|one| one.app_id().is_some()).then(|| by_app_id(graph.endpoint()))
    };
    // The path names the type: an entry that does not say its own is an agent identity.
    gather_in_parts(graph, first, split, |one| {
        let is_identity = one.odata_type().is_none() || one.kind() == Kind::AgentIdentity;
        Identity::of(&one).filter(|_| is_identity)
    })
    .await
}

fn by_app_id(endpoint: &Endpoint) -> Vec<Part<ServicePrincipal>> {
    let parts = "0123456789abcdef".chars().zip(0_u128..).map(|(digit, value)| Part {
        first: graph::list_agent_identities_by_app_id(endpoint, digit),
        holds: Box::new(move |one: &ServicePrincipal| {
            one.app_id().is_some_and(|id| id.as_u128() >> 124 == value)
        }),
    });
    parts.collect()
}

/// The agent identities in the recycle bin.
pub(super) async fn deleted(graph: &Graph) -> Result<Table<DeletedIdentity>, Problem> {
    let first = graph::list_deleted_service_principals(graph.endpoint());
    gather(graph, first, |one| {
        let row = DeletedIdentity {
            id: one.id()?,
            display_name: one.display_name().map(Text::from),
            agent_identity_blueprint_id: one.agent_identity_blueprint_id(),
            deleted_date_time: one.deleted_date_time().map(Text::from),
        };
        (one.kind() == Kind::AgentIdentity || row.agent_identity_blueprint_id.is_some()).then_some(row)
    })
    .await
}

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
        display_name = found.display_name().map(Text::from);
        match found.kind() {
            Kind::AgentIdentity => OtherParentKind::AgentIdentity,
            Kind::BlueprintPrincipal => OtherParentKind::BlueprintPrincipal,
            Kind::Plain => OtherParentKind::ServicePrincipal,
        }
    });
    Ok(OtherParent { id, kind: Read::of(kind)?, display_name })
}
