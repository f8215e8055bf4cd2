//! The subject of a request, read without the library.

use agentuser_core::ObjectId;
use agentuser_core::http::{Method, Request};
use serde_json::Value;

/// The body of a request as JSON.
pub(crate) fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap_or_default()
}

pub(crate) fn body_text(request: &Request) -> String {
    String::from_utf8_lossy(&request.body).into_owned()
}

/// The parent of the agent user that a request creates.
pub(crate) fn created_parent(request: &Request) -> Option<ObjectId> {
    if request.method != Method::Post || !request.url.ends_with("/users/microsoft.graph.agentUser") {
        return None;
    }
    body(request).get("identityParentId")?.as_str()?.parse().ok()
}

/// The parent whose agent user a request looks for.
pub(crate) fn looked_for(url: &str) -> Option<ObjectId> {
    let (_, filter) = url.split_once("identityParentId%20eq%20")?;
    let id: String = filter.trim_start_matches("%27").trim_start_matches('\'').chars().take(36).collect();
    id.parse().ok()
}

/// The first object id in the path of a request.
pub(crate) fn object_of(url: &str) -> Option<ObjectId> {
    url.split('?').next()?.split('/').find_map(|part| part.parse().ok())
}
