//! The report of a change of permissions.

use super::holder::Principal;
use crate::ObjectId;
use crate::flow::report::{Applied, Change, Outcome, Report};
use crate::model::{ObjectKind, Stage};
use crate::operation::{ChangeOutcome, Graph};
use crate::problem::{Code, Problem};
use crate::remark::Remark;
use serde::Serialize;
use std::future::Future;

/// The end of a change of permissions.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PermissionReport {
    /// The object id of the one whose permissions they are: an agent identity, a blueprint's principal, or a user. Of
    /// inheritable permissions, that of the blueprint's application.
    pub id: ObjectId,
    /// Its kind; absent for a user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ObjectKind>,
    /// Its display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The user principal name of the user: the one that a delegated permission is for, or that has an app role. None where
    /// it is for all users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
    /// The application id of the resource.
    pub resource_app_id: ObjectId,
    /// How it ended: `unchanged`, `changed`, or `planned` after a dry run.
    pub outcome: Outcome,
    /// The differences, and whether each was made.
    pub changes: Vec<Applied>,
    /// Sentences beside the outcome: something to know that ended nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// The run that it belongs to, which the `User-Agent` of its requests names.
    pub run_id: String,
}

impl PermissionReport {
    pub(super) fn new(
        graph: &Graph,
        of: &Principal,
        user_principal_name: Option<&str>,
        resource_app_id: ObjectId,
    ) -> Self {
        Self {
            id: of.id,
            kind: of.kind,
            display_name: of.display_name.clone(),
            user_principal_name: user_principal_name.map(str::to_owned),
            resource_app_id,
            outcome: Outcome::Unchanged,
            changes: Vec::new(),
            remarks: Vec::new(),
            run_id: graph.run_id(),
        }
    }

    /// Reports the changes and makes them by this write, unless there are none or it is a dry run.
    pub(super) async fn make(
        &mut self,
        graph: &Graph,
        changes: Vec<Change>,
        dry_run: bool,
        write: impl Future<Output = Result<(), Problem>>,
    ) -> Result<(), Problem> {
        if changes.is_empty() {
            return Ok(());
        }
        let entry = |change| Applied { change, applied: false };
        self.changes = changes.into_iter().map(entry).collect();
        if dry_run {
            self.outcome = Outcome::Planned;
            return Ok(());
        }
        let written = write.await;
        match &written {
            Ok(()) => {
                self.outcome = Outcome::Changed;
                self.changes.iter_mut().for_each(|entry| entry.applied = true);
                self.record(graph, ChangeOutcome::Done);
            }
            Err(problem) if problem.code() == Code::OutcomeUnknown => {
                self.record(graph, ChangeOutcome::Unknown);
            }
            Err(_) => {}
        }
        written
    }

    fn record(&self, graph: &Graph, outcome: ChangeOutcome) {
        if !graph.records_changes() {
            return;
        }
        for entry in &self.changes {
            let object = Some(self.id.to_string());
            graph.changed(entry.change.to_record(outcome, object, self.user_principal_name.clone()));
        }
    }

    /// Enters something to know.
    pub(super) fn remark(&mut self, remark: Remark) {
        self.remarks.push(remark);
    }
}

/// Among many operations it is a report like those of the others.
impl From<PermissionReport> for Report {
    fn from(report: PermissionReport) -> Self {
        Self {
            row: None,
            kind: report.kind,
            identity_parent_id: None,
            user_principal_name: report.user_principal_name.unwrap_or_default(),
            display_name: report.display_name,
            id: Some(report.id),
            resource_app_id: Some(report.resource_app_id),
            outcome: report.outcome,
            stage: Stage::Visible,
            changes: report.changes,
            remarks: report.remarks,
            run_id: report.run_id,
            problem: None,
        }
    }
}
