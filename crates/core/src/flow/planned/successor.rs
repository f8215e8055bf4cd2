//! Successors of leavers: each is looked up before the leaver is removed.

use crate::ObjectId;
use crate::graph::{self, Detail};
use crate::model::{Group, SponsorRef, UserRef};
use crate::operation::Graph;
use crate::problem::{Code, Problem, shown};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use std::collections::{BTreeMap, BTreeSet};

/// A successor that was found.
#[derive(Debug, Clone)]
pub(in crate::flow) struct Successor {
    pub(in crate::flow) id: ObjectId,
    is_group: bool,
    /// Why agent identities don't take it as a sponsor.
    pub(in crate::flow) refused_by_identities: Option<Problem>,
}

impl Successor {
    /// The successor, named by its id.
    pub(in crate::flow) const fn by_id(&self) -> SponsorRef {
        if self.is_group { SponsorRef::Group(self.id) } else { SponsorRef::User(UserRef::Id(self.id)) }
    }
}

/// The successors in a plan's changes, with the problem of each that was not found when the plan was applied.
#[derive(Debug, Default)]
pub(super) struct Successors(BTreeMap<SponsorRef, Option<Problem>>);

impl Successors {
    /// Looks at each of them.
    ///
    /// # Errors
    /// An early end.
    pub(super) async fn look(graph: &Graph, named: BTreeSet<SponsorRef>) -> Result<Self, Problem> {
        let looks = named.into_iter().map(|one| async move {
            let seen = look_at(graph, &one).await;
            (one, seen.err())
        });
        let mut looks: FuturesUnordered<_> = looks.collect();
        let mut seen = BTreeMap::new();
        while let Some((one, problem)) = looks.next().await {
            if let Some(stop) = problem.as_ref().filter(|problem| problem.is_stop()) {
                return Err(stop.clone());
            }
            seen.insert(one, problem);
        }
        Ok(Self(seen))
    }

    /// Fails unless it was seen, and can take over.
    pub(super) fn require(&self, named: &SponsorRef) -> Result<(), Problem> {
        match self.0.get(named) {
            Some(None) => Ok(()),
            Some(Some(problem)) => Err(problem.clone()),
            None => Err(Problem::new(Code::Internal, format!("{named} was not looked at."))),
        }
    }
}

/// Looks at the one who is to take over.
///
/// # Errors
/// [`Code::SponsorNotFound`], [`Code::SuccessorUnusable`], and refusals of Graph.
pub(in crate::flow) async fn look_at(graph: &Graph, named: &SponsorRef) -> Result<Successor, Problem> {
    match named {
        SponsorRef::User(user) => person(graph, user).await,
        SponsorRef::Group(id) => group(graph, *id).await,
    }
}

fn unusable(what: &str) -> Problem {
    Problem::new(Code::SuccessorUnusable, what)
}

async fn person(graph: &Graph, user: &UserRef) -> Result<Successor, Problem> {
    let found = graph.find(graph::get_user(graph.endpoint(), user, &Detail::USUAL)).await?;
    let found = found.map_err(|absent| {
        Problem::new(Code::SponsorNotFound, format!("There is no user {user}.")).about(&absent)
    })?;
    let id = crate::flow::find::id_of(&found)?;
    if found.is_agent_user() {
        return Err(unusable(&format!("{user} is an agent user, and so can't take over.")));
    }
    match found.account_enabled() {
        Some(true) => Ok(Successor { id, is_group: false, refused_by_identities: None }),
        Some(false) => Err(unusable(&format!("{user} is disabled, and so can't take over."))),
        None => {
            let message = format!("Whether {user} is enabled was not read.");
            let permissions = &["User.Read.All", "AgentIdUser.ReadWrite.All", "User.ReadWrite.All"];
            Err(Problem::new(Code::PermissionMissing, message).with_permissions(permissions))
        }
    }
}

async fn group(graph: &Graph, id: ObjectId) -> Result<Successor, Problem> {
    let found = graph.find(graph::get_group(graph.endpoint(), id)).await?;
    let found = found.map_err(|absent| {
        Problem::new(Code::SponsorNotFound, format!("There is no group {id}.")).about(&absent)
    })?;
    let refused_by_identities = refusal(&found, id).map(|why| unusable(&why));
    Ok(Successor { id, is_group: true, refused_by_identities })
}

/// Why agent identities don't take a group as a sponsor (docs/graph.md#handing-over).
fn refusal(group: &Group, id: ObjectId) -> Option<String> {
    let name = group.display_name().map_or_else(|| id.to_string(), |name| format!("{} ({id})", shown(name)));
    if group.is_assignable_to_role() == Some(true) {
        return Some(format!("Roles can be assigned to the group {name}, and so it can't be a sponsor."));
    }
    let may = |kind: &String| matches!(kind.as_str(), "Unified" | "DynamicMembership");
    let is_other = !group.group_types().iter().any(may);
    is_other.then(|| {
        format!(
            "The group {name} is neither a Microsoft 365 group nor a dynamic one, and so can't be a sponsor."
        )
    })
}
