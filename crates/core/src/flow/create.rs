//! Creating exactly once.
//!
//! A POST whose answer was lost is not repeated. The child of the parent and the holder of the user principal name
//! are looked for until every change must be visible; only when both look-ups stay empty is it sent again.

use super::find::{deleted_users, find_by_parent, id_of};
use super::parent::not_in_time;
use super::poller::{Backoff, Poller, seen_or_none};
use crate::ObjectId;
use crate::graph::{self, Call, Detail};
use crate::model::{AgentUser, DesiredUser, UserRef};
use crate::operation::{Failure, Graph, Waiting};
use crate::problem::{Code, Problem, shown};
use std::time::Duration;

/// How many numbered alternatives of a derived user principal name are tried.
const ALTERNATIVES: u32 = 50;

/// How many creates may be lost, each looked for to the end, before that is reported.
const MOST_LOST: u32 = 4;

/// How long it is looked for after a refusal whose words only allow that the parent has an agent user.
const SHORT_LOOK: Duration = Duration::from_secs(15);

/// An agent user that is certainly there.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) id: ObjectId,
    pub(super) user: AgentUser,
    pub(super) origin: Origin,
}

/// How an agent user came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The answer to the create shows it.
    Posted,
    /// It was found after a create whose answer was lost.
    Found,
    /// It was there before this run asked for it.
    Adopted,
}

/// Whether a child of the parent is the one that is wanted.
///
/// # Errors
/// [`Code::ParentHasAnotherUser`].
pub(super) fn accept(wanted: &DesiredUser, child: &AgentUser) -> Result<(), Problem> {
    let upn = wanted.agent_user().user_principal_name().as_str();
    let has = child.user_principal_name().unwrap_or_default();
    if wanted.has_derived_upn() || has.eq_ignore_ascii_case(upn) {
        return Ok(());
    }
    let parent = wanted.identity_parent_id();
    Err(Problem::new(
        Code::ParentHasAnotherUser,
        format!("The agent identity {parent} already has the agent user {has}, not {upn}."),
    )
    .with_field("identityParentId"))
}

/// Creates it, once. The caller has looked for a child of the parent and found none.
///
/// `parent_seen` says whether the parent was: one that was seen is there, and a create that does not find it meets lag.
pub(super) async fn create(
    graph: &Graph,
    wanted: &DesiredUser,
    parent_seen: bool,
) -> Result<Account, Problem> {
    let (mut alternative, mut number) = (None, 1);
    loop {
        let wanted = alternative.as_deref().unwrap_or(wanted);
        match post(graph, wanted, parent_seen).await {
            Err(problem) if taken(&problem) && wanted.has_derived_upn() && number < ALTERNATIVES => {
                number += 1;
                let other = wanted.alternative(number).map_err(Problem::from_violations)?;
                alternative = Some(Box::new(other));
            }
            other => return other,
        }
    }
}

fn taken(problem: &Problem) -> bool {
    matches!(problem.code(), Code::UpnTaken | Code::UpnHeldByDeletedUser)
}

