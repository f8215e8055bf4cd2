//! The one error type of the project.

use crate::call::Call;
use crate::plain::plain;
use crate::short::sort;
use crate::validate::{InvalidText, RowError, RowErrorCount, Violation};
use serde::Serialize;
use std::fmt;
use std::time::Duration;

mod challenge;
mod code;
mod envelope;
mod explain;
mod explanation;
mod kind;
mod redact;
mod retry_after;
mod sign_in;

pub(crate) use challenge::claims_challenge;
pub use code::{Already, Certainty, Code, Entry, Group};
pub(crate) use envelope::{is_error, request_id};
pub use explain::{explain, license_state};
pub use explanation::{CodeTable, Explanation};
pub use kind::ProblemKind;
pub use redact::{shown, without_tokens};
pub use retry_after::retry_after;
pub use sign_in::sign_in;
#[cfg(feature = "confidential")]
pub(crate) use sign_in::{sign_in_redirect, sign_in_trace_id};

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
    /// Stable code: `agentuser explain CODE` and this library's own function tell what it means.
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
    /// The claims that the next sign-in must carry, as JSON, where the server's answer is a claims challenge.
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<String>,
    /// The server's id of the request, for its support.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    /// The `client-request-id` that the request carried, by which Graph's activity logs name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_request_id: Option<String>,
    /// The run that it belongs to, which the `User-Agent` of its requests names.
    #[serde(skip_serializing_if = "Option::is_none")]
    run_id: Option<String>,
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
    /// Whether it stands against every request of its kind that carries the same token.
    #[serde(skip)]
    of_token: bool,
    /// The other problems that were found at the same time. The message names them, too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<Problem>,
}

/// Whole milliseconds, which is as exact as [`retry_after()`] reads them.
fn milliseconds<S: serde::Serializer>(value: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    let whole = |d: Duration| u64::try_from(d.as_millis()).unwrap_or(u64::MAX);
    serializer.serialize_u64(value.map_or(0, whole))
}

/// Adds the full stop that a text of the system or of a host lacks: message and fix are shown one after the other. Hidden
/// characters go: a text may hold a name from the directory, which many people can choose. Tokens go: one may stand where a
/// file's name should.
fn ended(text: String) -> String {
    let mut text = redact::without_tokens(&plain(text.into())).into_owned();
    if !text.ends_with(['.', '!', '?', '…']) {
        text.push('.');
    }
    text
}

