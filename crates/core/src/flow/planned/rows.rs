//! Working on many objects at once, with a report of each.

use super::steps::Shared;
use crate::flow::report::{Report, Summary};
use crate::operation::{Graph, Items};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use std::future::Future;

/// The objects of an operation, which come in several groups, and their reports.
pub(in crate::flow) struct Rows<'a, I> {
    graph: &'a Graph,
    items: &'a Items<I>,
    /// How many there are, as far as is known.
    of: usize,
    pub(in crate::flow) summary: Summary,
}

impl<'a, I: From<Report>> Rows<'a, I> {
    /// Rows that are `of` in number, none of which is finished.
    pub(in crate::flow) fn new(graph: &'a Graph, items: &'a Items<I>, of: usize) -> Self {
        graph.rows(0, of);
        Self { graph, items, of, summary: Summary { run_id: graph.run_id(), ..Summary::default() } }
    }

    /// Adds rows that were not known of before.
    pub(in crate::flow) fn more(&mut self, more: usize) {
        self.of = self.of.saturating_add(more);
        self.graph.rows(self.summary.rows, self.of);
    }

    /// Works on a group, all at once, and yields the report of each as it ends.
    pub(in crate::flow) async fn work_on<T, W>(
        &mut self,
        group: Vec<T>,
        work: impl Fn(Graph, usize, T) -> W,
        see: &mut (dyn FnMut(&Report) + Send),
    ) where
        W: Future<Output = Report>,
    {
        let numbers = self.summary.rows.saturating_add(1)..;
        let rows = group.into_iter().zip(numbers);
        let mut rows: FuturesUnordered<_> =
            rows.map(|(one, row)| Box::pin(work(self.graph.for_row(row), row, one))).collect();
        while let Some(report) = rows.next().await {
            see(&report);
            self.report(report).await;
        }
    }

    /// Yields a report.
    pub(in crate::flow) async fn report(&mut self, report: Report) {
        self.summary.add(&report);
        self.graph.rows(self.summary.rows, self.of);
        self.items.put(report).await;
    }
}

/// Works on all groups, one after the other, and those of a group at once. Yields the report of each; ends with the numbers.
pub(super) async fn work_on_all<I: From<Report>, T, W: Future<Output = Report>>(
    graph: &Graph,
    shared: &Shared,
    all: Vec<Vec<T>>,
    items: &Items<I>,
    work: impl Fn(Graph, usize, T) -> W,
) -> Summary {
    let of = all.iter().map(Vec::len).sum();
    let mut rows = Rows::new(graph, items, of);
    for group in all {
        rows.work_on(group, &work, &mut |_| {}).await;
    }
    let mut summary = rows.summary;
    if let Some(Ok(skus)) = &shared.skus {
        summary.seats = skus.counts();
    }
    summary
}
