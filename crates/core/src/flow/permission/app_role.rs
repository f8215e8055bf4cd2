//! App roles: assigned to an agent, and taken away.

use super::holder::{Principal, holder};
use super::report::PermissionReport;
use super::resource::FoundResource;
use crate::ObjectId;
use crate::flow::ensure::{ensure, ensure_strictly};
use crate::flow::guarded;
use crate::flow::pages::all;
use crate::flow::remarks::remark;
use crate::flow::report::Change;
use crate::graph::{self, Ask};
use crate::model::{
    AppRoleAssignment, CREATE_AGENT_USERS, GRAPH_APP_ID, Page, PermissionClient, PermissionHolder,
    PermissionName,
};
use crate::operation::Graph;
use crate::problem::{Code, Problem};
use crate::remark::RemarkCode;

type Assignments = Page<Vec<AppRoleAssignment>>;

/// A change of an app role, with what it needs found.
struct Target {
    principal: Principal,
    resource: FoundResource,
    role: ObjectId,
    name: String,
    report: PermissionReport,
}

impl Target {
    async fn find(
        graph: &Graph,
        of: &PermissionHolder,
        resource_app_id: ObjectId,
        app_role: &PermissionName,
    ) -> Result<Self, Problem> {
        let principal = holder(graph, of).await?;
        let resource = FoundResource::find(graph, resource_app_id).await?;
        let (role, name) = resource.find_app_role(app_role, principal.is_user())?;
        let report = PermissionReport::new(
            graph,
            &principal,
            principal.user_principal_name.as_deref(),
            resource.app_id,
        );
        Ok(Self { principal, resource, role, name, report })
    }

    fn list(&self, graph: &Graph) -> Ask<Assignments> {
        app_roles_of(graph, &self.principal)
    }

    fn is_it(&self, one: &AppRoleAssignment) -> bool {
        one.app_role_id() == Some(self.role) && one.resource_id() == Some(self.resource.id)
    }

    async fn assignment(&self, graph: &Graph) -> Result<Option<AppRoleAssignment>, Problem> {
        Ok(all(graph, self.list(graph)).await?.into_iter().find(|one| self.is_it(one)))
    }
}

/// The app roles that a principal has.
pub(super) fn app_roles_of(graph: &Graph, principal: &Principal) -> Ask<Assignments> {
    if principal.is_user() {
        graph::list_user_app_roles(graph.endpoint(), principal.id)
    } else {
        graph::list_app_roles(graph.endpoint(), principal.id)
    }
}

/// Assigns an app role, found by its name, unless it is assigned.
///
/// # Errors
/// [`Code::ResourceNotFound`], [`Code::AppRoleNotFound`], [`Code::AppRoleNotAssignable`]; when the principal is not found;
/// and refusals of Graph.
pub async fn assign_app_role(
    graph: &Graph,
    to: &PermissionHolder,
    resource_app_id: ObjectId,
    app_role: &PermissionName,
    dry_run: bool,
) -> Result<PermissionReport, Problem> {
    let graph = &guarded(graph, dry_run);
    let target = Target::find(graph, to, resource_app_id, app_role).await?;
    let mut report = target.report.clone();
    if target.assignment(graph).await?.is_some() {
        return Ok(report);
    }
    let change =
        Change::AssignAppRole { app_role: target.name.clone(), resource: target.resource.name.clone() };
    let (endpoint, resource, principal) = (graph.endpoint(), target.resource.id, target.principal.id);
    let write = ensure(
        graph,
        || graph::assign_app_role(endpoint, resource, principal, target.role),
        || target.list(graph),
        |seen| seen.is_some_and(|page| page.value.iter().any(|one| target.is_it(one))),
    );
    report.make(graph, vec![change], dry_run, write).await?;
    Ok(report)
}

/// Takes an app role away, if it is assigned.
///
/// # Errors
/// As for [`assign_app_role`].
pub async fn remove_app_role(
    graph: &Graph,
    of: &PermissionHolder,
    resource_app_id: ObjectId,
    app_role: &PermissionName,
    dry_run: bool,
) -> Result<PermissionReport, Problem> {
    let graph = &guarded(graph, dry_run);
    let target = Target::find(graph, of, resource_app_id, app_role).await?;
    let mut report = target.report.clone();
    let Some(found) = target.assignment(graph).await? else { return Ok(report) };
    let id = found.id().ok_or_else(|| {
        Problem::new(Code::BadAnswer, "Graph answered with an app role assignment that has no id.")
    })?;
    let change =
        Change::RemoveAppRole { app_role: target.name.clone(), resource: target.resource.name.clone() };
    let write = ensure_strictly(
        graph,
        || graph::remove_app_role(graph.endpoint(), target.resource.id, id),
        || target.list(graph),
        // Only a list that was seen to its end shows that an entry is missing.
        |seen| {
            seen.is_some_and(|page| {
                page.next_link.is_none() && !page.value.iter().any(|one| target.is_it(one))
            })
        },
    );
    report.make(graph, vec![change], dry_run, write).await?;
    Ok(report)
}

/// Lets a blueprint create agent users for its agent identities: gives its principal the app role for that.
///
/// The caller is an admin, and the role is in the tokens of the blueprint. So this does not wait for a token: a client that
/// signs in as the blueprint does ([`super::wait_permission`]).
///
/// # Errors
/// As for [`assign_app_role`], for the blueprint's principal.
pub async fn allow_creation(
    graph: &Graph,
    blueprint: ObjectId,
    dry_run: bool,
) -> Result<PermissionReport, Problem> {
    let role = PermissionName::parse(CREATE_AGENT_USERS)
        .map_err(|violation| Problem::from_violations(vec![violation]))?;
    let holder = PermissionHolder::Client(PermissionClient::Blueprint(blueprint));
    let assigned = assign_app_role(graph, &holder, GRAPH_APP_ID, &role, dry_run).await;
    let mut report = assigned.map_err(|problem| match problem.code() {
        Code::SingleInstanceIdentity => problem.with_fix(
            "Create its agent user as an admin or by an application with AgentIdUser.ReadWrite.All. Whether such an agent \
             identity can have one is not documented.",
        ),
        _ => problem,
    })?;
    if !report.changes.is_empty() {
        report.remark(remark(
            RemarkCode::NewTokenNeeded,
            "The permission is in tokens that the blueprint gets from now on, and may take a minute or two to reach them. A \
             client that signs in as the blueprint can wait for it: waitPermission, or `agentuser permission wait`.",
        ));
    }
    Ok(report)
}