/// A short text from outside, such as a claim of a token, fit to be shown as it is.
pub(crate) fn cleaned(text: &str) -> String {
    redact::clean(text, envelope::NAME)
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
            claims: None,
            request_id: None,
            client_request_id: None,
            run_id: None,
            retry_after: None,
            documentation: entry.page,
            transient: entry.transient,
            violations: Vec::new(),
            row_errors: Vec::new(),
            row_error_counts: Vec::new(),
            of_token: false,
            others: Vec::new(),
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

    /// Problems that were found at the same time, as one: the first, whose message and fix name the others, too. Those that
    /// last come first, because waiting does not end them. A cancellation or a deadline is the only one where it is among
    /// them.
    #[must_use]
    pub(crate) fn all(problems: Vec<Self>) -> Option<Self> {
        let mut all: Vec<Self> = Vec::new();
        for problem in problems {
            if problem.is_stop() {
                return Some(problem);
            }
            if !all.contains(&problem) {
                all.push(problem);
            }
        }
        sort(&mut all, |one, other| !one.is_transient() && other.is_transient());
        let mut all = all.into_iter();
        let mut first = all.next()?;
        for other in all {
            first.0.message = format!("{} {}", first.0.message, other.0.message);
            if !first.0.fix.contains(&other.0.fix) {
                first.0.fix = format!("{} {}", first.0.fix, other.0.fix);
            }
            first.0.transient &= other.0.transient;
            first.0.others.push(other);
        }
        Some(first)
    }

    /// Keeps what the server said with another problem: status, code, message, claims, request id and the wait it asked for.
    #[must_use]
    pub(crate) fn about(mut self, other: &Self) -> Self {
        self.0.status = other.0.status;
        self.0.graph_code.clone_from(&other.0.graph_code);
        self.0.graph_message.clone_from(&other.0.graph_message);
        self.0.claims = self.0.claims.or_else(|| other.0.claims.clone());
        self.0.request_id.clone_from(&other.0.request_id);
        self.0.client_request_id.clone_from(&other.0.client_request_id);
        self.0.retry_after = self.0.retry_after.or(other.0.retry_after);
        self
    }

    /// The same after another failure: an early end of the operation keeps what was said of that.
    #[must_use]
    pub(crate) fn after(self, last: Option<&Self>) -> Self {
        match last {
            Some(last) if self.is_stop() => match last.graph_message() {
                Some(said) => self.saying(&format!("Graph says: {said}")).about(last),
                None => self.saying(last.message()).about(last),
            },
            _ => self,
        }
    }

    /// Whether it is the early end of the operation: it was cancelled, or its time is over.
    #[must_use]
    pub(crate) fn is_stop(&self) -> bool {
        matches!(self.code(), Code::Cancelled | Code::DeadlineExceeded)
    }

    /// The status of the answer that it is about. An early end and an outcome that is unknown have none: they keep that of
    /// an earlier answer, which decides nothing.
    #[must_use]
    pub(crate) fn answered(&self) -> Option<u16> {
        self.status().filter(|_| !self.is_stop() && self.code() != Code::OutcomeUnknown)
    }

    /// Adds a sentence to the message.
    #[must_use]
    pub(crate) fn saying(mut self, sentence: &str) -> Self {
        self.0.message = ended(format!("{} {sentence}", self.0.message));
        self
    }

    /// Adds the names of the ids in Graph's message, such as those of service plans: nobody knows them by heart.
    #[must_use]
    pub(crate) fn named(self, name: impl Fn(&str) -> Option<String>) -> Self {
        let said = self.0.graph_message.clone().unwrap_or_default();
        let is_id = |c: char| c.is_ascii_hexdigit() || c == '-';
        let mut ids: Vec<&str> = Vec::new();
        for id in said.split(|c| !is_id(c)).filter(|text| text.len() == 36) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let names: Vec<String> = ids.iter().filter_map(|id| Some(format!("{id} is {}", name(id)?))).collect();
        if names.is_empty() { self } else { self.saying(&format!("{}.", names.join(", "))) }
    }

    /// How this refusal of the call may mean that it is so already; none for a refusal that is final.
    #[must_use]
    pub(crate) fn already(&self, call: Call) -> Option<&'static Already> {
        let already = self.0.code.entry().already.as_ref().filter(|already| already.calls.contains(&call))?;
        let said = self.0.graph_message.as_deref().unwrap_or_default().to_ascii_lowercase();
        (already.words.is_empty() || already.words.iter().any(|word| said.contains(word))).then_some(already)
    }

    /// The same failure with a code that says more, and the cause and fix of that code.
    #[must_use]
    pub(crate) fn recoded(self, code: Code, message: impl Into<String>) -> Self {
        let permissions = self.0.permissions.clone();
        let mut problem = Self::new(code, message).about(&self);
        problem.0.permissions = permissions;
        problem
    }

    /// Adds to the message what a program said. Tokens, secrets and control characters are taken out, and long text is
    /// cut.
    #[must_use]
    pub fn quoting(self, text: &str) -> Self {
        let words = redact::clean(text.trim(), envelope::MESSAGE);
        if words.is_empty() { self } else { self.saying(&words) }
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
        self.0.request_id = request_id.map(|text| redact::clean(&text, envelope::NAME));
        self.with_words(code, message)
    }

    /// The same for words that came otherwise than in an answer.
    #[must_use]
    pub(crate) fn with_words(mut self, code: Option<String>, message: Option<String>) -> Self {
        self.0.graph_code = code.map(|text| redact::clean(&text, envelope::NAME));
        self.0.graph_message = message.map(|text| redact::clean(&text, envelope::MESSAGE));
        self
    }

    /// Adds the claims of a challenge, as they came: a change of them would be refused. Text that is not a JSON object, and text
    /// with a token in it, is left out.
    #[must_use]
    pub fn with_claims(mut self, claims: &str) -> Self {
        self.0.claims = challenge::claims(claims).map(str::to_owned);
        self
    }

    /// Adds the `client-request-id` of the request that failed.
    #[must_use]
    pub(crate) fn with_client_request_id(mut self, id: String) -> Self {
        self.0.client_request_id = Some(id);
        self
    }

    /// Marks it as one that stands against every request of its kind: the token has none of the permissions.
    #[must_use]
    pub(crate) fn of_token(mut self) -> Self {
        self.0.of_token = true;
        self
    }

    /// Whether it stands against every request of its kind that carries the same token.
    #[must_use]
    pub(crate) fn is_of_token(&self) -> bool {
        self.0.of_token
    }

    /// Adds the run that it belongs to.
    #[must_use]
    pub(crate) fn with_run_id(mut self, id: &str) -> Self {
        self.0.run_id = Some(id.to_owned());
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
    /// The claims that the next sign-in must carry, as JSON, where the server's answer is a claims challenge.
    #[must_use]
    pub fn claims(&self) -> Option<&str> {
        self.0.claims.as_deref()
    }
    /// The server's id of the request, for its support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }
    /// The `client-request-id` of the request that failed, by which Graph's activity logs name it.
    #[must_use]
    pub fn client_request_id(&self) -> Option<&str> {
        self.0.client_request_id.as_deref()
    }
    /// The run that it belongs to, which the `User-Agent` of its requests names.
    #[must_use]
    pub fn run_id(&self) -> Option<&str> {
        self.0.run_id.as_deref()
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
    /// The other problems that were found at the same time; the message names them, too.
    #[must_use]
    pub fn others(&self) -> &[Self] {
        &self.0.others
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

impl From<Vec<Violation>> for Problem {
    fn from(violations: Vec<Violation>) -> Self {
        Self::from_violations(violations)
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
