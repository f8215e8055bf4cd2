//! SKUs with their free seats, and licenses.

use super::ensure::ensure;
use super::pages::all;
use super::poller::{Backoff, GoneTimer, Poller, seen_or_none};
use super::report::{Change, Report};
use super::single::Single;
use crate::ObjectId;
use crate::graph::{self, Detail, LicenseChange};
use crate::model::{AgentUser, SkuRef, SubscribedSku, UserRef};
use crate::operation::{Graph, Waiting};
use crate::problem::{Code, Problem, license_state};
use std::sync::{Mutex, PoisonError};

/// The SKUs of the tenant.
///
/// # Errors
/// Refusals of Graph; LicenseAssignment.Read.All is needed.
pub async fn list_skus(graph: &Graph) -> Result<Vec<SubscribedSku>, Problem> {
    all(graph, graph::list_subscribed_skus(graph.root())).await
}

/// The SKUs of a tenant, and the free seats that no row of this run has taken.
#[derive(Debug)]
pub(super) struct Skus {
    skus: Vec<SubscribedSku>,
    free: Mutex<Vec<(ObjectId, i64)>>,
}

/// A SKU that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sku {
    pub(super) id: ObjectId,
    pub(super) name: String,
}

impl Skus {
    pub(super) async fn read(graph: &Graph) -> Result<Self, Problem> {
        let skus = list_skus(graph).await?;
        let free = skus.iter().filter_map(|sku| sku.sku_id().map(|id| (id, sku.free_seats()))).collect();
        Ok(Self { skus, free: Mutex::new(free) })
    }

    pub(super) fn find(&self, wanted: &SkuRef) -> Result<Sku, Problem> {
        let found = self.skus.iter().find(|sku| match wanted {
            SkuRef::Id(id) => sku.sku_id() == Some(*id),
            SkuRef::PartNumber(name) => {
                sku.sku_part_number().is_some_and(|part| part.eq_ignore_ascii_case(name))
            }
        });
        let names: Vec<&str> = self.skus.iter().filter_map(|sku| sku.sku_part_number()).collect();
        let Some((found, id)) = found.and_then(|sku| sku.sku_id().map(|id| (sku, id))) else {
            return Err(Problem::new(Code::SkuNotFound, format!("The tenant has no SKU {wanted}."))
                .with_field("licenses")
                .with_fix(format!("Use one the tenant has: {}.", names.join(", "))));
        };
        let name = found.sku_part_number().map_or_else(|| id.to_string(), str::to_owned);
        if !found.is_for_users() {
            return Err(Problem::new(
                Code::SkuNotAssignableToUsers,
                format!("{name} can't be assigned to users."),
            )
            .with_field("licenses"));
        }
        Ok(Sku { id, name })
    }

    /// Takes a free seat.
    pub(super) fn take(&self, sku: &Sku) -> Result<(), Problem> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        match free.iter_mut().find(|(id, _)| *id == sku.id) {
            Some((_, seats)) if *seats > 0 => {
                *seats -= 1;
                Ok(())
            }
            _ => Err(Problem::new(Code::NoFreeSeats, format!("No seat of {} is free.", sku.name))
                .with_field("licenses")),
        }
    }

    /// Adds the names of service plans and SKUs to a refusal of Graph, which has their ids.
    pub(super) fn named(&self, problem: Problem) -> Problem {
        problem.named(|id| {
            let id: ObjectId = id.parse().ok()?;
            self.skus.iter().find_map(|sku| {
                if sku.sku_id() == Some(id) {
                    return sku.sku_part_number().map(str::to_owned);
                }
                let plan = sku.service_plans().iter().find(|plan| plan.service_plan_id == Some(id))?;
                let (plan, sku) = (plan.service_plan_name.as_deref()?, sku.sku_part_number()?);
                Some(format!("{plan} of {sku}"))
            })
        })
    }

    /// Gives a seat back that was not used.
    pub(super) fn give_back(&self, sku: &Sku) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, seats)) = free.iter_mut().find(|(id, _)| *id == sku.id) {
            *seats += 1;
        }
    }
}

pub(super) fn has(user: &AgentUser, sku: ObjectId) -> bool {
    user.assigned_licenses().iter().any(|license| license.sku_id == Some(sku))
}

/// Adds and removes licenses in one request.
pub(super) async fn assign(
    graph: &Graph,
    user: ObjectId,
    add: &[Sku],
    remove: &[Sku],
) -> Result<(), Problem> {
    let change = LicenseChange {
        add: add.iter().map(|sku| sku.id).collect(),
        remove: remove.iter().map(|sku| sku.id).collect(),
    };
    let as_wanted = |seen: Option<&AgentUser>| {
        seen.is_some_and(|seen| {
            add.iter().all(|sku| has(seen, sku.id)) && !remove.iter().any(|sku| has(seen, sku.id))
        })
    };
    let look = || graph::get_user(graph.root(), &UserRef::Id(user), Detail::Usual);
    // There is a usage location, or this would not have begun: it may not have arrived (docs/graph.md#known-issues).
    let mut poller = Poller::replication(graph);
    loop {
        let write = || graph::assign_license(graph.root(), user, &change);
        match ensure(graph, write, look, as_wanted).await {
            Err(problem) if problem.code() == Code::LicenseNeedsUsageLocation => {
                if !poller.again(Waiting::Replication).await? {
                    return Err(problem);
                }
            }
            other => return other,
        }
    }
}

