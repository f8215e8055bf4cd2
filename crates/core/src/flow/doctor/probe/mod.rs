//! The probe: it asks Graph the questions that no page answers, and reports without ids and names.

mod asker;
mod by_reads;
mod by_writes;
mod mask;
mod questions;
mod report;

pub use questions::{Question, QuestionHow};
pub use report::{ProbeAnswer, ProbeReport, Unasked};

use crate::ObjectId;
use crate::operation::Graph;
use crate::problem::Problem;
use asker::Asker;

/// Asks the questions by reads, and by writes where a parent is given.
///
/// # Errors
/// A cancellation and a deadline; that no token can be had; what keeps the probe's agent user from being created.
pub(super) async fn probe(graph: &Graph, parent: Option<ObjectId>) -> Result<ProbeReport, Problem> {
    let mut asker = Asker::new(graph);
    by_reads::ask(&mut asker).await?;
    let cleaned_up = match parent {
        Some(parent) => Some(by_writes::ask(&mut asker, parent).await?),
        None => None,
    };
    Ok(asker.report(parent.is_some(), cleaned_up))
}
