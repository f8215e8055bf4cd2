//! Planning to contain, where that is looked at first.

use super::request::ContainRequest;
use super::stop::run;
use crate::flow::planned::of_report;
use crate::flow::report::{Change, Report};
use crate::flow::tenant::read_tenant;
use crate::operation::{Graph, Items};
use crate::plan::{Expected, Plan, PlanHead, Verb};
use crate::problem::Problem;

/// Plans to contain, and changes nothing. Yields the report of each object; ends with the plan.
///
/// # Errors
/// As for [`contain`](super::contain), and [`Code::TenantUnknown`](crate::problem::Code::TenantUnknown).
pub async fn plan_contain<I: From<Report>>(
    graph: Graph,
    request: ContainRequest,
    items: Items<I>,
) -> Result<Plan, Problem> {
    let graph = graph.read_only().with_batches();
    let unix_ms = graph.now().unix_ms;
    let tenant = read_tenant(&graph).await?;
    let request = ContainRequest { dry_run: true, ..request };
    let (mut reports, mut stop) = (Vec::new(), None);
    let mut see = |report: &Report| {
        stop = stop.take().or_else(|| report.problem.clone().filter(Problem::is_stop));
        reports.push(report.clone());
    };
    let (_, sessions) = run(&graph, &request, &items, &mut see).await?;
    // The early end is one of the whole plan: what is left out of it would be taken for stopped.
    if let Some(stop) = stop {
        return Err(stop);
    }
    reports.sort_by_key(|report| report.row);
    let entries = reports.iter().flat_map(|report| {
        of_report(report, |entry| Expected {
            identity_parent_id: report.identity_parent_id,
            sign_in_sessions_valid_from_date_time: report
                .id
                .and_then(|id| sessions.get(&id).cloned())
                .filter(|_| entry.change == Change::RevokeSessions),
            ..Expected::default()
        })
    });
    let head = PlanHead {
        tenant_id: tenant.id,
        author: tenant.account,
        unix_ms,
        verb: Verb::Contain,
        arguments: request.to_json(),
    };
    Plan::new(head, entries.collect())
}
