//! Graph's own What-If: asked once for all agent users that no Conditional Access policy tells apart.

use super::roles::members;
use crate::ObjectId;
use crate::flow::audit::snapshot::{AppliedPolicy, EvaluatedSignIn, HeldRole, User};
use crate::flow::audit::table::Table;
use crate::flow::pages::all;
use crate::flow::read::Read;
use crate::graph;
use crate::model::{AccessPolicy, AccessUsers};
use crate::operation::Graph;
use crate::problem::Problem;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use std::collections::{BTreeMap, BTreeSet};

/// The ids by which policies tell agent users apart: the agent user's own, those of its groups and roles.
type Marks = BTreeSet<ObjectId>;

/// The users, groups and roles that policies name. Words such as `All` tell no agent user from another.
#[derive(Debug, Default)]
struct Named {
    users: Marks,
    groups: Marks,
    roles: Marks,
}

/// The policies of a tenant, as far as they tell users apart.
pub(super) struct Policies {
    named: Named,
    /// The groups that they name, each with its members.
    groups: Vec<(ObjectId, Vec<ObjectId>)>,
}

/// Reads the tenant's policies, with the groups that they name.
pub(super) async fn policies(graph: &Graph) -> Result<Policies, Problem> {
    let policies: Vec<AccessPolicy> = all(graph, graph::list_access_policies(graph.endpoint())).await?;
    let named = named(&policies);
    let reads = named.groups.iter().map(|group| {
        Box::pin(async move {
            match members(graph, *group).await {
                Err(problem) if problem.answered() == Some(404) => Ok((*group, Vec::new())),
                other => Ok::<_, Problem>((*group, other?)),
            }
        })
    });
    let mut reads: FuturesUnordered<_> = reads.collect();
    let mut groups = Vec::new();
    while let Some(group) = reads.next().await {
        groups.push(group?);
    }
    drop(reads);
    Ok(Policies { named, groups })
}

/// The verdict of What-If for every agent user.
pub(super) async fn what_if(
    graph: &Graph,
    policies: Policies,
    users: &Table<User>,
    roles: &Read<Vec<HeldRole>>,
) -> Result<Vec<EvaluatedSignIn>, Problem> {
    let Policies { named, groups } = policies;
    let mut marks: BTreeMap<ObjectId, Marks> = BTreeMap::new();
    for id in named.users.iter().filter(|id| users.get(**id).is_some()) {
        marks.entry(*id).or_default().insert(*id);
    }
    for (group, members) in groups {
        for id in members.into_iter().filter(|id| users.get(*id).is_some()) {
            marks.entry(id).or_default().insert(group);
        }
    }
    for held in roles.get().into_iter().flatten().filter(|one| named.roles.contains(&one.role_definition_id))
    {
        marks.entry(held.principal_id).or_default().insert(held.role_definition_id);
    }
    let mut classes: BTreeMap<Marks, Vec<ObjectId>> = BTreeMap::new();
    for user in users.iter() {
        classes.entry(marks.remove(&user.id).unwrap_or_default()).or_default().push(user.id);
    }
    let rows = classes.into_values().filter_map(|users| Some((*users.first()?, users)));
    let rows = rows.map(|(first, users)| {
        Box::pin(async move {
            let applied = all(graph, graph::find_applied_policies(graph.endpoint(), first)).await;
            let applied =
                Read::of(applied.map(|policies| policies.into_iter().filter_map(applying).collect()))?;
            Ok::<_, Problem>(EvaluatedSignIn { users, applied })
        })
    });
    let mut rows: FuturesUnordered<_> = rows.collect();
    let mut read = Vec::new();
    while let Some(row) = rows.next().await {
        read.push(row?);
    }
    read.sort_unstable_by_key(|one| one.users.first().copied());
    Ok(read)
}

fn named(policies: &[AccessPolicy]) -> Named {
    let mut named = Named::default();
    let is_on = |policy: &&AccessPolicy| policy.state.as_deref() != Some("disabled");
    let users = policies.iter().filter(is_on).filter_map(|policy| policy.conditions.as_ref()?.users.as_ref());
    let ids = |one: &Option<Vec<String>>, other: &Option<Vec<String>>| {
        let all = one.iter().chain(other).flatten();
        all.filter_map(|text| text.parse().ok()).collect::<Vec<ObjectId>>()
    };
    for users in users {
        let AccessUsers { include_users, exclude_users, .. } = users;
        named.users.extend(ids(include_users, exclude_users));
        named.groups.extend(ids(&users.include_groups, &users.exclude_groups));
        named.roles.extend(ids(&users.include_roles, &users.exclude_roles));
    }
    named
}

fn applying(policy: AccessPolicy) -> Option<AppliedPolicy> {
    (policy.policy_applies != Some(false)).then_some(())?;
    Some(AppliedPolicy {
        id: policy.id?,
        display_name: policy.display_name,
        state: policy.state,
        controls: policy.grant_controls.and_then(|one| one.built_in_controls).unwrap_or_default(),
    })
}
