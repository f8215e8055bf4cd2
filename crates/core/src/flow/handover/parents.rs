//! The sponsors of parents: agent identities, where the caller may read them.

use super::pairs::{Entry, Pairs};
use crate::ObjectId;
use crate::flow::pages::all;
use crate::flow::principal::find;
use crate::flow::report::Report;
use crate::graph;
use crate::model::{DirectoryObject, ObjectKind, ServicePrincipal};
use crate::operation::Graph;
use crate::problem::{Problem, ProblemKind};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use std::collections::BTreeSet;

/// The parents whose sponsors change, and the count of parents that were not read.
#[derive(Debug, Default)]
pub(super) struct Parents {
    pub(super) entries: Vec<Entry>,
    /// How many were not read, and why.
    pub(super) unread: Option<(usize, Problem)>,
}

/// Looks at the sponsors of these agent identities. The first one that the caller may not read ends that: all others are refused,
/// too.
///
/// # Errors
/// An early end.
pub(super) async fn parents(
    graph: &Graph,
    pairs: &Pairs,
    mut ids: BTreeSet<ObjectId>,
) -> Result<Parents, Problem> {
    let mut parents = Parents::default();
    let of = ids.len();
    let Some(first) = ids.pop_first() else { return Ok(parents) };
    match parent(graph, pairs, first).await {
        Err(problem) if problem.is_stop() => return Err(problem),
        Err(problem) => {
            parents.unread = Some((of, problem));
            return Ok(parents);
        }
        Ok(entry) => parents.entries.extend(entry),
    }
    let mut left: FuturesUnordered<_> =
        ids.into_iter().map(|id| Box::pin(parent(graph, pairs, id))).collect();
    while let Some(found) = left.next().await {
        match found {
            Ok(entry) => parents.entries.extend(entry),
            Err(problem) if problem.is_stop() => return Err(problem),
            Err(problem) => {
                let (unread, _) = parents.unread.get_or_insert((0, problem));
                *unread = unread.saturating_add(1);
            }
        }
    }
    parents.entries.sort_by_key(|entry| entry.report.id);
    Ok(parents)
}

/// The changes of one, or none where no leaver is its sponsor.
///
/// # Errors
/// Where its sponsors could not be read.
async fn parent(graph: &Graph, pairs: &Pairs, id: ObjectId) -> Result<Option<Entry>, Problem> {
    let sponsors = match all(graph, graph::list_identity_sponsors(graph.endpoint(), id)).await {
        Err(absent) if absent.answered() == Some(404) => return Ok(None),
        other => other?,
    };
    let sponsors: BTreeSet<ObjectId> = sponsors.iter().filter_map(DirectoryObject::id).collect();
    let leaving = pairs.among(&sponsors);
    if leaving.is_empty() {
        return Ok(None);
    }
    let kind = ObjectKind::AgentIdentity;
    let found = match find(graph, kind, id).await {
        Ok(found) => found.unwrap_or_default(),
        // Its name alone is missing then.
        Err(problem) if problem.kind() == ProblemKind::Denied => ServicePrincipal::default(),
        Err(problem) => return Err(problem),
    };
    let mut report = Report::of_principal(graph, id, kind, &found);
    let refused = leaving.iter().find_map(|pair| pair.to.refused_by_identities.clone());
    let (changes, expects) = pairs.sponsors(&sponsors);
    let result = match refused {
        Some(problem) => Err(problem),
        None => {
            drop(report.plan_all(changes));
            Ok(())
        }
    };
    let leavers = leaving.iter().map(|pair| pair.from_id).collect();
    report.conclude(result, true);
    Ok(Some(Entry { report, expects, managed: None, sponsored: leavers }))
}
