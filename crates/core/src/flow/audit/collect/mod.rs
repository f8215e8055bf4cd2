//! One pass over the tenant. Lists are read side by side, and what lists don't tell is looked up once for each object.

mod agents;
mod gather;
mod grants;
mod lifecycle;
mod parents;
mod people;
mod roles;
mod users;
mod what_if;

use super::section::Section;
use super::settings::AuditSettings;
use super::snapshot::{
    BlueprintOf, DeletedIdentity, DeletedUser, Domain, Identity, Plan, Sku, Snapshot, User,
};
use super::table::Table;
use crate::ObjectId;
use crate::flow::list::UserSet;
use crate::flow::read::Read;
use crate::flow::skus::list_skus;
use crate::flow::tenant::{organizations, tenant};
use crate::graph::{self, IdentityQuery};
use crate::model::{AgentUser, Blueprint, Kind, Organization, ServicePlan};
use crate::operation::Graph;
use crate::problem::Problem;
use crate::short;
use crate::utc::Utc;
use agents::Agents;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use gather::gather;
use std::collections::BTreeSet;
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
    let organizations = organizations(graph).await;
    let tenant = tenant(graph, &organizations)?;
    let mut snapshot = Snapshot::new(tenant.id, tenant.account, taken_at);
    if settings.reads(Section::Domains) {
        snapshot.domains = Read::of(organizations.map(|all| domains(&all)))?;
    }
    let mut seen = people::Seen::default();
    read_lists(graph, settings, &mut snapshot, &mut seen).await?;
    look_up(&graph.with_batches(), settings, &mut snapshot, seen).await?;
    let Snapshot { users, roles, eligible_roles, role_groups, .. } = &mut snapshot;
    roles::keep_agents(roles, users, role_groups);
    roles::keep_agents(eligible_roles, users, role_groups);
    Ok(snapshot)
}

/// What depends on the lists, side by side.
async fn look_up(
    graph: &Graph,
    settings: &AuditSettings,
    snapshot: &mut Snapshot,
    seen: people::Seen,
) -> Result<(), Problem> {
    let Snapshot { users, managers, sponsors, people, identities, deleted_identities, other_parents, .. } =
        snapshot;
    let Snapshot { principals, grants, app_roles, blueprints, inheritance, roles, role_groups, .. } =
        snapshot;
    let Snapshot { lifecycle, what_if, risks, .. } = snapshot;
    let (users, identities, principals, roles) = (&*users, &*identities, &*principals, &*roles);
    let agents = Agents { users, identities, principals };
    let parents: BTreeSet<ObjectId> = users.iter().filter_map(|user| user.identity_parent_id).collect();
    let parents = &parents;
    let parts = FuturesUnordered::<Part<'_>>::new();
    if settings.reads(Section::OtherParents) {
        let unknown = parents::unknown(users, identities, deleted_identities);
        parts.push(fill(other_parents, parents::look_up(graph, unknown)));
    }
    if settings.reads(Section::People) {
        parts.push(fill(people, people::look_up(graph, seen, managers, sponsors)));
    }
    if settings.reads(Section::Grants) {
        parts.push(fill(grants, grants::grants(graph, agents)));
    }
    if settings.reads(Section::AppRoles) {
        parts.push(fill(app_roles, grants::app_roles(graph, agents)));
    }
    if settings.reads(Section::Inheritance) {
        parts.push(fill(inheritance, grants::inheritance(graph, blueprints)));
    }
    if settings.reads(Section::RoleGroups) {
        parts.push(fill(role_groups, roles::groups(graph, users)));
    }
    if settings.reads(Section::Lifecycle) {
        parts.push(fill(lifecycle, lifecycle::lifecycle(graph, parents)));
    }
    if settings.reads(Section::WhatIf) {
        parts.push(fill(what_if, what_if::what_if(graph, users, roles)));
    }
    if settings.reads(Section::Risks) {
        parts.push(fill(risks, roles::risks(graph, agents)));
    }
    finish(parts).await
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
    let Snapshot { leave_dates, sign_ins, deleted_users, skus, blueprints, .. } = snapshot;
    let Snapshot { principals, roles, eligible_roles, role_definitions, .. } = snapshot;
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
    if settings.reads(Section::LeaveDates) {
        parts.push(fill(leave_dates, users::leave_dates(graph)));
    }
    if settings.reads(Section::SignIns) {
        parts.push(fill(sign_ins, users::sign_ins(graph)));
    }
    if settings.reads(Section::DeletedUsers) {
        parts.push(fill(deleted_users, deleted_agent_users(graph)));
    }
    if settings.reads(Section::Skus) {
        parts.push(fill(skus, subscribed(graph)));
    }
    if settings.reads(Section::Blueprints) {
        parts.push(fill(blueprints, all_blueprints(graph)));
    }
    if settings.reads(Section::Principals) {
        parts.push(fill(principals, grants::principals(graph)));
    }
    if settings.reads(Section::Roles) {
        parts.push(fill(roles, roles::held(graph, graph::list_role_assignments(graph.endpoint()))));
    }
    if settings.reads(Section::EligibleRoles) {
        parts.push(fill(eligible_roles, roles::held(graph, graph::list_eligible_roles(graph.endpoint()))));
    }
    if settings.reads(Section::RoleDefinitions) {
        parts.push(fill(role_definitions, roles::definitions(graph)));
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

async fn deleted_agent_users(graph: &Graph) -> Result<Table<DeletedUser>, Problem> {
    let first = graph::list_deleted_users(graph.endpoint());
    gather(graph, first, |user: AgentUser| {
        let is_agent = UserSet::AllUsers.takes(user.odata_type(), user.identity_parent_id().is_some());
        let user = user.with_former_name();
        let row = DeletedUser {
            id: user.id()?,
            user_principal_name: user.user_principal_name().map(str::to_owned),
            identity_parent_id: user.identity_parent_id(),
            deleted_date_time: user.deleted_date_time().map(str::to_owned),
        };
        is_agent.then_some(row)
    })
    .await
}

fn domains(organizations: &[Organization]) -> Vec<Domain> {
    let all = organizations.iter().flat_map(Organization::verified_domains);
    let named = all
        .filter_map(|one| Some(Domain { name: one.name()?.to_owned(), kind: one.kind().map(str::to_owned) }));
    let mut domains: Vec<Domain> = named.collect();
    short::sort(&mut domains, |one, other| one.name < other.name);
    domains
}

async fn subscribed(graph: &Graph) -> Result<Table<Sku>, Problem> {
    let plan = |plan: &ServicePlan| {
        Some(Plan { id: plan.service_plan_id?, name: plan.service_plan_name.clone().unwrap_or_default() })
    };
    let rows = list_skus(graph).await?.into_iter().filter_map(|sku| {
        Some(Sku {
            id: sku.sku_id()?,
            part_number: sku.sku_part_number().map(str::to_owned),
            service_plans: sku.service_plans().iter().filter_map(plan).collect(),
        })
    });
    Ok(rows.collect())
}

async fn all_blueprints(graph: &Graph) -> Result<Table<BlueprintOf>, Problem> {
    gather(graph, graph::list_blueprints(graph.endpoint(), None), |one: Blueprint| {
        Some(BlueprintOf {
            id: one.app_id()?,
            object_id: one.id()?,
            display_name: one.display_name().map(str::to_owned),
        })
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
