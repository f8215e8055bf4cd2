//! Creating exactly once.
//!
//! A POST whose answer was lost is not repeated. The child of the parent and the holder of the user principal name
//! are looked for until every change must be visible; only when both look-ups stay empty is it sent again.

use super::find::{find_by_parent, id_of};
use super::patience::{Pace, Patience, seen};
use crate::ObjectId;
use crate::graph::{self, Detail};
use crate::model::{AgentUser, DesiredUser, NewAgentUser, UserRef};
use crate::operation::{Failure, Graph, Waiting};
use crate::problem::{Code, Problem};
use std::time::Duration;

/// How many numbered alternatives of a derived user principal name are tried.
const ALTERNATIVES: u32 = 50;

/// How many creates may be lost, each looked for to the end, before that is reported.
const MOST_LOST: u32 = 4;

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
    Creation::of(wanted).accept(child)
}

/// An agent user to create, under the name that is tried at present.
#[derive(Debug)]
struct Creation {
    new: NewAgentUser,
    /// The user principal name was derived: another one is as good.
    any_upn: bool,
}

impl Creation {
    fn of(wanted: &DesiredUser) -> Self {
        Self { new: wanted.agent_user().clone(), any_upn: wanted.has_derived_upn() }
    }

    /// What is read of one that is found: it is compared with what is wanted.
    fn detail(&self) -> Detail {
        Detail::for_patch(self.new.others())
    }

    fn accept(&self, child: &AgentUser) -> Result<(), Problem> {
        let wanted = self.new.user_principal_name().as_str();
        let has = child.user_principal_name().unwrap_or_default();
        if self.any_upn || has.eq_ignore_ascii_case(wanted) {
            return Ok(());
        }
        let parent = self.new.identity_parent_id();
        Err(Problem::new(
            Code::ParentHasAnotherUser,
            format!("The agent identity {parent} already has the agent user {has}, not {wanted}."),
        )
        .with_field("identityParentId"))
    }
}

/// Creates it, once. The caller has looked for a child of the parent and found none.
pub(super) async fn create(graph: &Graph, wanted: &DesiredUser) -> Result<Account, Problem> {
    let mut creation = Creation::of(wanted);
    let mut alternative = 1;
    loop {
        match post(graph, &creation).await {
            Err(problem) if taken(&problem) && creation.any_upn && alternative < ALTERNATIVES => {
                alternative += 1;
                creation.new = creation.new.alternative(alternative).map_err(Problem::from_violations)?;
            }
            other => return other,
        }
    }
}

fn taken(problem: &Problem) -> bool {
    matches!(problem.code(), Code::UpnTaken | Code::UpnHeldByDeletedUser)
}

async fn post(graph: &Graph, creation: &Creation) -> Result<Account, Problem> {
    let mut parent_lag = Patience::replication(graph);
    let mut lost = 0;
    loop {
        let problem = match graph.write(graph::create_agent_user(graph.root(), &creation.new)).await {
            Ok(user) => return account(user, Origin::Posted),
            Err(Failure::Unknown(problem)) => {
                let cleanup = graph.for_cleanup();
                let found = search(&cleanup, creation, graph.settings().replication_timeout).await;
                if let Some(user) = found.map_err(|end| unless_seen(creation, &problem, end))? {
                    return account(user, Origin::Found);
                }
                lost += 1;
                if lost >= MOST_LOST || graph.is_cancelled() || graph.is_late() {
                    return Err(unknown(creation, &problem));
                }
                continue;
            }
            Err(Failure::Not(problem)) => problem,
        };
        match problem.code() {
            // The parent was verified, so where Graph does not find it, it has not replicated there.
            Code::ParentNotVisibleYet | Code::ParentNotFound | Code::NotVisibleYet | Code::NotFound => {
                if !parent_lag.again(Waiting::Replication).await? {
                    return Err(problem);
                }
            }
            Code::UpnTaken
            | Code::ParentHasAnotherUser
            | Code::MailNicknameTaken
            | Code::Conflict
            | Code::RequestRefused => {
                let refusal = problem.clone();
                return refused(graph, creation, problem, lost > 0).await.map_err(|end| match lost {
                    0 => end,
                    _ => unless_seen(creation, &refusal, end),
                });
            }
            _ => return Err(problem),
        }
    }
}

/// The server refused because something is there already, or may have: says what, or takes it when it is ours.
async fn refused(
    graph: &Graph,
    creation: &Creation,
    problem: Problem,
    after_unknown: bool,
) -> Result<Account, Problem> {
    let graph = if after_unknown { graph.for_cleanup() } else { graph.clone() };
    let origin = if after_unknown { Origin::Found } else { Origin::Adopted };
    if let Some(user) = look(&graph, creation).await? {
        return account(user, origin);
    }
    if problem.code() != Code::RequestRefused
        && !after_unknown
        && let Some(deleted) = held_by_deleted(&graph, creation).await
    {
        return Err(deleted);
    }
    // Nothing is visible: a run before this one may have created it seconds ago. A conflict is worth the whole
    // time of replication, any other refusal only a short look.
    let short = problem.code() == Code::RequestRefused && !after_unknown;
    let settings = graph.settings();
    let within = if short { settings.parent_timeout } else { settings.replication_timeout };
    match search(&graph, creation, within).await? {
        Some(user) => account(user, origin),
        None if after_unknown => Err(match held_by_deleted(&graph, creation).await {
            Some(deleted) if deleted.code() == Code::ParentHeldByDeletedUser || !creation.any_upn => deleted,
            // What stands in the way may be what was lost: then another name would make a second one.
            _ => unknown(creation, &problem),
        }),
        None => Err(problem),
    }
}

