//! Planning a hand-over.

use super::find::{Named, Way, named_by};
use super::pairs::{Entry, Pair, Pairs};
use super::parents::{Parents, parents};
use super::request::{HandedOver, HandoverRequest, Leaver, same_objects};
use crate::ObjectId;
use crate::flow::blueprint::agent_users;
use crate::flow::find::{get, id_of};
use crate::flow::planned::{Rows, Successor, look_at};
use crate::flow::references::{read_manager, read_sponsors};
use crate::flow::remarks::remark;
use crate::flow::report::{Change, Report};
use crate::flow::tenant::read_tenant;
use crate::graph::{self, Detail};
use crate::model::{AgentUser, DirectoryObject, ObjectKind, SponsorRef, UserRef};
use crate::operation::{Graph, Items};
use crate::plan::{Expected, Plan, PlanHead, Verb};
use crate::problem::{Code, Problem, ProblemKind};
use crate::remark::RemarkCode;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use std::collections::{BTreeMap, BTreeSet};

/// Plans to hand over what leavers are the manager or a sponsor of, and changes nothing. Yields the report of each agent user and
/// agent identity that has something to change, then one of each leaver, which says how many were found and by which calls; ends
/// with the plan. A leaver who has a problem is reported with it.
///
/// # Errors
/// [`Code::TenantUnknown`], leavers that contradict each other, lists that can't be read, and an early end.
pub async fn plan_handover<I: From<Report>>(
    graph: Graph,
    request: HandoverRequest,
    items: Items<I>,
) -> Result<Plan, Problem> {
    let graph = &graph.read_only().with_batches();
    let unix_ms = graph.now().unix_ms;
    let tenant = read_tenant(graph).await?;
    let arguments = request.to_json();
    let handed_over = request.handed_over;
    let mut rows = Rows::new(graph, &items, request.leavers.len());
    let (pairs, failed) = resolve(graph, request.leavers).await?;
    let mut named = BTreeMap::new();
    let looks = pairs.0.values().map(|pair| async move {
        (pair.from_id, named_by(graph, &pair.leaver.from, pair.from_id, handed_over).await)
    });
    let mut looks: FuturesUnordered<_> = looks.collect();
    while let Some((leaver, found)) = looks.next().await {
        named.insert(leaver, found?);
    }
    let users = candidates(graph, &named).await?;
    let mut ids: BTreeSet<ObjectId> = named.values().flat_map(|one| one.identities.clone()).collect();
    let scope = Scope::of(&named, handed_over);
    let mut entries = examine(graph, &pairs, users, &scope, &mut ids).await?;
    let found = if handed_over.sponsors() { parents(graph, &pairs, ids).await? } else { Parents::default() };
    entries.extend(found.entries);
    let told = Told { named: &named, entries: &entries, unread: found.unread.as_ref() };
    let leavers: Vec<Report> = pairs.0.values().map(|pair| told.leaver(graph, pair)).collect();
    rows.more(entries.len());
    let mut changes = Vec::new();
    let mut number = 0..;
    let numbered = entries.into_iter().map(|entry| {
        changes.extend(entry.changes());
        entry.report
    });
    let reports: Vec<Report> = numbered.chain(leavers).chain(failed).collect();
    for mut report in reports {
        report.row = number.next().map(|number: usize| number.saturating_add(1));
        rows.report(report).await;
    }
    let (tenant_id, author) = (tenant.id, tenant.account);
    Plan::new(PlanHead { tenant_id, author, unix_ms, verb: Verb::Handover, arguments }, changes)
}

/// Finds the leavers and their successors. A pair with a problem is reported.
async fn resolve(graph: &Graph, leavers: Vec<Leaver>) -> Result<(Pairs, Vec<Report>), Problem> {
    let found = leavers.into_iter().enumerate().map(|(index, leaver)| async move {
        let pair = pair(graph, &leaver).await;
        (index, leaver, pair)
    });
    let mut found: FuturesUnordered<_> = found.collect();
    let (mut pairs, mut failed, mut ids) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    while let Some((index, leaver, pair)) = found.next().await {
        match pair {
            Ok((from_id, to)) => {
                ids.push((index, from_id, to.id));
                pairs.insert(from_id, Pair { leaver, from_id, to });
            }
            Err(problem) if problem.is_stop() => return Err(problem),
            Err(problem) => {
                let mut report = Report::new(graph, None, None, leaver.from.to_string());
                report.kind = Some(ObjectKind::Leaver);
                report.conclude(Err(problem), true);
                failed.insert(index, report);
            }
        }
    }
    ids.sort_unstable_by_key(|(index, ..)| *index);
    let broken = same_objects(&ids);
    if !broken.is_empty() {
        return Err(Problem::from_violations(broken));
    }
    Ok((Pairs(pairs), failed.into_values().collect()))
}

