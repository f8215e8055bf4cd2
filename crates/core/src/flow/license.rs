//! Assigning licenses, taking them away, and waiting for them.

use super::ensure::{ensure, ensure_strictly};
use super::held::{assignments, direct, error_of, group_of, groups, has, has_active, is_active};
use super::license_groups::{in_words, name_groups};
use super::poller::{Backoff, GoneTimer, Poller, seen_or_none};
use super::remarks::remark;
use super::report::{Change, Report};
use super::single::Single;
use super::skus::{FoundLicense, Sku, Skus};
use crate::ObjectId;
use crate::graph::{self, Detail, LicenseChange};
use crate::model::{AgentUser, AssignedLicense, DirectLicense, SkuRef, UserRef};
use crate::operation::{Graph, Waiting};
use crate::problem::{Code, Problem, license_state};
use crate::remark::{Remark, RemarkCode};
use crate::short;

/// An assignment to make: of a license, or of other plans to a license that the user has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Assignment {
    pub(super) sku: Sku,
    disabled_plans: Vec<ObjectId>,
    /// It is not there yet, and takes a seat.
    pub(super) is_new: bool,
}

/// The difference between a license and what is wanted of it.
pub(super) enum Difference {
    None,
    Assign(Assignment, Change),
    /// It comes from groups, which decide on it.
    Inherited(Vec<String>),
}

/// Compares a license with what is wanted of it. Plans that are off stay off, unless it is said that they are to be on.
///
/// # Errors
/// [`Code::LicenseInherited`], when plans of a license are to change that groups assign.
pub(super) fn compare(skus: &Skus, user: Option<&AgentUser>, wanted: &FoundLicense) -> Difference {
    let sku = wanted.sku.clone();
    let names = |plans: &[ObjectId]| skus.plan_names(sku.id, plans);
    let Some(user) = user.filter(|user| has(user, sku.id)) else {
        let disabled_plans = wanted.disabled(&[]);
        let change = Change::AddLicense { sku: sku.name.clone(), disabled_plans: names(&disabled_plans) };
        return Difference::Assign(Assignment { sku, disabled_plans, is_new: true }, change);
    };
    let Some(now) = direct(user, sku.id) else {
        return Difference::Inherited(groups(user, sku.id).map(str::to_owned).collect());
    };
    let (now, disabled_plans) = (same_order(now), wanted.disabled(now));
    if now == disabled_plans {
        return Difference::None;
    }
    let change =
        Change::SetDisabledPlans { sku: sku.name.clone(), from: names(&now), to: names(&disabled_plans) };
    Difference::Assign(Assignment { sku, disabled_plans, is_new: false }, change)
}

fn same_order(plans: &[ObjectId]) -> Vec<ObjectId> {
    let mut plans = plans.to_vec();
    short::sort(&mut plans, |a, b| a < b);
    plans.dedup();
    plans
}

/// Whether what is wanted of a license that groups assign is so: its plans are theirs.
pub(super) fn plans_are_so(user: &AgentUser, wanted: &FoundLicense) -> bool {
    let license = user.assigned_licenses().iter().find(|license| license.sku_id == Some(wanted.sku.id));
    let now = license.map(|license| same_order(&license.disabled_plans)).unwrap_or_default();
    wanted.disabled(&now) == now
}

/// The remark about a license that comes from groups, which `from` names.
pub(super) fn inherited_remark(sku: &Sku, from: &str) -> Remark {
    let message = format!("{} comes from {from}. It is not assigned directly as well.", sku.name);
    remark(RemarkCode::LicenseInherited, &message)
}

pub(super) fn inherited_plans(sku: &Sku, from: &str) -> Problem {
    let message = format!("{} comes from {from}, which decides on its service plans.", sku.name);
    Problem::new(Code::LicenseInherited, message)
        .with_field("licenses")
        .with_fix("Change the service plans of the license in the group.")
}

/// The remark on a license that is assigned and in error.
pub(super) fn error_remark(user: &AgentUser, sku: &Sku) -> Option<Remark> {
    let error = assignments(user, sku.id).find_map(error_of)?;
    let problem = license_state(error, &sku.name);
    Some(remark(RemarkCode::LicenseInError, &format!("{} {}", problem.message(), problem.fix())))
}

