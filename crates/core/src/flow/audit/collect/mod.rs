//! One pass over the tenant. Lists are read side by side, and what lists don't tell is looked up once for each object.

mod gather;
mod parents;
mod people;
mod users;

use super::section::Section;
use super::settings::AuditSettings;
use super::snapshot::{DeletedIdentity, Identity, Snapshot, User};
use super::table::Table;
use crate::flow::read::Read;
use crate::flow::tenant::read_tenant;
use crate::graph::{self, IdentityQuery};
use crate::model::Kind;
use crate::operation::Graph;
use crate::problem::Problem;
use crate::utc::Utc;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use gather::gather;
use std::future::Future;
use std::pin::Pin;

/// A part of the pass that fills its section.
type Part<'a> = Pin<Box<dyn Future<Output = Result<(), Problem>> + Send + 'a>>;

/// Reads what the rules of the settings read. A section that can't be read is unknown, with the reason.
///
/// # Errors
/// The agent users can't be listed; [`TenantUnknown`](crate::problem::Code::TenantUnknown); an early end.
pub(super) async fn collect(graph: &Graph, settings: &AuditSettings) -> Result<Snapshot, Problem> {
    let taken_at = Utc(graph.now().unix_ms).to_string();
    let tenant = read_tenant(graph).await?;
    let mut snapshot = Snapshot::new(tenant.id, tenant.account, taken_at);
    let mut seen = people::Seen::default();
    read_lists(graph, settings, &mut snapshot, &mut seen).await?;
    let batched = graph.with_batches();
    let parts = FuturesUnordered::<Part<'_>>::new();
    let Snapshot { users, managers, sponsors, people, identities, deleted_identities, other_parents, .. } =
        &mut snapshot;
    if settings.reads(Section::OtherParents) {
        let parents = parents::unknown(users, identities, deleted_identities);
        parts.push(fill(other_parents, parents::look_up(&batched, parents)));
    }
    if settings.reads(Section::People) {
        parts.push(fill(people, people::look_up(&batched, seen, managers, sponsors)));
    }
    finish(parts).await?;
    Ok(snapshot)
}

/// The lists, side by side.
async fn read_lists(
    graph: &Graph,
    settings: &AuditSettings,
    snapshot: &mut Snapshot,
    seen: &mut people::Seen,
) -> Result<(), Problem> {
    let parts = FuturesUnordered::<Part<'_>>::new();
    let Snapshot { users, managers, sponsors, identities, deleted_identities, .. } = snapshot;
    parts.push(Box::pin(async {
        *users = agent_users(graph).await?;
        Ok(())
    }));
    let people::Seen { managers: seen_managers, sponsors: seen_sponsors } = seen;
    if settings.reads(Section::Managers) {
        parts.push(fill(managers, users::managers(graph, seen_managers)));
    }
    if settings.reads(Section::Sponsors) {
        parts.push(fill(sponsors, users::sponsors(graph, seen_sponsors)));
    }
    if settings.reads(Section::Identities) {
        parts.push(fill(identities, agent_identities(graph)));
    }
    if settings.reads(Section::DeletedIdentities) {
        parts.push(fill(deleted_identities, deleted(graph)));
    }
    finish(parts).await
}

/// Fills a section with what is read, or with the reason why it can't be.
fn fill<'a, T: Send>(
    section: &'a mut Read<T>,
    read: impl Future<Output = Result<T, Problem>> + Send + 'a,
) -> Part<'a> {
    Box::pin(async {
        *section = Read::of(read.await)?;
        Ok(())
    })
}

async fn finish(mut parts: FuturesUnordered<Part<'_>>) -> Result<(), Problem> {
    while let Some(done) = parts.next().await {
        done?;
    }
    Ok(())
}

async fn agent_users(graph: &Graph) -> Result<Table<User>, Problem> {
    gather(graph, graph::list_all_agent_users(graph.endpoint()), |user| User::of(&user)).await
}

async fn agent_identities(graph: &Graph) -> Result<Table<Identity>, Problem> {
    let first = graph::list_agent_identities(graph.endpoint(), &IdentityQuery::default());
    // The path names the type: an entry that does not say its own is an agent identity.
    gather(graph, first, |one| {
        let is_identity = one.odata_type().is_none() || one.kind() == Kind::AgentIdentity;
        Identity::of(&one).filter(|_| is_identity)
    })
    .await
}

async fn deleted(graph: &Graph) -> Result<Table<DeletedIdentity>, Problem> {
    let first = graph::list_deleted_service_principals(graph.endpoint());
    gather(graph, first, |one| {
        let row = DeletedIdentity {
            id: one.id()?,
            display_name: one.display_name().map(str::to_owned),
            agent_identity_blueprint_id: one.agent_identity_blueprint_id(),
            deleted_date_time: one.deleted_date_time().map(str::to_owned),
        };
        (one.kind() == Kind::AgentIdentity || row.agent_identity_blueprint_id.is_some()).then_some(row)
    })
    .await
}
