//! The changes of a plan as steps, each of which is one write.

use super::hand_over::{Sponsored, add_successor, remove_leaver, replace_manager};
use super::successor::Successors;
use crate::ObjectId;
use crate::flow::delete::{delete_it, purge_it, restore_it};
use crate::flow::find::visible;
use crate::flow::leaving::{leave_planned, rejoin};
use crate::flow::license::{active, change_licenses_of};
use crate::flow::lifecycle::attest_parent_of;
use crate::flow::references::{add_sponsor_to, clear_manager_of, remove_sponsor_of, set_manager_of};
use crate::flow::report::Change;
use crate::flow::sessions::revoke_sessions_of;
use crate::flow::single::Single;
use crate::flow::skus::Skus;
use crate::flow::update::update_it;
use crate::graph::{self, Detail, RestoreOptions};
use crate::model::{
    AgentUserPatch, DirectLicense, GroupRef, Member, MemberName, MemberValue, PlanRef, SkuRef, SponsorRef,
    UserRef,
};
use crate::operation::Graph;
use crate::plan::{Expected, PlannedChange, member_value};
use crate::problem::{Code, Problem};
use crate::validate::Upn;
use serde_json::Value;
use std::collections::BTreeSet;

/// One write.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    Update(AgentUserPatch),
    Licenses {
        add: Vec<DirectLicense>,
        remove: Vec<SkuRef>,
    },
    SetManager(UserRef),
    /// Sets it in the place of this one.
    ReplaceManager(UserRef, ObjectId),
    ClearManager,
    AddSponsor(SponsorRef),
    /// Adds it beside this one, which is to go.
    AddSuccessor(SponsorRef, SponsorRef),
    RemoveSponsor(SponsorRef),
    /// Removes it once this one is seen beside it.
    RemoveLeaver(SponsorRef, SponsorRef),
    /// Takes it out of these, as far as this caller can.
    LeaveGroups(Vec<GroupRef>),
    /// Makes it a member of these again, as far as this caller can.
    RejoinGroups(Vec<GroupRef>),
    RevokeSessions,
    Attest,
    Delete,
    Restore(RestoreOptions),
    Purge,
}

/// The facts and options that the steps of all agent users share.
#[derive(Debug)]
pub(super) struct Shared {
    /// The SKUs of the tenant, where a change is about licenses.
    pub(super) skus: Option<Result<Skus, Problem>>,
    pub(super) auto_reconcile_proxy_conflict: bool,
    /// Whether one whose name another user has by now comes back under another name.
    renames: bool,
    /// The successors, where a relationship is handed over.
    pub(super) successors: Successors,
}

impl Shared {
    /// Reads the shared facts: the SKUs of the tenant where a change is about licenses (`licensed`).
    pub(super) async fn read(
        graph: &Graph,
        licensed: bool,
        auto_reconcile_proxy_conflict: bool,
        renames: bool,
    ) -> Self {
        let skus = if licensed { Some(Skus::read(graph).await) } else { None };
        Self { skus, auto_reconcile_proxy_conflict, renames, successors: Successors::default() }
    }

    /// The same with those who take over by these changes, each of whom is looked at.
    ///
    /// # Errors
    /// An early end.
    pub(super) async fn with_successors(
        self,
        graph: &Graph,
        changes: &[PlannedChange],
    ) -> Result<Self, Problem> {
        let mut named = BTreeSet::new();
        for entry in changes {
            match (&entry.change, &entry.expects) {
                (Change::SetManager { manager }, Expected { manager_id: Some(_), .. }) => {
                    named.insert(SponsorRef::User(manager.parse()?));
                }
                (Change::AddSponsor { sponsor }, Expected { sponsor: Some(_), .. }) => {
                    named.insert(sponsor.parse()?);
                }
                (Change::RemoveSponsor { .. }, Expected { sponsor: Some(successor), .. }) => {
                    named.insert(successor.clone());
                }
                _ => {}
            }
        }
        Ok(Self { successors: Successors::look(graph, named).await?, ..self })
    }

    /// Whether one whose name another user has by now comes back under another name.
    pub(super) const fn renames(&self) -> bool {
        self.renames
    }
}

/// Whether a change is about licenses.
pub(super) const fn is_of_licenses(change: &Change) -> bool {
    matches!(
        change,
        Change::AddLicense { .. } | Change::RemoveLicense { .. } | Change::SetDisabledPlans { .. }
    )
}

