//! Requests that Graph does not have, over HTTP: to look inside, add faults, revoke tokens, decide for people, and stop.

use super::Shared;
use super::graph::{as_json, refuse, whole};
use super::guard;
use super::oidc;
use crate::control::{self, Ordered, Refused};
use crate::network::Network;
use agentuser_core::Now;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, Request, Response, StatusCode};
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get, post};
use serde_json::{Value, json};
use std::sync::Arc;

/// Refuses what a browser sends for a page that has no `Origin`. A page with an origin that the guard allows may read.
pub(super) async fn for_no_other_site(request: Request<Body>, next: Next) -> Response<Body> {
    if guard::is_for_another_site(request.headers()) && !request.headers().contains_key(ORIGIN) {
        let message = "A page of another site can't read the simulator.";
        return refuse(StatusCode::FORBIDDEN, "NotFromAPage", message);
    }
    next.run(request).await
}

/// A look at the network as it is now.
pub(super) fn look(at: fn(&Network) -> Value) -> MethodRouter<Arc<Shared>> {
    get(async move |State(shared): State<Arc<Shared>>| as_json(StatusCode::OK, &at(&shared.network_now())))
}

/// An order that changes the network.
pub(super) fn order(change: fn(&mut Network, Now, &[u8]) -> Ordered) -> MethodRouter<Arc<Shared>> {
    post(async move |State(shared): State<Arc<Shared>>, request: Request<Body>| {
        let json = body(request).await?;
        let now = shared.now();
        let done = change(&mut shared.network(), now, &json)?;
        Ok::<_, Refused>(as_json(StatusCode::OK, &done))
    })
}

/// Moves the clock.
pub(super) async fn advance(
    State(shared): State<Arc<Shared>>,
    request: Request<Body>,
) -> Result<Response<Body>, Refused> {
    let by = control::advance(&body(request).await?)?;
    shared.clock.advance(by);
    drop(shared.network_now());
    Ok(as_json(StatusCode::OK, &json!({"advancedSeconds": by.as_secs()})))
}

/// The ids, names, applications and tokens that a rehearsal needs. They open nothing but this simulator.
pub(super) async fn tenant(State(shared): State<Arc<Shared>>) -> Response<Body> {
    let pipelines = oidc::addresses(&shared);
    let network = shared.network();
    let body = json!({
        "endpoint": shared.address,
        "root": shared.root,
        "clients": control::clients(network.directory()),
        "managedIdentity": shared.options.managed_identity.map(|id| id.to_string()),
        "pipelines": pipelines,
        "tokens": shared.first_tokens,
        "tenant": control::objects(network.directory()),
    });
    as_json(StatusCode::OK, &body)
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response<Body> {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        refuse(status, self.code, &self.message)
    }
}

/// Stops the server.
pub(super) async fn stop(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
) -> Result<Response<Body>, Refused> {
    from_no_page(&headers)?;
    shared.stop();
    Ok(as_json(StatusCode::ACCEPTED, &json!({"stopping": true})))
}

/// The body of an order.
async fn body(request: Request<Body>) -> Result<Vec<u8>, Refused> {
    let (head, body) = request.into_parts();
    from_no_page(&head.headers)?;
    Ok(whole(body).await)
}

/// Any page in a browser on this machine could send what changes the simulator.
fn from_no_page(headers: &HeaderMap) -> Result<(), Refused> {
    if headers.contains_key(ORIGIN) {
        let message = "A page can't change the simulator.".to_owned();
        return Err(Refused { status: 403, code: "NotFromAPage", message });
    }
    Ok(())
}
