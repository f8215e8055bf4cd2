//! Listing, page by page.

use crate::graph::{self, Ask, Call, ListQuery};
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
        let page = graph.read(ask).await?;
        count += page.value.len();
        if !page.value.is_empty() {
            items.put(page.value).await;
        }
        match page.next_link {
            None => return Ok(count),
            Some(link) => ask = follow(&graph, Call::ListAgentUsers, &link)?,
        }
    }
}

/// Every entry of a short list.
pub(super) async fn all<T: DeserializeOwned>(graph: &Graph, first: Ask<Page<T>>) -> Result<Vec<T>, Problem> {
    let call = first.call();
    let mut ask = first;
    let mut entries = Vec::new();
    loop {
        let page = graph.read(ask).await?;
        entries.extend(page.value);
        match page.next_link {
            None => return Ok(entries),
            Some(link) => ask = follow(graph, call, &link)?,
        }
    }
}

/// The next page, if its link stays where the token may go.
pub(super) fn follow<T: DeserializeOwned>(
    graph: &Graph,
    call: Call,
    link: &str,
) -> Result<Ask<Page<T>>, Problem> {
    graph::next_page(graph.root(), call, link).ok_or_else(|| {
        Problem::new(
            Code::ForeignNextLink,
            format!(
                "The answer to {call} names a next page outside {}; it was not followed.",
                graph.root().origin()
            ),
        )
    })
}
