//! Findings, as reports have them.

use super::evidence::Evidence;
use super::fix::Fix;
use super::rule_id::{RuleId, Severity};
use crate::ObjectId;
use crate::flow::read::Unread;
use serde::{Serialize, Serializer};

/// Something that a rule found, or could not check.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The rule.
    pub rule: RuleId,
    /// How bad it is.
    pub severity: Severity,
    /// Whether it was found, or could not be checked.
    pub state: FindingState,
    /// The agent user; absent where it is about something else, or about all agent users without another finding of the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<FoundUser>,
    /// The object that it is about.
    pub subject: Subject,
    /// The finding, in full sentences.
    pub message: String,
    /// The values that it rests on.
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Map<String, serde_json::Value>"))]
    pub evidence: Evidence,
    /// The command that mends it; absent where no single command does.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "command")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub fix: Option<Fix>,
    /// Why it was not checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Unread>,
    /// The acceptance that holds now: by whom, why and until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Accepted>,
    /// Whether an older audit has it, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
}

impl Finding {
    /// Its place among others: the worst first, then by rule, then by user.
    pub(super) fn place(&self) -> (Severity, RuleId, String, String) {
        let user = self.user.as_ref().map(|user| user.user_principal_name.to_lowercase());
        (self.severity, self.rule, user.unwrap_or_default(), self.subject.id.clone())
    }
}

/// A finding of an older audit that is not found any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GoneFinding {
    /// The rule.
    pub rule: String,
    /// The agent user; absent where it was about something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
    /// The name of the object that it was about.
    pub subject: String,
    /// The finding as it was.
    pub message: String,
}

/// Whether an older audit has a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Comparison {
    /// It does not.
    New,
    /// It does.
    Unchanged,
}

/// Why a finding is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Accepted {
    /// The one who accepts it.
    pub by: String,
    /// The reason.
    pub reason: String,
    /// The last day, or the moment, until which it is accepted.
    pub until: String,
}

fn command<S: Serializer>(fix: &Option<Fix>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(fix.as_ref().map_or("", |fix| &fix.command))
}

/// Whether something was found, or could not be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum FindingState {
    /// It was found.
    Found,
    /// It could not be checked: it is neither found nor clean.
    NotChecked,
}

/// The agent user of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FoundUser {
    /// The object id.
    pub id: ObjectId,
    /// The sign-in name; the object id where the answer had none.
    pub user_principal_name: String,
}

/// The object of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    /// The kind of object.
    pub kind: SubjectKind,
    /// Its id.
    pub id: String,
    /// Its name; its id where it has none.
    pub name: String,
}

/// The kinds of objects that findings are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum SubjectKind {
    /// An agent user.
    AgentUser,
    /// An agent identity.
    AgentIdentity,
    /// A blueprint.
    Blueprint,
    /// A Conditional Access policy.
    Policy,
    /// The tenant.
    Tenant,
    /// An entry of a file of accepted findings.
    Acceptance,
}

impl SubjectKind {
    /// Its name, as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AgentUser => "agentUser",
            Self::AgentIdentity => "agentIdentity",
            Self::Blueprint => "blueprint",
            Self::Policy => "policy",
            Self::Tenant => "tenant",
            Self::Acceptance => "acceptance",
        }
    }
}

impl Subject {
    pub(super) fn new(kind: SubjectKind, id: impl ToString, name: Option<&str>) -> Self {
        let id = id.to_string();
        Self { kind, name: name.unwrap_or(&id).to_owned(), id }
    }
}
