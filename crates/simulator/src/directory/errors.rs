//! Answers and refusals, in Graph's shapes (docs/graph.md#error-envelope).
//!
//! Codes and messages in docs/graph.md are used word for word. Other messages are in this simulator's own words, and a
//! client must not branch on them.

use super::segments;
use crate::clock;
use crate::spelling::Version;
use crate::switches::InnerError;
use agentuser_core::ObjectId;
use agentuser_core::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use std::fmt::Display;

/// An answer or a refusal.
pub(super) type Answer = Result<Reply, Refusal>;

/// An answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Body,
}

/// An answer's body.
#[derive(Debug)]
pub(super) enum Body {
    Empty,
    Json(Value),
    Text(String),
    /// A document that never changes.
    Xml(&'static str),
}

impl Reply {
    pub(super) const fn ok(body: Value) -> Self {
        Self { status: 200, body: Body::Json(body) }
    }

    pub(super) const fn created(body: Value) -> Self {
        Self { status: 201, body: Body::Json(body) }
    }

    pub(super) const fn no_content() -> Self {
        Self { status: 204, body: Body::Empty }
    }

    /// The answer to `$count` as a segment of the path.
    pub(super) fn count(count: usize) -> Self {
        Self { status: 200, body: Body::Text(count.to_string()) }
    }
}

/// An error answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    code: &'static str,
    message: String,
    details: Vec<(&'static str, String)>,
    pub(super) challenge: Option<String>,
}

impl Refusal {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), details: Vec::new(), challenge: None }
    }

    fn detail(mut self, code: &'static str, target: &str) -> Self {
        self.details.push((code, target.to_owned()));
        self
    }

    /// `400 Request_BadRequest`.
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "Request_BadRequest", message)
    }

    /// `429 TooManyRequests`.
    pub(super) fn throttled() -> Self {
        Self::new(429, "TooManyRequests", "Please retry again later.")
    }

    /// A required member is missing.
    pub(super) fn required(property: &str) -> Self {
        Self::bad_request(format!("A value is required for property '{property}'."))
            .detail("MissingValue", property)
    }

    /// A member has a value that Graph does not take.
    pub(super) fn invalid(property: &str) -> Self {
        Self::bad_request(format!("Invalid value specified for property '{property}'."))
            .detail("InvalidValue", property)
    }

    /// A member may not be written.
    pub(super) fn read_only(property: &str) -> Self {
        Self::bad_request(format!("Property '{property}' is read-only and cannot be set."))
            .detail("ReadOnly", property)
    }

    /// A member that no type declares. The words are an assumption.
    pub(super) fn undeclared(property: &str) -> Self {
        Self::bad_request(format!(
            "Property '{property}' does not exist as a declared property or extension property."
        ))
        .detail("UnknownProperty", property)
    }

    /// A relationship in the body of an object. The words are an assumption.
    pub(super) fn not_settable(relationship: &str) -> Self {
        Self::bad_request(format!(
            "'{relationship}' is a relationship; it can't be set with the properties of the object."
        ))
        .detail("InvalidValue", relationship)
    }

    /// A reference that the relationship has already.
    pub(super) fn reference_exists(relationship: &str) -> Self {
        Self::bad_request(format!(
            "One or more added object references already exist for the following modified properties: '{relationship}'."
        ))
    }

    /// Another object has the value already (docs/graph.md#error-codes).
    pub(super) fn conflict(status: u16, property: &str) -> Self {
        Self::new(
            status,
            "Request_BadRequest",
            format!("Another object with the same value for property {property} already exists."),
        )
        .detail("ObjectConflict", property)
    }

    /// `404 Request_ResourceNotFound`: code from docs/graph.md#error-codes, message an assumption.
    pub(super) fn not_found(what: impl Display) -> Self {
        Self::new(
            404,
            "Request_ResourceNotFound",
            format!(
                "Resource '{what}' does not exist or one of its queried reference-property objects are not present."
            ),
        )
    }

    /// The refusal of a write to an object that has not replicated yet (docs/graph.md#known-issues).
    pub(super) fn object_not_found(id: ObjectId) -> Self {
        Self::bad_request(format!("Object with id {id} not found."))
    }

    /// `403 Authorization_RequestDenied` (docs/graph.md#error-codes).
    pub(super) fn denied() -> Self {
        Self::new(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
    }

    /// `401 InvalidAuthenticationToken`.
    pub(super) fn unauthenticated(message: &str, claims: Option<&str>) -> Self {
        let mut challenge =
            "Bearer realm=\"\", client_id=\"00000003-0000-0000-c000-000000000000\"".to_owned();
        if let Some(claims) = claims {
            challenge.push_str(", error=\"insufficient_claims\", claims=\"");
            challenge.push_str(claims);
            challenge.push('"');
        }
        Self { challenge: Some(challenge), ..Self::new(401, "InvalidAuthenticationToken", message) }
    }

    /// The same with a claims challenge, for this reason. The claims are in base64 in the header
    /// (<https://learn.microsoft.com/entra/identity-platform/claims-challenge>).
    pub(super) fn challenged(why: &str, claims: &str) -> Self {
        let message = format!("Continuous access evaluation resulted in challenge with result: {why}.");
        Self::unauthenticated(&message, Some(&STANDARD.encode(claims)))
    }

    /// A query that Graph, or this simulator, does not support.
    pub(super) fn unsupported_query(message: impl Into<String>) -> Self {
        Self::new(400, "Request_UnsupportedQuery", message)
    }

    /// The refusal of a request that this simulator does not know, whatever Graph would say.
    pub(super) fn not_simulated(status: u16, what: impl Display) -> Self {
        Self::new(status, "NotSimulated", format!("The simulator does not know {what}. Graph may."))
    }

    /// A path that has no route here. Graph refuses a first segment that it does not have with these words
    /// (docs/graph.md#error-codes).
    pub(super) fn unknown_path(version: Version, path: &str) -> Self {
        let first = path.split('/').nth(1).unwrap_or_default();
        let below = segments::missing_below(version, path);
        let first = below.unwrap_or(first);
        match below.is_none() && segments::graph_has(version, first) {
            true => Self::not_simulated(501, format_args!("the path {path}")),
            false => Self::new(400, "BadRequest", format!("Resource not found for the segment '{first}'.")),
        }
    }

    /// A method that the path does not take, in Graph's words (docs/graph.md#batches), unless Graph takes it.
    pub(super) fn wrong_method(version: Version, method: Method, template: &str) -> Self {
        if segments::graph_takes(version, method, template) {
            return Self::not_simulated(501, format_args!("{method} on {template}"));
        }
        Self::new(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
    }

    /// The body.
    pub(super) fn body(
        &self,
        inner: InnerError,
        unix_ms: i64,
        request_id: ObjectId,
        client_request_id: &str,
    ) -> Value {
        let mut error = Map::new();
        error.insert("code".into(), self.code.into());
        error.insert("message".into(), self.message.clone().into());
        if !self.details.is_empty() {
            let details = self
                .details
                .iter()
                .map(|(code, target)| json!({"code": code, "message": self.message, "target": target}));
            error.insert("details".into(), details.collect());
        }
        let member = match inner {
            InnerError::Camel => "innerError",
            InnerError::Lower => "innererror",
        };
        let mut inner = Map::new();
        inner.insert("date".into(), clock::without_zone(unix_ms).into());
        inner.insert("request-id".into(), request_id.to_string().into());
        inner.insert("client-request-id".into(), client_request_id.into());
        if self.status == 429 {
            // docs/graph.md#throttling
            inner.insert("code".into(), "429".into());
            inner.insert("message".into(), "Please retry after".into());
            inner.insert("status".into(), "429".into());
        }
        error.insert(member.into(), inner.into());
        json!({ "error": error })
    }
}
