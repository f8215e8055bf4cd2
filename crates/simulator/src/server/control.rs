//! Requests that Graph does not have: to look inside, add faults, revoke tokens, and stop.

use super::Shared;
use super::graph::{as_json, refuse, whole};
use super::guard;
use super::oidc;
use super::simulator::read;
use crate::Planned;
use crate::directory::{Directory, PrincipalKind};
use crate::filled::filled;
use crate::journal::PermissionUse;
use agentuser_core::http::Method;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, Request, Response, StatusCode};
use axum::middleware::Next;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Of each kind, so many are shown.
const SHOWN: usize = 20;

/// Refuses what a browser sends for a page that has no `Origin`. A page with an origin that the guard allows may read.
pub(super) async fn for_no_other_site(request: Request<Body>, next: Next) -> Response<Body> {
    if guard::is_for_another_site(request.headers()) && !request.headers().contains_key(ORIGIN) {
        let message = "A page of another site can't read the simulator.";
        return refuse(StatusCode::FORBIDDEN, "NotFromAPage", message);
    }
    next.run(request).await
}

/// The sums of all that happened so far.
pub(super) async fn stats(State(shared): State<Arc<Shared>>) -> Response<Body> {
    let network = shared.network_now();
    let (counts, directory) = (network.counts(), network.directory());
    let stats = directory.stats();
    let more_than_once = stats.created_per_parent.iter().filter(|(_, times)| **times > 1);
    let more_than_once: Map<String, Value> =
        filled(more_than_once.map(|(parent, times)| (parent.to_string(), (*times).into())));
    let by_status: Map<String, Value> =
        filled(stats.by_status.iter().map(|(status, times)| (status.to_string(), (*times).into())));
    let body = json!({
        "requests": counts.requests,
        "batches": counts.batches,
        "requestsSeenByDirectory": counts.seen_by_directory,
        "faults": counts.faults,
        "byStatus": by_status,
        "agentUsersCreated": stats.agent_users_created,
        "createdMoreThanOncePerParent": more_than_once,
        "writes": stats.writes,
        "writesWithoutChange": stats.writes_without_change,
        "resourceUnits": stats.resource_units,
    });
    as_json(StatusCode::OK, &body)
}

/// The permissions that requests used so far, and the requests that lacked one.
pub(super) async fn permissions(State(shared): State<Arc<Shared>>) -> Response<Body> {
    let network = shared.network_now();
    let PermissionUse { used, lacked } = network.directory().permission_use();
    let name = |(method, template): &(Method, &str)| format!("{method} {template}");
    let requests = |by: &BTreeMap<(Method, &str), u64>| -> Map<String, Value> {
        filled(by.iter().map(|(request, times)| (name(request), (*times).into())))
    };
    let used: Map<String, Value> =
        filled(used.iter().map(|(permission, by)| (permission.clone(), requests(by).into())));
    let lacked: Map<String, Value> =
        filled(lacked.iter().map(|(request, any_of)| (name(request), any_of.clone().into())));
    as_json(StatusCode::OK, &json!({ "used": used, "lacked": lacked }))
}

/// The tenant's whole state.
pub(super) async fn state(State(shared): State<Arc<Shared>>) -> Response<Body> {
    as_json(StatusCode::OK, &shared.network_now().directory().snapshot())
}

/// The writes that the tenant accepted, sorted.
pub(super) async fn writes(State(shared): State<Arc<Shared>>) -> Response<Body> {
    as_json(StatusCode::OK, &shared.network_now().directory().writes())
}

/// The ids, names, applications and tokens that a rehearsal needs. They open nothing but this simulator.
pub(super) async fn tenant(State(shared): State<Arc<Shared>>) -> Response<Body> {
    let pipelines = oidc::addresses(&shared);
    let network = shared.network();
    let applications = network.directory().entra().applications();
    let clients: Vec<Value> = applications
        .map(|one| {
            json!({
                "clientId": one.id().to_string(),
                "clientSecret": one.first_secret(),
                "expiresIn": one.lifetime().as_secs(),
            })
        })
        .collect();
    let body = json!({
        "endpoint": shared.address,
        "root": shared.root,
        "clients": clients,
        "managedIdentity": shared.options.managed_identity.map(|id| id.to_string()),
        "pipelines": pipelines,
        "tokens": shared.first_tokens,
        "tenant": objects(network.directory()),
    });
    as_json(StatusCode::OK, &body)
}

