//! Reads that change nothing: what Graph really lets the caller see.

use super::diagnosis::{ReadDiagnosis, ReadOutcome};
use crate::call::Call;
use crate::graph::{self, IdentityQuery, ListQuery};
use crate::model::{AgentUser, ServicePrincipal};
use crate::operation::Graph;
use crate::problem::{Problem, ProblemKind};

/// One small page of each kind of object that operations read.
///
/// # Errors
/// A cancellation and a deadline; that no token can be had.
pub(super) async fn try_reads(graph: &Graph) -> Result<Vec<ReadDiagnosis>, Problem> {
    let endpoint = graph.endpoint();
    let users = ListQuery { page_size: 1, ..ListQuery::default() };
    let identities = IdentityQuery { page_size: 1, ..IdentityQuery::default() };
    let read = |call: Call, result: Result<(), Problem>| noted(call, result);
    Ok(vec![
        read(Call::ListVerifiedDomains, graph.read(graph::list_verified_domains(endpoint)).await.map(drop))?,
        read(Call::ListAgentUsers, {
            let first = graph::list_agent_users::<Vec<AgentUser>>(endpoint, &users);
            graph.read(first).await.map(drop)
        })?,
        read(Call::ListAgentIdentities, {
            let first = graph::list_agent_identities(endpoint, &identities);
            let page: Result<crate::model::Page<Vec<ServicePrincipal>>, Problem> = graph.read(first).await;
            page.map(drop)
        })?,
        read(Call::ListBlueprints, graph.read(graph::list_blueprints(endpoint, None)).await.map(drop))?,
        read(Call::ListSubscribedSkus, graph.read(graph::list_subscribed_skus(endpoint)).await.map(drop))?,
        read(
            Call::ListDeletedUsers,
            graph.read(graph::list_deleted_users::<Vec<AgentUser>>(endpoint)).await.map(drop),
        )?,
        read(
            Call::ListLifecyclePolicies,
            graph.read(graph::list_lifecycle_policies(endpoint)).await.map(drop),
        )?,
    ])
}

fn noted(call: Call, result: Result<(), Problem>) -> Result<ReadDiagnosis, Problem> {
    let (outcome, problem) = match result {
        Ok(()) => (ReadOutcome::Answered, None),
        // Without a token nothing else can be asked.
        Err(problem) if problem.is_stop() || is_without_token(&problem) => return Err(problem),
        Err(problem) if problem.answered().is_some() => (ReadOutcome::Refused, Some(problem)),
        Err(problem) => (ReadOutcome::Unanswered, Some(problem)),
    };
    Ok(ReadDiagnosis { call, what: call.what(), outcome, problem })
}

/// Whether there was no token to send; one that Graph refuses is part of the diagnosis.
fn is_without_token(problem: &Problem) -> bool {
    problem.kind() == ProblemKind::SignIn && problem.answered().is_none()
}
