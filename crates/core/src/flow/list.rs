//! Listing, page by page.

use crate::graph::{self, Ask, ListQuery};
use crate::model::{AgentUser, Page};
use crate::operation::{Graph, Items};
use crate::problem::{Code, Problem};
use serde::de::DeserializeOwned;

/// Yields the agent users of a list, a page at a time, and ends with their number.
///
/// Pages that are empty are passed over; a link that leaves the root ends the list with a problem.
///
/// # Errors
/// What Graph refuses; [`Code::ForeignNextLink`].
pub async fn list(graph: Graph, query: ListQuery, items: Items<Vec<AgentUser>>) -> Result<usize, Problem> {
    let mut ask = graph::list_agent_users(graph.root(), &query);
    let mut count = 0_usize;
    loop {
        let (users, next) = page(&graph, ask).await?;
        count += users.len();
        if !users.is_empty() {
            items.put(users).await;
        }
        match next? {
            None => return Ok(count),
            Some(next) => ask = next,
        }
    }
}

/// Every entry of a short list.
pub(super) async fn all<T: DeserializeOwned>(graph: &Graph, first: Ask<Page<T>>) -> Result<Vec<T>, Problem> {
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
type Next<T> = Result<Option<Ask<Page<T>>>, Problem>;

/// One page, and the request for the next if its link stays where the token may go and leads on. What is wrong with
/// the link says nothing against the page.
pub(super) async fn page<T: DeserializeOwned>(
    graph: &Graph,
    ask: Ask<Page<T>>,
) -> Result<(Vec<T>, Next<T>), Problem> {
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
