//! Deleting, the recycle bin, and deleting for ever.

use super::ensure::ensure_settled;
use super::find::{require_agent_user, resolve, visible};
use super::guarded;
use super::list::{Listed, Users as _, page};
use super::report::{Change, Report};
use crate::ObjectId;
use crate::graph::{self, Detail};
use crate::model::{AgentUser, UserRef};
use crate::operation::{Graph, Items};
use crate::problem::{Code, Problem};

/// Moves an agent user to the recycle bin, where it stays for 30 days.
///
/// # Errors
/// [`Code::NotFound`], [`Code::NotAnAgentUser`], and what Graph refuses.
pub async fn delete(graph: &Graph, user: &UserRef, dry_run: bool) -> Result<Report, Problem> {
    let graph = &guarded(graph, dry_run);
    let (id, found) = resolve(graph, user).await?;
    let mut report = Report::of(&found);
    report.plan(Change::Delete);
    if !dry_run {
        ensure_settled(
            graph,
            || graph::delete_agent_user(graph.root(), id),
            || graph::get_deleted_item(graph.root(), id),
            |seen| seen.is_some(),
        )
        .await?;
        report.applied(|_| true);
    }
    report.conclude(Ok(()), dry_run);
    Ok(report)
}

/// Yields the agent users in the recycle bin, a page at a time, and ends with their number.
///
/// Graph lists deleted users of every kind; the others are left out here. Those whose answer has neither a type nor a
/// parent can't be told apart and are left out, too.
///
/// # Errors
/// What Graph refuses.
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

/// A deleted agent user. Nothing else in the recycle bin is touched.
async fn deleted(graph: &Graph, id: ObjectId) -> Result<AgentUser, Problem> {
    let found = graph.look(graph::get_deleted_item(graph.root(), id)).await?;
    let found = found.ok_or_else(|| {
        Problem::new(Code::NotFound, format!("There is no {id} in the recycle bin."))
            .with_fix("Look with `agentuser list --deleted`. After 30 days a deleted user is gone for ever.")
    })?;
    require_agent_user(found, &id.to_string())
}

/// Brings an agent user back from the recycle bin and waits until it is visible.
///
/// # Errors
/// [`Code::NotFound`], [`Code::NotAnAgentUser`], [`Code::RestoreConflict`], and what Graph refuses.
pub async fn restore(graph: &Graph, id: ObjectId, dry_run: bool) -> Result<Report, Problem> {
    let graph = &guarded(graph, dry_run);
    let found = deleted(graph, id).await?;
    let mut report = Report::of(&found);
    report.plan(Change::Restore);
    if !dry_run {
        let live = || graph::get_user(graph.root(), &UserRef::Id(id), Detail::Usual);
        ensure_settled(graph, || graph::restore_deleted_item(graph.root(), id), live, |seen| seen.is_some())
            .await?;
        report.applied(|_| true);
        // Restored it is, whether it becomes visible in time or not: the report says both.
        report.conclude(visible(graph, id, "restored").await.map(drop), dry_run);
        return Ok(report);
    }
    report.conclude(Ok(()), dry_run);
    Ok(report)
}

/// Deletes an agent user in the recycle bin for ever.
///
/// # Errors
/// [`Code::NotFound`], [`Code::NotAnAgentUser`], [`Code::PermanentDeleteUnsupported`], and what Graph refuses.
pub async fn purge(graph: &Graph, id: ObjectId, dry_run: bool) -> Result<Report, Problem> {
    let graph = &guarded(graph, dry_run);
    let found = deleted(graph, id).await?;
    let mut report = Report::of(&found);
    report.plan(Change::Purge);
    if !dry_run {
        ensure_settled(
            graph,
            || graph::delete_deleted_item(graph.root(), id),
            || graph::get_deleted_item(graph.root(), id),
            |seen| seen.is_none(),
        )
        .await?;
        report.applied(|_| true);
    }
    report.conclude(Ok(()), dry_run);
    Ok(report)
}