async fn pair(graph: &Graph, leaver: &Leaver) -> Result<(ObjectId, Successor), Problem> {
    let from = match &leaver.from {
        SponsorRef::Group(id) => *id,
        SponsorRef::User(user) => {
            let found = graph.find(graph::get_user(graph.endpoint(), user, &Detail::USUAL)).await?;
            let absent = |absent| {
                let message = format!("There is no user {user}.");
                Problem::new(Code::NotFound, message).about(&absent)
            };
            id_of(&found.map_err(absent)?)?
        }
    };
    Ok((from, look_at(graph, &leaver.to).await?))
}

/// The agent users to look at: those that relationships name, or all.
async fn candidates(
    graph: &Graph,
    named: &BTreeMap<ObjectId, Named>,
) -> Result<Vec<(ObjectId, Option<AgentUser>)>, Problem> {
    if named.values().any(Named::needs_lists) {
        let users = agent_users(graph, |_| true).await?;
        return Ok(users.into_iter().filter_map(|user| Some((user.id()?, Some(user)))).collect());
    }
    let ids: BTreeSet<ObjectId> = named.values().flat_map(|one| one.users.clone()).collect();
    Ok(ids.into_iter().map(|id| (id, None)).collect())
}

/// Which relationships of agent users are looked at.
struct Scope {
    sponsors: bool,
    /// The agent users whose manager a leaver may be; `None` for any.
    managed: Option<BTreeSet<ObjectId>>,
    by_lists: bool,
}

impl Scope {
    fn of(named: &BTreeMap<ObjectId, Named>, handed_over: HandedOver) -> Self {
        let any = named.values().any(|one| matches!(one.manager, Some(Way::Lists(..))));
        let direct = || named.values().filter(|one| one.manager.is_some()).flat_map(|one| one.users.clone());
        Self {
            sponsors: handed_over.sponsors(),
            managed: if any { None } else { Some(direct().collect()) },
            by_lists: named.values().any(Named::needs_lists),
        }
    }

    fn may_be_managed(&self, id: ObjectId) -> bool {
        self.managed.as_ref().is_none_or(|managed| managed.contains(&id))
    }
}

/// Looks at the manager and sponsors of each, and gathers the parents.
async fn examine(
    graph: &Graph,
    pairs: &Pairs,
    users: Vec<(ObjectId, Option<AgentUser>)>,
    scope: &Scope,
    ids: &mut BTreeSet<ObjectId>,
) -> Result<Vec<Entry>, Problem> {
    let looks = users.into_iter().map(|(id, user)| {
        Box::pin(async move {
            let user = match user {
                Some(user) => Ok(user),
                None => get(graph, &UserRef::Id(id), &Detail::USUAL).await,
            };
            let user = match user {
                // People have managers and sponsors, too. One that is not found was deleted a moment ago.
                Err(other) if matches!(other.code(), Code::NotAnAgentUser | Code::NotFound) => return None,
                other => other,
            };
            let parent = user.as_ref().ok().and_then(AgentUser::identity_parent_id);
            let entry = match &user {
                Ok(user) => changes_of(graph, pairs, id, user, scope).await,
                Err(problem) => Err(problem.clone()),
            };
            Some((id, user.ok(), parent, entry))
        })
    });
    let mut looks: FuturesUnordered<_> = looks.collect();
    let mut entries = BTreeMap::new();
    while let Some(looked) = looks.next().await {
        let Some((id, user, parent, entry)) = looked else { continue };
        ids.extend(parent);
        match entry {
            Ok(entry) => {
                entries.extend(entry.map(|entry| (id, entry)));
            }
            // Where one of all is refused, all are: the leaver's agent users can't be found then.
            Err(problem) if problem.is_stop() || scope.by_lists && problem.kind() == ProblemKind::Denied => {
                return Err(problem);
            }
            Err(problem) => {
                let mut report = match &user {
                    Some(user) => Report::of(graph, user),
                    None => Report::new(graph, None, None, id.to_string()),
                };
                report.id = Some(id);
                report.conclude(Err(problem), true);
                entries
                    .insert(id, Entry { report, expects: Vec::new(), managed: None, sponsored: Vec::new() });
            }
        }
    }
    Ok(entries.into_values().collect())
}

