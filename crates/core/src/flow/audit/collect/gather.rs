//! Gathering a list as rows.

use crate::flow::audit::table::{Gathered, Identified, Table};
use crate::flow::pages::{Pages, Turn};
use crate::graph::Ask;
use crate::model::Page;
use crate::operation::Graph;
use crate::problem::Problem;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

/// The entries of a list of which `row` makes one, each once, by their ids.
///
/// # Errors
/// Refusals of Graph; a list that does not end.
pub(super) async fn gather<E: DeserializeOwned + Send, T: Identified + Send>(
    graph: &Graph,
    first: Ask<Page<Vec<E>>>,
    row: impl FnMut(E) -> Option<T> + Send,
) -> Result<Table<T>, Problem> {
    let pages = Pages::new(graph, first).or_smaller();
    Ok(gather_rest(pages, Gathered::default(), row).await?.into_table())
}

/// The same of a list of which pages were read, and rows were gathered.
pub(super) async fn gather_rest<E: DeserializeOwned + Send, T: Identified + Send>(
    mut pages: Pages<'_, Vec<E>>,
    mut gathered: Gathered<T>,
    mut row: impl FnMut(E) -> Option<T> + Send,
) -> Result<Gathered<T>, Problem> {
    loop {
        match pages.turn().await? {
            Turn::Page(page) => pages.brought(gather_page(page, &mut gathered, &mut row)),
            Turn::Again => {}
            Turn::End => return Ok(gathered),
        }
    }
}

/// Gathers a page, and says how many of its entries were not there before.
pub(super) fn gather_page<E, T: Identified>(
    page: Vec<E>,
    gathered: &mut Gathered<T>,
    row: &mut impl FnMut(E) -> Option<T>,
) -> usize {
    let entries = page.len();
    let (mut fresh, mut taken) = (0_usize, 0_usize);
    for row in page.into_iter().filter_map(row) {
        taken += 1;
        fresh += usize::from(gathered.insert(row));
    }
    // Entries that are left out say nothing of whether the list goes on.
    fresh + entries.saturating_sub(taken)
}

/// The entries of a list of which `row` makes one, each once, by the hash of what names it.
///
/// # Errors
/// Refusals of Graph; a list that does not end.
pub(super) async fn gather_rows<E: DeserializeOwned + Send, T: Send>(
    graph: &Graph,
    first: Ask<Page<Vec<E>>>,
    key: impl Fn(&E) -> u64 + Send,
    mut row: impl FnMut(E) -> Option<T> + Send,
) -> Result<Vec<T>, Problem> {
    let mut pages = Pages::new(graph, first).or_smaller();
    let (mut seen, mut rows) = (BTreeSet::new(), Vec::new());
    loop {
        match pages.turn().await? {
            Turn::Page(page) => {
                let before = seen.len();
                for entry in page {
                    if seen.insert(key(&entry)) {
                        rows.extend(row(entry));
                    }
                }
                pages.brought(seen.len().saturating_sub(before));
            }
            Turn::Again => {}
            Turn::End => return Ok(rows),
        }
    }
}