/// Whether a license of the user is known to be active.
pub(super) fn is_active(user: &AgentUser, sku: ObjectId) -> bool {
    let mut states = user.license_assignment_states().iter().filter(|state| state.sku_id == Some(sku));
    states.any(|state| matches!(state.state.as_deref(), Some("Active" | "ActiveWithError")))
}

/// Waits until every one of these licenses is active; a license in error ends it with the reason.
pub(super) async fn active(graph: &Graph, user: ObjectId, skus: &[Sku]) -> Result<(), Problem> {
    let mut poller = Poller::new(graph, graph.settings().provision_timeout, Backoff::LICENSE);
    // The agent user may be deleted meanwhile, or a license be removed again.
    let (mut gone, mut removed) = (GoneTimer::default(), GoneTimer::default());
    loop {
        let looked = graph.look(graph::get_user(graph.root(), &UserRef::Id(user), Detail::Usual)).await;
        match &looked {
            Ok(None) if gone.is_gone(graph) => {
                return Err(Problem::new(Code::NotFound, format!("The user {user} was deleted meanwhile.")));
            }
            Ok(Some(user)) if skus.iter().all(|sku| has(user, sku.id)) => {
                gone.reset();
                removed.reset();
            }
            Ok(Some(_)) if removed.is_gone(graph) => {
                return Err(Problem::new(Code::LicenseNotActive, "A license was removed again."));
            }
            Ok(Some(_)) => gone.reset(),
            _ => {}
        }
        let looked = seen_or_none(graph, looked)?;
        let mut pending = None;
        for sku in skus {
            if looked.as_ref().is_some_and(|user| is_active(user, sku.id)) {
                continue;
            }
            let states = looked.iter().flat_map(|user| user.license_assignment_states());
            let mut states = states.filter(|state| state.sku_id == Some(sku.id));
            let failed = states.find(|state| matches!(state.state.as_deref(), Some("Error" | "Disabled")));
            if let Some(failed) = failed {
                return Err(license_state(failed.error.as_deref().unwrap_or("Other"), &sku.name));
            }
            pending = Some(sku);
        }
        let Some(pending) = pending else { return Ok(()) };
        if !poller.again(Waiting::License).await? {
            return Err(Problem::new(
                Code::LicenseNotActive,
                format!("The license {} did not become active.", pending.name),
            ));
        }
    }
}

/// Adds and removes licenses of an agent user. Those it has already, or has not, are left alone.
///
/// # Errors
/// [`Code::SkuNotFound`], [`Code::NoFreeSeats`], [`Code::LicenseNeedsUsageLocation`], a license state, and what
/// Graph refuses.
pub async fn change_licenses(
    graph: &Graph,
    user: &UserRef,
    add: &[SkuRef],
    remove: &[SkuRef],
    dry_run: bool,
) -> Result<Report, Problem> {
    let (graph, mut single) = Single::find(graph, user, Detail::Usual, dry_run).await?;
    let (id, found) = (single.id, &single.user);
    let skus = Skus::read(&graph).await?;
    let unknown = add.iter().chain(remove).filter_map(|sku| skus.find(sku).err()).collect();
    if let Some(problem) = Problem::all(unknown) {
        return Err(problem);
    }
    let mut changes = Vec::new();
    let (mut adding, mut removing) = (Vec::new(), Vec::new());
    for wanted in add {
        let sku = skus.find(wanted)?;
        if !has(found, sku.id) && !adding.contains(&sku) {
            skus.take(&sku)?;
            changes.push(Change::AddLicense { sku: sku.name.clone() });
            adding.push(sku);
        }
    }
    for unwanted in remove {
        let sku = skus.find(unwanted)?;
        if has(found, sku.id) && !removing.contains(&sku) {
            require_direct(found, &sku)?;
            changes.push(Change::RemoveLicense { sku: sku.name.clone() });
            removing.push(sku);
        }
    }
    if !adding.is_empty() {
        require_usage_location(found.usage_location().is_some())?;
    }
    let assigned =
        async { assign(&graph, id, &adding, &removing).await.map_err(|problem| skus.named(problem)) };
    if single.make(changes, assigned).await? {
        // The changes stay in the report, whether the licenses become active or not.
        return Ok(single.ended(active(&graph, id, &adding).await));
    }
    Ok(single.done())
}

pub(super) fn require_usage_location(is_set: bool) -> Result<(), Problem> {
    if is_set {
        return Ok(());
    }
    Err(Problem::new(Code::LicenseNeedsUsageLocation, "A license needs a usage location, and there is none.")
        .with_field("usageLocation"))
}

/// Refuses to remove a license that comes from a group (docs/graph.md#licenses-and-readiness).
fn require_direct(user: &AgentUser, sku: &Sku) -> Result<(), Problem> {
    let states = user.license_assignment_states();
    let mut mine = states.iter().filter(|state| state.sku_id == Some(sku.id)).peekable();
    if mine.peek().is_some() && mine.all(|state| state.assigned_by_group.is_some()) {
        return Err(Problem::new(Code::LicenseInherited, format!("{} is inherited from a group.", sku.name)));
    }
    Ok(())
}
