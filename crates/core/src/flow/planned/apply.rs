//! Applying a plan.

use super::arguments::RECONCILE;
use super::objects;
use super::only::require_known;
use super::roster;
use super::rows::work_on_all;
use super::steps::{Shared, is_of_licenses};
use super::target::Target;
use crate::flow::guarded;
use crate::flow::report::{Report, Summary};
use crate::flow::tenant::read_tenant;
use crate::operation::{Graph, Items};
use crate::plan::{MAX_AGE_DAYS, Plan, PlanLimits, Verb};
use crate::problem::Problem;
use serde_json::Value;
use std::collections::BTreeSet;

/// How a plan is read and applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplyRequest {
    /// The digest of the plan that was approved.
    pub approved: String,
    /// How old the plan may be, in days.
    pub max_age_days: u32,
    /// Only says what is left to change.
    pub dry_run: bool,
    /// The objects that are changed, by the numbers that the reports of a dry run have; all of them without any.
    pub only: Option<BTreeSet<usize>>,
    /// The most that is read of the file.
    pub limits: PlanLimits,
}

impl ApplyRequest {
    /// The usual limits, for the plan with that digest.
    #[must_use]
    pub fn approved(digest: impl Into<String>) -> Self {
        Self {
            approved: digest.into(),
            max_age_days: MAX_AGE_DAYS,
            dry_run: false,
            only: None,
            limits: PlanLimits::default(),
        }
    }
}

/// Makes the changes of a plan, and no other. Yields the report of each agent user as it ends; ends with the numbers.
///
/// An agent user that is not as the plan expects is left alone and reported with [`crate::problem::Code::NotAsPlanned`]. Run
/// again, it makes what is left to make, down to nothing.
///
/// # Errors
/// Those of [`Plan::read`], [`Plan::require_approved`]; a plan of another tenant; [`crate::problem::Code::TenantUnknown`].
/// Everything else is the problem of its agent user.
pub async fn apply_plan<I: From<Report>>(
    graph: Graph,
    file: Vec<u8>,
    request: ApplyRequest,
    items: Items<I>,
) -> Result<Summary, Problem> {
    let ApplyRequest { approved, max_age_days, dry_run, only, limits } = request;
    let plan = Plan::read(&file, &limits)?;
    drop(file);
    plan.require_approved(&approved, graph.now().unix_ms, max_age_days)?;
    let graph = guarded(&graph, dry_run).with_batches();
    plan.require_tenant(read_tenant(&graph).await?.id)?;
    match plan.verb() {
        Verb::Roster => roster::apply(&graph, &plan, (only, dry_run), items).await,
        _ => apply_to_targets(&graph, &plan, (only, dry_run), items).await,
    }
}

async fn apply_to_targets<I: From<Report>>(
    graph: &Graph,
    plan: &Plan,
    (only, dry_run): (Option<BTreeSet<usize>>, bool),
    items: Items<I>,
) -> Result<Summary, Problem> {
    let targets = Target::numbered(plan.changes());
    let of: usize = targets.iter().map(Vec::len).sum();
    require_known(only.as_ref(), |number| (1..=of).contains(&number))?;
    let is_meant = |number: &usize| only.as_ref().is_none_or(|only| only.contains(number));
    let targets =
        targets.into_iter().map(|group| group.into_iter().filter(|(number, _)| is_meant(number)).collect());
    let targets: Vec<Vec<(usize, Target)>> = targets.collect();
    let licensed = plan.changes().iter().any(|entry| is_of_licenses(&entry.change));
    let reconciles = plan.arguments().get(RECONCILE).and_then(Value::as_bool).unwrap_or_default();
    let shared = Shared::read(graph, licensed, reconciles, false).await;
    let shared = &shared.with_successors(graph, plan.changes()).await?;
    let apply = |graph: Graph, _, (number, target): (usize, Target)| async move {
        objects::apply(&target, &graph.for_row(number), number, shared, dry_run).await
    };
    Ok(work_on_all(graph, shared, targets, &items, apply).await)
}
