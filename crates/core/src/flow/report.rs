//! Reports: what was found, what would change, and what of it was done.

use crate::ObjectId;
pub use crate::model::Change;
use crate::model::{AgentUser, ObjectKind, ServicePrincipal, Stage};
use crate::operation::{ChangeOutcome, Graph};
use crate::problem::{Code, Problem, shown};
use crate::remark::{Remark, RemarkCode};
use serde::Serialize;
use std::fmt;

/// A change and whether it was made.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Applied {
    /// The change.
    #[serde(flatten)]
    pub change: Change,
    /// Whether it was made. After a dry run nothing was.
    pub applied: bool,
}

/// A change in a report, to be marked once it was made.
#[derive(Debug)]
#[must_use]
pub(super) struct Planned(usize);

/// How it ended for one agent user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Outcome {
    /// It is new.
    Created,
    /// It was there and something was changed.
    Changed,
    /// It was there, just as wanted.
    Unchanged,
    /// A dry run found something to do.
    Planned,
    /// A problem ended it; what was done before stays done.
    Failed,
    /// It was cancelled; what was done before stays done.
    Cancelled,
}

impl Outcome {
    /// Its name, as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Planned => "planned",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The end of one agent user's provisioning or change, or of a change of another object, which has a `kind`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The row's number in its file, as [`crate::roster::Row::number`] counts, or the place among several agent users, from
    /// 1; none for a single agent user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// The kind of an object that is not an agent user; absent for an agent user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ObjectKind>,
    /// Its parent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity_parent_id: Option<ObjectId>,
    /// Its sign-in name, as wanted and then as it is; empty for an agent identity or a principal, which have none.
    pub user_principal_name: String,
    /// The display name of an agent identity or a principal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Its object id, once there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<ObjectId>,
    /// The application id of the resource, in a change of permissions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_app_id: Option<ObjectId>,
    /// How it ended.
    pub outcome: Outcome,
    /// The furthest stage it reached.
    pub stage: Stage,
    /// The differences, and whether each was made.
    pub changes: Vec<Applied>,
    /// Sentences beside the outcome: something to know that ended nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// The run that it belongs to, which the `User-Agent` of its requests names.
    pub run_id: String,
    /// The problem that ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

impl Report {
    pub(super) fn new(
        graph: &Graph,
        row: Option<usize>,
        parent: Option<ObjectId>,
        user_principal_name: String,
    ) -> Self {
        Self {
            run_id: graph.run_id(),
            row,
            kind: None,
            identity_parent_id: parent,
            user_principal_name,
            display_name: None,
            id: None,
            resource_app_id: None,
            outcome: Outcome::Unchanged,
            stage: Stage::NotStarted,
            changes: Vec::new(),
            remarks: Vec::new(),
            problem: None,
        }
    }

    /// The report of one that ended before it was found, under the name that was asked for.
    #[must_use]
    pub fn failed(graph: &Graph, row: usize, name: String, problem: Problem) -> Self {
        let mut report = Self::new(graph, Some(row), None, name);
        report.conclude(Err(problem), true);
        report
    }

    /// The report of an agent user that was found.
    pub(super) fn of(graph: &Graph, user: &AgentUser) -> Self {
        let name = user.user_principal_name().unwrap_or_default().to_owned();
        let mut report = Self::new(graph, None, user.identity_parent_id(), name);
        report.id = user.id();
        report.stage = Stage::Visible;
        report
    }

    /// The report of an agent identity, or of a blueprint's principal, that was found.
    pub(super) fn of_principal(
        graph: &Graph,
        id: ObjectId,
        kind: ObjectKind,
        found: &ServicePrincipal,
    ) -> Self {
        let mut report = Self::new(graph, None, None, String::new());
        report.id = Some(id);
        report.kind = Some(kind);
        report.display_name = found.display_name().map(str::to_owned);
        report.stage = Stage::Visible;
        report
    }

    /// The furthest stage stays: a stage before it does not take it back.
    pub(super) fn reach(&mut self, stage: Stage) {
        self.stage = self.stage.max(stage);
    }

    /// Enters a change that is to be made.
    pub(super) fn plan(&mut self, change: Change) -> Planned {
        self.changes.push(Applied { change, applied: false });
        Planned(self.changes.len() - 1)
    }

    /// Enters changes that one write is to make.
    pub(super) fn plan_all(&mut self, changes: impl IntoIterator<Item = Change>) -> Vec<Planned> {
        changes.into_iter().map(|change| self.plan(change)).collect()
    }

    /// The changes were made, by the last write.
    pub(super) fn applied(&mut self, graph: &Graph, planned: impl IntoIterator<Item = Planned>) {
        for Planned(index) in planned {
            let Some(entry) = self.changes.get_mut(index) else { continue };
            entry.applied = true;
            self.record(graph, index, ChangeOutcome::Done);
        }
    }

    /// The changes were to be made by a write that ended so.
    ///
    /// # Errors
    /// Those of the write. Where they leave open whether it took place, the records of the changes say so.
    pub(super) fn written<T>(
        &mut self,
        graph: &Graph,
        planned: impl IntoIterator<Item = Planned>,
        result: Result<T, Problem>,
    ) -> Result<T, Problem> {
        match &result {
            Ok(_) => self.applied(graph, planned),
            Err(problem) if problem.code() == Code::OutcomeUnknown => {
                for Planned(index) in planned {
                    self.record(graph, index, ChangeOutcome::Unknown);
                }
            }
            Err(_) => {}
        }
        result
    }

