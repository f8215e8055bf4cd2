//! Manager and sponsors.

use super::ensure::{ensure, ensure_strictly};
use super::find::{resolve, user_id};
use super::pages::all;
use super::poller::{Poller, may_be_lag};
use super::report::{Change, Report};
use super::single::Single;
use crate::ObjectId;
use crate::graph::{self, Detail};
use crate::model::{DirectoryObject, Page, SponsorRef, UserRef, manager_is_self};
use crate::operation::{Graph, Waiting};
use crate::problem::{Code, Problem};

/// The manager of an agent user, if it has one.
///
/// # Errors
/// [`Code::NotFound`], [`Code::NotAnAgentUser`], and refusals of Graph.
pub async fn manager(graph: &Graph, user: &UserRef) -> Result<Option<DirectoryObject>, Problem> {
    let (id, _) = resolve(graph, user).await?;
    read_manager(graph, id).await
}

pub(super) async fn read_manager(graph: &Graph, user: ObjectId) -> Result<Option<DirectoryObject>, Problem> {
    let found = graph.look(graph::get_manager(graph.endpoint(), user)).await?;
    Ok(found.filter(|manager| manager.id().is_some()))
}

pub(super) async fn write_manager(graph: &Graph, user: ObjectId, manager: ObjectId) -> Result<(), Problem> {
    ensure(
        graph,
        || graph::set_manager(graph.endpoint(), user, manager),
        || graph::get_manager(graph.endpoint(), user),
        |seen| seen.is_some_and(|seen| seen.id() == Some(manager)),
    )
    .await
}

/// Refuses an agent user as its own manager.
pub(super) fn require_other(user: ObjectId, manager: ObjectId) -> Result<(), Problem> {
    if user == manager {
        return Err(Problem::from_violations(vec![manager_is_self()]));
    }
    Ok(())
}

/// Sets the manager of an agent user, unless it is set already.
///
/// # Errors
/// [`Code::Invalid`] where it is to be its own manager, [`Code::ManagerNotFound`], [`Code::NotFound`], [`Code::NotAnAgentUser`], and refusals of Graph.
pub async fn set_manager(
    graph: &Graph,
    user: &UserRef,
    manager: &UserRef,
    dry_run: bool,
) -> Result<Report, Problem> {
    let (graph, mut single) = Single::find(graph, user, &Detail::USUAL, dry_run).await?;
    set_manager_of(&graph, &mut single, manager).await?;
    Ok(single.done())
}

/// The same for one that was found.
pub(super) async fn set_manager_of(
    graph: &Graph,
    single: &mut Single,
    manager: &UserRef,
) -> Result<(), Problem> {
    let wanted = user_id(graph, manager, Code::ManagerNotFound, "manager").await?;
    require_other(single.id, wanted)?;
    if read_manager(graph, single.id).await?.and_then(|is| is.id()) != Some(wanted) {
        let change = Change::SetManager { manager: manager.to_string() };
        single.make([change], write_manager(graph, single.id, wanted)).await?;
    }
    Ok(())
}

/// Removes the manager of an agent user, if it has one.
///
/// # Errors
/// [`Code::NotFound`], [`Code::NotAnAgentUser`], and refusals of Graph.
pub async fn clear_manager(graph: &Graph, user: &UserRef, dry_run: bool) -> Result<Report, Problem> {
    let (graph, mut single) = Single::find(graph, user, &Detail::USUAL, dry_run).await?;
    clear_manager_of(&graph, &mut single).await?;
    Ok(single.done())
}

/// The same for one that was found.
pub(super) async fn clear_manager_of(graph: &Graph, single: &mut Single) -> Result<(), Problem> {
    let id = single.id;
    if read_manager(graph, id).await?.is_some() {
        let write = ensure_strictly(
            graph,
            || graph::remove_manager(graph.endpoint(), id),
            || graph::get_manager(graph.endpoint(), id),
            |seen| seen.is_none_or(|seen| seen.id().is_none()),
        );
        single.make([Change::ClearManager], write).await?;
    }
    Ok(())
}

/// The sponsors of an agent user. Graph may fill in nothing but ids.
///
/// # Errors
/// [`Code::NotFound`], [`Code::NotAnAgentUser`], and refusals of Graph.
pub async fn list_sponsors(graph: &Graph, user: &UserRef) -> Result<Vec<DirectoryObject>, Problem> {
    let (id, _) = resolve(graph, user).await?;
    read_sponsors(graph, id).await
}

