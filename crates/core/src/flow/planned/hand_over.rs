//! The writes of a hand-over, in their order: the one who follows is added and seen, then the leaver is removed.

use super::successor::Successors;
use crate::ObjectId;
use crate::flow::find::user_id;
use crate::flow::identity::list_identity_sponsors;
use crate::flow::poller::Poller;
use crate::flow::principal::{Principal, add_identity_sponsor, remove_identity_sponsor};
use crate::flow::references::{
    add_sponsor_to, read_manager, read_sponsors, remove_sponsor_of, require_other, sponsor_id, write_manager,
};
use crate::flow::report::Change;
use crate::flow::single::Single;
use crate::model::{DirectoryObject, SponsorRef, UserRef};
use crate::operation::{Graph, Waiting};
use crate::problem::{Code, Problem, shown};

/// An object that has sponsors.
pub(super) enum Sponsored<'a> {
    /// An agent user.
    User(&'a mut Single),
    /// An agent identity.
    Identity(&'a mut Principal),
}

impl Sponsored<'_> {
    fn name(&self) -> String {
        match self {
            Self::User(single) => shown(&single.name()),
            Self::Identity(one) => one.name(),
        }
    }

    async fn has(&self, graph: &Graph, sponsor: ObjectId) -> Result<bool, Problem> {
        let sponsors = match self {
            Self::User(single) => read_sponsors(graph, single.id).await?,
            Self::Identity(one) => list_identity_sponsors(graph, one.id).await?,
        };
        Ok(sponsors.iter().any(|entry| entry.id() == Some(sponsor)))
    }
}

/// Sets the manager in the place of the leaver, unless it is set already.
///
/// # Errors
/// [`Code::NotAsPlanned`] where it has another manager by now; the problem of the one who follows; those of the write.
pub(super) async fn replace_manager(
    graph: &Graph,
    single: &mut Single,
    (manager, leaver): (&UserRef, ObjectId),
    successors: &Successors,
) -> Result<(), Problem> {
    let wanted = user_id(graph, manager, Code::ManagerNotFound, "manager").await?;
    require_other(single.id, wanted)?;
    let is = read_manager(graph, single.id).await?.as_ref().and_then(DirectoryObject::id);
    if is == Some(wanted) {
        return Ok(());
    }
    if is != Some(leaver) {
        let message = format!(
            "{} is not as planned: the leaver is not its manager. It was left alone.",
            shown(&single.name())
        );
        return Err(Problem::new(Code::NotAsPlanned, message));
    }
    successors.require(&SponsorRef::User(manager.clone()))?;
    let change = Change::SetManager { manager: manager.to_string() };
    let id = single.id;
    single.make([change], write_manager(graph, id, wanted)).await.map(drop)
}

/// Adds a sponsor beside the leaver, unless it is one already.
///
/// # Errors
/// [`Code::NotAsPlanned`] where the leaver is not a sponsor any more; the problem of the one who follows; those of the write.
pub(super) async fn add_successor(
    graph: &Graph,
    sponsored: &mut Sponsored<'_>,
    (successor, leaver): (&SponsorRef, &SponsorRef),
    successors: &Successors,
) -> Result<(), Problem> {
    let (wanted, _) = sponsor_id(graph, successor).await?;
    if sponsored.has(graph, wanted).await? {
        return Ok(());
    }
    let is_there = match id_of(leaver) {
        Some(leaver) => sponsored.has(graph, leaver).await?,
        None => false,
    };
    if !is_there {
        let name = sponsored.name();
        let message = format!("{name} is not as planned: the leaver is not its sponsor. It was left alone.");
        return Err(Problem::new(Code::NotAsPlanned, message));
    }
    successors.require(successor)?;
    match sponsored {
        Sponsored::User(single) => add_sponsor_to(graph, single, successor).await,
        Sponsored::Identity(one) => add_identity_sponsor(graph, one, successor).await,
    }
}

/// Removes the leaver from the sponsors once the one who follows is seen among them, so that there is always one.
///
/// # Errors
/// [`Code::SuccessorNotVisible`]; the problem of the one who follows; those of the write.
pub(super) async fn remove_leaver(
    graph: &Graph,
    sponsored: &mut Sponsored<'_>,
    (successor, leaver): (&SponsorRef, &SponsorRef),
    successors: &Successors,
    dry_run: bool,
) -> Result<(), Problem> {
    let (unwanted, _) = sponsor_id(graph, leaver).await?;
    if !sponsored.has(graph, unwanted).await? {
        return Ok(());
    }
    successors.require(successor)?;
    if !dry_run {
        await_successor(graph, sponsored, successor).await?;
    }
    match sponsored {
        Sponsored::User(single) => remove_sponsor_of(graph, single, leaver).await,
        Sponsored::Identity(one) => remove_identity_sponsor(graph, one, leaver).await,
    }
}

/// Waits until the one who follows is seen among the sponsors.
async fn await_successor(
    graph: &Graph,
    sponsored: &Sponsored<'_>,
    successor: &SponsorRef,
) -> Result<(), Problem> {
    let Some(id) = id_of(successor) else {
        return Err(Problem::new(Code::Internal, format!("{successor} is not named by its id.")));
    };
    let mut poller = Poller::replication(graph);
    while !sponsored.has(graph, id).await? {
        if !poller.again(Waiting::Replication).await? {
            let name = sponsored.name();
            let message = format!("{successor} is not shown among the sponsors of {name}; the leaver stays.");
            return Err(Problem::new(Code::SuccessorNotVisible, message));
        }
    }
    Ok(())
}

/// The id, which a plan names.
const fn id_of(named: &SponsorRef) -> Option<ObjectId> {
    match named {
        SponsorRef::Group(id) | SponsorRef::User(UserRef::Id(id)) => Some(*id),
        SponsorRef::User(UserRef::Upn(_)) => None,
    }
}
