//! The results of operations.

use super::page::UserPage;
use crate::flow::{
    Access, Audited, BlueprintChain, Diagnosis, LicenseAssignment, Lifecycle, PermissionReport, Permissions,
    Report, RequiredPermissions, Sponsored, Summary, TokenPermission,
};
use crate::model::{AgentUser, Blueprint, DirectoryObject, Group, ServicePrincipal, SubscribedSku};
use crate::plan::Plan;
use crate::problem::{Code, Problem};
use crate::validate::TenantFacts;
use serde::Serialize;
use serde_json::value::RawValue;
use std::fmt;

/// The result of an operation, as JSON.
#[derive(Clone)]
pub struct Output {
    json: Box<RawValue>,
    agent_user: Option<AgentUser>,
    report: Option<Box<Report>>,
}

impl Output {
    fn new(
        json: Result<Box<RawValue>, serde_json::Error>,
        agent_user: Option<AgentUser>,
        report: Option<Box<Report>>,
    ) -> Result<Self, Problem> {
        match json {
            Ok(json) => Ok(Self { json, agent_user, report }),
            Err(error) => {
                Err(Problem::new(Code::Internal, format!("The result can't be written as JSON: {error}.")))
            }
        }
    }

    /// The JSON.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.json.get()
    }

    /// The report that the result is.
    pub(super) fn into_report(self) -> Option<Report> {
        self.report.map(|report| *report)
    }

    pub(super) fn raw(&self) -> &RawValue {
        &self.json
    }

    /// The agent user that the result is or holds, as a page of one, for hosts that read members by number.
    #[must_use]
    pub fn agent_user(&self) -> Option<UserPage> {
        self.agent_user.as_ref().and_then(UserPage::of_one)
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A type that operations end with.
pub(super) trait Ending: Serialize + Sized {
    /// The agent user that it is or holds.
    fn into_agent_user(self) -> Option<AgentUser> {
        None
    }

    /// The report that it is.
    fn report(&self) -> Option<Box<Report>> {
        None
    }

    /// The result as an [`Output`].
    // Not inlined, because a dozen operations end with the same type.
    #[inline(never)]
    fn into_output(self) -> Result<Output, Problem> {
        let json = serde_json::value::to_raw_value(&self);
        let report = self.report();
        Output::new(json, self.into_agent_user(), report)
    }
}

impl Ending for Report {
    fn report(&self) -> Option<Box<Report>> {
        Some(Box::new(self.clone()))
    }
}
impl Ending for Audited {}
impl Ending for Summary {}
impl Ending for Plan {}
impl Ending for PermissionReport {
    fn report(&self) -> Option<Box<Report>> {
        Some(Box::new(self.clone().into()))
    }
}
impl Ending for Permissions {}

impl Ending for Access {}
impl Ending for TokenPermission {}
impl Ending for RequiredPermissions {}
impl Ending for Diagnosis {}
impl Ending for ListCount {}
impl Ending for ServicePrincipal {}
impl Ending for Blueprint {}
impl Ending for Vec<Blueprint> {}
impl Ending for BlueprintChain {}
impl Ending for Lifecycle {}
impl Ending for TenantFacts {}
impl Ending for Option<DirectoryObject> {}
impl Ending for Vec<DirectoryObject> {}
impl Ending for Sponsored {}
impl Ending for Vec<Group> {}
impl Ending for Vec<SubscribedSku> {}
impl Ending for Vec<LicenseAssignment> {}

impl Ending for AgentUser {
    fn into_agent_user(self) -> Option<AgentUser> {
        Some(self)
    }
}

impl Ending for Option<AgentUser> {
    fn into_agent_user(self) -> Option<AgentUser> {
        self
    }
}

impl Ending for Created {
    fn into_agent_user(self) -> Option<AgentUser> {
        self.agent_user
    }
}

/// The result of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ListCount {
    /// How many entries the list yielded.
    pub count: usize,
}

impl From<usize> for ListCount {
    fn from(count: usize) -> Self {
        Self { count }
    }
}

/// The result of `create`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Created {
    /// The report: outcome, stage and changes.
    pub report: Report,
    /// The agent user; absent when the report names a problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_user: Option<AgentUser>,
}

impl From<(Report, Option<AgentUser>)> for Created {
    fn from((report, agent_user): (Report, Option<AgentUser>)) -> Self {
        Self { report, agent_user }
    }
}
