//! Managers and sponsors: whether they are there, can sign in, and, of groups, have people in them.

use super::users::Shown;
use crate::ObjectId;
use crate::flow::audit::snapshot::{ManagerOf, Person, PersonState, SponsorsOf};
use crate::flow::audit::table::Table;
use crate::flow::pages::{Pages, Turn};
use crate::flow::read::Read;
use crate::graph;
use crate::model::DirectoryObject;
use crate::operation::Graph;
use crate::problem::Problem;
use futures_util::stream::{FuturesUnordered, StreamExt as _};

/// The managers and sponsors that the lists showed.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) managers: Shown,
    pub(super) sponsors: Shown,
}

/// Looks up those whose state the lists did not show.
pub(super) async fn look_up(
    graph: &Graph,
    seen: Seen,
    managers: &Read<Table<ManagerOf>>,
    sponsors: &Read<Table<SponsorsOf>>,
) -> Result<Table<Person>, Problem> {
    let Seen { managers: mut shown, sponsors: of_sponsors } = seen;
    for (id, one) in of_sponsors {
        shown.entry(id).or_insert(one);
    }
    // Of a list that broke off, nobody is looked up.
    let named = managers.get().into_iter().flat_map(Table::iter).filter_map(|row| row.manager);
    let rows = sponsors.get().into_iter().flat_map(Table::iter);
    let of_sponsors = rows.filter_map(|row| row.sponsors.get().ok()).flatten().copied();
    let wanted: std::collections::BTreeSet<ObjectId> = named.chain(of_sponsors).collect();
    let found = wanted.into_iter().map(|id| {
        let one = shown.remove(&id).unwrap_or_default();
        Box::pin(async move { person(graph, id, one).await })
    });
    let mut found: FuturesUnordered<_> = found.collect();
    let mut people = Vec::new();
    while let Some(person) = found.next().await {
        people.push(person?);
    }
    Ok(people.into_iter().collect())
}

async fn person(graph: &Graph, id: ObjectId, shown: DirectoryObject) -> Result<Person, Problem> {
    let mut person = Person {
        id,
        display_name: shown.display_name().map(str::to_owned),
        user_principal_name: shown.user_principal_name().map(str::to_owned),
        state: Read::Known(PersonState::Missing),
    };
    let is_group = shown.odata_type().is_some_and(|kind| kind.ends_with(".group"));
    person.state = match shown.account_enabled() {
        Some(account_enabled) => Read::Known(PersonState::User { account_enabled }),
        None if is_group => Read::Known(group(graph, id).await?),
        None => Read::of(find(graph, &mut person).await)?,
    };
    Ok(person)
}

/// Looks for somebody of whom nothing but the id is known.
async fn find(graph: &Graph, person: &mut Person) -> Result<PersonState, Problem> {
    let id = person.id;
    if let Some(user) = graph.look(graph::get_person(graph.endpoint(), id)).await? {
        person.display_name = user.display_name().map(str::to_owned);
        person.user_principal_name = user.user_principal_name().map(str::to_owned);
        return Ok(PersonState::User { account_enabled: user.account_enabled().unwrap_or(true) });
    }
    if let Some(found) = graph.look(graph::get_group(graph.endpoint(), id)).await? {
        person.display_name = found.display_name().map(str::to_owned);
        return group(graph, id).await;
    }
    let deleted = graph.look(graph::get_deleted_item(graph.endpoint(), id)).await?;
    Ok(if deleted.is_some() { PersonState::Deleted } else { PersonState::Missing })
}

async fn group(graph: &Graph, id: ObjectId) -> Result<PersonState, Problem> {
    Ok(PersonState::Group { has_people: Read::of(has_people(graph, id).await)? })
}

/// Whether a user who is not an agent is a member of the group, directly or by another group.
async fn has_people(graph: &Graph, id: ObjectId) -> Result<bool, Problem> {
    let mut pages = Pages::new(graph, graph::list_transitive_members(graph.endpoint(), id)).or_smaller();
    loop {
        match pages.turn().await? {
            Turn::Page(members) => {
                let is_person = |one: &DirectoryObject| one.odata_type() == Some("#microsoft.graph.user");
                if members.iter().any(is_person) {
                    return Ok(true);
                }
                pages.brought(members.len());
            }
            Turn::Again => {}
            Turn::End => return Ok(false),
        }
    }
}