/// Looks until it is found or every change must be visible.
async fn search(graph: &Graph, creation: &Creation, within: Duration) -> Result<Option<AgentUser>, Problem> {
    let mut patience = Patience::new(graph, within, Pace::REPLICATION);
    loop {
        if let Some(user) = look(graph, creation).await? {
            return Ok(Some(user));
        }
        if !patience.again(Waiting::Replication).await? {
            return look_for_certain(graph, creation).await;
        }
    }
}

/// One look for the child, and for who holds the user principal name. Failures that pass are no sight of it.
async fn look(graph: &Graph, creation: &Creation) -> Result<Option<AgentUser>, Problem> {
    if let Some(child) =
        seen(find_by_parent(graph, creation.new.identity_parent_id(), creation.detail()).await)?
    {
        return creation.accept(&child).map(|()| Some(child));
    }
    let upn = UserRef::Upn(creation.new.user_principal_name().clone());
    match seen(graph.look(graph::get_user(graph.root(), &upn, creation.detail())).await)? {
        Some(holder) => holder_is_ours(creation, holder).map(Some),
        None => Ok(None),
    }
}

/// The last look before a second POST: both look-ups must have answered, for "failed" is not "empty".
async fn look_for_certain(graph: &Graph, creation: &Creation) -> Result<Option<AgentUser>, Problem> {
    let unknown = |problem: Problem| unknown(creation, &problem);
    if let Some(child) =
        find_by_parent(graph, creation.new.identity_parent_id(), creation.detail()).await.map_err(unknown)?
    {
        return creation.accept(&child).map(|()| Some(child));
    }
    let upn = UserRef::Upn(creation.new.user_principal_name().clone());
    match graph.look(graph::get_user(graph.root(), &upn, creation.detail())).await.map_err(unknown)? {
        Some(holder) => holder_is_ours(creation, holder).map(Some),
        None => Ok(None),
    }
}

/// Why a search for what may have been created ended: somebody else was seen in its place, or it was cut short, refused,
/// or failed, and then it stays unknown what became of it.
fn unless_seen(creation: &Creation, lost: &Problem, end: Problem) -> Problem {
    match end.code() {
        Code::ParentHasAnotherUser
        | Code::ParentHeldByDeletedUser
        | Code::UpnTaken
        | Code::UpnHeldByDeletedUser
        | Code::OutcomeUnknown => end,
        _ => unknown(creation, lost).with_cause(format!("Looking for it failed: {end}")),
    }
}

fn unknown(creation: &Creation, problem: &Problem) -> Problem {
    let upn = creation.new.user_principal_name();
    Problem::new(
        Code::OutcomeUnknown,
        format!("It could not be found out whether {upn} was created: {problem}"),
    )
}

fn holder_is_ours(creation: &Creation, holder: AgentUser) -> Result<AgentUser, Problem> {
    let parent = creation.new.identity_parent_id();
    if holder.is_agent_user() && holder.identity_parent_id() == Some(parent) {
        return Ok(holder);
    }
    let upn = creation.new.user_principal_name();
    let who = match (holder.is_agent_user(), holder.identity_parent_id()) {
        (true, Some(other)) => format!("the agent user of the agent identity {other}"),
        _ => format!("the user {}", holder.display_name().unwrap_or("without a name")),
    };
    Err(Problem::new(Code::UpnTaken, format!("{upn} belongs to {who}.")).with_field("userPrincipalName"))
}

/// Whether a deleted user holds the parent's place or the user principal name. Without the permission to look, no.
async fn held_by_deleted(graph: &Graph, creation: &Creation) -> Option<Problem> {
    let deleted: Vec<AgentUser> =
        super::list::all(graph, graph::list_deleted_users(graph.root())).await.ok()?;
    let parent = creation.new.identity_parent_id();
    let upn = creation.new.user_principal_name();
    let holder = deleted.iter().find(|user| {
        user.identity_parent_id() == Some(parent)
            || user.user_principal_name().is_some_and(|name| name.eq_ignore_ascii_case(upn.as_str()))
    })?;
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
            .with_fix(format!(
                "Restore it (agentuser restore {id}) or delete it for ever, then run this again."
            )),
    )
}

fn account(user: AgentUser, origin: Origin) -> Result<Account, Problem> {
    Ok(Account { id: id_of(&user)?, user, origin })
}