/// The steps of an agent user's changes, in their order. Neighbours that one write makes are one step.
///
/// # Errors
/// A change that a plan can't have, which its reader lets through to nobody.
pub(super) fn steps(changes: &[Change], expects: &[Expected], shared: &Shared) -> Result<Vec<Step>, Problem> {
    let mut steps = Vec::new();
    let mut left = changes;
    while let Some((first, rest)) = left.split_first() {
        let expects = expects.get(changes.len().saturating_sub(left.len()));
        let of = |is: &dyn Fn(&Change) -> bool| left.iter().take_while(|change| is(change)).count();
        let (step, taken) = match first {
            Change::Set { .. } => {
                let many = of(&|change| matches!(change, Change::Set { .. }));
                (Step::Update(patch(left.iter().take(many))?), many)
            }
            change if is_of_licenses(change) => {
                let many = of(&is_of_licenses);
                (licenses(left.iter().take(many))?, many)
            }
            Change::Restore => {
                let name = rest.first().and_then(new_name);
                let new_user_principal_name =
                    name.map(Upn::parse).transpose().map_err(Problem::from_violations)?;
                let taken = 1 + usize::from(name.is_some());
                let auto_reconcile_proxy_conflict = shared.auto_reconcile_proxy_conflict;
                let options = RestoreOptions { new_user_principal_name, auto_reconcile_proxy_conflict };
                (Step::Restore(options), taken)
            }
            Change::ClearManager => (Step::ClearManager, 1),
            Change::SetManager { .. } | Change::AddSponsor { .. } | Change::RemoveSponsor { .. } => {
                (of_people(first, expects)?, 1)
            }
            Change::RemoveFromGroup { .. } => {
                let many = of(&|change| matches!(change, Change::RemoveFromGroup { .. }));
                (Step::LeaveGroups(groups(left.iter().take(many))?), many)
            }
            Change::AddToGroup { .. } => {
                let many = of(&|change| matches!(change, Change::AddToGroup { .. }));
                (Step::RejoinGroups(groups(left.iter().take(many))?), many)
            }
            Change::RevokeSessions => (Step::RevokeSessions, 1),
            Change::Attest => (Step::Attest, 1),
            Change::Delete => (Step::Delete, 1),
            Change::Purge => (Step::Purge, 1),
            other => {
                return Err(Problem::new(
                    Code::Internal,
                    format!("A plan can't \"{other}\" one agent user."),
                ));
            }
        };
        steps.push(step);
        left = left.get(taken..).unwrap_or_default();
    }
    Ok(steps)
}

/// The step of a change of manager or sponsors. With a state that is expected of these, something is handed over.
fn of_people(change: &Change, expects: Option<&Expected>) -> Result<Step, Problem> {
    let sponsor = expects.and_then(|expects| expects.sponsor.clone());
    let manager_id = expects.and_then(|expects| expects.manager_id);
    Ok(match (change, manager_id, sponsor) {
        (Change::SetManager { manager }, Some(from), _) => Step::ReplaceManager(manager.parse()?, from),
        (Change::SetManager { manager }, None, _) => Step::SetManager(manager.parse()?),
        (Change::AddSponsor { sponsor }, _, Some(leaver)) => Step::AddSuccessor(sponsor.parse()?, leaver),
        (Change::AddSponsor { sponsor }, _, None) => Step::AddSponsor(sponsor.parse()?),
        (Change::RemoveSponsor { sponsor }, _, Some(after)) => Step::RemoveLeaver(sponsor.parse()?, after),
        (Change::RemoveSponsor { sponsor }, _, None) => Step::RemoveSponsor(sponsor.parse()?),
        (other, ..) => {
            return Err(Problem::new(Code::Internal, format!("\"{other}\" is not of people.")));
        }
    })
}

/// The name that a change gives.
pub(super) fn new_name(change: &Change) -> Option<&str> {
    match change {
        Change::Set { member, to: Value::String(name), .. } if *member == Member::UserPrincipalName => {
            Some(name)
        }
        _ => None,
    }
}

fn patch<'a>(changes: impl Iterator<Item = &'a Change>) -> Result<AgentUserPatch, Problem> {
    let values = changes.filter_map(|change| match change {
        Change::Set { member, to, .. } => Some(member_value(member.name(), to.clone())),
        _ => None,
    });
    let values: Result<Vec<(MemberName, MemberValue)>, _> = values.collect();
    values.and_then(AgentUserPatch::parse).map_err(Problem::from_violations)
}

fn groups<'a>(changes: impl Iterator<Item = &'a Change>) -> Result<Vec<GroupRef>, Problem> {
    let named = changes.filter_map(|change| match change {
        Change::AddToGroup { group } | Change::RemoveFromGroup { group } => Some(group),
        _ => None,
    });
    named.map(|group| group.parse()).collect()
}

