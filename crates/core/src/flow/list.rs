//! Listing, page by page.

use crate::graph::{self, Ask, ListQuery};
use crate::model::{AgentUser, Page};
use crate::operation::{Graph, Items};
use crate::problem::{Code, Problem};
use serde::de::DeserializeOwned;

/// The users of one page, typed or verbatim.
pub trait Users: DeserializeOwned + Send + 'static {
    /// How many there are.
    fn count(&self) -> usize;

    /// The same without users that are not agent users.
    #[must_use]
    fn only_agent_users(self) -> Self;
}

/// An item of a list: a page of some kind, or something made of one.
pub trait Listed: From<Self::Page> {
    /// How its pages are read.
    type Page: Users;
}

impl Listed for Vec<AgentUser> {
    type Page = Self;
}

impl Users for Vec<AgentUser> {
    fn count(&self) -> usize {
        self.len()
    }

    fn only_agent_users(mut self) -> Self {
        self.retain(AgentUser::is_agent_user);
        self
    }
}

/// Yields the agent users of a list, a page at a time, and ends with their number.
///
/// Pages that are empty are passed over; a link that leaves the root ends the list with a problem.
///
/// # Errors
/// Refusals of Graph; [`Code::ForeignNextLink`].
pub async fn list<I: Listed>(graph: Graph, query: ListQuery, items: Items<I>) -> Result<usize, Problem> {
    let mut ask = graph::list_agent_users(graph.root(), &query);
    let mut count = 0_usize;
    loop {
        let (users, next): (I::Page, _) = page(&graph, ask).await?;
        count += users.count();
        if users.count() > 0 {
            items.put_alone(users).await;
        }
        match next? {
            None => return Ok(count),
            Some(next) => ask = next,
        }
    }
}

/// Every entry of a short list.
pub(super) async fn all<T: DeserializeOwned + Send>(
    graph: &Graph,
    first: Ask<Page<Vec<T>>>,
) -> Result<Vec<T>, Problem> {
    let mut ask = first;
    let mut entries = Vec::new();
    loop {
        let (more, next) = page(graph, ask).await?;
        entries.extend(more);
        match next? {
            None => return Ok(entries),
            Some(next) => ask = next,
        }
    }
}

/// The request for the page after one, if there is any.
type Next<E> = Result<Option<Ask<Page<E>>>, Problem>;

/// One page, and the request for the next if its link stays where the token may go and leads on. What is wrong with
/// the link says nothing against the page.
pub(super) async fn page<E: DeserializeOwned + Send>(
    graph: &Graph,
    ask: Ask<Page<E>>,
) -> Result<(E, Next<E>), Problem> {
    let (call, own) = (ask.call(), ask.request().url.clone());
    let page = graph.read(ask).await?;
    let next = page.next_link.map(|link| {
        if link == own {
            let message = format!("A page of the answer to {call} names itself as the next.");
            return Err(Problem::new(Code::BadAnswer, message));
        }
        graph::next_page(graph.root(), call, &link).ok_or_else(|| {
            let origin = graph.root().origin();
            let message =
                format!("The answer to {call} names a next page outside {origin}; it was not followed.");
            Problem::new(Code::ForeignNextLink, message)
        })
    });
    Ok((page.value, next.transpose()))
}
