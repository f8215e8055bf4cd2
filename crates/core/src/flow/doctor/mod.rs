//! The doctor: what the token allows, what Graph answers to harmless reads, and what will fail.

mod diagnosis;
mod operations;
mod probe;
mod reads;
mod token;

pub use diagnosis::{
    Diagnosis, OperationDiagnosis, OperationVerdict, ReadDiagnosis, ReadOutcome, TokenDiagnosis, TokenKind,
};
pub use probe::{ProbeAnswer, ProbeReport, Question, QuestionHow, Unasked};
pub use token::token_remarks;

use crate::ObjectId;
use crate::flow::required::NeededFor;
use crate::operation::Graph;
use crate::problem::Problem;

/// The request of a diagnosis or a probe.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DoctorRequest {
    /// The operations to look at, by their names in JSON; all, unless given.
    pub operations: Vec<String>,
    /// Ask Graph the questions that no page of Microsoft answers, in place of a diagnosis.
    pub probe: bool,
    /// Ask those, too, that create, change, delete and restore one agent user of this parent, which has none.
    pub probe_writes: Option<ObjectId>,
}

/// Diagnoses the token and what it can do; or asks the questions of the probe, whose report has no ids and no names.
///
/// # Errors
/// Each name that is not an operation's; a cancellation and a deadline; that no token can be had; of a probe that writes: the parent is not a free agent identity, or its
/// agent user can't be created. Every other refusal is part of the diagnosis.
pub async fn doctor(graph: &Graph, request: DoctorRequest) -> Result<Diagnosis, Problem> {
    let needed = NeededFor { operations: request.operations, ..NeededFor::default() };
    needed.check()?;
    if request.probe || request.probe_writes.is_some() {
        let probe = probe::probe(graph, request.probe_writes).await?;
        return Ok(Diagnosis { probe: Some(probe), ..Diagnosis::default() });
    }
    let reads = reads::try_reads(graph).await?;
    let facts = graph.last_token().map(|(_, facts)| facts).unwrap_or_default();
    let mut remarks = token_remarks(&facts, graph.endpoint(), graph.now().unix_ms);
    remarks.extend(token::no_active_role(&facts, &reads));
    let operations = operations::diagnose(&facts, &reads, &needed.operations);
    Ok(Diagnosis { token: Some(TokenDiagnosis::of(&facts)), remarks, operations, reads, probe: None })
}
