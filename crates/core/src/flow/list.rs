//! Listing, page by page.

use super::pages::{Pages, Turn};
use crate::graph::{self, Ask, ListQuery};
use crate::model::{AgentUser, Entries, Page, is_agent_user_type};
use crate::operation::{Graph, Items};
use crate::problem::Problem;
use rustc_hash::FxHashSet;

/// The ids that a list has come upon, as numbers, because WebAssembly compares bytes one by one. Of ids that Graph makes at random, any
/// digits are a good hash.
pub type Found = FxHashSet<u128>;

/// The users of one page, typed or verbatim.
pub trait Users: Entries + Send + 'static {
    /// The same with only the agent users that are not among `found` yet, and how many users of any kind were not.
    #[must_use]
    fn only(self, set: UserSet, found: &mut Found) -> (Self, usize);

    /// The same with the names that deleted users had before (docs/graph.md#recycle-bin).
    #[must_use]
    fn with_former_names(self) -> Self;
}

/// The users that a list is of, which says how agent users are told from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserSet {
    /// The path names the type: an entry that does not say its own is an agent user.
    AgentUsers,
    /// All users: an entry that does not say its type is an agent user if it has a parent.
    AllUsers,
}

impl UserSet {
    /// Whether an entry is an agent user: by its type, where it says one.
    #[must_use]
    pub fn takes(self, is_of_type: Option<bool>, has_parent: bool) -> bool {
        is_of_type.unwrap_or(self == Self::AgentUsers || has_parent)
    }
}

impl Users for Vec<AgentUser> {
    fn only(mut self, set: UserSet, found: &mut Found) -> (Self, usize) {
        let before = found.len();
        self.retain(|user| {
            // A user without an id can't be named in any other call.
            user.id().is_some_and(|id| found.insert(id.as_u128()))
                && set.takes(user.odata_type().map(is_agent_user_type), user.identity_parent_id().is_some())
        });
        (self, found.len().saturating_sub(before))
    }

    fn with_former_names(self) -> Self {
        self.into_iter().map(AgentUser::with_former_name).collect()
    }
}

/// Yields the agent users of a list, each once, a page at a time, and ends with their number. `P` is how pages are read, and an
/// item is a page or something made of one.
///
/// Pages that are empty are passed over, and so are entries of another type or without an id. A link that leaves the endpoint
/// or leads back ends the list with a problem. Where Graph forgets how far it was read, the list starts over and passes
/// over the users that were yielded before.
///
/// # Errors
/// Refusals of Graph; [`crate::problem::Code::ForeignNextLink`]; [`crate::problem::Code::BadAnswer`] for a list that does
/// not end.
pub async fn list<P: Users, I: From<P>>(
    graph: Graph,
    query: ListQuery,
    items: Items<I>,
) -> Result<usize, Problem> {
    let first = graph::list_agent_users(graph.endpoint(), &query);
    yield_all(&graph, first, items, UserSet::AgentUsers, |page: P| page).await
}

/// Yields the agent users in the recycle bin under the names that they had, each once, a page at a time, and ends with
/// their number.
///
/// Graph lists deleted users of every kind; the others are left out here. Those whose answer has neither a type nor a
/// parent can't be told apart and are left out, too.
///
/// # Errors
/// As for [`list`].
pub async fn list_deleted<P: Users, I: From<P>>(graph: Graph, items: Items<I>) -> Result<usize, Problem> {
    let first = graph::list_deleted_users(graph.endpoint());
    yield_all(&graph, first, items, UserSet::AllUsers, P::with_former_names).await
}

async fn yield_all<P: Users, I: From<P>>(
    graph: &Graph,
    first: Ask<Page<P>>,
    items: Items<I>,
    set: UserSet,
    shown: fn(P) -> P,
) -> Result<usize, Problem> {
    let mut pages = Pages::new(graph, first);
    let mut found = Found::default();
    let mut count = 0_usize;
    loop {
        match pages.turn().await? {
            Turn::Page(page) => {
                let (users, new) = page.only(set, &mut found);
                pages.brought(new);
                count = count.saturating_add(users.count());
                if users.count() > 0 {
                    items.put_alone(shown(users)).await;
                }
            }
            Turn::Again => {}
            Turn::End => return Ok(count),
        }
    }
}
