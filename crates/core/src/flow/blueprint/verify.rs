//! Verifying the chain from a blueprint down to its agent users (docs/graph.md#blueprints).

use super::chain::{BlueprintChain, ChainLink, ChainPart, ChainVerdict, ChainedIdentity, LinkState};
use super::explain::explain;
use super::find::blueprint;
use super::parts::{
    Unread, agent_users, deleted_agent_users, deleted_blueprints, deleted_principals, identities,
};
use crate::ObjectId;
use crate::flow::pages::all;
use crate::graph;
use crate::model::{AgentUser, Blueprint, Kind, ServicePrincipal};
use crate::operation::Graph;
use crate::problem::{Code, Problem};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Reads the chain from a blueprint to its principal, its agent identities and their agent users, and says what is missing,
/// disabled, in the recycle bin or not to be read. The blueprint is named by its application id, or by the object id of its
/// application or of its principal.
///
/// # Errors
/// [`Code::BlueprintNotFound`] where nothing has that id; [`Code::NotABlueprint`]; refusals of Graph for another reason than
/// a permission that is missing.
pub async fn verify_blueprint(graph: &Graph, id: ObjectId) -> Result<BlueprintChain, Problem> {
    let mut unread = Unread::default();
    let mut link = find_blueprint(graph, id, &mut unread).await?;
    let (app_id, principals) = find_principals(graph, id, link.app_id, &mut unread).await?;
    if link.state == LinkState::Missing && app_id != id {
        // The id was the principal's, which alone tells that of the blueprint.
        link = find_deleted_blueprint(graph, app_id, &mut unread).await?;
    }
    let living = unread.take(ChainPart::Identities, identities(graph, app_id).await)?;
    let binned = unread.take(ChainPart::DeletedPrincipals, deleted_principals(graph, app_id).await)?;
    let (living, binned) = (living.unwrap_or_default(), binned.unwrap_or_default());
    let mut principal = principal_link(app_id, &principals, &living, &binned);
    if principal.state == LinkState::Missing && unread.has(ChainPart::Principal) {
        principal.state = LinkState::NotRead;
    }
    let is_nowhere = [link.state, principal.state] == [LinkState::Missing; 2];
    if is_nowhere && living.is_empty() && binned.is_empty() && unread.is_empty() {
        return Err(Problem::new(Code::BlueprintNotFound, format!("There is no blueprint {id}.")));
    }
    link.app_id = link.app_id.or(Some(app_id));
    let mut links: Vec<ChainLink> = living.iter().map(|one| principal_of(one, false)).collect();
    let deleted = binned.iter().filter(|one| one.agent_identity_blueprint_id() == Some(app_id));
    links.extend(deleted.map(|one| principal_of(one, true)));
    let users = Users::read(graph, &links, &mut unread).await?;
    let chained = links.into_iter().map(|identity| {
        let agent_user = users.of(identity.id);
        ChainedIdentity { identity, agent_user }
    });
    let mut chain = BlueprintChain {
        verdict: ChainVerdict::Sound,
        blueprint: link,
        principal,
        identities: chained.collect(),
        remarks: Vec::new(),
        not_read: unread.into_parts(),
    };
    chain.verdict = verdict(&chain);
    chain.remarks = explain(&chain, &users.twice);
    Ok(chain)
}

/// The blueprint, alive or in the recycle bin.
async fn find_blueprint(graph: &Graph, id: ObjectId, unread: &mut Unread) -> Result<ChainLink, Problem> {
    match blueprint(graph, id).await {
        Err(absent) if absent.code() == Code::BlueprintNotFound => {}
        other => {
            return Ok(match unread.take(ChainPart::Blueprint, other)? {
                Some((_, found)) => blueprint_link(&found, false),
                None => ChainLink::without(LinkState::NotRead),
            });
        }
    }
    find_deleted_blueprint(graph, id, unread).await
}