fn objects(directory: &Directory) -> Value {
    let identities: Vec<Value> = directory
        .all_principals()
        .filter_map(|principal| match principal.kind {
            PrincipalKind::AgentIdentity(blueprint) if principal.life.is_live() => Some(json!({
                "id": principal.id.to_string(),
                "displayName": principal.display_name,
                "accountEnabled": principal.account_enabled,
                "agentIdentityBlueprintId": blueprint.to_string(),
            })),
            _ => None,
        })
        .take(SHOWN)
        .collect();
    let humans: Vec<Value> = directory
        .all_users()
        .filter(|user| !user.is_agent() && user.life.is_live())
        .take(SHOWN)
        .map(|user| json!({"id": user.id.to_string(), "userPrincipalName": user.user_principal_name}))
        .collect();
    let groups: Vec<Value> = directory
        .groups
        .values()
        .take(SHOWN)
        .map(|group| json!({"id": group.id.to_string(), "displayName": group.display_name}))
        .collect();
    let skus: Vec<Value> = directory
        .skus
        .values()
        .take(SHOWN)
        .map(|sku| json!({"skuId": sku.id.to_string(), "skuPartNumber": sku.part_number, "seats": sku.seats}))
        .collect();
    let domains: Vec<&str> = directory
        .domains
        .iter()
        .filter(|domain| domain.verified)
        .map(|domain| domain.name.as_str())
        .collect();
    json!({
        "id": directory.tenant_id().to_string(),
        "verifiedDomains": domains,
        "agentIdentities": identities,
        "humans": humans,
        "groups": groups,
        "subscribedSkus": skus,
    })
}

/// Why an order is not carried out.
pub(super) struct Refused(pub(super) StatusCode, pub(super) &'static str, pub(super) String);

impl IntoResponse for Refused {
    fn into_response(self) -> Response<Body> {
        let Self(status, code, message) = self;
        refuse(status, code, &message)
    }
}

/// Adds scripted faults, which count requests from now on.
pub(super) async fn script(
    State(shared): State<Arc<Shared>>,
    request: Request<Body>,
) -> Result<Response<Body>, Refused> {
    let planned: Vec<Planned> = order(request).await?;
    let added = planned.len();
    shared.network().add_faults(planned);
    Ok(as_json(StatusCode::OK, &json!({"added": added})))
}

/// The token that is to be revoked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revoke {
    token: String,
}

/// Makes a token void.
pub(super) async fn revoke(
    State(shared): State<Arc<Shared>>,
    request: Request<Body>,
) -> Result<Response<Body>, Refused> {
    let Revoke { token } = order(request).await?;
    let mut network = shared.network();
    let directory = network.directory_mut();
    let was_entras = directory.entra_mut().forget(&token);
    if directory.remove_token(&token) || was_entras {
        return Ok(as_json(StatusCode::OK, &json!({"revoked": true})));
    }
    let message = "The simulator accepts no such token.".to_owned();
    Err(Refused(StatusCode::NOT_FOUND, "TokenUnknown", message))
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

/// The body of a control request, as JSON.
pub(super) async fn order<T: DeserializeOwned>(request: Request<Body>) -> Result<T, Refused> {
    let (head, body) = request.into_parts();
    from_no_page(&head.headers)?;
    read(&whole(body).await).map_err(|message| Refused(StatusCode::BAD_REQUEST, "BadRequest", message))
}

/// Any page in a browser on this machine could send what changes the simulator.
fn from_no_page(headers: &HeaderMap) -> Result<(), Refused> {
    if headers.contains_key(ORIGIN) {
        let message = "A page can't change the simulator.".to_owned();
        return Err(Refused(StatusCode::FORBIDDEN, "NotFromAPage", message));
    }
    Ok(())
}
