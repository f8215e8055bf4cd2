//! Stopping, from the top: the blueprint's principal, then its agent identities, then their agent users.

use super::exceptions::{Exceptions, never_stopped};
use super::find::blueprint;
use super::request::{ContainRequest, ContainTarget};
use crate::ObjectId;
use crate::flow::blueprint::{deleted_principals, gather, identities};
use crate::flow::find::{find_by_parent, get};
use crate::flow::guarded;
use crate::flow::identity::identity;
use crate::flow::planned::Rows;
use crate::flow::principal::{Principal, enable_it, name_of};
use crate::flow::remarks::remark;
use crate::flow::report::{Report, Summary};
use crate::flow::sessions::{revoke_sessions_of, valid_from};
use crate::flow::single::Single;
use crate::flow::update::{signs_in, update_it};
use crate::graph::{self, Detail};
use crate::model::{AgentUser, ObjectKind, ServicePrincipal};
use crate::operation::{Graph, Items};
use crate::problem::{Problem, ProblemKind, shown};
use crate::remark::RemarkCode;
use futures_util::future::join;
use std::collections::{BTreeMap, BTreeSet};

/// Stops a blueprint, an agent identity or an agent user with everything below it: the principal is disabled first, then the agent
/// identities, then the agent users, whose sessions are ended. Accounts that are never stopped, and what is above them, are left
/// alone and named. Yields the report of each; ends with the numbers. Run again, it goes on where it stopped.
///
/// # Errors
/// [`Code::NeverStopped`](crate::problem::Code::NeverStopped), what is not found, and lists that can't be read. Everything else is
/// the problem of its object.
pub async fn contain<I: From<Report>>(
    graph: Graph,
    request: ContainRequest,
    items: Items<I>,
) -> Result<Summary, Problem> {
    let graph = guarded(&graph, request.dry_run).with_batches();
    let (summary, _) = run(&graph, &request, &items, &mut |_| {}).await?;
    Ok(summary)
}

/// The moments from which on the sessions of agent users are valid.
pub(super) type Sessions = BTreeMap<ObjectId, String>;

/// The same for a plan as well, which needs the moments.
pub(super) async fn run<I: From<Report>>(
    graph: &Graph,
    request: &ContainRequest,
    items: &Items<I>,
    see: &mut (dyn FnMut(&Report) + Send),
) -> Result<(Summary, Sessions), Problem> {
    let exceptions = Exceptions::read(graph, &request.except).await?;
    let mut stopping = Stopping {
        graph,
        exceptions: &exceptions,
        dry_run: request.dry_run,
        rows: Rows::new(graph, items, 0),
        see,
        sessions: BTreeMap::new(),
    };
    match &request.target {
        ContainTarget::User(user) => {
            let found = get(graph, user, &stopping.detail()).await?;
            stopping.require(&request.target, exceptions.of_user(&found))?;
            stopping.users(vec![found]).await;
        }
        ContainTarget::Identity(id) => {
            let found = identity(graph, *id).await?;
            stopping.require(&request.target, exceptions.of_identity(*id))?;
            stopping.identities(vec![found]).await;
            let child = find_by_parent(graph, *id, &stopping.detail()).await?;
            stopping.users(child.into_iter().collect()).await;
        }
        ContainTarget::Blueprint(id) => stopping.blueprint(*id).await?,
    }
    let Stopping { rows, sessions, .. } = stopping;
    let mut summary = rows.summary;
    summary.remarks.extend(exceptions.remarks);
    summary.remarks.push(remark(RemarkCode::TokensLiveOn, TOKENS));
    Ok((summary, sessions))
}

/// The remark about access tokens that are out (docs/graph.md#containing).
const TOKENS: &str = "No new tokens are given to what was stopped. Access tokens that are out live on to their end: as a rule 60 to \
    90 minutes, and up to 28 hours with continuous access evaluation. Services that use it, Microsoft Graph among them, refuse \
    those of a disabled user within minutes. Microsoft says so of users and of single-tenant applications, and not of agents.";

struct Stopping<'a, I> {
    graph: &'a Graph,
    exceptions: &'a Exceptions,
    dry_run: bool,
    rows: Rows<'a, I>,
    see: &'a mut (dyn FnMut(&Report) + Send),
    sessions: Sessions,
}