/// Searches after a write without an answer, and after a refusal, are rare and large. They are in boxes, so that no row holds
/// room for them.
async fn post(graph: &Graph, wanted: &DesiredUser, parent_seen: bool) -> Result<Account, Problem> {
    let (mut parent_lag, why) = if parent_seen {
        (Poller::replication(graph), Waiting::Replication)
    } else {
        (Poller::parent(graph, wanted.identity_parent_id()), Waiting::Parent)
    };
    let mut lost = 0;
    loop {
        let problem = match graph.write(graph::create_agent_user(graph.endpoint(), wanted.agent_user())).await
        {
            Ok(user) => return account(user, Origin::Posted),
            Err(Failure::Unknown(problem)) => {
                let cleanup = graph.for_cleanup();
                let found = Box::pin(search(&cleanup, wanted, graph.settings().replication_timeout)).await;
                if let Some(user) = found.map_err(|end| unless_conflict(wanted, &problem, end))? {
                    return account(user, Origin::Found);
                }
                lost += 1;
                // A user was created, if not this one: another create would make a second one.
                let answered = problem.code() == Code::ContradictoryAnswer;
                let stops = graph.is_stopped() || graph.is_late() || graph.is_unanswered();
                if answered || lost >= MOST_LOST || stops {
                    return Err(unknown(wanted, &problem));
                }
                continue;
            }
            Err(Failure::Not(problem)) => problem,
        };
        match problem.code() {
            Code::ParentNotVisibleYet | Code::ParentNotFound | Code::NotVisibleYet | Code::NotFound => {
                if !parent_lag.again_after(why, Some(&problem)).await? {
                    return Err(if parent_seen { problem } else { not_in_time(graph, problem) });
                }
            }
            code if problem.already(Call::CreateAgentUser).is_some()
                || lost > 0 && code == Code::RequestRefused =>
            {
                let refusal = problem.clone();
                let found = Box::pin(refused(graph, wanted, problem, lost > 0)).await;
                return found.map_err(|end| match lost {
                    0 => end.after(Some(&refusal)),
                    _ => unless_conflict(wanted, &refusal, end),
                });
            }
            _ => return Err(problem),
        }
    }
}

/// The server refused because an object is there already, or may be: adopts it when it is the wanted one.
async fn refused(
    graph: &Graph,
    wanted: &DesiredUser,
    problem: Problem,
    after_unknown: bool,
) -> Result<Account, Problem> {
    let graph = if after_unknown { graph.for_cleanup() } else { graph.clone() };
    let origin = if after_unknown { Origin::Found } else { Origin::Adopted };
    if let Some(user) = look(&graph, wanted).await? {
        return account(user, origin);
    }
    if problem.code() != Code::RequestRefused
        && !after_unknown
        && let Some(deleted) = held_by_deleted(&graph, wanted).await
    {
        return Err(deleted);
    }
    // Nothing is visible: an earlier run may have created it seconds ago. A conflict is worth the whole time of
    // replication, a refusal in other words only a short look.
    let short = problem.code() == Code::RequestRefused && !after_unknown;
    let within = if short { SHORT_LOOK } else { graph.settings().replication_timeout };
    match search(&graph, wanted, within).await? {
        Some(user) => account(user, origin),
        None if after_unknown => Err(match held_by_deleted(&graph, wanted).await {
            Some(deleted) if deleted.code() == Code::ParentHeldByDeletedUser || !wanted.has_derived_upn() => {
                deleted
            }
            // The conflict may be with the user whose create was lost: another name would make a second one.
            _ => unknown(wanted, &problem),
        }),
        None => Err(problem),
    }
}

/// Looks until it is found or every change must be visible.
async fn search(graph: &Graph, wanted: &DesiredUser, within: Duration) -> Result<Option<AgentUser>, Problem> {
    let mut poller = Poller::new(graph, within, Backoff::REPLICATION);
    loop {
        if let Some(user) = look(graph, wanted).await? {
            return Ok(Some(user));
        }
        if !poller.again(Waiting::Replication).await? {
            return look_for_certain(graph, wanted).await;
        }
    }
}

/// The child of the parent, if reads show one.
async fn child(graph: &Graph, wanted: &DesiredUser) -> Result<Option<AgentUser>, Problem> {
    find_by_parent(graph, wanted.identity_parent_id(), &Detail::for_patch(wanted.declared())).await
}

/// The user that has the user principal name, if reads show one.
async fn holder(graph: &Graph, wanted: &DesiredUser) -> Result<Option<AgentUser>, Problem> {
    let upn = UserRef::Upn(wanted.agent_user().user_principal_name().clone());
    graph.look(graph::get_user(graph.endpoint(), &upn, &Detail::for_patch(wanted.declared()))).await
}