/// The remark on a seat of a subscription that has run out.
pub(super) fn grace_remark(sku: &Sku) -> Remark {
    let message = format!(
        "No paid seat of {} is free in the tenant. Some of a subscription that has run out are left: Graph decides.",
        sku.name
    );
    remark(RemarkCode::GraceSeats, &message)
}

/// Adds and removes licenses in one request.
pub(super) async fn assign(
    graph: &Graph,
    user: ObjectId,
    add: &[Assignment],
    remove: &[Sku],
) -> Result<(), Problem> {
    let license = |add: &Assignment| AssignedLicense::new(add.sku.id, add.disabled_plans.clone());
    let change = LicenseChange {
        add: add.iter().map(license).collect(),
        remove: remove.iter().map(|sku| sku.id).collect(),
    };
    let as_wanted = |seen: Option<&AgentUser>| {
        seen.is_some_and(|seen| {
            add.iter().all(|add| {
                direct(seen, add.sku.id).is_some_and(|plans| same_order(plans) == add.disabled_plans)
            }) && remove.iter().all(|sku| direct(seen, sku.id).is_none())
        })
    };
    let look = || graph::get_user(graph.endpoint(), &UserRef::Id(user), &Detail::USUAL);
    // There is a usage location, or this would not have begun: it may not have arrived (docs/graph.md#known-issues).
    let mut poller = Poller::replication(graph);
    loop {
        let write = || graph::assign_license(graph.endpoint(), user, &change);
        // A replica that does not show a license yet looks as if it was removed.
        let written = if remove.is_empty() {
            ensure(graph, write, look, as_wanted).await
        } else {
            ensure_strictly(graph, write, look, as_wanted).await
        };
        match written {
            Err(problem) if problem.code() == Code::LicenseNeedsUsageLocation => {
                if !poller.again_after(Waiting::Replication, Some(&problem)).await? {
                    return Err(problem);
                }
            }
            other => return other,
        }
    }
}

/// A license that is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Awaited {
    pub(super) sku: Sku,
    /// The group that must assign it; none: it may come from anywhere.
    pub(super) group: Option<ObjectId>,
}

impl Awaited {
    pub(super) const fn anyhow(sku: Sku) -> Self {
        Self { sku, group: None }
    }

    fn is_by(&self, group: Option<&str>) -> bool {
        self.group.is_none_or(|wanted| group.and_then(|group| group.parse().ok()) == Some(wanted))
    }

    /// Whether the license is there, in whatever state.
    pub(super) fn is_there(&self, user: &AgentUser) -> bool {
        match self.group {
            None => has(user, self.sku.id),
            Some(_) => assignments(user, self.sku.id).any(|state| self.is_by(group_of(state))),
        }
    }

    pub(super) fn is_active(&self, user: &AgentUser) -> bool {
        assignments(user, self.sku.id).any(|state| self.is_by(group_of(state)) && is_active(state))
    }

    /// The problem that keeps it from becoming active.
    fn failed(&self, user: &AgentUser) -> Option<Problem> {
        let mut states = assignments(user, self.sku.id).filter(|state| self.is_by(group_of(state)));
        let failed = states.find(|state| matches!(state.state.as_deref(), Some("Error" | "Disabled")))?;
        let problem = license_state(failed.error.as_deref().unwrap_or("Other"), &self.sku.name);
        Some(match group_of(failed) {
            Some(group) => {
                let cause = format!("{} The license comes from the group {group}.", problem.cause());
                problem.with_cause(cause)
            }
            None => problem,
        })
    }
}

