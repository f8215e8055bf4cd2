//! Requests to Entra, through the simulated network.

use super::Shared;
use super::connection::Base;
use super::graph::{answer, headers, method, refuse, whole};
use agentuser_core::http::Request;
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{self, StatusCode};
use std::sync::Arc;

/// Token endpoints, pages and documents.
pub(super) async fn sign_in(
    State(shared): State<Arc<Shared>>,
    Extension(Base(base)): Extension<Base>,
    request: http::Request<Body>,
) -> http::Response<Body> {
    let (head, body) = request.into_parts();
    let Some(method) = method(&head.method) else {
        let message = "Entra does not take this method.";
        return refuse(StatusCode::METHOD_NOT_ALLOWED, "Request_BadRequest", message);
    };
    let body = whole(body).await;
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let url = format!("{}{path}", shared.network().directory().login());
    let mut fields = headers(&head.headers);
    // Where the client asked, which addresses in answers begin with.
    let (scheme, host) = base.split_once("://").unwrap_or(("http", &base));
    fields.push("Forwarded", format!("proto={scheme};host={host}"));
    answer(&shared, &head.headers, &Request { method, url, headers: fields, body }).await
}
