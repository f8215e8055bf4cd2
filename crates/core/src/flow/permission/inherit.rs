//! The permissions that the agent identities of a blueprint inherit (docs/graph.md#inheritable-permissions).

use super::holder::Principal;
use super::report::PermissionReport;
use super::resource::FoundResource;
use crate::ObjectId;
use crate::flow::blueprint::{blueprint, blueprint_principal};
use crate::flow::ensure::{ensure, ensure_strictly};
use crate::flow::guarded;
use crate::flow::pages::all;
use crate::flow::poller::Poller;
use crate::flow::remarks::remark;
use crate::flow::report::Change;
use crate::graph::{self, Ask, GrantKey, InheritanceChange};
use crate::model::{
    InheritablePermission, Inheritance, InheritancePattern, ObjectKind, Page, PermissionGrant,
};
use crate::operation::{Graph, Waiting};
use crate::problem::{Code, Problem};
use crate::remark::{Remark, RemarkCode};
use std::sync::{Mutex, PoisonError};

/// The most resources of a blueprint.
const MOST: usize = 10;

const SCOPES: &str = "inheritableScopes";
const ROLES: &str = "inheritableRoles";

type Entries = Page<Vec<InheritablePermission>>;

/// The entry of one resource of a blueprint.
#[derive(Debug, Clone, Copy)]
struct Place {
    blueprint: ObjectId,
    resource_app_id: ObjectId,
}

impl Place {
    fn list(self, graph: &Graph) -> Ask<Entries> {
        graph::list_inheritable_permissions(graph.endpoint(), self.blueprint)
    }

    fn among(self, entries: &[InheritablePermission]) -> Option<&InheritablePermission> {
        entries.iter().find(|one| one.resource_app_id == Some(self.resource_app_id))
    }
}

fn kind(of: Option<&InheritancePattern>) -> Option<&str> {
    of.and_then(InheritancePattern::kind)
}

/// The part of the change that is still to be made. Without an entry, or where it does not say, nothing is
/// inherited.
fn differing(wanted: InheritanceChange, found: Option<&InheritablePermission>) -> InheritanceChange {
    let differs = |wanted: Option<Inheritance>, now: Option<&InheritancePattern>| {
        wanted.filter(|wanted| kind(now).unwrap_or(Inheritance::None.as_str()) != wanted.as_str())
    };
    InheritanceChange {
        scopes: differs(wanted.scopes, found.and_then(|one| one.inheritable_scopes.as_ref())),
        roles: differs(wanted.roles, found.and_then(|one| one.inheritable_roles.as_ref())),
    }
}

fn is_nothing(change: InheritanceChange) -> bool {
    change == InheritanceChange::default()
}

/// Sets which permissions of a resource the agent identities of a blueprint inherit, and reads them back. A kind that is
/// not named stays as it is.
///
/// Entra lets them inherit only what is granted to the blueprint's principal as well; a remark says where that lacks.
///
/// # Errors
/// [`Code::BlueprintNotFound`], [`Code::NotABlueprint`], [`Code::ResourceNotFound`], [`Code::InheritableLimit`],
/// [`Code::NotVisibleInTime`] where it was accepted and is not shown; and refusals of Graph.
pub async fn inherit_permissions(
    graph: &Graph,
    of: ObjectId,
    resource_app_id: ObjectId,
    wanted: InheritanceChange,
    dry_run: bool,
) -> Result<PermissionReport, Problem> {
    let graph = &guarded(graph, dry_run);
    let (id, blueprint) = blueprint(graph, of).await?;
    let resource = FoundResource::find(graph, resource_app_id).await?;
    let own = Principal {
        id,
        kind: Some(ObjectKind::Blueprint),
        display_name: blueprint.display_name().map(str::to_owned),
        user_principal_name: None,
    };
    let mut report = PermissionReport::new(graph, &own, None, resource.app_id);
    let place = Place { blueprint: id, resource_app_id: resource.app_id };
    let entries = all(graph, place.list(graph)).await?;
    let found = place.among(&entries);
    let change = differing(wanted, found);
    if found.is_none() && !is_nothing(change) && entries.len() >= MOST {
        let message =
            format!("The blueprint {id} has inheritable permissions of {} resources.", entries.len());
        return Err(Problem::new(Code::InheritableLimit, message));
    }
    let changes = changes(change, found, &resource.name);
    let is_written = !changes.is_empty() && !dry_run;
    report.make(graph, changes, dry_run, write(graph, place, change, found.is_some())).await?;
    if is_written {
        read_back(graph, place, wanted).await?;
    }
    if let Some(app_id) = blueprint.app_id() {
        lacking(graph, app_id, &resource, wanted).await?.into_iter().for_each(|one| report.remark(one));
    }
    Ok(report)
}

fn changes(change: InheritanceChange, found: Option<&InheritablePermission>, resource: &str) -> Vec<Change> {
    let of = |member, wanted: Option<Inheritance>, now: Option<&InheritancePattern>| {
        let (from, resource) = (kind(now).map(str::to_owned), resource.to_owned());
        wanted.map(|wanted| Change::SetInheritance { member, resource, from, to: wanted.as_str() })
    };
    let scopes = of(SCOPES, change.scopes, found.and_then(|one| one.inheritable_scopes.as_ref()));
    let roles = of(ROLES, change.roles, found.and_then(|one| one.inheritable_roles.as_ref()));
    scopes.into_iter().chain(roles).collect()
}

