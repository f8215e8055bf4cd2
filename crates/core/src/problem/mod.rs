//! The one error type of the project.

use crate::plain::plain;
use crate::validate::{InvalidText, RowError, RowErrorCount, Violation};
use serde::Serialize;
use std::fmt;
use std::time::Duration;

mod code;
mod envelope;
mod explain;
mod kind;
mod redact;
mod retry_after;
mod sign_in;

pub use code::{Code, Entry, Group};
pub(crate) use envelope::is_error;
pub use explain::{explain, license_state};
pub use kind::ProblemKind;
pub use redact::shown;
pub use retry_after::retry_after;
pub use sign_in::sign_in;

/// Anything that went wrong, with its likely cause and the fix. It never holds a token or a secret.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problem(Box<Details>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Problem"))]
#[serde(rename_all = "camelCase")]
/// Anything that went wrong, with its likely cause and the fix. It never holds a token or a secret.
struct Details {
    /// Stable code: docs/errors.md has them all.
    code: Code,
    /// The kind of the code, for programs that branch on a handful of them.
    kind: ProblemKind,
    /// The failure, in full sentences.
    message: String,
    /// The likely cause, in full sentences.
    cause: String,
    /// A way to fix it, in full sentences.
    fix: String,
    /// Permissions that would allow it, least privileged first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    permissions: Vec<&'static str>,
    /// The field at fault, by Graph's property name.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// The HTTP status, where a server answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// The server's own error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    graph_code: Option<String>,
    /// The server's own message.
    #[serde(skip_serializing_if = "Option::is_none")]
    graph_message: Option<String>,
    /// The server's id of the request, for its support.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    /// How long the server asked to wait, in milliseconds.
    #[serde(
        rename = "retryAfterMs",
        skip_serializing_if = "Option::is_none",
        serialize_with = "milliseconds"
    )]
    #[cfg_attr(feature = "schema", schemars(with = "Option<u64>"))]
    retry_after: Option<Duration>,
    /// Microsoft's page that explains it, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    documentation: Option<&'static str>,
    /// Whether the same request may succeed later without a change.
    transient: bool,
    /// The broken rules, when the input was invalid.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    violations: Vec<Violation>,
    /// The broken rules of a roster with their places, in the order of the file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    row_errors: Vec<RowError>,
    /// All errors of a roster by rule and field, the most frequent first, where there are more than `rowErrors` lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    row_error_counts: Vec<RowErrorCount>,
}

/// Whole milliseconds, which is as exact as [`retry_after()`] reads them.
fn milliseconds<S: serde::Serializer>(value: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    let whole = |d: Duration| u64::try_from(d.as_millis()).unwrap_or(u64::MAX);
    serializer.serialize_u64(value.map_or(0, whole))
}

/// Adds the full stop that a text of the system or of a host lacks: message and fix are shown one after the other. Hidden
/// characters go: a text may hold a name from the directory, which many people can choose.
fn ended(text: String) -> String {
    let mut text = plain(text.into()).into_owned();
    if !text.ends_with(['.', '!', '?', '…']) {
        text.push('.');
    }
    text
}

