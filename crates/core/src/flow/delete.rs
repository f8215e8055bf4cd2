//! Deleting, the recycle bin, and deleting for ever.

use super::ensure::ensure_strictly;
use super::find::visible;
use super::list::{Listed, Users as _, page};
use super::report::{Change, Report};
use super::single::Single;
use crate::ObjectId;
use crate::graph::{self, Detail};
use crate::model::UserRef;
use crate::operation::{Graph, Items};
use crate::problem::Problem;

/// Moves an agent user to the recycle bin, where it stays for 30 days.
///
/// # Errors
/// [`crate::problem::Code::NotFound`], [`crate::problem::Code::NotAnAgentUser`], and refusals of Graph.
pub async fn delete(graph: &Graph, user: &UserRef, dry_run: bool) -> Result<Report, Problem> {
    let (graph, mut single) = Single::find(graph, user, Detail::Usual, dry_run).await?;
    let (graph, id) = (&graph, single.id);
    let write = ensure_strictly(
        graph,
        || graph::delete_agent_user(graph.root(), id),
        || graph::get_deleted_item(graph.root(), id),
        |seen| seen.is_some(),
    );
    single.make([Change::Delete], write).await?;
    Ok(single.done())
}

/// Yields the agent users in the recycle bin, a page at a time, and ends with their number.
///
/// Graph lists deleted users of every kind; the others are left out here. Those whose answer has neither a type nor a
/// parent can't be told apart and are left out, too.
///
/// # Errors
/// Refusals of Graph.
pub async fn list_deleted<I: Listed>(graph: Graph, items: Items<I>) -> Result<usize, Problem> {
    let mut ask = graph::list_deleted_users(graph.root());
    let mut count = 0_usize;
    loop {
        let (users, next): (I::Page, _) = page(&graph, ask).await?;
        let deleted = users.only_agent_users();
        count += deleted.count();
        if deleted.count() > 0 {
            items.put_alone(deleted).await;
        }
        match next? {
            None => return Ok(count),
            Some(next) => ask = next,
        }
    }
}

/// Brings an agent user back from the recycle bin and waits until it is visible.
///
/// # Errors
/// [`crate::problem::Code::NotFound`], [`crate::problem::Code::NotAnAgentUser`],
/// [`crate::problem::Code::RestoreConflict`], and refusals of Graph.
pub async fn restore(graph: &Graph, id: ObjectId, dry_run: bool) -> Result<Report, Problem> {
    let (graph, mut single) = Single::find_deleted(graph, id, dry_run).await?;
    let graph = &graph;
    let write = ensure_strictly(
        graph,
        || graph::restore_deleted_item(graph.root(), id),
        || graph::get_user(graph.root(), &UserRef::Id(id), Detail::Usual),
        |seen| seen.is_some(),
    );
    if single.make([Change::Restore], write).await? {
        // The change stays in the report, whether it becomes visible in time or not.
        return Ok(single.ended(visible(graph, id, "restored").await.map(drop)));
    }
    Ok(single.done())
}

/// Deletes an agent user in the recycle bin for ever.
///
/// # Errors
/// [`crate::problem::Code::NotFound`], [`crate::problem::Code::NotAnAgentUser`],
/// [`crate::problem::Code::PermanentDeleteUnsupported`], and refusals of Graph.
pub async fn purge(graph: &Graph, id: ObjectId, dry_run: bool) -> Result<Report, Problem> {
    let (graph, mut single) = Single::find_deleted(graph, id, dry_run).await?;
    let graph = &graph;
    let write = ensure_strictly(
        graph,
        || graph::delete_deleted_item(graph.root(), id),
        || graph::get_deleted_item(graph.root(), id),
        |seen| seen.is_none(),
    );
    single.make([Change::Purge], write).await?;
    Ok(single.done())
}
