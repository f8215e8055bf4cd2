//! Managers and sponsors of all agent users.

use super::gather::gather;
use super::parts::{Part, gather_in_parts};
use crate::ObjectId;
use crate::flow::audit::snapshot::{LeaveDate, ManagerOf, SignIn, SponsorsOf};
use crate::flow::audit::table::Table;
use crate::flow::audit::text::Text;
use crate::flow::pages::all;
use crate::flow::read::{Read, Unread};
use crate::graph::{self, Call, Endpoint};
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
            None => Read::Unknown(Box::new(Unread::of_data(
                "NotShown",
                "Graph's answer does not show its sponsors.".to_owned(),
            ))),
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
        Some(LeaveDate { id: user.id?, date: user.employee_leave_date_time.map(Text::from) })
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
    let first = graph::list_sign_in_activity(graph.endpoint());
    gather_in_parts(
        graph,
        first,
        |page| by_name(graph.endpoint(), page),
        |user| {
            let activity = user.sign_in_activity.unwrap_or_default();
            // Graph writes moments in UTC, whose texts sort by time.
            let last = activity.last_sign_in_date_time.max(activity.last_non_interactive_sign_in_date_time);
            let last_successful = activity.last_successful_sign_in_date_time.map(Text::from);
            Some(SignIn { id: user.id?, last_successful, last: last.map(Text::from) })
        },
    )
    .await
}

/// In how many parts sign-in activity is read: its pages are half as large as those of the other lists of agent users.
const NAME_PARTS: usize = 4;

/// The list in parts by user principal names, which every user has: up to a name and from a name on, in whatever order names
/// are. The names are those of the first page, at even distances.
fn by_name(endpoint: &Endpoint, page: &[UserLinks]) -> Option<Vec<Part<UserLinks>>> {
    let names: Option<Vec<String>> =
        page.iter().map(|user| Some(user.user_principal_name.as_deref()?.to_ascii_lowercase())).collect();
    let mut names = names?;
    names.sort_unstable();
    names.dedup();
    let bounds = (1..NAME_PARTS).map(|part| names.get(names.len() * part / NAME_PARTS).cloned());
    let bounds: Vec<String> = bounds.collect::<Option<_>>()?;
    let from = std::iter::once(None).chain(bounds.iter().cloned().map(Some));
    let to = bounds.iter().cloned().map(Some).chain([None]);
    let parts = from.zip(to).map(|(from, to)| Part {
        first: graph::list_sign_in_activity_between(endpoint, from.as_deref(), to.as_deref()),
        holds: Box::new(move |user: &UserLinks| {
            user.user_principal_name.as_deref().is_some_and(|name| {
                !from.as_deref().is_some_and(|from| is_before(name, from))
                    && !to.as_deref().is_some_and(|to| is_before(to, name))
            })
        }),
    });
    Some(parts.collect())
}

/// Whether a name is before another in any order that sorts digits and letters as usual. How Graph sorts other characters is
/// not known.
fn is_before(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|name| name.bytes().map(|byte| byte.to_ascii_lowercase()));
    let mut pairs = one.zip(other).skip_while(|(one, other)| one == other);
    pairs.next().is_some_and(|(one, other)| {
        one.is_ascii_alphanumeric() && other.is_ascii_alphanumeric() && one < other
    })
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