/// Waits until every one of these licenses is active; a license in error ends it with the reason. Problems name
/// the agent user by `name`.
pub(super) async fn active(
    graph: &Graph,
    user: ObjectId,
    name: &str,
    awaited: &[Awaited],
) -> Result<(), Problem> {
    let mut poller = Poller::new(graph, graph.settings().provision_timeout, Backoff::LICENSE);
    // The agent user may be deleted meanwhile, or a license be removed again.
    let (mut gone, mut removed) = (GoneTimer::default(), GoneTimer::default());
    // A group may take its time to assign what it never has assigned.
    let assigned: Vec<&Awaited> = awaited.iter().filter(|one| one.group.is_none()).collect();
    loop {
        let looked = graph.look(graph::get_user(graph.endpoint(), &UserRef::Id(user), &Detail::USUAL)).await;
        match &looked {
            Ok(None) if gone.is_gone(graph) => {
                return Err(Problem::new(Code::NotFound, format!("{name} was deleted meanwhile.")));
            }
            Ok(Some(user)) if assigned.iter().all(|one| one.is_there(user)) => {
                gone.reset();
                removed.reset();
            }
            Ok(Some(_)) if removed.is_gone(graph) => {
                let message = format!("A license of {name} was removed again.");
                return Err(Problem::new(Code::LicenseNotActive, message));
            }
            Ok(Some(_)) => gone.reset(),
            _ => {}
        }
        let failed = looked.as_ref().err().cloned();
        let looked = seen_or_none(graph, looked)?;
        let mut pending = None;
        for one in awaited {
            if looked.as_ref().is_some_and(|user| one.is_active(user)) {
                continue;
            }
            if let Some(problem) = looked.as_ref().and_then(|user| one.failed(user)) {
                return Err(problem);
            }
            pending = Some(one);
        }
        let Some(pending) = pending else { return Ok(()) };
        if !poller.again_after(Waiting::License, failed.as_ref()).await? {
            let by = pending.group.map(|group| format!(" from the group {group}")).unwrap_or_default();
            return Err(Problem::new(
                Code::LicenseNotActive,
                format!("The license {}{by} of {name} did not become active.", pending.sku.name),
            ));
        }
    }
}

/// Adds and removes licenses of an agent user. Those it has already, or has not, are left alone; plans that are off stay
/// off, unless a license says that they are to be on.
///
/// # Errors
/// [`Code::SkuNotFound`], [`Code::SkuAmbiguous`], [`Code::ServicePlanNotFound`], [`Code::NoFreeSeats`],
/// [`Code::LicenseNeedsUsageLocation`], [`Code::LicenseInherited`], a license state, and what Graph refuses.
pub async fn change_licenses(
    graph: &Graph,
    user: &UserRef,
    add: &[DirectLicense],
    remove: &[SkuRef],
    dry_run: bool,
) -> Result<Report, Problem> {
    let (graph, single) = Single::find(graph, user, &Detail::USUAL, dry_run).await?;
    let skus = Skus::read(&graph).await?;
    change_found(&graph, single, &skus, add, remove).await
}

/// The SKUs of the tenant, read once for many agent users.
#[derive(Debug)]
pub struct SharedSkus(Skus);

impl SharedSkus {
    /// Reads them.
    ///
    /// # Errors
    /// Refusals of Graph.
    pub async fn read(graph: &Graph) -> Result<Self, Problem> {
        Skus::read(graph).await.map(Self)
    }
}

/// The same as [`change_licenses`], with SKUs that were read before.
///
/// # Errors
/// Those of [`change_licenses`].
pub async fn change_licenses_with(
    graph: &Graph,
    user: &UserRef,
    skus: &SharedSkus,
    add: &[DirectLicense],
    remove: &[SkuRef],
    dry_run: bool,
) -> Result<Report, Problem> {
    let (graph, single) = Single::find(graph, user, &Detail::USUAL, dry_run).await?;
    change_found(&graph, single, &skus.0, add, remove).await
}

async fn change_found(
    graph: &Graph,
    mut single: Single,
    skus: &Skus,
    add: &[DirectLicense],
    remove: &[SkuRef],
) -> Result<Report, Problem> {
    let awaited = change_licenses_of(graph, &mut single, skus, add, remove).await?;
    // The changes stay in the report, whether the licenses become active or not.
    let ended =
        if awaited.is_empty() { Ok(()) } else { active(graph, single.id, &single.name(), &awaited).await };
    Ok(single.ended(ended))
}

