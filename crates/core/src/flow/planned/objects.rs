//! Applying the changes of an object of a plan, whichever kind it is of.

use super::principal;
use super::steps::Shared;
use super::target::Target;
use crate::flow::report::Report;
use crate::operation::Graph;

/// Makes its changes, each unless it is so already, and reports how far it came.
pub(super) async fn apply(
    target: &Target,
    graph: &Graph,
    row: usize,
    shared: &Shared,
    dry_run: bool,
) -> Report {
    match target.kind {
        Some(kind) => principal::apply(target, kind, graph, row, shared, dry_run).await,
        None => target.apply(graph, row, shared, dry_run).await,
    }
}
