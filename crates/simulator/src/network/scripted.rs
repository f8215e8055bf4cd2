//! Answers that a script puts in place of the directory's, whole or in parts.

use agentuser_core::http::{Headers, Response};
use serde_json::{Map, Value, json};

/// An answer that a script gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptedAnswer {
    /// The status; without one, that of the directory's answer.
    pub status: Option<u16>,
    /// The body.
    pub body: ScriptedBody,
    /// Whether the directory did it. An answer whose members are changed is always done.
    pub executed: bool,
}

/// The body of a scripted answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScriptedBody {
    /// Graph's error with this code and message.
    Error {
        /// `error.code`.
        code: String,
        /// `error.message`.
        message: String,
    },
    /// This JSON.
    Json(Value),
    /// The directory's own body with these members in place of its; null takes one out.
    Changed(Map<String, Value>),
}

impl ScriptedAnswer {
    /// Graph's error in place of the directory's answer. The directory has not done it.
    #[must_use]
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let body = ScriptedBody::Error { code: code.to_owned(), message: message.to_owned() };
        Self { status: Some(status), body, executed: false }
    }

    /// The directory's own answer, with these members changed; null takes one out.
    #[must_use]
    pub fn changed(members: &[(&str, Value)]) -> Self {
        let members = members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Self { status: None, body: ScriptedBody::Changed(members), executed: true }
    }

    /// Sets the status.
    #[must_use]
    pub const fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Whether the directory must see the request.
    pub(super) const fn is_executed(&self) -> bool {
        self.executed || matches!(self.body, ScriptedBody::Changed(_))
    }

    /// The answer; `own` is the directory's, where it saw the request.
    pub(super) fn respond(&self, own: Option<Response>, date: &str, request_id: &str) -> Response {
        let mut headers = Headers::new();
        headers.push("Date", date);
        headers.push("request-id", request_id);
        headers.push("Content-Type", "application/json");
        let status = self.status.or(own.as_ref().map(|own| own.status)).unwrap_or(200);
        let body = match &self.body {
            ScriptedBody::Error { code, message } => {
                let inner = json!({"request-id": request_id});
                json!({"error": {"code": code, "message": message, "innerError": inner}})
            }
            ScriptedBody::Json(body) => body.clone(),
            ScriptedBody::Changed(members) => {
                let Some(own) = own else { return Response { status, headers, body: Vec::new() } };
                return Response { status, headers: own.headers, body: change(own.body, members) };
            }
        };
        Response { status, headers, body: body.to_string().into_bytes() }
    }
}

/// The body with these members changed, in the body itself and in each entry of a list.
fn change(body: Vec<u8>, members: &Map<String, Value>) -> Vec<u8> {
    let Ok(Value::Object(mut object)) = serde_json::from_slice(&body) else { return body };
    let set = |object: &mut Map<String, Value>| {
        for (name, value) in members {
            if value.is_null() {
                object.remove(name);
            } else {
                object.insert(name.clone(), value.clone());
            }
        }
    };
    match object.get_mut("value") {
        Some(Value::Array(entries)) => entries.iter_mut().filter_map(Value::as_object_mut).for_each(set),
        _ => set(&mut object),
    }
    Value::Object(object).to_string().into_bytes()
}