/// The same for one that was found, without the wait: the licenses to wait for are the answer.
pub(super) async fn change_licenses_of(
    graph: &Graph,
    single: &mut Single,
    skus: &Skus,
    add: &[DirectLicense],
    remove: &[SkuRef],
) -> Result<Vec<Awaited>, Problem> {
    let (id, found) = (single.id, single.user.clone());
    let unknown = add.iter().filter_map(|license| skus.resolve(license).err());
    let unknown = unknown.chain(remove.iter().filter_map(|sku| skus.find(sku).err())).collect();
    if let Some(problem) = Problem::all(unknown) {
        return Err(problem);
    }
    let mut changes = Vec::new();
    let (mut adding, mut removing): (Vec<Assignment>, Vec<Sku>) = (Vec::new(), Vec::new());
    for wanted in add {
        let wanted = skus.resolve(wanted)?;
        let sku = &wanted.sku;
        match compare(skus, Some(&found), &wanted) {
            Difference::Assign(one, change) if !adding.iter().any(|other| other.sku == one.sku) => {
                if one.is_new && skus.take(sku)? {
                    single.remark(grace_remark(sku));
                }
                changes.push(change);
                adding.push(one);
            }
            Difference::Inherited(groups) => {
                let from = from_groups(graph, &groups).await?;
                if !plans_are_so(&found, &wanted) {
                    return Err(inherited_plans(sku, &from));
                }
                single.remark(inherited_remark(sku, &from));
            }
            Difference::Assign(..) | Difference::None => {}
        }
        single.remark_all(error_remark(&found, sku));
    }
    for unwanted in remove {
        let sku = skus.find(unwanted)?;
        let groups: Vec<String> = groups(&found, sku.id).map(str::to_owned).collect();
        if direct(&found, sku.id).is_some() && !removing.contains(&sku) {
            if !groups.is_empty() {
                let from = from_groups(graph, &groups).await?;
                let message = format!("The agent user still has {} from {from}.", sku.name);
                single.remark(remark(RemarkCode::StillInherited, &message));
            }
            changes.push(Change::RemoveLicense { sku: sku.name.clone() });
            removing.push(sku);
        } else if !groups.is_empty() && !removing.contains(&sku) {
            return Err(inherited(&sku, &from_groups(graph, &groups).await?));
        }
    }
    if adding.iter().any(|one| one.is_new) {
        require_usage_location(found.usage_location().is_some())?;
    }
    let assigned = async {
        let assigned = assign(graph, id, &adding, &removing).await;
        match assigned.map_err(|problem| skus.named(problem)) {
            Err(problem) if problem.code() == Code::LicenseInherited => {
                Err(with_groups(graph, id, &removing, problem).await)
            }
            Err(problem) if problem.code() == Code::LicenseDependencyMissing && adding.is_empty() => {
                Err(problem
                    .with_cause("Another license of the agent user has a service plan that needs one of this license.")
                    .with_fix("Remove the license that needs it first, or at the same time."))
            }
            other => other,
        }
    };
    let made = single.make(changes, assigned).await?;
    let awaited = adding.into_iter().filter(|_| made).map(|one| Awaited::anyhow(one.sku));
    Ok(awaited.collect())
}

/// Graph's refusal to remove a license that the user was not known to have from a group, with the groups.
async fn with_groups(graph: &Graph, user: ObjectId, removing: &[Sku], problem: Problem) -> Problem {
    let look = graph::get_user(graph.endpoint(), &UserRef::Id(user), &Detail::USUAL);
    let Ok(Some(seen)) = graph.look(look).await else { return problem };
    let from: Vec<String> =
        removing.iter().flat_map(|sku| groups(&seen, sku.id)).map(str::to_owned).collect();
    match from_groups(graph, &from).await {
        Ok(from_words) if !from.is_empty() => {
            problem.with_fix(format!("Remove the agent user from {from_words}, or the license from there."))
        }
        _ => problem,
    }
}

/// Groups in words, by name where the caller may read it.
async fn from_groups(graph: &Graph, ids: &[String]) -> Result<String, Problem> {
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    Ok(in_words(&name_groups(graph, &ids).await?))
}

pub(super) fn require_usage_location(is_set: bool) -> Result<(), Problem> {
    if is_set {
        return Ok(());
    }
    Err(Problem::new(Code::LicenseNeedsUsageLocation, "A license needs a usage location, and there is none.")
        .with_field("usageLocation"))
}

/// A license that comes from groups can't be removed from the user (docs/graph.md#licenses-from-groups).
fn inherited(sku: &Sku, from: &str) -> Problem {
    let message = format!("{} comes from {from}, and can't be removed from the agent user itself.", sku.name);
    Problem::new(Code::LicenseInherited, message)
        .with_field("licenses")
        .with_fix(format!("Remove the agent user from {from}, or the license from there."))
}

/// Whether a license that the user has is not known to be active.
pub(super) fn is_inactive(user: &AgentUser, sku: ObjectId) -> bool {
    has(user, sku) && !has_active(user, sku)
}