/// The sponsors of a user that exists: that it is not found is lag.
pub(super) async fn read_sponsors(graph: &Graph, user: ObjectId) -> Result<Vec<DirectoryObject>, Problem> {
    let mut poller = Poller::replication(graph);
    loop {
        match all(graph, graph::list_sponsors(graph.endpoint(), user)).await {
            Err(problem)
                if may_be_lag(&problem)
                    && poller.again_after(Waiting::Replication, Some(&problem)).await? => {}
            other => return other,
        }
    }
}

/// The object id of a sponsor, and whether it is a group. A group's id is taken as it is: reading groups needs a
/// permission that nothing else here needs, and Graph refuses an id that does not exist.
pub(super) async fn sponsor_id(graph: &Graph, sponsor: &SponsorRef) -> Result<(ObjectId, bool), Problem> {
    match sponsor {
        SponsorRef::Group(id) => Ok((*id, true)),
        SponsorRef::User(user) => Ok((user_id(graph, user, Code::SponsorNotFound, "sponsors").await?, false)),
    }
}

/// Whether a sponsor is in the list, as far as its first page shows that.
pub(super) fn among(page: Option<&Page<Vec<DirectoryObject>>>, sponsor: ObjectId) -> Option<bool> {
    let page = page?;
    let found = page.value.iter().any(|entry| entry.id() == Some(sponsor));
    // Only a list that was seen to its end shows that an entry is missing.
    if found { Some(true) } else { page.next_link.is_none().then_some(false) }
}

pub(super) async fn write_sponsor(
    graph: &Graph,
    user: ObjectId,
    sponsor: ObjectId,
    is_group: bool,
) -> Result<(), Problem> {
    ensure(
        graph,
        || graph::add_sponsor(graph.endpoint(), user, sponsor, is_group),
        || graph::list_sponsors(graph.endpoint(), user),
        |seen| among(seen, sponsor) == Some(true),
    )
    .await
}

/// Adds a sponsor to an agent user, unless it is one already.
///
/// # Errors
/// [`Code::SponsorNotFound`], [`Code::NotFound`], [`Code::NotAnAgentUser`], and refusals of Graph.
pub async fn add_sponsor(
    graph: &Graph,
    user: &UserRef,
    sponsor: &SponsorRef,
    dry_run: bool,
) -> Result<Report, Problem> {
    let (graph, mut single) = Single::find(graph, user, &Detail::USUAL, dry_run).await?;
    add_sponsor_to(&graph, &mut single, sponsor).await?;
    Ok(single.done())
}

/// The same for one that was found.
pub(super) async fn add_sponsor_to(
    graph: &Graph,
    single: &mut Single,
    sponsor: &SponsorRef,
) -> Result<(), Problem> {
    let (wanted, is_group) = sponsor_id(graph, sponsor).await?;
    if !read_sponsors(graph, single.id).await?.iter().any(|entry| entry.id() == Some(wanted)) {
        let change = Change::AddSponsor { sponsor: sponsor.to_string() };
        single.make([change], write_sponsor(graph, single.id, wanted, is_group)).await?;
    }
    Ok(())
}

/// Removes a sponsor from an agent user, if it is one.
///
/// # Errors
/// [`Code::SponsorNotFound`], [`Code::NotFound`], [`Code::NotAnAgentUser`], and refusals of Graph.
pub async fn remove_sponsor(
    graph: &Graph,
    user: &UserRef,
    sponsor: &SponsorRef,
    dry_run: bool,
) -> Result<Report, Problem> {
    let (graph, mut single) = Single::find(graph, user, &Detail::USUAL, dry_run).await?;
    remove_sponsor_of(&graph, &mut single, sponsor).await?;
    Ok(single.done())
}

/// The same for one that was found.
pub(super) async fn remove_sponsor_of(
    graph: &Graph,
    single: &mut Single,
    sponsor: &SponsorRef,
) -> Result<(), Problem> {
    let id = single.id;
    let (unwanted, _) = sponsor_id(graph, sponsor).await?;
    if read_sponsors(graph, id).await?.iter().any(|entry| entry.id() == Some(unwanted)) {
        let write = ensure_strictly(
            graph,
            || graph::remove_sponsor(graph.endpoint(), id, unwanted),
            || graph::list_sponsors(graph.endpoint(), id),
            |seen| among(seen, unwanted) == Some(false),
        );
        single.make([Change::RemoveSponsor { sponsor: sponsor.to_string() }], write).await?;
    }
    Ok(())
}