impl<I: From<Report>> Stopping<'_, I> {
    /// The moment from which on sessions are valid belongs to a plan, and may need a permission that stopping does not.
    fn detail(&self) -> Detail {
        if self.dry_run { Detail::USUAL.with_sessions() } else { Detail::USUAL }
    }

    /// Refuses what was named and is never stopped.
    fn require(&self, target: &ContainTarget, account: Option<&str>) -> Result<(), Problem> {
        account.map_or(Ok(()), |account| Err(never_stopped(&target.name(), account)))
    }

    async fn blueprint(&mut self, id: ObjectId) -> Result<(), Problem> {
        let found = blueprint(self.graph, id).await?;
        let app_id = found.app_id;
        match found.principal {
            Some(principal) => self.principal(principal, app_id).await,
            None => {
                let message = format!("The blueprint {app_id} has no principal in this tenant.");
                self.rows.summary.remarks.push(remark(RemarkCode::NoPrincipal, &message));
            }
        }
        let living = identities(self.graph, app_id).await.map_err(partly)?;
        let ids: BTreeSet<ObjectId> = living.iter().filter_map(ServicePrincipal::id).collect();
        let (graph, dry_run) = (self.graph, self.dry_run);
        // The agent users are listed while their parents are stopped.
        let (parents, ()) = join(parents(graph, app_id, ids, dry_run), self.identities(living)).await;
        let (users, unread) = parents.map_err(partly)?;
        self.rows.summary.remarks.extend(unread);
        self.users(users).await;
        Ok(())
    }

    async fn principal(&mut self, found: ServicePrincipal, app_id: ObjectId) {
        let kind = ObjectKind::BlueprintPrincipal;
        let account = self.exceptions.of_blueprint(app_id).map(str::to_owned);
        self.principals(kind, vec![(found, account)]).await;
    }

    async fn identities(&mut self, found: Vec<ServicePrincipal>) {
        let account = |one: &ServicePrincipal| self.exceptions.of_identity(one.id()?).map(str::to_owned);
        let found = found.into_iter().map(|one| {
            let account = account(&one);
            (one, account)
        });
        let found = found.collect();
        self.principals(ObjectKind::AgentIdentity, found).await;
    }

    /// Disables them; those that are left alone for an account are reported.
    async fn principals(&mut self, kind: ObjectKind, found: Vec<(ServicePrincipal, Option<String>)>) {
        let dry_run = self.dry_run;
        self.rows.more(found.len());
        let work = |graph: Graph, row, (found, account): (ServicePrincipal, Option<String>)| async move {
            let (id, name) = (found.id(), found.display_name().map(str::to_owned));
            let mut one = match Principal::of_row(&graph, row, (kind, found), None, dry_run) {
                Ok(one) => one,
                Err(problem) => return failed(&graph, row, (Some(kind), id, name), problem),
            };
            let Some(account) = account else {
                let result = enable_it(&graph, &mut one, false).await;
                return one.ended(result);
            };
            if kind == ObjectKind::BlueprintPrincipal {
                // The blueprint is what the caller asked to stop, so that leaving it alone is a problem.
                return one.ended(Err(never_stopped("The principal of the blueprint", &account)));
            }
            one.remark(left_alone(&one.name(), &account));
            one.ended(Ok(()))
        };
        self.rows.work_on(found, work, self.see).await;
    }

    /// Disables agent users and ends their sessions.
    async fn users(&mut self, found: Vec<AgentUser>) {
        let dry_run = self.dry_run;
        self.rows.more(found.len());
        self.sessions.extend(found.iter().filter_map(|user| Some((user.id()?, valid_from(user)?))));
        let exceptions = self.exceptions;
        let work = |graph: Graph, row, user: AgentUser| async move {
            let account = exceptions.of_user(&user).map(str::to_owned);
            let (id, name) = (user.id(), user.user_principal_name().map(str::to_owned));
            let mut single = match Single::of_row(&graph, row, user, None, dry_run) {
                Ok(single) => single,
                Err(problem) => return failed(&graph, row, (None, id, name), problem),
            };
            if let Some(account) = account {
                single.remark(left_alone(&shown(&single.name()), &account));
                return single.ended(Ok(()));
            }
            let result = stop_user(&graph, &mut single).await;
            single.ended(result)
        };
        self.rows.work_on(found, work, self.see).await;
    }
}

async fn stop_user(graph: &Graph, single: &mut Single) -> Result<(), Problem> {
    update_it(graph, single, &signs_in(false)?).await?;
    revoke_sessions_of(graph, single).await
}

fn left_alone(name: &str, account: &str) -> crate::remark::Remark {
    let message = format!("{name} was left alone: {account} is among the accounts that are never stopped.");
    remark(RemarkCode::NotStopped, &message)
}

fn failed(
    graph: &Graph,
    row: usize,
    (kind, id, name): (Option<ObjectKind>, Option<ObjectId>, Option<String>),
    problem: Problem,
) -> Report {
    let mut report = Report::new(graph, Some(row), None, String::new());
    (report.kind, report.id) = (kind, id);
    if kind.is_some() {
        report.display_name = name;
    } else {
        report.user_principal_name = name.unwrap_or_default();
    }
    report.conclude(Err(problem), false);
    report
}

/// A list that can't be read ends it half-way.
fn partly(problem: Problem) -> Problem {
    problem.saying("The objects that are reported above were stopped; the rest were not found.")
}

/// The agent users of these parents, and of agent identities of the blueprint that are in the recycle bin.
async fn parents(
    graph: &Graph,
    app_id: ObjectId,
    mut ids: BTreeSet<ObjectId>,
    with_sessions: bool,
) -> Result<(Vec<AgentUser>, Option<crate::remark::Remark>), Problem> {
    let unread = match deleted_principals(graph, app_id).await {
        Ok(binned) => {
            ids.extend(binned.iter().filter_map(ServicePrincipal::id));
            None
        }
        Err(problem) if problem.kind() == ProblemKind::Denied => {
            let needs = problem.permissions().join(", ");
            let message = format!(
                "Agent identities of {} in the recycle bin were not read, and so their agent users were not stopped: that needs \
                 one of {needs}.",
                name_of(app_id, None)
            );
            Some(remark(RemarkCode::NotContained, &message))
        }
        Err(problem) => return Err(problem),
    };
    let first = if with_sessions {
        graph::list_agent_users_with_sessions(graph.endpoint())
    } else {
        graph::list_agent_users_briefly(graph.endpoint())
    };
    let is_below = |user: &AgentUser| user.identity_parent_id().is_some_and(|parent| ids.contains(&parent));
    Ok((gather(graph, first, AgentUser::id, is_below).await?, unread))
}