/// The changes of an agent user, or none where no leaver is its manager or sponsor.
async fn changes_of(
    graph: &Graph,
    pairs: &Pairs,
    id: ObjectId,
    user: &AgentUser,
    scope: &Scope,
) -> Result<Option<Entry>, Problem> {
    let (mut changes, mut expects) = (Vec::new(), Vec::new());
    let mut managed = None;
    if scope.may_be_managed(id)
        && let Some(manager) = read_manager(graph, id).await?.as_ref().and_then(DirectoryObject::id)
        && let Some(Pair { leaver: Leaver { to: SponsorRef::User(to), .. }, .. }) = pairs.0.get(&manager)
    {
        managed = Some(manager);
        changes.push(Change::SetManager { manager: to.to_string() });
        let identity_parent_id = user.identity_parent_id();
        expects.push(Expected { identity_parent_id, manager_id: Some(manager), ..Expected::default() });
    }
    let mut sponsored = Vec::new();
    if scope.sponsors {
        let sponsors = read_sponsors(graph, id).await?;
        let sponsors: BTreeSet<ObjectId> = sponsors.iter().filter_map(DirectoryObject::id).collect();
        sponsored.extend(pairs.among(&sponsors).iter().map(|pair| pair.from_id));
        let (more, states) = pairs.sponsors(&sponsors);
        changes.extend(more);
        let identity_parent_id = user.identity_parent_id();
        expects.extend(states.into_iter().map(|state| Expected { identity_parent_id, ..state }));
    }
    if changes.is_empty() {
        return Ok(None);
    }
    let mut report = Report::of(graph, user);
    drop(report.plan_all(changes));
    report.conclude(Ok(()), true);
    Ok(Some(Entry { report, expects, managed, sponsored }))
}

/// The facts for the reports about leavers.
struct Told<'a> {
    named: &'a BTreeMap<ObjectId, Named>,
    entries: &'a [Entry],
    unread: Option<&'a (usize, Problem)>,
}

impl Told<'_> {
    fn leaver(&self, graph: &Graph, pair: &Pair) -> Report {
        let mut report = Report::new(graph, None, None, pair.leaver.from.to_string());
        (report.kind, report.id) = (Some(ObjectKind::Leaver), Some(pair.from_id));
        let Some(named) = self.named.get(&pair.from_id) else { return report };
        let count = |is: &dyn Fn(&&Entry) -> bool| self.entries.iter().filter(is).count();
        let sponsored = |of_parents: bool| {
            count(&|entry| {
                entry.report.kind.is_some() == of_parents && entry.sponsored.contains(&pair.from_id)
            })
        };
        if let Some(way) = &named.manager {
            let found = count(&|entry| entry.managed == Some(pair.from_id));
            report.remark(found_by(way, &format!("It is the manager of {}", users(found))));
        }
        if let Some(way) = &named.sponsor {
            let identities = match sponsored(true) {
                1 => "1 agent identity".to_owned(),
                many => format!("{many} agent identities"),
            };
            let what = format!("It is a sponsor of {} and {identities}", users(sponsored(false)));
            report.remark(found_by(way, &what));
        }
        if let Some((unread, problem)) = self.unread.filter(|_| named.sponsor.is_some()) {
            let needs = match problem.permissions() {
                [] => format!("{problem}"),
                permissions => format!("That needs one of {}.", permissions.join(", ")),
            };
            let message = format!(
                "The sponsors of {unread} agent identities, the parents, were not read and are not handed over. {needs}"
            );
            report.remark(remark(RemarkCode::NotHandedOver, &message));
        }
        report.conclude(Ok(()), true);
        report
    }
}

fn users(count: usize) -> String {
    if count == 1 { "1 agent user".to_owned() } else { format!("{count} agent users") }
}

fn found_by(way: &Way, what: &str) -> crate::remark::Remark {
    let message = match way {
        Way::Direct(relationship) => format!("{what}, found by {relationship}."),
        Way::Lists(relationship, None) => {
            format!("{what}, found by reading all agent users, because groups have no {relationship}.")
        }
        Way::Lists(relationship, Some(problem)) => {
            format!(
                "{what}, found by reading all agent users, because {relationship} did not answer: {problem}"
            )
        }
    };
    remark(RemarkCode::HandedOver, &message)
}
