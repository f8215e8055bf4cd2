//! One pass over the tenant. Lists are read side by side, and what lists don't tell is looked up once for each object.

mod agents;
mod gather;
mod grants;
mod lifecycle;
mod parents;
mod parts;
mod people;
mod roles;
mod users;
mod what_if;

use super::section::Section;
use super::settings::AuditSettings;
use super::snapshot::{BlueprintOf, DeletedUser, Domain, Plan, Sku, Snapshot, User, unasked};
use super::table::Table;
use super::text::Text;
use crate::ObjectId;
use crate::flow::list::UserSet;
use crate::flow::read::Read;
use crate::flow::skus::list_skus;
use crate::flow::tenant::{organizations, tenant};
use crate::graph;
use crate::model::{AgentUser, Blueprint, Organization, ServicePlan, is_agent_user_type};
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

/// Lists of the whole tenant, of which what is about agents becomes a section.
struct Raw {
    grants: Read<grants::Grants>,
    app_roles: Read<grants::Holders>,
    policies: Read<what_if::Policies>,
}

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
    let mut raw = Raw { grants: unasked(), app_roles: unasked(), policies: unasked() };
    finish(lists(graph, settings, &mut snapshot, &mut seen, &mut raw)).await?;
    let Raw { grants, app_roles, policies } = raw;
    keep_agents(&mut snapshot, grants, app_roles);
    look_up(&graph.with_batches(), settings, &mut snapshot, seen, policies).await?;
    Ok(snapshot)
}

/// The lists that are read.
struct Lists<'a> {
    settings: &'a AuditSettings,
    parts: FuturesUnordered<Part<'a>>,
}

impl<'a> Lists<'a> {
    /// Reads a section where a rule reads it.
    fn add<T: Send>(
        &self,
        section: Section,
        into: &'a mut Read<T>,
        read: impl Future<Output = Result<T, Problem>> + Send + 'a,
    ) {
        if self.settings.reads(section) {
            self.parts.push(fill(into, read));
        }
    }
}

/// Every list at once: the longest one says how long an audit takes, so that none waits for another.
fn lists<'a>(
    graph: &'a Graph,
    settings: &'a AuditSettings,
    snapshot: &'a mut Snapshot,
    seen: &'a mut people::Seen,
    raw: &'a mut Raw,
) -> FuturesUnordered<Part<'a>> {
    let Snapshot { users, managers, sponsors, identities, deleted_identities, lifecycle, risks, .. } =
        snapshot;
    let Snapshot { leave_dates, sign_ins, deleted_users, skus, blueprints, inheritance, .. } = snapshot;
    let Snapshot { principals, roles, eligible_roles, role_definitions, role_groups, .. } = snapshot;
    let people::Seen { managers: seen_managers, sponsors: seen_sponsors } = seen;
    let to = graph.endpoint();
    let lists = Lists { settings, parts: FuturesUnordered::new() };
    lists.parts.push(Box::pin(async {
        *users = agent_users(graph).await?;
        Ok(())
    }));
    lists.add(Section::Lifecycle, lifecycle, lifecycle::lifecycle(graph));
    lists.add(Section::Managers, managers, users::managers(graph, seen_managers));
    lists.add(Section::Sponsors, sponsors, users::sponsors(graph, seen_sponsors));
    lists.add(Section::LeaveDates, leave_dates, users::leave_dates(graph));
    lists.add(Section::SignIns, sign_ins, users::sign_ins(graph));
    lists.add(Section::Risks, risks, roles::risks(graph));
    lists.add(Section::Identities, identities, parents::identities(graph));
    lists.add(Section::DeletedIdentities, deleted_identities, parents::deleted(graph));
    lists.add(Section::DeletedUsers, deleted_users, deleted_agent_users(graph));
    lists.add(Section::Grants, &mut raw.grants, grants::grants(graph));
    lists.add(Section::AppRoles, &mut raw.app_roles, grants::app_roles(graph));
    lists.add(Section::Roles, roles, roles::held(graph, graph::list_role_assignments(to)));
    lists.add(Section::EligibleRoles, eligible_roles, roles::held(graph, graph::list_eligible_roles(to)));
    lists.add(Section::RoleDefinitions, role_definitions, roles::definitions(graph));
    lists.add(Section::RoleGroups, role_groups, roles::groups(graph));
    lists.add(Section::WhatIf, &mut raw.policies, what_if::policies(graph));
    lists.add(Section::Principals, principals, grants::principals(graph));
    lists.add(Section::Skus, skus, subscribed(graph));
    let inherits = settings.reads(Section::Inheritance);
    if inherits || settings.reads(Section::Blueprints) {
        lists.parts.push(Box::pin(async move {
            *blueprints = Read::of(all_blueprints(graph).await)?;
            if inherits {
                let inherited = grants::inheritance(&graph.with_batches(), blueprints).await;
                *inheritance = Read::of(inherited)?;
            }
            Ok(())
        }));
    }
    lists.parts
}

/// Leaves of lists of the whole tenant what is about agents.
fn keep_agents(snapshot: &mut Snapshot, grants: Read<grants::Grants>, app_roles: Read<grants::Holders>) {
    let Snapshot { users, identities, principals, roles, eligible_roles, role_groups, .. } = snapshot;
    let agents = Agents { users, identities, principals };
    let parents: BTreeSet<ObjectId> = users.iter().filter_map(|user| user.identity_parent_id).collect();
    roles::keep_agent_members(role_groups, users);
    roles::keep_agents(roles, users, role_groups);
    roles::keep_agents(eligible_roles, users, role_groups);
    roles::keep_agents_at_risk(&mut snapshot.risks, agents);
    lifecycle::keep_parents(&mut snapshot.lifecycle, &parents);
    snapshot.grants = grants.map(|grants| grants.of(agents));
    snapshot.app_roles = app_roles.map(|holders| holders.of(agents));
}

/// The sections that depend on the lists, read side by side.
async fn look_up(
    graph: &Graph,
    settings: &AuditSettings,
    snapshot: &mut Snapshot,
    seen: people::Seen,
    policies: Read<what_if::Policies>,
) -> Result<(), Problem> {
    let Snapshot { users, managers, sponsors, people, identities, deleted_identities, other_parents, .. } =
        snapshot;
    let Snapshot { roles, what_if, .. } = snapshot;
    let (users, roles) = (&*users, &*roles);
    let parts = FuturesUnordered::<Part<'_>>::new();
    if settings.reads(Section::OtherParents) {
        let unknown = parents::unknown(users, identities, deleted_identities);
        parts.push(fill(other_parents, parents::look_up(graph, unknown)));
    }
    if settings.reads(Section::People) {
        parts.push(fill(people, people::look_up(graph, seen, managers, sponsors)));
    }
    match policies {
        Read::Known(policies) => {
            parts.push(fill(what_if, what_if::what_if(graph, policies, users, roles)));
        }
        Read::Unknown(unread) => *what_if = Read::Unknown(unread),
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

async fn deleted_agent_users(graph: &Graph) -> Result<Table<DeletedUser>, Problem> {
    let first = graph::list_deleted_users(graph.endpoint());
    gather(graph, first, |user: AgentUser| {
        let is_agent = UserSet::AllUsers
            .takes(user.odata_type().map(is_agent_user_type), user.identity_parent_id().is_some());
        let user = user.with_former_name();
        let row = DeletedUser {
            id: user.id()?,
            user_principal_name: user.user_principal_name().map(Text::from),
            identity_parent_id: user.identity_parent_id(),
            deleted_date_time: user.deleted_date_time().map(Text::from),
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
            display_name: one.display_name().map(Text::from),
        })
    })
    .await
}
