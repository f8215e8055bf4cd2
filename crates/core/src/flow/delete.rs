//! Deleting, the recycle bin, and deleting for ever.

use super::ensure::{ensure_strictly, ensure_strictly_shown};
use super::find::{BinUse, visible};
use super::poller::may_be_lag;
use super::report::{Change, Report};
use super::single::Single;
use crate::graph::{self, Detail, RestoreOptions};
use crate::model::{AgentUser, UserRef};
use crate::operation::Graph;
use crate::problem::{Code, Problem, shown};

/// Moves an agent user to the recycle bin, where it stays for 30 days.
///
/// # Errors
/// [`Code::NotFound`], [`Code::NotAnAgentUser`], and refusals of Graph.
pub async fn delete(graph: &Graph, user: &UserRef, dry_run: bool) -> Result<Report, Problem> {
    let (graph, mut single) = Single::find(graph, user, &Detail::USUAL, dry_run).await?;
    delete_it(&graph, &mut single).await?;
    Ok(single.done())
}

/// The same for one that was found.
pub(super) async fn delete_it(graph: &Graph, single: &mut Single) -> Result<(), Problem> {
    let id = single.id;
    let write = ensure_strictly(
        graph,
        || graph::delete_agent_user(graph.endpoint(), id),
        || graph::get_deleted_item(graph.endpoint(), id),
        |seen| seen.is_some(),
    );
    single.make([Change::Delete], write).await.map(drop)
}

/// Brings an agent user back from the recycle bin and waits until it is visible. It is named by its id, or by the user
/// principal name that it had.
///
/// # Errors
/// [`Code::DeletedItemNotFound`], [`Code::DeletedNameAmbiguous`], [`Code::NotAnAgentUser`], [`Code::RestoreConflict`], and
/// refusals of Graph.
pub async fn restore(
    graph: &Graph,
    user: &UserRef,
    options: &RestoreOptions,
    dry_run: bool,
) -> Result<Report, Problem> {
    let (graph, mut single) = Single::find_deleted(graph, user, BinUse::Restore, dry_run).await?;
    if restore_it(&graph, &mut single, options).await? {
        // The change stays in the report, whether it becomes visible in time or not.
        let seen = visible(&graph, single.id, "restored").await;
        return Ok(single.ended(seen.map(drop)));
    }
    Ok(single.done())
}

/// The same for one that was found, without the wait. Answers with whether it was restored.
pub(super) async fn restore_it(
    graph: &Graph,
    single: &mut Single,
    options: &RestoreOptions,
) -> Result<bool, Problem> {
    let id = single.id;
    let renamed = options.new_user_principal_name.as_ref().and_then(|name| single.renamed(name.as_str()));
    let new_name = options.new_user_principal_name.as_ref();
    let write = ensure_strictly(
        graph,
        || graph::restore_deleted_item(graph.endpoint(), id, options),
        || graph::get_user(graph.endpoint(), &UserRef::Id(id), &Detail::USUAL),
        |seen| seen.is_some_and(|user| new_name.is_none_or(|name| is_named(user, name.as_str()))),
    );
    single.make([Change::Restore].into_iter().chain(renamed), write).await
}

fn is_named(user: &AgentUser, name: &str) -> bool {
    user.user_principal_name().is_some_and(|own| own.eq_ignore_ascii_case(name))
}

/// Deletes an agent user in the recycle bin for ever. It is named as for [`restore`].
///
/// # Errors
/// [`Code::DeletedItemNotFound`], [`Code::DeletedNameAmbiguous`], [`Code::NotAnAgentUser`], [`Code::RestoredMeanwhile`],
/// [`Code::PermanentDeleteUnsupported`], and refusals of Graph.
pub async fn purge(graph: &Graph, user: &UserRef, dry_run: bool) -> Result<Report, Problem> {
    let (graph, mut single) = Single::find_deleted(graph, user, BinUse::Purge, dry_run).await?;
    purge_it(&graph, &mut single).await?;
    Ok(single.done())
}

/// The same for one that was found.
pub(super) async fn purge_it(graph: &Graph, single: &mut Single) -> Result<(), Problem> {
    let id = single.id;
    let living = || graph::get_user(graph.endpoint(), &UserRef::Id(id), &Detail::USUAL);
    let write = ensure_strictly_shown(
        graph,
        || graph::delete_deleted_item(graph.endpoint(), id),
        // A user that is not in the recycle bin may also have been restored meanwhile.
        || {
            Box::pin(async move {
                let graph = graph.for_cleanup();
                let deleted = graph.look(graph::get_deleted_item(graph.endpoint(), id)).await.ok()?;
                if deleted.is_some() {
                    return Some(false);
                }
                let by_id = UserRef::Id(id);
                let living =
                    graph.look(graph::get_user(graph.endpoint(), &by_id, &Detail::USUAL)).await.ok()?;
                Some(living.is_none())
            })
        },
    );
    match single.make([Change::Purge], write).await {
        // It was not found for longer than any change takes to become visible.
        Err(problem) if may_be_lag(&problem) && graph.look(living()).await?.is_some() => {
            let name = shown(&single.name());
            let message = format!("{name} was restored meanwhile, and was not deleted for ever.");
            Err(Problem::new(Code::RestoredMeanwhile, message))
        }
        other => other.map(drop),
    }
}
