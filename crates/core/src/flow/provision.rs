//! Provisioning one agent user: from a verified parent to a mailbox that works.

use super::find::visible;
use super::guarded;
use super::ready::Readiness;
use super::remarks::{mailbox_not_by_creation, shown_by_no_call};
use super::report::Report;
use super::row::Row;
use super::run::Run;
use crate::model::{AgentUser, DesiredUser};
use crate::operation::Graph;
use crate::problem::Problem;

/// Provisions one agent user, exactly once, and reports how far it came.
///
/// The report says what was done, however the run ends: another run goes on from there.
///
/// # Errors
/// None: a problem is in the report.
pub async fn provision(
    graph: Graph,
    wanted: DesiredUser,
    readiness: Readiness,
    dry_run: bool,
) -> Result<Report, Problem> {
    let graph = guarded(&graph, dry_run);
    let within = graph.within(graph.settings().provision_timeout);
    let run = Run::prepare(&within, std::slice::from_ref(&wanted), &[], readiness, dry_run).await;
    let row = Row { run: &run, index: 0, number: None, wanted: &wanted };
    let mut report = row.apply(&within, &graph).await;
    if report.creates() {
        report.remark(mailbox_not_by_creation());
    }
    if readiness != Readiness::NONE && report.problem.is_none() {
        report.remark(shown_by_no_call());
    }
    Ok(report)
}

/// Provisions as [`provision`] does, then reads the agent user. Where that fails, the report says so, and still what was
/// done.
///
/// # Errors
/// None: a problem is in the report.
pub async fn create_agent_user(
    graph: Graph,
    wanted: DesiredUser,
    readiness: Readiness,
) -> Result<(Report, Option<AgentUser>), Problem> {
    let mut report = provision(graph.clone(), wanted, readiness, false).await?;
    let Some(id) = report.id.filter(|_| report.problem.is_none()) else { return Ok((report, None)) };
    match visible(&graph, id, "created").await {
        Ok(user) => Ok((report, Some(user))),
        Err(problem) => {
            report.conclude(Err(problem), false);
            Ok((report, None))
        }
    }
}