impl Problem {
    /// A problem with the cause, fix and documentation that the table has for its code.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let entry = code.entry();
        Self(Box::new(Details {
            code,
            kind: entry.kind,
            message: ended(message.into()),
            cause: entry.cause.to_owned(),
            fix: entry.fix.to_owned(),
            permissions: entry.permissions.to_vec(),
            field: entry.field.map(str::to_owned),
            status: None,
            graph_code: None,
            graph_message: None,
            request_id: None,
            retry_after: None,
            documentation: entry.page,
            transient: entry.transient,
            violations: Vec::new(),
            row_errors: Vec::new(),
            row_error_counts: Vec::new(),
        }))
    }

    /// Broken rules, all of them, as one problem.
    #[must_use]
    pub fn from_violations(violations: Vec<Violation>) -> Self {
        let message = Violation::summary(&violations);
        let mut problem = Self::new(Code::Invalid, message);
        problem.0.field = violations.first().map(|v| v.field.clone().into_owned());
        if let [one] = violations.as_slice() {
            problem.0.fix.clone_from(&one.fix);
        }
        problem.0.violations = violations;
        problem
    }

    /// Names the field at fault, by Graph's property name.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        self.0.field = Some(field.into());
        self
    }

    /// Replaces the table's general fix by one for this case.
    #[must_use]
    pub fn with_fix(mut self, fix: impl Into<String>) -> Self {
        self.0.fix = ended(fix.into());
        self
    }

    /// Replaces the table's general cause by one for this case.
    #[must_use]
    pub fn with_cause(mut self, cause: impl Into<String>) -> Self {
        self.0.cause = ended(cause.into());
        self
    }

    /// Names the permissions that would allow it, least privileged first.
    #[must_use]
    pub fn with_permissions(mut self, permissions: &[&'static str]) -> Self {
        self.0.permissions = permissions.to_vec();
        self
    }

    /// Adds what the server said: status, its own code and message, and the request id. Tokens, secrets and control
    /// characters are taken out, and long text is cut.
    #[must_use]
    pub fn with_graph(
        mut self,
        status: u16,
        code: Option<String>,
        message: Option<String>,
        request_id: Option<String>,
    ) -> Self {
        self.0.status = Some(status);
        self.0.graph_code = code.map(|text| redact::clean(&text, envelope::NAME));
        self.0.graph_message = message.map(|text| redact::clean(&text, envelope::MESSAGE));
        self.0.request_id = request_id.map(|text| redact::clean(&text, envelope::NAME));
        self
    }

    /// Adds the errors of a roster.
    #[must_use]
    pub(crate) fn with_row_errors(mut self, errors: Vec<RowError>, counts: Vec<RowErrorCount>) -> Self {
        self.0.row_errors = errors;
        self.0.row_error_counts = counts;
        self
    }

    /// Adds how long the server asked to wait.
    #[must_use]
    pub fn with_retry_after(mut self, retry_after: Duration) -> Self {
        self.0.retry_after = Some(retry_after);
        self
    }

    /// Stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }
    /// The kind of its code.
    #[must_use]
    pub fn kind(&self) -> ProblemKind {
        self.0.kind
    }
    /// The failure, in full sentences.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }
    /// The likely cause, in full sentences.
    #[must_use]
    pub fn cause(&self) -> &str {
        &self.0.cause
    }
    /// A way to fix it, in full sentences.
    #[must_use]
    pub fn fix(&self) -> &str {
        &self.0.fix
    }
    /// Permissions that would allow it, least privileged first; empty where none is missing.
    #[must_use]
    pub fn permissions(&self) -> &[&'static str] {
        &self.0.permissions
    }
    /// The field at fault, by Graph's property name.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }
    /// The HTTP status, where a server answered.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }
    /// The server's own error code.
    #[must_use]
    pub fn graph_code(&self) -> Option<&str> {
        self.0.graph_code.as_deref()
    }
    /// The server's own message.
    #[must_use]
    pub fn graph_message(&self) -> Option<&str> {
        self.0.graph_message.as_deref()
    }
    /// The server's id of the request, for its support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }
    /// How long the server asked to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }
    /// Microsoft's page that explains it, where there is one.
    #[must_use]
    pub fn documentation(&self) -> Option<&'static str> {
        self.0.documentation
    }
    /// The broken rules, when the input was invalid.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.0.violations
    }
    /// The broken rules of a roster with their places, in the order of the file; empty for everything else.
    #[must_use]
    pub fn row_errors(&self) -> &[RowError] {
        &self.0.row_errors
    }
    /// All errors of a roster by rule and field, where there are more than [`Problem::row_errors`] lists.
    #[must_use]
    pub fn row_error_counts(&self) -> &[RowErrorCount] {
        &self.0.row_error_counts
    }
    /// Whether the same request may succeed later without a change.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.0.transient
    }
}

#[cfg(feature = "schema")]
impl Problem {
    pub(crate) fn details_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        <Details as schemars::JsonSchema>::json_schema(generator)
    }
}

impl From<InvalidText> for Problem {
    fn from(InvalidText(violations): InvalidText) -> Self {
        Self::from_violations(violations)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Problem {}