/// One look for the child, and for the holder of the name. A failure that passes has seen nothing.
async fn look(graph: &Graph, wanted: &DesiredUser) -> Result<Option<AgentUser>, Problem> {
    if let Some(child) = seen_or_none(graph, child(graph, wanted).await)? {
        return accept(wanted, &child).map(|()| Some(child));
    }
    let holder = seen_or_none(graph, holder(graph, wanted).await)?;
    holder.map(|holder| holder_is_ours(wanted, holder)).transpose()
}

/// The last look before a second POST: both look-ups must have answered, because "failed" is not "empty".
async fn look_for_certain(graph: &Graph, wanted: &DesiredUser) -> Result<Option<AgentUser>, Problem> {
    let unknown = |problem: Problem| unknown(wanted, &problem);
    if let Some(child) = child(graph, wanted).await.map_err(unknown)? {
        return accept(wanted, &child).map(|()| Some(child));
    }
    let holder = holder(graph, wanted).await.map_err(unknown)?;
    holder.map(|holder| holder_is_ours(wanted, holder)).transpose()
}

/// The problem of a search for a user that may have been created. Definite conflicts stay; after any other failure of
/// the search it is unknown whether the user was created.
fn unless_conflict(wanted: &DesiredUser, lost: &Problem, end: Problem) -> Problem {
    match end.code() {
        Code::ParentHasAnotherUser
        | Code::ParentHeldByDeletedUser
        | Code::UpnTaken
        | Code::UpnHeldByDeletedUser
        | Code::OutcomeUnknown => end,
        _ => unknown(wanted, lost).with_cause(format!("Looking for it failed: {end}")),
    }
}

fn unknown(wanted: &DesiredUser, problem: &Problem) -> Problem {
    let upn = wanted.agent_user().user_principal_name();
    let message = format!("It could not be found out whether {upn} was created: {problem}");
    Problem::new(Code::OutcomeUnknown, message).about(problem)
}

fn holder_is_ours(wanted: &DesiredUser, holder: AgentUser) -> Result<AgentUser, Problem> {
    let parent = wanted.identity_parent_id();
    if holder.is_agent_user() && holder.identity_parent_id() == Some(parent) {
        return Ok(holder);
    }
    let upn = wanted.agent_user().user_principal_name();
    let owner = match (holder.is_agent_user(), holder.identity_parent_id()) {
        (true, Some(other)) => format!("the agent user of the agent identity {other}"),
        _ => {
            let name = holder.display_name().map_or_else(|| "without a name".to_owned(), shown);
            format!("the user {name}")
        }
    };
    Err(Problem::new(Code::UpnTaken, format!("{upn} belongs to {owner}.")).with_field("userPrincipalName"))
}

/// The problem, when a deleted user holds the parent's place or the user principal name. None without the permission
/// to look.
async fn held_by_deleted(graph: &Graph, wanted: &DesiredUser) -> Option<Problem> {
    let parent = wanted.identity_parent_id();
    let upn = wanted.agent_user().user_principal_name();
    let mut holder = None;
    deleted_users(graph, |user| {
        let user = user.with_former_name();
        let holds = user.identity_parent_id() == Some(parent)
            || user.user_principal_name().is_some_and(|name| name.eq_ignore_ascii_case(upn.as_str()));
        if holds {
            holder = Some(user);
        }
        !holds
    })
    .await
    .ok()?;
    let holder = holder?;
    let id = holder.id()?;
    let (code, what, field) = if holder.identity_parent_id() == Some(parent) {
        (
            Code::ParentHeldByDeletedUser,
            format!("the place of the agent identity {parent}"),
            "identityParentId",
        )
    } else {
        (Code::UpnHeldByDeletedUser, format!("the name {upn}"), "userPrincipalName")
    };
    Some(
        Problem::new(code, format!("The deleted user {id} may still hold {what}."))
            .with_field(field)
            .with_fix("Restore it, or delete it for ever, then run this again."),
    )
}

fn account(user: AgentUser, origin: Origin) -> Result<Account, Problem> {
    Ok(Account { id: id_of(&user)?, user, origin })
}
