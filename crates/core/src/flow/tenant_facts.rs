//! What can be known of the tenant before a roster is checked.

use super::list::all;
use crate::gather::gather;
use crate::graph;
use crate::operation::Graph;
use crate::problem::Problem;
use crate::validate::TenantFacts;

/// The verified domains. Without the permission to read them nothing is known, which is no problem: Graph checks.
///
/// # Errors
/// What Graph refuses, but for a missing permission.
pub async fn read_tenant_facts(graph: &Graph) -> Result<TenantFacts, Problem> {
    match all(graph, graph::list_verified_domains(graph.root())).await {
        Ok(organizations) => {
            let domains = organizations.iter().flat_map(|organization| organization.verified_domains());
            let names = gather(domains.filter_map(|domain| domain.name()).map(str::to_owned));
            Ok(TenantFacts { verified_domains: Some(names) })
        }
        Err(problem) if problem.status() == Some(403) => Ok(TenantFacts::default()),
        Err(problem) => Err(problem),
    }
}
