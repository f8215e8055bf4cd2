//! Requests whose answers are looked at as they are.

use super::ask::Ask;
use super::cloud::Endpoint;
use crate::ObjectId;
use crate::call::Call;
use serde::Serialize;

/// A request below the endpoint, with its path and query as they are sent.
pub(crate) fn probe(endpoint: &Endpoint, call: Call, path: &str) -> Ask<()> {
    let url = format!("{}{path}", endpoint.base());
    Ask::new(call, call.method(), url, |_, _| Ok(()))
}

/// The same with a body.
pub(crate) fn probe_with(endpoint: &Endpoint, call: Call, path: &str, body: &impl Serialize) -> Ask<()> {
    probe(endpoint, call, path).with_body(body)
}

/// The path of a user.
pub(crate) fn user_path(id: ObjectId) -> String {
    format!("/users/{id}")
}
