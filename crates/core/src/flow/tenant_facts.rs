//! The facts of a tenant that a roster is checked with.

use super::pages::all;
use crate::graph;
use crate::operation::Graph;
use crate::problem::Problem;
use crate::validate::TenantFacts;
use std::collections::BTreeSet;

/// Reads the verified domains. Without the permission for it nothing is known, which is not a problem: Graph
/// checks.
///
/// # Errors Refusals of Graph, except for a missing permission.
pub async fn read_tenant_facts(graph: &Graph) -> Result<TenantFacts, Problem> {
    match all(graph, graph::list_verified_domains(graph.endpoint())).await {
        Ok(organizations) => {
            let domains = organizations.iter().flat_map(|organization| organization.verified_domains());
            let mut names = BTreeSet::new();
            names.extend(domains.filter_map(|domain| domain.name()).map(str::to_owned));
            Ok(TenantFacts { verified_domains: Some(names) })
        }
        Err(problem) if problem.answered() == Some(403) => Ok(TenantFacts::default()),
        Err(problem) => Err(problem),
    }
}