fn licenses<'a>(changes: impl Iterator<Item = &'a Change>) -> Result<Step, Problem> {
    let sku = |name: &str| {
        SkuRef::parse_direct(name).map_err(|violation| Problem::from_violations(vec![violation]))
    };
    let plans = |names: &[String]| names.iter().map(|name| PlanRef::parse(name)).collect::<Vec<_>>();
    let (mut add, mut remove) = (Vec::new(), Vec::new());
    for change in changes {
        match change {
            Change::AddLicense { sku: name, disabled_plans } => add.push(DirectLicense {
                disabled_plans: plans(disabled_plans),
                ..DirectLicense::new(sku(name)?)
            }),
            Change::SetDisabledPlans { sku: name, from, to } => {
                let on: Vec<String> = from.iter().filter(|plan| !to.contains(plan)).cloned().collect();
                add.push(DirectLicense {
                    disabled_plans: plans(to),
                    enabled_plans: plans(&on),
                    ..DirectLicense::new(sku(name)?)
                });
            }
            Change::RemoveLicense { sku: name } => remove.push(sku(name)?),
            _ => {}
        }
    }
    Ok(Step::Licenses { add, remove })
}

impl Step {
    /// Makes it, unless it is so already.
    pub(super) async fn make(
        &self,
        graph: &Graph,
        single: &mut Single,
        shared: &Shared,
        dry_run: bool,
    ) -> Result<(), Problem> {
        match self {
            Self::Update(patch) => update_it(graph, single, patch).await,
            Self::Licenses { add, remove } => {
                let skus = match &shared.skus {
                    Some(Ok(skus)) => skus,
                    Some(Err(problem)) => return Err(problem.clone()),
                    None => return Err(Problem::new(Code::Internal, "The SKUs were not read.")),
                };
                let awaited = change_licenses_of(graph, single, skus, add, remove).await?;
                if awaited.is_empty() {
                    Ok(())
                } else {
                    active(graph, single.id, &single.name(), &awaited).await
                }
            }
            Self::SetManager(manager) => set_manager_of(graph, single, manager).await,
            Self::ReplaceManager(manager, from) => {
                replace_manager(graph, single, (manager, *from), &shared.successors).await
            }
            Self::AddSuccessor(successor, leaver) => {
                let pair = (successor, leaver);
                add_successor(graph, &mut Sponsored::User(single), pair, &shared.successors).await
            }
            Self::RemoveLeaver(leaver, successor) => {
                let sponsored = &mut Sponsored::User(single);
                remove_leaver(graph, sponsored, (successor, leaver), &shared.successors, dry_run).await
            }
            Self::ClearManager => clear_manager_of(graph, single).await,
            Self::AddSponsor(sponsor) => add_sponsor_to(graph, single, sponsor).await,
            Self::RemoveSponsor(sponsor) => remove_sponsor_of(graph, single, sponsor).await,
            Self::LeaveGroups(groups) => leave_planned(graph, single, groups).await,
            Self::RejoinGroups(groups) => rejoin(graph, single, groups).await,
            Self::RevokeSessions => revoke_sessions_of(graph, single).await,
            Self::Attest => attest_parent_of(graph, single).await,
            Self::Delete => delete_it(graph, single).await,
            Self::Restore(options) => {
                if restore(graph, single, options, shared).await? && !dry_run {
                    single.user = visible(graph, single.id, "restored").await?;
                }
                Ok(())
            }
            Self::Purge => purge_it(graph, single).await,
        }
    }
}

/// How many names are tried for one whose own another user has by now.
const NAMES: u32 = 9;

/// Brings it back, under its own name, or where that may be with a number in it.
async fn restore(
    graph: &Graph,
    single: &mut Single,
    options: &RestoreOptions,
    shared: &Shared,
) -> Result<bool, Problem> {
    let name = single.name();
    let restored = restore_it(graph, single, options).await;
    let taken = matches!(&restored, Err(problem) if problem.code() == Code::RestoreConflict);
    if !taken || !shared.renames() || !is_held(graph, &name).await? {
        return restored;
    }
    for number in 2..=NAMES {
        let Some(other) = numbered(&name, number) else { break };
        if is_held(graph, other.as_str()).await? {
            continue;
        }
        single.plan_anew();
        let options = RestoreOptions { new_user_principal_name: Some(other), ..options.clone() };
        return restore_it(graph, single, &options).await;
    }
    restored
}

/// Whether a user has that name.
async fn is_held(graph: &Graph, name: &str) -> Result<bool, Problem> {
    let Ok(user) = UserRef::parse(name) else { return Ok(false) };
    Ok(graph.look(graph::get_user(graph.endpoint(), &user, &Detail::USUAL)).await?.is_some())
}

/// The name with a number before the @.
fn numbered(name: &str, number: u32) -> Option<Upn> {
    let (local, domain) = name.split_once('@')?;
    Upn::parse(&format!("{local}.{number}@{domain}")).ok()
}
