//! Tokens of pipelines and clusters, as a job asks for them: assertions for the blueprint that trusts them.

use super::Shared;
use super::graph::as_json;
use crate::tenant::DEMO_SECRET;
use axum::body::Body;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// The audience of the tokens, unless the job names another.
const AUDIENCE: &str = "api://AzureADTokenExchange";

/// The query of a job's request for a token.
#[derive(Deserialize)]
pub(super) struct Wanted {
    audience: Option<String>,
    #[serde(rename = "api-version")]
    api_version: Option<String>,
    #[serde(rename = "serviceConnectionId")]
    service_connection: Option<String>,
}

/// Where jobs find their tokens, for `/simulator/tenant`.
pub(super) fn addresses(shared: &Shared) -> Value {
    let network = shared.network();
    let at = format!("{}/simulator/oidc", shared.address);
    let one = |platform: &str, url: String| {
        let workload = network.directory().entra().workload(platform);
        json!({
            "requestUrl": url,
            "requestToken": DEMO_SECRET,
            "issuer": workload.issuer,
            "subject": workload.subject,
        })
    };
    json!({
        "gitHubActions": one("gitHubActions", format!("{at}/github-actions?api-version=2.0")),
        "azurePipelines": one("azurePipelines", format!("{at}/azure-pipelines")),
        "kubernetes": one("kubernetes", format!("{at}/kubernetes")),
    })
}

/// `GET {ACTIONS_ID_TOKEN_REQUEST_URL}&audience=…` with `ACTIONS_ID_TOKEN_REQUEST_TOKEN`: `{"value": …}`
/// (<https://docs.github.com/actions/reference/security/oidc>).
pub(super) async fn github_actions(
    State(shared): State<Arc<Shared>>,
    Query(wanted): Query<Wanted>,
    _: Job,
) -> Response<Body> {
    // The address of the repository's owner.
    let audience = wanted.audience.as_deref().unwrap_or("https://github.com/contoso");
    let token = token(&shared, "gitHubActions", audience);
    as_json(StatusCode::OK, &json!({"count": token.len(), "value": token}))
}

/// `POST {SYSTEM_OIDCREQUESTURI}?api-version=7.1&serviceConnectionId=…` with `SYSTEM_ACCESSTOKEN`: `{"oidcToken": …}`
/// (<https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create>).
pub(super) async fn azure_pipelines(
    State(shared): State<Arc<Shared>>,
    Query(wanted): Query<Wanted>,
    _: Job,
) -> Response<Body> {
    if wanted.api_version.is_none() {
        return refuse(StatusCode::BAD_REQUEST, "The address must have an 'api-version'.");
    }
    if wanted.service_connection.as_deref().unwrap_or_default().is_empty() {
        return refuse(StatusCode::BAD_REQUEST, "The address must have a 'serviceConnectionId'.");
    }
    let token = token(&shared, "azurePipelines", AUDIENCE);
    as_json(StatusCode::OK, &json!({"oidcToken": token}))
}

/// The projected token of a service account, as its file has it.
pub(super) async fn kubernetes(
    State(shared): State<Arc<Shared>>,
    Query(wanted): Query<Wanted>,
    _: Job,
) -> Response<Body> {
    let token = token(&shared, "kubernetes", wanted.audience.as_deref().unwrap_or(AUDIENCE));
    as_json(StatusCode::OK, &json!({"token": token}))
}

fn token(shared: &Shared, platform: &str, audience: &str) -> String {
    let now = shared.now();
    let mut network = shared.network();
    let directory = network.directory_mut();
    let workload = directory.entra().workload(platform);
    directory.workload_token(now, &workload, audience)
}

/// Proof that a request carries the token of a job, which is [`DEMO_SECRET`].
pub(super) struct Job;

impl<S: Sync> FromRequestParts<S> for Job {
    type Rejection = Response<Body>;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response<Body>> {
        let value = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| value.split_once(' '));
        let is_job = token
            .is_some_and(|(scheme, token)| scheme.eq_ignore_ascii_case("Bearer") && token == DEMO_SECRET);
        is_job
            .then_some(Self)
            .ok_or_else(|| refuse(StatusCode::UNAUTHORIZED, "The request has no token of a job."))
    }
}

fn refuse(status: StatusCode, message: &str) -> Response<Body> {
    as_json(status, &json!({"message": message}))
}
