//! The documents from which sign-in libraries learn the addresses of Entra (docs/sign-in.md#discovery).

use super::Shared;
use super::connection::{Base, PROXIED};
use super::graph::as_json;
use super::token::{Refused, knows_tenant};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// The authorities of a tenant that is named by nobody.
const ANY: [&str; 3] = ["common", "organizations", "consumers"];

/// `GET /{tenant}/v2.0/.well-known/openid-configuration`.
pub(super) async fn configuration_v2(
    State(shared): State<Arc<Shared>>,
    Extension(Base(base)): Extension<Base>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    configuration(&shared, &base, &tenant, &headers, "v2.0/")
}

/// `GET /{tenant}/.well-known/openid-configuration`.
pub(super) async fn configuration_v1(
    State(shared): State<Arc<Shared>>,
    Extension(Base(base)): Extension<Base>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    configuration(&shared, &base, &tenant, &headers, "")
}

fn configuration(
    shared: &Shared,
    base: &str,
    tenant: &str,
    headers: &HeaderMap,
    version: &str,
) -> Response<Body> {
    let known = knows_tenant(shared, tenant);
    if !known && !ANY.contains(&tenant) {
        return Refused::tenant("invalid_tenant", tenant).response(shared, headers);
    }
    // A tenant by any of its names has its id in the issuer; a tenant that is not named has none.
    let id = shared.network().directory().tenant_id().to_string();
    let id = if known { id.as_str() } else { "{tenantid}" };
    let issuer = match version {
        "" => format!("https://sts.windows.net/{id}/"),
        _ => format!("{base}/{id}/v2.0"),
    };
    let at = format!("{base}/{tenant}");
    let methods =
        ["client_secret_post", "private_key_jwt", "client_secret_basic", "self_signed_tls_client_auth"];
    let body = json!({
        "token_endpoint": format!("{at}/oauth2/{version}token"),
        "token_endpoint_auth_methods_supported": methods,
        "jwks_uri": format!("{at}/discovery/{version}keys"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": issuer,
        "request_uri_parameter_supported": false,
        "userinfo_endpoint": "https://graph.microsoft.com/oidc/userinfo",
        "authorization_endpoint": format!("{at}/oauth2/{version}authorize"),
        "device_authorization_endpoint": format!("{at}/oauth2/{version}devicecode"),
        "http_logout_supported": true,
        "frontchannel_logout_supported": true,
        "end_session_endpoint": format!("{at}/oauth2/{version}logout"),
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "tid", "ver"],
        "tenant_region_scope": Value::Null,
        "cloud_instance_name": "microsoftonline.com",
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": "graph.microsoft.com",
        "rbac_url": "https://pas.windows.net",
    });
    as_json(StatusCode::OK, &body)
}

/// `GET /{tenant}/discovery/v2.0/keys`. The simulator signs nothing.
pub(super) async fn keys() -> Response<Body> {
    as_json(StatusCode::OK, &json!({"keys": []}))
}

/// What a library asks about an authority.
#[derive(Deserialize)]
pub(super) struct Instance {
    authorization_endpoint: Option<String>,
}

/// `GET /common/discovery/instance`.
pub(super) async fn instance(
    State(shared): State<Arc<Shared>>,
    Extension(Base(base)): Extension<Base>,
    Query(query): Query<Instance>,
    headers: HeaderMap,
) -> Response<Body> {
    let Some(wanted) = query.authorization_endpoint else {
        let text =
            "AADSTS900144: The request body must contain the following parameter: 'authorization_endpoint'.";
        let text = text.split_once(": ").map_or(text, |(_, text)| text);
        return Refused::new("invalid_request", 900_144, text).response(&shared, &headers);
    };
    let own = base.split_once("://").map_or(base.as_str(), |(_, host)| host);
    let host = wanted.split_once("://").map_or(wanted.as_str(), |(_, rest)| rest);
    let (host, path) = host.split_once('/').unwrap_or((host, ""));
    let tenant = path.split('/').next().unwrap_or_default();
    let known =
        host.eq_ignore_ascii_case(own) || PROXIED.iter().any(|known| known.eq_ignore_ascii_case(host));
    if !known {
        let text = "The authority in 'authorization_endpoint' is not this simulator.";
        return Refused::own(StatusCode::BAD_REQUEST, "invalid_instance", text).response(&shared, &headers);
    }
    let mut metadata = vec![json!({
        "preferred_network": "login.microsoftonline.com",
        "preferred_cache": "login.windows.net",
        "aliases": ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
    })];
    if !PROXIED.contains(&own) {
        metadata.push(json!({"preferred_network": own, "preferred_cache": own, "aliases": [own]}));
    }
    let body = json!({
        "tenant_discovery_endpoint": format!("{base}/{tenant}/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": metadata,
    });
    as_json(StatusCode::OK, &body)
}