async fn find_deleted_blueprint(
    graph: &Graph,
    id: ObjectId,
    unread: &mut Unread,
) -> Result<ChainLink, Problem> {
    let binned = unread.take(ChainPart::DeletedBlueprints, deleted_blueprints(graph, id).await)?;
    let found = binned.and_then(|binned| binned.into_iter().next());
    Ok(found.map_or(ChainLink::without(LinkState::Missing), |found| blueprint_link(&found, true)))
}

/// The application id of a blueprint, and the service principals that have it. Where the blueprint itself does not tell its
/// application id, the id that was given is one, or the object id of the principal.
async fn find_principals(
    graph: &Graph,
    id: ObjectId,
    app_id: Option<ObjectId>,
    unread: &mut Unread,
) -> Result<(ObjectId, Vec<ServicePrincipal>), Problem> {
    let by_app = app_id.unwrap_or(id);
    let found = of_app(graph, by_app).await;
    let Some(found) = unread.take(ChainPart::Principal, found)? else { return Ok((by_app, Vec::new())) };
    if !found.is_empty() || app_id.is_some() {
        return Ok((by_app, found));
    }
    match graph.look(graph::get_service_principal(graph.endpoint(), id)).await {
        Ok(Some(one)) if one.kind() == Kind::BlueprintPrincipal => {
            let app_id = one.app_id().unwrap_or(id);
            Ok((app_id, vec![one]))
        }
        Ok(_) => Ok((by_app, found)),
        Err(problem) if problem.answered() == Some(403) => Ok((by_app, found)),
        Err(problem) => Err(problem),
    }
}

/// The service principals of an application id. Where the caller may not read all kinds, the principals of blueprints.
async fn of_app(graph: &Graph, app_id: ObjectId) -> Result<Vec<ServicePrincipal>, Problem> {
    let any = all(graph, graph::find_service_principal_by_app_id(graph.endpoint(), app_id)).await;
    let mut found = match any {
        Err(problem) if problem.answered() == Some(403) => {
            all(graph, graph::find_blueprint_principal(graph.endpoint(), app_id)).await?
        }
        other => other?,
    };
    found.retain(|one| one.app_id() == Some(app_id));
    Ok(found)
}

fn principal_link(
    app_id: ObjectId,
    found: &[ServicePrincipal],
    identities: &[ServicePrincipal],
    binned: &[ServicePrincipal],
) -> ChainLink {
    // The cast leaves the type out, but answers for nothing else.
    let is_principal = |one: &&ServicePrincipal| one.kind() != Kind::AgentIdentity;
    if let Some(principal) = found.iter().find(is_principal) {
        return principal_of(principal, false);
    }
    // A single-instance agent identity shares its client id with its blueprint, and there is no principal by design.
    let shares = |one: &ServicePrincipal| one.app_id() == Some(app_id);
    if found.iter().chain(identities).any(shares) {
        return ChainLink::without(LinkState::None);
    }
    match binned.iter().filter(|one| shares(one)).find(is_principal) {
        Some(principal) => principal_of(principal, true),
        None => ChainLink::without(LinkState::Missing),
    }
}

fn state(one: &ServicePrincipal, deleted: bool) -> LinkState {
    match (deleted, one.is_disabled_by_microsoft(), one.account_enabled()) {
        (true, ..) => LinkState::Deleted,
        (_, true, _) => LinkState::DisabledByMicrosoft,
        (_, _, Some(false)) => LinkState::Disabled,
        _ => LinkState::Present,
    }
}

fn principal_of(one: &ServicePrincipal, deleted: bool) -> ChainLink {
    ChainLink {
        state: state(one, deleted),
        id: one.id(),
        app_id: one.app_id(),
        display_name: one.display_name().map(str::to_owned),
        user_principal_name: None,
        deleted_date_time: one.deleted_date_time().map(str::to_owned),
    }
}

