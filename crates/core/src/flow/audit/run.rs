//! The operations: an audit of the tenant, and one of a snapshot.

use super::collect::collect;
use super::report::{AuditReport, judge};
use super::settings::AuditSettings;
use super::snapshot::Snapshot;
use crate::operation::Graph;
use crate::problem::{Code, Problem};
use crate::validate::date_time;
use serde::Serialize;

/// What is asked of an audit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditRequest {
    /// The rules, and how they decide.
    pub settings: AuditSettings,
    /// Whether the result has the snapshot.
    pub snapshot: bool,
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
}

/// Audits the tenant, in one pass of reads, and changes nothing.
///
/// # Errors
/// The agent users can't be listed; [`Code::TenantUnknown`]; an early end. Everything else that can't be read is a finding of
/// the rules that read it: not checked.
pub async fn audit(graph: &Graph, request: AuditRequest) -> Result<Audited, Problem> {
    let graph = graph.read_only();
    let now_ms = request.settings.now_ms.unwrap_or(graph.now().unix_ms);
    let snapshot = collect(&graph, &request.settings).await?;
    Ok(concluded(snapshot, &request, now_ms))
}

/// Audits a snapshot offline.
///
/// # Errors
/// [`Code::SnapshotUnreadable`], [`Code::SnapshotTooNew`], [`Code::InputTooLarge`].
pub fn audit_snapshot(file: &[u8], request: &AuditRequest) -> Result<Audited, Problem> {
    let snapshot = Snapshot::read(file)?;
    let taken = date_time::parse(&snapshot.taken_at).map(|moment| moment.unix_seconds().saturating_mul(1000));
    let taken = taken.ok_or_else(|| {
        let message = "The snapshot does not tell when it was taken.";
        Problem::new(Code::SnapshotUnreadable, message).with_field("takenAt")
    })?;
    let now_ms = request.settings.now_ms.unwrap_or(taken);
    Ok(concluded(snapshot, request, now_ms))
}

fn concluded(snapshot: Snapshot, request: &AuditRequest, now_ms: i64) -> Audited {
    let report = judge(&snapshot, &request.settings, now_ms);
    Audited { report, snapshot: request.snapshot.then_some(snapshot) }
}
