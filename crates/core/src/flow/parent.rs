//! Verifying the parent before anything is created (docs/graph.md#verifying-a-parent).

use super::pages::all;
use super::poller::Poller;
use crate::ObjectId;
use crate::graph;
use crate::model::{Kind, ServicePrincipal};
use crate::operation::{Graph, Waiting};
use crate::problem::{Code, Problem, shown};

/// Makes sure that the id is an agent identity that can have an agent user, and ends with all of its members.
///
/// Tells apart: not found, an application id, another service principal, a blueprint's principal, disabled,
/// disabled by Microsoft. It never waits.
///
/// # Errors
/// One problem with the fix for each of these, and refusals of Graph.
pub async fn verify_parent(graph: &Graph, id: ObjectId) -> Result<ServicePrincipal, Problem> {
    whole_agent_identity(graph, id).await.and_then(|parent| usable(parent, id))
}

/// As [`verify_parent`], without the members that only the cast has: one request tells what a missing parent is instead.
pub(super) async fn usable_parent(graph: &Graph, id: ObjectId) -> Result<ServicePrincipal, Problem> {
    agent_identity(graph, id).await.and_then(|parent| usable(parent, id))
}

/// The agent identity with the members that only the cast has, whether it is usable as a parent or not.
pub(super) async fn whole_agent_identity(graph: &Graph, id: ObjectId) -> Result<ServicePrincipal, Problem> {
    match graph.find(graph::get_whole_agent_identity(graph.endpoint(), id)).await {
        Ok(Ok(found)) => Ok(found),
        // The plain path tells what the id is otherwise, and answers readers whom the cast refuses
        // (docs/graph.md#known-issues).
        Ok(Err(_)) => agent_identity(graph, id).await,
        Err(problem) if problem.answered() == Some(403) => agent_identity(graph, id).await,
        Err(problem) => Err(problem),
    }
}

/// The agent identity, whether it is usable as a parent or not.
pub(super) async fn agent_identity(graph: &Graph, id: ObjectId) -> Result<ServicePrincipal, Problem> {
    match look(graph, id).await? {
        Ok((found, kind)) => of_kind(found, kind, id),
        // An id that is not found is often the application's. In a box, so that rows hold no room for this rare look.
        Err(absent) => {
            Err(Box::pin(is_app_id(graph, id)).await?.unwrap_or_else(|| missing(id)).about(&absent))
        }
    }
}

/// Waits for a parent that was not found, because another program may have created it moments ago
/// (docs/graph.md#known-issues).
pub(super) async fn await_parent(graph: &Graph, id: ObjectId) -> Result<ServicePrincipal, Problem> {
    let mut poller = Poller::parent(graph, id);
    let mut problem = missing(id);
    loop {
        if !poller.again_after(Waiting::Parent, Some(&problem)).await? {
            return Err(not_in_time(graph, problem));
        }
        match look(graph, id).await? {
            Ok((found, kind)) => return of_kind(found, kind, id).and_then(|parent| usable(parent, id)),
            Err(absent) => problem = problem.about(&absent),
        }
    }
}

/// The problem of a parent that did not come within the time for it: it names the setting.
pub(super) fn not_in_time(graph: &Graph, problem: Problem) -> Problem {
    let time = graph.settings().parent_timeout;
    // Whole numbers: the formatting of fractions is 20 KB of the npm package's module.
    let waited = match time.subsec_millis() {
        0 => format!("{} s", time.as_secs()),
        part => format!("{} ms", time.as_secs() * 1000 + u64::from(part)),
    };
    let fix = format!(
        "{} If it was created moments ago, wait longer for it: parentTimeoutMs, --parent-timeout or -ParentTimeout.",
        problem.fix()
    );
    problem.saying(&format!("It was waited for {waited}.")).with_fix(fix)
}

fn missing(id: ObjectId) -> Problem {
    Problem::new(Code::ParentNotFound, format!("There is no agent identity {id}."))
        .with_field("identityParentId")
}

/// Reads it as any service principal, so that the kinds can be told apart; where that needs a permission the caller
/// lacks, as an agent identity: that path answers for nothing else, and may omit the type.
async fn look(graph: &Graph, id: ObjectId) -> Result<Result<(ServicePrincipal, Kind), Problem>, Problem> {
    match graph.find(graph::get_service_principal(graph.endpoint(), id)).await {
        Err(problem) if problem.answered() == Some(403) => {
            let parent = graph.find(graph::get_agent_identity(graph.endpoint(), id)).await?;
            Ok(parent.map(|parent| (parent, Kind::AgentIdentity)))
        }
        other => Ok(other?.map(|parent| {
            let kind = parent.kind();
            (parent, kind)
        })),
    }
}

async fn is_app_id(graph: &Graph, id: ObjectId) -> Result<Option<Problem>, Problem> {
    let found = match all(graph, graph::find_service_principal_by_app_id(graph.endpoint(), id)).await {
        Ok(found) => found.into_iter().next(),
        // Without the permission it can't be told apart, which is not a reason to fail.
        Err(problem) if problem.answered() == Some(403) => None,
        Err(problem) => return Err(problem),
    };
    Ok(found.map(|principal| {
        let problem = Problem::new(
            Code::ParentIsAppId,
            format!("{id} is an application (client) id, not an object id."),
        )
        .with_field("identityParentId");
        match principal.id() {
            Some(object) if principal.kind() == Kind::AgentIdentity => {
                problem.with_fix(format!("Use {object}, the object id of that agent identity."))
            }
            _ => problem,
        }
    }))
}

fn name(principal: &ServicePrincipal) -> String {
    principal.display_name().map_or_else(|| "without a name".to_owned(), shown)
}

fn wrong(code: Code, message: String) -> Result<ServicePrincipal, Problem> {
    Err(Problem::new(code, message).with_field("identityParentId"))
}

/// Refuses what is not an agent identity.
fn of_kind(found: ServicePrincipal, kind: Kind, id: ObjectId) -> Result<ServicePrincipal, Problem> {
    let name = name(&found);
    match kind {
        Kind::BlueprintPrincipal => {
            wrong(Code::ParentIsBlueprintPrincipal, format!("{id} ({name}) is the principal of a blueprint."))
        }
        Kind::Plain => wrong(
            Code::ParentIsServicePrincipal,
            format!("{id} ({name}) is a service principal, but not an agent identity."),
        ),
        Kind::AgentIdentity => Ok(found),
    }
}

fn usable(parent: ServicePrincipal, id: ObjectId) -> Result<ServicePrincipal, Problem> {
    let name = name(&parent);
    if parent.is_disabled_by_microsoft() {
        let message = format!("Microsoft disabled the agent identity {id} ({name}).");
        return wrong(Code::ParentDisabledByMicrosoft, message);
    }
    if parent.account_enabled() == Some(false) {
        return wrong(Code::ParentDisabled, format!("The agent identity {id} ({name}) is disabled."));
    }
    Ok(parent)
}
