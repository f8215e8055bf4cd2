//! A managed identity, as programs on Azure ask for its token: over plain HTTP, with a header that no page can send unasked
//! (docs/sign-in.md#managed-identity).

use super::Shared;
use super::graph::as_json;
use crate::directory::Directory;
use crate::entra::Application;
use agentuser_core::ObjectId;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Response, StatusCode};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// The query of a request for a managed identity's token.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(rename = "api-version")]
    api_version: Option<String>,
    resource: Option<String>,
    client_id: Option<String>,
    object_id: Option<String>,
    principal_id: Option<String>,
    mi_res_id: Option<String>,
    msi_res_id: Option<String>,
}

/// `GET /metadata/identity/oauth2/token`: a virtual machine's.
pub(super) async fn virtual_machine(
    State(shared): State<Arc<Shared>>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Response<Body> {
    let is_asked =
        headers.get("metadata").is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true"));
    if !is_asked || headers.contains_key("x-forwarded-for") {
        return refuse("invalid_request", "Required metadata header not specified");
    }
    answer(&shared, &wanted, &["2018-02-01", "2019-08-01", "2020-06-01", "2021-02-01"])
}

/// `GET /msi/token`: an App Service's. Its address and the header's value are in the environment of the program.
pub(super) async fn app_service(
    State(shared): State<Arc<Shared>>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Response<Body> {
    if headers.get("x-identity-header").is_none_or(|value| value.is_empty()) {
        let body = json!({"statusCode": 401, "message": "The header 'X-IDENTITY-HEADER' is missing."});
        return as_json(StatusCode::UNAUTHORIZED, &body);
    }
    answer(&shared, &wanted, &["2019-08-01"])
}

fn answer(shared: &Shared, wanted: &Wanted, versions: &[&str]) -> Response<Body> {
    if !wanted.api_version.as_deref().is_some_and(|version| versions.contains(&version)) {
        return refuse("invalid_request", "The api-version is missing, or the simulator does not know it.");
    }
    let Some(resource) = wanted.resource.as_deref() else {
        return refuse("invalid_request", "Required query variable 'resource' is missing");
    };
    let mut network = shared.network();
    let directory = network.directory_mut();
    let Some(app) = identity(shared, directory, wanted) else {
        return refuse("invalid_request", "Identity not found");
    };
    // One look at the clock: the answer tells the times that are in the token.
    let now = shared.now();
    let Some(token) = directory.managed_identity(now, app, resource) else {
        let text = format!("The simulator does not know the resource '{resource}'; Entra may.");
        return refuse("invalid_resource", &text);
    };
    let now = directory.server_ms(now).div_euclid(1000);
    let lives = directory.lifetime(app).as_secs();
    let expires_on = now.saturating_add_unsigned(lives);
    let lives = lives.to_string();
    let body = json!({
        "access_token": token,
        "client_id": app.to_string(),
        "expires_in": lives,
        "expires_on": expires_on.to_string(),
        "ext_expires_in": lives,
        "not_before": now.to_string(),
        "resource": resource,
        "token_type": "Bearer",
    });
    as_json(StatusCode::OK, &body)
}

/// The system's identity, or the one that is named.
fn identity(shared: &Shared, directory: &Directory, wanted: &Wanted) -> Option<ObjectId> {
    if let Some(id) = &wanted.client_id {
        let id = id.parse().ok()?;
        return directory.entra().applications().map(Application::id).find(|known| *known == id);
    }
    if wanted.object_id.is_some()
        || wanted.principal_id.is_some()
        || wanted.mi_res_id.is_some()
        || wanted.msi_res_id.is_some()
    {
        return None;
    }
    shared.options.managed_identity
}

fn refuse(error: &str, text: &str) -> Response<Body> {
    as_json(StatusCode::BAD_REQUEST, &json!({"error": error, "error_description": text}))
}
