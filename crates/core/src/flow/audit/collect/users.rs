//! Managers and sponsors of all agent users.

use super::gather::gather;
use crate::ObjectId;
use crate::flow::audit::snapshot::{LeaveDate, ManagerOf, SignIn, SponsorsOf};
use crate::flow::audit::table::Table;
use crate::flow::pages::all;
use crate::flow::read::{Read, Unread};
use crate::graph::{self, Call};
use crate::model::{DirectoryObject, UserLinks};
use crate::operation::Graph;
use crate::problem::{Code, Problem};
use crate::token::TokenFacts;
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
            None => Read::Unknown(Unread::of_data(
                "NotShown",
                "Graph's answer does not show its sponsors.".to_owned(),
            )),
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

/// The leave dates. Without the permission, Graph may refuse the list, or show null for each date
/// (docs/graph.md#audits): where no date is shown at all, and the token does not show the permission, nothing is known.
pub(super) async fn leave_dates(graph: &Graph) -> Result<Table<LeaveDate>, Problem> {
    let table = gather(graph, graph::list_leave_dates(graph.endpoint()), |user: UserLinks| {
        Some(LeaveDate { id: user.id?, date: user.employee_leave_date_time })
    })
    .await?;
    let permissions = Call::ListLeaveDates.permissions();
    let may_read = |(_, facts): (_, TokenFacts)| permissions.iter().any(|one| facts.has(one) == Some(true));
    let is_shown = table.is_empty() || table.iter().any(|row| row.date.is_some());
    if is_shown || graph.last_token().is_some_and(may_read) {
        return Ok(table);
    }
    let message =
        "Graph shows no leave date of any agent user, which it also does for want of the permission.";
    Err(Problem::new(Code::PermissionMissing, message).with_permissions(permissions))
}

/// The sign-in activity.
pub(super) async fn sign_ins(graph: &Graph) -> Result<Table<SignIn>, Problem> {
    gather(graph, graph::list_sign_in_activity(graph.endpoint()), |user: UserLinks| {
        let activity = user.sign_in_activity.unwrap_or_default();
        // Graph writes moments in UTC, whose texts sort by time.
        let last = activity.last_sign_in_date_time.max(activity.last_non_interactive_sign_in_date_time);
        Some(SignIn { id: user.id?, last_successful: activity.last_successful_sign_in_date_time, last })
    })
    .await
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