/// Changes the entry; adds it where there is none.
async fn write(graph: &Graph, place: Place, change: InheritanceChange, exists: bool) -> Result<(), Problem> {
    let change = if exists {
        change
    } else {
        let left = match add(graph, place, change).await? {
            // Another client has added it at the same moment.
            Some(other) => differing(change, Some(&other)),
            None => InheritanceChange::default(),
        };
        if is_nothing(left) {
            return Ok(());
        }
        left
    };
    let write = || {
        graph::update_inheritable_permission(graph.endpoint(), place.blueprint, place.resource_app_id, change)
    };
    let is_so = |seen: Option<&Entries>| {
        seen.and_then(|page| place.among(&page.value))
            .is_some_and(|one| is_nothing(differing(change, Some(one))))
    };
    // A replica that lags may show as none what another client has just widened.
    if [change.scopes, change.roles].contains(&Some(Inheritance::None)) {
        ensure_strictly(graph, write, || place.list(graph), is_so).await
    } else {
        ensure(graph, write, || place.list(graph), is_so).await
    }
}

/// Adds the entry. Answers with the one that a look found, where no answer said that it was added.
async fn add(
    graph: &Graph,
    place: Place,
    change: InheritanceChange,
) -> Result<Option<InheritablePermission>, Problem> {
    // Graph requires the member of delegated permissions.
    let body = InheritanceChange { scopes: change.scopes.or(Some(Inheritance::None)), ..change };
    let found = Mutex::new(None);
    ensure(
        graph,
        || graph::add_inheritable_permission(graph.endpoint(), place.blueprint, place.resource_app_id, body),
        || place.list(graph),
        |seen| {
            let seen = seen.and_then(|page| place.among(&page.value)).cloned();
            let is_there = seen.is_some();
            *found.lock().unwrap_or_else(PoisonError::into_inner) = seen;
            is_there
        },
    )
    .await?;
    Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Waits until a read shows what was accepted: metadata of Graph does not have the member of app roles, and a member that it
/// ignores would be accepted, too.
async fn read_back(graph: &Graph, place: Place, wanted: InheritanceChange) -> Result<(), Problem> {
    let mut poller = Poller::replication(graph);
    loop {
        let entries = all(graph, place.list(graph)).await?;
        if is_nothing(differing(wanted, place.among(&entries))) {
            return Ok(());
        }
        if !poller.again(Waiting::Replication).await? {
            let message = format!(
                "The change of the inheritable permissions of the blueprint {} was accepted, but reads do not show it.",
                place.blueprint
            );
            return Err(Problem::new(Code::NotVisibleInTime, message));
        }
    }
}

/// A remark on the permissions that must be granted to the blueprint's principal before anything is
/// inherited; `None` where nothing is lacking.
async fn lacking(
    graph: &Graph,
    app_id: ObjectId,
    resource: &FoundResource,
    wanted: InheritanceChange,
) -> Result<Option<Remark>, Problem> {
    let is_wanted = |of| of == Some(Inheritance::AllAllowed);
    let (scopes, roles) = (is_wanted(wanted.scopes), is_wanted(wanted.roles));
    if !scopes && !roles {
        return Ok(None);
    }
    let found = match grants_of(graph, app_id, resource, scopes, roles).await {
        Ok((no_scope, no_role)) => {
            (no_scope.then_some("delegated permission"), no_role.then_some("app role"))
        }
        Err(problem) if problem.is_stop() || problem.is_transient() => return Err(problem),
        Err(problem) => {
            let message = format!(
                "Agent identities inherit only what is granted to the blueprint's principal as well. Whether that is so could \
                 not be read: {}",
                problem.message()
            );
            return Ok(Some(remark(RemarkCode::InheritanceNeedsGrant, &message)));
        }
    };
    let what = match found {
        (None, None) => return Ok(None),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (Some(one), Some(other)) => format!("{one} and no {other}"),
    };
    let message = format!(
        "Agent identities inherit only what is granted to the blueprint's principal as well, and no {what} of {} is. Grant it: \
         grantPermission with blueprint and allPrincipals, assignAppRole with blueprint; or `agentuser permission grant --blueprint`.",
        resource.name
    );
    Ok(Some(remark(RemarkCode::InheritanceNeedsGrant, &message)))
}

/// Whether the blueprint's principal has no delegated permission for all users, and no app role, of those that matter.
async fn grants_of(
    graph: &Graph,
    app_id: ObjectId,
    resource: &FoundResource,
    scopes: bool,
    roles: bool,
) -> Result<(bool, bool), Problem> {
    let principal = blueprint_principal(graph, app_id).await?;
    let client = principal.id().unwrap_or(app_id);
    let mut none = (false, false);
    if scopes {
        let key = GrantKey { client, user: None, resource: resource.id };
        let grants = all(graph, graph::list_permission_grants(graph.endpoint(), &key)).await?;
        let has_any = |grant: &PermissionGrant| key.is_of(grant) && grant.scopes().next().is_some();
        none.0 = !grants.iter().any(has_any);
    }
    if roles {
        let assigned = all(graph, graph::list_app_roles(graph.endpoint(), client)).await?;
        none.1 = !assigned.iter().any(|one| one.resource_id() == Some(resource.id));
    }
    Ok(none)
}
