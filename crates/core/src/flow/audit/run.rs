//! The operations: an audit of the tenant, and one of a snapshot.

use super::accept::{Acceptance, accept};
use super::collect::collect;
use super::compare::{compare, require_readable};
use super::finding::Finding;
use super::mend::{NotPlanned, mend};
use super::report::{AuditReport, judge};
use super::rule_id::RuleId;
use super::settings::AuditSettings;
use super::snapshot::Snapshot;
use crate::operation::Graph;
use crate::plan::Plan;
use crate::problem::Problem;
use serde::Serialize;

/// A request for an audit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditRequest {
    /// The rules, and how they decide.
    pub settings: AuditSettings,
    /// Whether the result has the snapshot.
    pub snapshot: bool,
    /// The findings that are accepted.
    pub accepted: Vec<Acceptance>,
    /// The bytes of an older report or snapshot, to compare with.
    pub older: Option<Vec<u8>>,
    /// The rules whose findings become a plan.
    pub fix: Vec<RuleId>,
}

/// The result of an audit.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Audited {
    /// The report.
    pub report: AuditReport,
    /// The raw material, where it was asked for: to be audited again, offline, by other rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Snapshot>,
    /// The plan that mends findings, where it was asked for. Its JSON is the plan's file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// The findings that the plan can't mend.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_planned: Vec<NotPlanned>,
}

/// Audits the tenant, in one pass of reads, and changes nothing.
///
/// # Errors
/// The agent users can't be listed; [`TenantUnknown`](crate::problem::Code::TenantUnknown); an older audit that can't be
/// compared with; an early end. Everything else that can't be read is a finding of the rules that read it: not checked.
pub async fn audit(graph: &Graph, request: AuditRequest) -> Result<Audited, Problem> {
    let graph = graph.read_only();
    let now_ms = request.settings.now_ms.unwrap_or(graph.now().unix_ms);
    // An older audit that can't be read is told before the tenant is.
    request.older.as_deref().map_or(Ok(()), |older| require_readable(older, &request.settings))?;
    let snapshot = collect(&graph, &request.settings).await?;
    concluded(snapshot, &request, now_ms)
}

/// Audits a snapshot offline.
///
/// # Errors
/// [`SnapshotUnreadable`](crate::problem::Code::SnapshotUnreadable),
/// [`SnapshotTooNew`](crate::problem::Code::SnapshotTooNew), [`InputTooLarge`](crate::problem::Code::InputTooLarge); an older
/// audit that can't be compared with.
pub fn audit_snapshot(file: &[u8], request: &AuditRequest) -> Result<Audited, Problem> {
    let snapshot = Snapshot::read(file)?;
    let now_ms = request.settings.now_ms.map_or_else(|| snapshot.taken_ms(), Ok)?;
    concluded(snapshot, request, now_ms)
}

fn concluded(snapshot: Snapshot, request: &AuditRequest, now_ms: i64) -> Result<Audited, Problem> {
    let AuditRequest { settings, accepted, older, fix, .. } = request;
    let mut report = judge(&snapshot, settings, now_ms);
    let mut findings = std::mem::take(&mut report.findings);
    accept(&mut findings, accepted, now_ms, |rule| report.is_checked(rule.as_str()));
    if let Some(older) = older {
        let checked = |rule: &str| report.is_checked(rule);
        report.gone = compare(&mut findings, older, snapshot.tenant_id, settings, checked)?;
    }
    for rule in &mut report.rules {
        rule.accepted = findings.iter().filter(|one| one.rule == rule.rule && one.accepted.is_some()).count();
    }
    let (plan, not_planned) = match fix.as_slice() {
        [] => (None, Vec::new()),
        rules => {
            let (plan, not_planned) = mend(&findings, rules, &snapshot, snapshot.taken_ms()?)?;
            (Some(plan), not_planned)
        }
    };
    // The order of the rules in a report is that of their list; findings are told from the worst on, everywhere.
    findings.sort_by_cached_key(Finding::place);
    report.findings = findings;
    Ok(Audited { report, snapshot: request.snapshot.then_some(snapshot), plan, not_planned })
}
