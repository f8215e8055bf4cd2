//! Delegated permissions: granted to an agent, and revoked.
//!
//! There is one grant for a client, a resource and a user, or all users. A change replaces the whole of its scopes, and Graph
//! takes no condition with it, so it is read right before, and only what is asked for is added or taken out.

use super::holder::consent;
use super::report::PermissionReport;
use super::resource::FoundResource;
use crate::ObjectId;
use crate::flow::ensure::{ensure, ensure_strictly};
use crate::flow::guarded;
use crate::flow::pages::all;
use crate::flow::remarks::remark;
use crate::flow::report::Change;
use crate::graph::{self, GrantKey};
use crate::model::{Consent, GRAPH_APP_ID, Page, PermissionGrant, PermissionName};
use crate::operation::Graph;
use crate::problem::{Code, Problem, shown};
use crate::remark::RemarkCode;
use std::sync::{Mutex, PoisonError};

/// A change of delegated permissions, with what it needs found.
struct Target {
    key: GrantKey,
    resource: FoundResource,
    report: PermissionReport,
}

impl Target {
    async fn find(graph: &Graph, wanted: &Consent, resource_app_id: ObjectId) -> Result<Self, Problem> {
        let (client, user) = consent(graph, wanted).await?;
        let resource = FoundResource::find(graph, resource_app_id).await?;
        let name = user.as_ref().and_then(|user| user.user_principal_name.as_deref());
        let report = PermissionReport::new(graph, &client, name, resource.app_id);
        let key = GrantKey { client: client.id, user: user.map(|user| user.id), resource: resource.id };
        Ok(Self { key, resource, report })
    }

    async fn grant(&self, graph: &Graph) -> Result<Option<PermissionGrant>, Problem> {
        grant_of(graph, &self.key).await
    }

    /// Reports the permissions that the user still has after these were revoked, because the client has them for all users:
    /// that is a grant of its own.
    async fn remark_on_all_users(&mut self, graph: &Graph, revoked: &[PermissionName]) {
        let Some(user) = self.key.user else { return };
        let for_all = grant_of(graph, &GrantKey { user: None, ..self.key }).await;
        let client = self.report.display_name.as_deref().map_or_else(|| self.key.client.to_string(), shown);
        let message = match for_all {
            Ok(grant) => {
                let is_revoked =
                    |scope: &&str| revoked.iter().any(|one| one.as_str().eq_ignore_ascii_case(scope));
                let stay: Vec<&str> =
                    grant.iter().flat_map(PermissionGrant::scopes).filter(is_revoked).collect();
                if stay.is_empty() {
                    return;
                }
                let user = self.report.user_principal_name.clone().unwrap_or_else(|| user.to_string());
                let (it, command) =
                    (if stay.len() == 1 { "it" } else { "them" }, self.revoke_from_all(&stay));
                let stay = stay.join(", ");
                format!(
                    "{user} still has {stay}: {client} has {it} for all users. `{command}` takes {it} from all users."
                )
            }
            Err(problem) => format!(
                "It was not seen whether {client} has the permissions for all users, too. {}",
                problem.message()
            ),
        };
        self.report.remark(remark(RemarkCode::GrantedForAll, &message));
    }

    /// The command that takes permissions from all users of the client.
    fn revoke_from_all(&self, scopes: &[&str]) -> String {
        let (client, scopes, resource) = (self.key.client, scopes.join(","), self.resource.app_id);
        if resource == GRAPH_APP_ID {
            return format!("agentuser permission revoke --identity {client} --all-users --scope {scopes}");
        }
        format!(
            "agentuser permission revoke --identity {client} --all-users --scope {scopes} --resource {resource}"
        )
    }
}

/// The grant for this, if there is one.
async fn grant_of(graph: &Graph, key: &GrantKey) -> Result<Option<PermissionGrant>, Problem> {
    let found = all(graph, graph::list_permission_grants(graph.endpoint(), key)).await?;
    Ok(found.into_iter().find(|grant| key.is_of(grant)))
}

/// Grants delegated permissions. Those that are granted already stay.
///
/// # Errors
/// [`Code::ResourceNotFound`]; [`Code::ScopeNotFound`], which names all that the resource does not have; when the client or
/// the user is not found; and refusals of Graph.
pub async fn grant_permission(
    graph: &Graph,
    wanted: &Consent,
    resource_app_id: ObjectId,
    scopes: &[PermissionName],
    dry_run: bool,
) -> Result<PermissionReport, Problem> {
    let graph = &guarded(graph, dry_run);
    let mut target = Target::find(graph, wanted, resource_app_id).await?;
    let scopes = target.resource.find_scopes(scopes)?;
    let found = target.grant(graph).await?;
    let has = |scope: &String| found.as_ref().is_some_and(|grant| grant.has(scope));
    let change =
        |scope: &String| Change::AddScope { scope: scope.clone(), resource: target.resource.name.clone() };
    let changes = scopes.iter().filter(|scope| !has(scope)).map(change).collect();
    let write = add(graph, target.key, &scopes, found.clone());
    target.report.make(graph, changes, dry_run, write).await?;
    Ok(target.report)
}

