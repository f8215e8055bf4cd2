//! The plan of a roster, and applying it. The plan holds the roster as it was read, and so needs no other file.

use super::entries;
use super::only::require_known;
use crate::flow::guarded;
use crate::flow::ready::Readiness;
use crate::flow::report::{Report, Summary};
use crate::flow::roster::{RosterRequest, read_roster, run_rows};
use crate::flow::run::Approved;
use crate::flow::tenant::read_tenant;
use crate::operation::{Graph, Items};
use crate::plan::{Plan, PlanHead, Verb};
use crate::problem::{Code, Problem};
use crate::roster::{RosterLimits, Shard, roster_text};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

const ROSTER: &str = "roster";
const DOMAIN: &str = "domain";
const CHECK_DOMAINS: &str = "checkDomains";
const SHARD: &str = "shard";

/// Plans a roster and changes nothing. Yields the report of each row, in which the changes are planned; ends with the plan. A
/// row that has a problem is reported with it, and is not in the plan.
///
/// # Errors
/// As [`crate::flow::apply_roster`], and [`Code::TenantUnknown`].
pub async fn plan_roster<I: From<Report>>(
    graph: Graph,
    file: Vec<u8>,
    request: RosterRequest,
    items: Items<I>,
) -> Result<Plan, Problem> {
    let graph = guarded(&graph, true);
    let unix_ms = graph.now().unix_ms;
    let arguments = arguments(&file, &request)?;
    let roster = read_roster(&graph, file, request).await?;
    let tenant = read_tenant(&graph).await?;
    let (mut rows, mut stop) = (BTreeMap::new(), None);
    let mut see = |report: &Report| {
        stop = stop.take().or_else(|| report.problem.clone().filter(Problem::is_stop));
        if let Some(row) = report.row {
            rows.insert(row, entries::of_row(report));
        }
    };
    run_rows(&graph, roster, (Readiness::NONE, true, None), items, &mut see).await?;
    // The early end is one of the whole plan: what is left out of it would be taken for unchanged.
    if let Some(stop) = stop {
        return Err(stop);
    }
    let head =
        PlanHead { tenant_id: tenant.id, author: tenant.account, unix_ms, verb: Verb::Roster, arguments };
    Plan::new(head, rows.into_values().flatten().collect())
}

fn arguments(file: &[u8], request: &RosterRequest) -> Result<Map<String, Value>, Problem> {
    let text = roster_text(file, &request.limits)?;
    let mut arguments = Map::from_iter([
        (ROSTER.to_owned(), Value::from(text)),
        (CHECK_DOMAINS.to_owned(), Value::from(request.check_domains)),
    ]);
    let domain = request.domain.clone().map(|domain| (DOMAIN.to_owned(), Value::from(domain)));
    let shard = request.shard.map(|shard| (SHARD.to_owned(), Value::from(shard.to_string())));
    arguments.extend(domain.into_iter().chain(shard));
    Ok(arguments)
}

/// Applies the plan of a roster: the rows that it has changes for, and of each row these changes alone.
pub(super) async fn apply<I: From<Report>>(
    graph: &Graph,
    plan: &Plan,
    (only, dry_run): (Option<BTreeSet<usize>>, bool),
    items: Items<I>,
) -> Result<Summary, Problem> {
    let text = |name| plan.arguments().get(name).and_then(Value::as_str);
    let Some(roster) = text(ROSTER) else {
        return Err(Problem::new(Code::PlanUnreadable, "The plan has no roster in it."));
    };
    let mut approved = Approved::new();
    for entry in plan.changes() {
        if let Some(row) = entry.row {
            approved.entry(row).or_default().push(entry.change.clone());
        }
    }
    require_known(only.as_ref(), |number| approved.contains_key(&number))?;
    if let Some(only) = &only {
        approved.retain(|number, _| only.contains(number));
    }
    if approved.is_empty() {
        return Ok(Summary { run_id: graph.run_id(), ..Summary::default() });
    }
    let shard = text(SHARD).map(str::parse::<Shard>).transpose();
    let request = RosterRequest {
        domain: text(DOMAIN).map(str::to_owned),
        check_domains: plan.arguments().get(CHECK_DOMAINS).and_then(Value::as_bool).unwrap_or(true),
        rows: Some(approved.keys().copied().collect()),
        shard: shard.map_err(|violation| Problem::from_violations(vec![violation]))?,
        readiness: Readiness::NONE,
        dry_run,
        limits: RosterLimits::default(),
    };
    let roster = read_roster(graph, roster.as_bytes().to_vec(), request).await?;
    run_rows(graph, roster, (Readiness::NONE, dry_run, Some(approved)), items, &mut |_| {}).await
}
