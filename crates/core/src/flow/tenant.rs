//! The tenant that the requests go to, and who makes them.

use super::pages::all;
use crate::ObjectId;
use crate::graph;
use crate::model::Organization;
use crate::operation::Graph;
use crate::problem::{Code, Problem};

/// The tenant, and the account of the token where the token shows it.
pub(super) struct Tenant {
    pub(super) id: ObjectId,
    pub(super) account: Option<String>,
}

/// Reads the tenant's id. Without the permission for it, the token's own word is taken.
///
/// # Errors
/// [`Code::TenantUnknown`], and other refusals of Graph.
pub(super) async fn read_tenant(graph: &Graph) -> Result<Tenant, Problem> {
    let read = organizations(graph).await;
    tenant(graph, &read)
}

/// The tenant with its verified domains: a list of one.
pub(super) async fn organizations(graph: &Graph) -> Result<Vec<Organization>, Problem> {
    all(graph, graph::list_verified_domains(graph.endpoint())).await
}

/// The tenant, where it was read, or where the token names it although the read was refused.
///
/// # Errors As for [`read_tenant`].
pub(super) fn tenant(graph: &Graph, read: &Result<Vec<Organization>, Problem>) -> Result<Tenant, Problem> {
    let facts = graph.last_token().map(|(_, facts)| facts);
    let account = facts.as_ref().and_then(|facts| facts.account().map(str::to_owned));
    let refusal = match read {
        Ok(organizations) => match organizations.iter().find_map(Organization::id) {
            Some(id) => return Ok(Tenant { id, account }),
            None => None,
        },
        Err(problem) if problem.answered() == Some(403) => Some(problem),
        Err(problem) => return Err(problem.clone()),
    };
    let told = facts.as_ref().and_then(|facts| facts.tenant()?.parse().ok());
    match told {
        Some(id) => Ok(Tenant { id, account }),
        None => {
            let problem = Problem::new(Code::TenantUnknown, "The tenant must be known.");
            Err(refusal.into_iter().fold(problem, Problem::about))
        }
    }
}
