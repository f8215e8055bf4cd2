//! Managers and sponsors of all agent users.

use super::gather::gather;
use crate::ObjectId;
use crate::flow::audit::snapshot::{ManagerOf, SponsorsOf};
use crate::flow::audit::table::Table;
use crate::flow::pages::all;
use crate::flow::read::{Read, Unread};
use crate::graph;
use crate::model::{DirectoryObject, UserLinks};
use crate::operation::Graph;
use crate::problem::Problem;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use std::collections::BTreeMap;

/// Those that a list showed, by their ids.
pub(super) type Shown = BTreeMap<ObjectId, DirectoryObject>;

/// The managers; those that are named are noted with what the list shows of them.
pub(super) async fn managers(graph: &Graph, shown: &mut Shown) -> Result<Table<ManagerOf>, Problem> {
    gather(graph, graph::list_managers(graph.endpoint()), |user: UserLinks| {
        let manager = user.manager.and_then(|manager| note(manager, shown));
        Some(ManagerOf { id: user.id?, manager })
    })
    .await
}

/// The sponsors; those that are named are noted with what the list shows of them. Of agent users with as many as an expanded
/// list shows at most, all are read apart.
pub(super) async fn sponsors(graph: &Graph, shown: &mut Shown) -> Result<Table<SponsorsOf>, Problem> {
    let mut cut = Vec::new();
    let table = gather(graph, graph::list_all_sponsors(graph.endpoint()), |user: UserLinks| {
        let id = user.id?;
        let sponsors = match user.sponsors {
            Some(sponsors) => {
                if sponsors.len() >= UserLinks::MOST_EXPANDED {
                    cut.push(id);
                }
                Read::Known(sponsors.into_iter().filter_map(|one| note(one, shown)).collect())
            }
            None => Read::Unknown(Unread {
                code: "NotShown".to_owned(),
                message: "Graph's answer does not show its sponsors.".to_owned(),
                permissions: Vec::new(),
                license: None,
            }),
        };
        Some(SponsorsOf { id, sponsors })
    })
    .await?;
    if cut.is_empty() {
        return Ok(table);
    }
    let whole = whole_lists(&graph.with_batches(), cut, shown).await?;
    Ok(table.replacing(whole))
}

/// All sponsors of each of these agent users.
async fn whole_lists(
    graph: &Graph,
    users: Vec<ObjectId>,
    shown: &mut Shown,
) -> Result<Vec<SponsorsOf>, Problem> {
    let read = users.into_iter().map(|id| {
        Box::pin(async move {
            let sponsors = all(graph, graph::list_sponsors(graph.endpoint(), id)).await;
            Ok::<_, Problem>((id, Read::of(sponsors)?))
        })
    });
    let mut read: FuturesUnordered<_> = read.collect();
    let mut rows = Vec::new();
    while let Some(one) = read.next().await {
        let (id, sponsors) = one?;
        let sponsors = match sponsors {
            Read::Known(all) => Read::Known(all.into_iter().filter_map(|one| note(one, shown)).collect()),
            Read::Unknown(unread) => Read::Unknown(unread),
        };
        rows.push(SponsorsOf { id, sponsors });
    }
    Ok(rows)
}

/// Notes what is shown of somebody; the id.
fn note(one: DirectoryObject, shown: &mut Shown) -> Option<ObjectId> {
    let id = one.id()?;
    shown.entry(id).or_insert(one);
    Some(id)
}