/// Adds scopes to the grant; creates it where there is none.
async fn add(
    graph: &Graph,
    key: GrantKey,
    scopes: &[String],
    found: Option<PermissionGrant>,
) -> Result<(), Problem> {
    let has_all = |grant: &PermissionGrant| scopes.iter().all(|scope| grant.has(scope));
    let found = match found {
        Some(found) => found,
        None => match create(graph, key, scopes).await? {
            // Another client has created it at the same moment, for other scopes.
            Some(other) if !has_all(&other) => other,
            _ => return Ok(()),
        },
    };
    let all: Vec<&str> =
        found.scopes().chain(scopes.iter().map(String::as_str).filter(|scope| !found.has(scope))).collect();
    let (id, scope) = (id_of(&found)?, all.join(" "));
    ensure(
        graph,
        || graph::update_permission_grant(graph.endpoint(), id, &scope),
        || graph::list_permission_grants(graph.endpoint(), &key),
        |seen| among(seen, &key).is_some_and(&has_all),
    )
    .await
}

/// Creates the grant. Answers with the one that a look found, where no answer said that it was created.
async fn create(graph: &Graph, key: GrantKey, scopes: &[String]) -> Result<Option<PermissionGrant>, Problem> {
    let scope = scopes.join(" ");
    let found = Mutex::new(None);
    ensure(
        graph,
        || graph::create_permission_grant(graph.endpoint(), &key, &scope),
        || graph::list_permission_grants(graph.endpoint(), &key),
        |seen| {
            let seen = among(seen, &key).cloned();
            let is_there = seen.is_some();
            *found.lock().unwrap_or_else(PoisonError::into_inner) = seen;
            is_there
        },
    )
    .await?;
    Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Revokes delegated permissions. Others of the same grant stay; without any left, it is deleted.
///
/// # Errors
/// As for [`grant_permission`]; [`Code::ScopeNotFound`] for a name that neither the grant nor the resource has.
pub async fn revoke_permission(
    graph: &Graph,
    wanted: &Consent,
    resource_app_id: ObjectId,
    scopes: &[PermissionName],
    dry_run: bool,
) -> Result<PermissionReport, Problem> {
    let graph = &guarded(graph, dry_run);
    let mut target = Target::find(graph, wanted, resource_app_id).await?;
    let found = target.grant(graph).await?;
    let granted = |name: &&PermissionName| found.as_ref().is_some_and(|grant| grant.has(name.as_str()));
    // A permission that the resource does not define any more can still be granted.
    target.resource.find_scopes(scopes.iter().filter(|name| !granted(name)))?;
    let Some(found) = found.as_ref() else {
        target.remark_on_all_users(graph, scopes).await;
        return Ok(target.report);
    };
    let is_unwanted =
        |scope: &str| scopes.iter().any(|unwanted| unwanted.as_str().eq_ignore_ascii_case(scope));
    let change =
        |scope: &str| Change::RemoveScope { scope: scope.to_owned(), resource: target.resource.name.clone() };
    let changes = found.scopes().filter(|scope| is_unwanted(scope)).map(change).collect();
    let left: Vec<&str> = found.scopes().filter(|scope| !is_unwanted(scope)).collect();
    let (id, left) = (id_of(found)?, left.join(" "));
    let key = target.key;
    let has_none = |seen: Option<&Page<Vec<PermissionGrant>>>| {
        !among(seen, &key).is_some_and(|grant| grant.scopes().any(is_unwanted))
    };
    let write = async {
        let write = || {
            if left.is_empty() {
                graph::delete_permission_grant(graph.endpoint(), id)
            } else {
                graph::update_permission_grant(graph.endpoint(), id, &left)
            }
        };
        let look = || graph::list_permission_grants(graph.endpoint(), &key);
        ensure_strictly(graph, write, look, has_none).await
    };
    target.report.make(graph, changes, dry_run, write).await?;
    target.remark_on_all_users(graph, scopes).await;
    Ok(target.report)
}

/// The grant in a list of at most one.
fn among<'a>(page: Option<&'a Page<Vec<PermissionGrant>>>, key: &GrantKey) -> Option<&'a PermissionGrant> {
    page?.value.iter().find(|grant| key.is_of(grant))
}

fn id_of(grant: &PermissionGrant) -> Result<&str, Problem> {
    grant.id().ok_or_else(|| {
        Problem::new(Code::BadAnswer, "Graph answered with a delegated permission grant that has no id.")
    })
}
