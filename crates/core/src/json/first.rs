//! The operations that a host can have without the others: those that list agent users and show one.

use super::item::Item;
use super::many::Running;
use super::output::Output;
use crate::operation::{Graph, Items};
use crate::problem::Problem;

/// One of them, with its checked parameters.
pub(super) struct First(Box<dyn FnOnce(Graph, Items<Item>) -> Running + Send>);

impl First {
    /// Runs the operation to its result.
    pub(super) fn run(self, graph: Graph, items: Items<Item>) -> Running {
        (self.0)(graph, items)
    }
}

/// The operation that runs this flow.
pub(super) fn first<Flow>(run: impl FnOnce(Graph, Items<Item>) -> Flow + Send + 'static) -> First
where
    Flow: Future<Output = Result<Output, Problem>> + Send + 'static,
{
    First(Box::new(|graph, items| Box::pin(run(graph, items))))
}