fn blueprint_link(one: &Blueprint, deleted: bool) -> ChainLink {
    let state = match deleted {
        true => LinkState::Deleted,
        false if one.is_disabled_by_microsoft() => LinkState::DisabledByMicrosoft,
        false => LinkState::Present,
    };
    ChainLink {
        state,
        id: one.id(),
        app_id: one.app_id(),
        display_name: one.display_name().map(str::to_owned),
        user_principal_name: None,
        deleted_date_time: one.deleted_date_time().map(str::to_owned),
    }
}

/// The agent users of a chain, by their parents.
#[derive(Debug, Default)]
struct Users {
    living: BTreeMap<ObjectId, AgentUser>,
    binned: BTreeMap<ObjectId, AgentUser>,
    /// Parents of more than one agent user.
    twice: BTreeSet<ObjectId>,
    are_read: bool,
}

impl Users {
    async fn read(graph: &Graph, identities: &[ChainLink], unread: &mut Unread) -> Result<Self, Problem> {
        let parents: BTreeSet<ObjectId> = identities.iter().filter_map(|link| link.id).collect();
        let mut users = Self { are_read: true, ..Self::default() };
        if parents.is_empty() {
            return Ok(users);
        }
        let found = agent_users(graph, |id| parents.contains(&id)).await;
        let Some(found) = unread.take(ChainPart::AgentUsers, found)? else {
            return Ok(Self::default());
        };
        for user in found {
            let Some(parent) = user.identity_parent_id() else { continue };
            match users.living.entry(parent) {
                Entry::Vacant(place) => drop(place.insert(user)),
                Entry::Occupied(mut place) => {
                    users.twice.insert(parent);
                    // If there are several, one that can sign in counts: it is the one that a broken parent
                    // stops.
                    if place.get().account_enabled() == Some(false) {
                        place.insert(user);
                    }
                }
            }
        }
        if users.living.len() < parents.len() {
            let binned = deleted_agent_users(graph, |id| parents.contains(&id)).await;
            let binned = unread.take(ChainPart::DeletedAgentUsers, binned)?.unwrap_or_default();
            users.binned =
                binned.into_iter().filter_map(|user| Some((user.identity_parent_id()?, user))).collect();
        }
        Ok(users)
    }

    fn of(&self, parent: Option<ObjectId>) -> ChainLink {
        let of = |users: &BTreeMap<ObjectId, AgentUser>, deleted| {
            parent.and_then(|id| users.get(&id)).map(|user| user_link(user, deleted))
        };
        let none = if self.are_read { LinkState::None } else { LinkState::NotRead };
        of(&self.living, false).or_else(|| of(&self.binned, true)).unwrap_or_else(|| ChainLink::without(none))
    }
}

fn user_link(user: &AgentUser, deleted: bool) -> ChainLink {
    let state = match (deleted, user.account_enabled()) {
        (true, _) => LinkState::Deleted,
        (_, Some(false)) => LinkState::Disabled,
        _ => LinkState::Present,
    };
    ChainLink {
        state,
        id: user.id(),
        app_id: None,
        display_name: user.display_name().map(str::to_owned),
        user_principal_name: user.user_principal_name().map(str::to_owned),
        deleted_date_time: user.deleted_date_time().map(str::to_owned),
    }
}

fn verdict(chain: &BlueprintChain) -> ChainVerdict {
    let broken =
        |one: &ChainedIdentity| one.identity.state.is_broken() && one.agent_user.state == LinkState::Present;
    if chain.blueprint.state.is_broken()
        || chain.principal.state.is_broken()
        || chain.identities.iter().any(broken)
    {
        return ChainVerdict::Broken;
    }
    // An agent user whose agent identity is in the recycle bin is found by that alone.
    let needed = [
        ChainPart::Blueprint,
        ChainPart::Principal,
        ChainPart::Identities,
        ChainPart::AgentUsers,
        ChainPart::DeletedPrincipals,
    ];
    let is_needed = |part: &ChainPart| needed.contains(part);
    if chain.not_read.iter().any(|one| is_needed(&one.part)) {
        return ChainVerdict::Unknown;
    }
    ChainVerdict::Sound
}
