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
    mut row: impl FnMut(E) -> Option<T> + Send,
) -> Result<Table<T>, Problem> {
    let mut pages = Pages::new(graph, first);
    let mut gathered = Gathered::default();
    loop {
        match pages.turn().await? {
            Turn::Page(page) => {
                let entries = page.len();
                let (mut fresh, mut taken) = (0_usize, 0_usize);
                for row in page.into_iter().filter_map(&mut row) {
                    taken += 1;
                    fresh += usize::from(gathered.insert(row));
                }
                // Entries that are left out say nothing of whether the list goes on.
                pages.brought(fresh + entries.saturating_sub(taken));
            }
            Turn::Again => {}
            Turn::End => return Ok(gathered.into_table()),
        }
    }
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
    let mut pages = Pages::new(graph, first);
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
