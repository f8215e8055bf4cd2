//! Reads the body of an error as leniently as can be.

use super::redact::clean;
use crate::http::Response;
use serde_json::Value;

/// The longest code, property name or id that is kept, in characters.
pub(super) const NAME: usize = 128;
/// The longest message that is kept, in characters.
pub(super) const MESSAGE: usize = 1_000;
/// The longest body that is read as JSON, in bytes. An error is never near it.
const BODY: usize = 1 << 20;
/// How deep inner errors are followed.
const DEPTH: usize = 8;

/// The kind of text that the body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Form {
    /// No body.
    #[default]
    Empty,
    /// A JSON object.
    Object,
    /// The beginning of a JSON object: truncated, malformed, too large or too deep.
    Broken,
    /// Anything else, such as a proxy's page.
    Foreign,
}

/// One entry of `details`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Detail {
    pub(super) code: Option<String>,
    pub(super) target: Option<String>,
}

/// Graph's error, with every text cleaned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Envelope {
    pub(super) form: Form,
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) target: Option<String>,
    pub(super) details: Vec<Detail>,
    /// The codes of the inner errors, the outermost first.
    pub(super) inner: Vec<String>,
    pub(super) request_id: Option<String>,
}

/// The body as JSON, and what kind of text it is.
pub(super) fn parse(body: &[u8]) -> (Form, Option<Value>) {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    match text.first() {
        None => (Form::Empty, None),
        Some(b'{') if text.len() <= BODY => match serde_json::from_slice(text) {
            Ok(value) => (Form::Object, Some(value)),
            Err(_) => (Form::Broken, None),
        },
        Some(b'{') => (Form::Broken, None),
        Some(_) => (Form::Foreign, None),
    }
}

/// Reads Graph's envelope: `error`, `innerError` in any letter case, missing parts and wrong types.
pub(super) fn read(body: &[u8]) -> Envelope {
    let (form, value) = parse(body);
    let mut envelope = Envelope { form, ..Envelope::default() };
    let Some(error) = value.as_ref().and_then(|v| member(v, "error")) else { return envelope };
    if let Value::String(code) = error {
        envelope.code = Some(clean(code, NAME));
        return envelope;
    }
    envelope.code = name(error, "code");
    envelope.message = member(error, "message").and_then(message);
    envelope.target = name(error, "target");
    envelope.details = details(error);
    let mut inner = member(error, "innererror");
    for _ in 0..DEPTH {
        let Some(error) = inner else { break };
        envelope.inner.extend(name(error, "code"));
        envelope.details.extend(details(error));
        envelope.request_id = envelope.request_id.or_else(|| id(error, "request-id"));
        envelope.target = envelope.target.or_else(|| name(error, "target"));
        inner = member(error, "innererror");
    }
    envelope
}

/// A member of an object, by its name in any letter case.
pub(super) fn member<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.as_object()?.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
}

/// A short text among the members.
pub(super) fn name(value: &Value, key: &str) -> Option<String> {
    member(value, key)?.as_str().map(|text| clean(text, NAME)).filter(|text| !text.is_empty())
}

/// A message: a text, or OData's older `{"value": text}`.
pub(super) fn message(value: &Value) -> Option<String> {
    let text = value.as_str().or_else(|| member(value, "value")?.as_str())?;
    Some(clean(text, MESSAGE)).filter(|text| !text.is_empty())
}

/// A request id among the members.
pub(super) fn id(value: &Value, key: &str) -> Option<String> {
    request_id(member(value, key)?.as_str()?)
}

/// A request id as it was sent, or none if it does not look like one.
pub(crate) fn request_id(text: &str) -> Option<String> {
    let text = text.trim();
    let fits =
        !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    fits.then(|| clean(text, 64))
}

fn details(error: &Value) -> Vec<Detail> {
    let entries = member(error, "details").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    entries.iter().take(32).map(|d| Detail { code: name(d, "code"), target: name(d, "target") }).collect()
}

/// Whether the body is Graph's error object. The sign-in's challenge (401) may come without one.
pub(crate) fn is_error(response: &Response) -> bool {
    #[derive(serde::Deserialize)]
    struct Refusal {
        #[allow(dead_code)]
        error: serde_json::Map<String, Value>,
    }
    // Serde would take the members in their order, too.
    let object = response.body.trim_ascii_start().starts_with(b"{");
    response.status == 401 || object && serde_json::from_slice::<Refusal>(&response.body).is_ok()
}
