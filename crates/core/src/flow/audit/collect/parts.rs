//! A long list, read side by side in parts that filters tell apart.
//!
//! A list of which one page follows another takes as many round trips as it has pages. Where filters part a list so that each
//! entry is in a part, all parts are read at once. A filter that Graph refuses, or that does not do what it says, costs time
//! alone: then the pages of the whole list are read one after the other.

use super::gather::{gather_page, gather_rest};
use crate::flow::audit::table::{Gathered, Identified, Table};
use crate::flow::pages::{Pages, Turn};
use crate::graph::Ask;
use crate::model::Page;
use crate::operation::Graph;
use crate::problem::Problem;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use serde::de::DeserializeOwned;

/// A part of a list.
pub(super) struct Part<E> {
    pub(super) first: Ask<Page<Vec<E>>>,
    /// Whether an entry may be in it: false where it can't be, so that the filter does not do what it says.
    pub(super) holds: Box<dyn Fn(&E) -> bool + Send + Sync>,
}

/// The entries of a list of which `row` makes one, each once, by their ids. A list of more than a page is read in the parts
/// that `split` makes, looking at the first page; none where it can't be parted.
///
/// # Errors
/// Refusals of Graph; a list that does not end.
pub(super) async fn gather_in_parts<E: DeserializeOwned + Send, T: Identified + Send>(
    graph: &Graph,
    first: Ask<Page<Vec<E>>>,
    split: impl FnOnce(&[E]) -> Option<Vec<Part<E>>> + Send,
    mut row: fn(E) -> Option<T>,
) -> Result<Table<T>, Problem> {
    let mut pages = Pages::new(graph, first).or_smaller();
    let mut gathered = Gathered::default();
    let mut split = Some(split);
    loop {
        match pages.turn().await? {
            Turn::Page(page) => {
                let split = split.take_if(|_| pages.goes_on() && !page.is_empty());
                let parts = split.and_then(|split| split(&page));
                pages.brought(gather_page(page, &mut gathered, &mut row));
                let Some(parts) = parts else { continue };
                // The first page shows whether the parts have all: what it has, one of them has, too.
                if let Some(whole) = read_parts(graph, parts, row).await?
                    && gathered.ids().all(|id| whole.has(id))
                {
                    return Ok(whole.into_table());
                }
                return Ok(gather_rest(pages, gathered, row).await?.into_table());
            }
            Turn::Again => {}
            Turn::End => return Ok(gathered.into_table()),
        }
    }
}

/// The rows of all parts; none where a filter is refused, or does not do what it says.
async fn read_parts<E: DeserializeOwned + Send, T: Identified + Send>(
    graph: &Graph,
    parts: Vec<Part<E>>,
    row: fn(E) -> Option<T>,
) -> Result<Option<Gathered<T>>, Problem> {
    let mut reads: FuturesUnordered<_> =
        parts.into_iter().map(|part| Box::pin(read_part(graph, part, row))).collect();
    let mut whole = Gathered::default();
    while let Some(read) = reads.next().await {
        let Some(rows) = read? else { return Ok(None) };
        whole.take(rows);
    }
    Ok(Some(whole))
}

async fn read_part<E: DeserializeOwned + Send, T: Identified + Send>(
    graph: &Graph,
    part: Part<E>,
    mut row: fn(E) -> Option<T>,
) -> Result<Option<Gathered<T>>, Problem> {
    let Part { first, holds } = part;
    let mut pages = Pages::new(graph, first).or_smaller();
    let mut gathered = Gathered::default();
    loop {
        match pages.turn().await {
            Ok(Turn::Page(page)) => {
                if !page.iter().all(&holds) {
                    return Ok(None);
                }
                pages.brought(gather_page(page, &mut gathered, &mut row));
            }
            Ok(Turn::Again) => {}
            Ok(Turn::End) => return Ok(Some(gathered)),
            Err(problem) if matches!(problem.answered(), Some(400 | 501)) => return Ok(None),
            Err(problem) => return Err(problem),
        }
    }
}
