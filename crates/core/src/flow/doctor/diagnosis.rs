//! The results of the doctor.

use super::probe::ProbeReport;
use crate::call::Call;
use crate::problem::Problem;
use crate::remark::Remark;
use crate::token::TokenFacts;
use crate::utc::Utc;
use serde::Serialize;

/// The results of the doctor. A report of the probe is alone, so that it can be sent to others as it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Diagnosis {
    /// The facts that the token shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<TokenDiagnosis>,
    /// Reasons why the token may fail or do too much, each with its fix.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// Each operation, and whether the token allows it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<OperationDiagnosis>,
    /// Graph's answers to reads that change nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<ReadDiagnosis>,
    /// The answers to the questions of the probe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probe: Option<ProbeReport>,
}

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum TokenKind {
    /// The token of an application: its permissions are application permissions.
    Application,
    /// The token of a signed-in person or an agent user: its permissions are delegated ones.
    Delegated,
    /// It is opaque, or it has no permissions.
    Unknown,
}

/// The facts that a token shows. The token itself is not here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TokenDiagnosis {
    /// Whether it can be read. An opaque one tells nothing of itself.
    pub readable: bool,
    /// Its kind.
    pub kind: TokenKind,
    /// The service that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// The id of its tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// The client id of the application that it was given to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_id: Option<String>,
    /// The account that it acts as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// When it expires, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// Its permissions; none where it does not show them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Vec<String>>,
}

impl TokenDiagnosis {
    pub(super) fn of(facts: &TokenFacts) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Self {
            readable: facts.audience().is_some(),
            kind: match facts.is_delegated() {
                Some(true) => TokenKind::Delegated,
                Some(false) => TokenKind::Application,
                None => TokenKind::Unknown,
            },
            audience: facts.audience().map(crate::problem::cleaned),
            tenant_id: owned(facts.tenant()),
            application_id: owned(facts.application()),
            account: owned(facts.account()),
            expires_at: facts.expires().map(|second| Utc(second.saturating_mul(1000)).to_string()),
            permissions: facts
                .permissions()
                .map(|all| all.iter().map(|one| crate::problem::cleaned(one)).collect()),
        }
    }
}

/// Whether a token allows an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum OperationVerdict {
    /// It has the permissions that the operation needs in any case.
    Allowed,
    /// It lacks some: the operation will fail.
    Lacking,
    /// It does not show its permissions, and no read tells.
    Unknown,
}

/// Whether a token allows an operation, and what helps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OperationDiagnosis {
    /// The operation.
    pub operation: &'static str,
    /// Whether the token allows it.
    pub verdict: OperationVerdict,
    /// The permissions that are missing, the least that would do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<&'static str>,
    /// The fix, as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

/// The outcome of a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ReadOutcome {
    /// It was answered.
    Answered,
    /// It was refused.
    Refused,
    /// There was no answer.
    Unanswered,
}

/// Graph's answer to a read that changes nothing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReadDiagnosis {
    /// The call.
    pub call: Call,
    /// Its effect, as words that follow "to".
    pub what: &'static str,
    /// Its outcome.
    pub outcome: ReadOutcome,
    /// Why it was not answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}