    fn record(&self, graph: &Graph, index: usize, outcome: ChangeOutcome) {
        if let Some(entry) = self.changes.get(index).filter(|_| graph.records_changes()) {
            let object = self.id.map(|id| id.to_string());
            let name = Some(self.user_principal_name.clone()).filter(|name| !name.is_empty());
            graph.changed(entry.change.to_record(outcome, object, name));
        }
    }

    /// The agent user was created, under the name that the report has now: another user may have had a derived one.
    pub(super) fn created(&mut self, graph: &Graph, planned: Planned) {
        if let Some(Change::Create { user_principal_name, .. }) =
            self.changes.get_mut(planned.0).map(|entry| &mut entry.change)
        {
            user_principal_name.clone_from(&self.user_principal_name);
        }
        self.applied(graph, [planned]);
    }

    /// Forgets the plan: it was made for another state of the agent user.
    pub(super) fn plan_anew(&mut self) {
        self.changes.clear();
        self.remarks.clear();
    }

    /// Fails where a change is not among those of a plan: the agent user has changed since.
    ///
    /// # Errors
    /// [`Code::NotAsPlanned`].
    pub(super) fn require_approved(&self, approved: &[Change]) -> Result<(), Problem> {
        let other = self.changes.iter().find(|entry| !approved.contains(&entry.change));
        other.map_or(Ok(()), |entry| {
            let name = shown(&self.user_principal_name);
            let message =
                format!("{name} is not as planned. The plan does not have this change: {}.", entry.change);
            Err(Problem::new(Code::NotAsPlanned, message))
        })
    }

    /// Enters something to know, once.
    pub(super) fn remark(&mut self, remark: Remark) {
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }

    /// Whether it created the agent user.
    pub(super) fn creates(&self) -> bool {
        self.changes.iter().any(|entry| entry.applied && matches!(entry.change, Change::Create { .. }))
    }

    /// Whether the agent user exists now, and it is not known whether this run created it.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        self.creates() && self.remarks.iter().any(|remark| remark.code == RemarkCode::CreateUnanswered)
    }

    /// Sets how it ended.
    pub(super) fn conclude(&mut self, result: Result<(), Problem>, dry_run: bool) {
        let created = |entry: &Applied| entry.applied && matches!(entry.change, Change::Create { .. });
        self.outcome = match &result {
            Err(problem) if problem.code() == Code::Cancelled => Outcome::Cancelled,
            Err(_) => Outcome::Failed,
            Ok(()) if dry_run && !self.changes.is_empty() => Outcome::Planned,
            Ok(()) if self.changes.iter().any(created) => Outcome::Created,
            Ok(()) if self.changes.iter().any(|entry| entry.applied) => Outcome::Changed,
            Ok(()) => Outcome::Unchanged,
        };
        self.problem = result.err().map(|problem| problem.with_run_id(&self.run_id));
    }
}

/// The seats of a license that the rows of a roster need. They are counted for the whole tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SeatCount {
    /// The SKU's part number, or its id where it has none.
    pub sku: String,
    /// How many the rows need that lack the license.
    pub needed: usize,
    /// How many were free in the tenant when the run began.
    pub free: i64,
    /// How many more belong to a subscription in its grace period (`prepaidUnits.warning`): Graph decides whether it
    /// assigns them.
    pub grace: i64,
}

impl fmt::Display for SeatCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sku, needed, free, grace } = self;
        let seats = if *needed == 1 { "seat" } else { "seats" };
        let are = if *free == 1 { "is" } else { "are" };
        write!(f, "{sku}: this roster needs {needed} {seats}, {free} {are} free in the whole tenant")?;
        if *grace > 0 {
            write!(f, ", and {grace} of a subscription that has run out.")
        } else {
            f.write_str(".")
        }
    }
}

/// How a roster ended, in numbers of rows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The run, which the `User-Agent` of its requests names.
    pub run_id: String,
    /// All rows.
    pub rows: usize,
    /// New.
    pub created: usize,
    /// How many of the created were found after a create whose answer was lost: they exist now, and this run or another
    /// one at the same time created them.
    #[serde(skip_serializing_if = "is_zero")]
    pub unanswered: usize,
    /// Changed.
    pub changed: usize,
    /// As wanted before.
    pub unchanged: usize,
    /// With something to do, after a dry run.
    pub planned: usize,
    /// Ended by a problem.
    pub failed: usize,
    /// Ended by a cancellation.
    pub cancelled: usize,
    /// The seats that the rows need.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub seats: Vec<SeatCount>,
    /// Remarks on the whole roster, such as how its file was read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
}

/// Numbers that are rarely more than nothing are left out then.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Summary {
    /// Counts a row in.
    pub fn add(&mut self, report: &Report) {
        self.rows += 1;
        self.unanswered += usize::from(report.outcome == Outcome::Created && report.is_unanswered());
        *match report.outcome {
            Outcome::Created => &mut self.created,
            Outcome::Changed => &mut self.changed,
            Outcome::Unchanged => &mut self.unchanged,
            Outcome::Planned => &mut self.planned,
            Outcome::Failed => &mut self.failed,
            Outcome::Cancelled => &mut self.cancelled,
        } += 1;
    }

    /// Whether every row is as wanted, or would be.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.failed == 0 && self.cancelled == 0
    }

    /// The number of rows with that outcome.
    #[must_use]
    pub fn of(&self, outcome: Outcome) -> usize {
        match outcome {
            Outcome::Created => self.created,
            Outcome::Changed => self.changed,
            Outcome::Unchanged => self.unchanged,
            Outcome::Planned => self.planned,
            Outcome::Failed => self.failed,
            Outcome::Cancelled => self.cancelled,
        }
    }
}
