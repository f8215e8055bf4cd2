//! The documents from which sign-in libraries learn the addresses of Entra (docs/sign-in.md#discovery).

use super::call::Place;
use super::refused::{Refused, as_json};
use crate::directory::Directory;
use agentuser_core::http::Response;
use serde_json::{Value, json};

/// The authorities of a tenant that is named by nobody.
pub(super) const ANY: [&str; 3] = ["common", "organizations", "consumers"];
/// The hosts that are Microsoft's own, which a simulator may be in the name of.
const MICROSOFTS: [&str; 2] = ["graph.microsoft.com", "login.microsoftonline.com"];

/// `GET /{tenant}/v2.0/.well-known/openid-configuration`, and the older one without `v2.0`.
pub(super) fn configuration(directory: &Directory, place: &Place<'_>, v2: bool) -> Response {
    let (base, tenant) = (&place.base, place.tenant);
    let known = directory.tenant_named(tenant);
    if known.is_none() && !ANY.contains(&tenant) {
        return Refused::tenant("invalid_tenant", tenant).response(place);
    }
    let version = if v2 { "v2.0/" } else { "" };
    // A tenant by any of its names has its id in the issuer; a tenant that is not named has none.
    let id = known.map_or_else(|| "{tenantid}".to_owned(), |id| id.to_string());
    let issuer = if v2 { format!("{base}/{id}/v2.0") } else { format!("https://sts.windows.net/{id}/") };
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
    as_json(200, &body)
}

/// `GET /{tenant}/discovery/v2.0/keys`. The simulator signs nothing.
pub(super) fn keys() -> Response {
    as_json(200, &json!({"keys": []}))
}

/// `GET /common/discovery/instance`.
pub(super) fn instance(place: &Place<'_>) -> Response {
    let fields = place.parameters().unwrap_or_default();
    let Some(wanted) = fields.get("authorization_endpoint") else {
        return Refused::required("authorization_endpoint").response(place);
    };
    let base = &place.base;
    let own = base.split_once("://").map_or(base.as_str(), |(_, host)| host);
    let host = wanted.split_once("://").map_or(wanted.as_str(), |(_, rest)| rest);
    let (host, path) = host.split_once('/').unwrap_or((host, ""));
    let tenant = path.split('/').next().unwrap_or_default();
    let known =
        host.eq_ignore_ascii_case(own) || MICROSOFTS.iter().any(|known| known.eq_ignore_ascii_case(host));
    if !known {
        let text = "The authority in 'authorization_endpoint' is not this simulator.";
        return Refused::own("invalid_instance", text).response(place);
    }
    let mut metadata = vec![json!({
        "preferred_network": "login.microsoftonline.com",
        "preferred_cache": "login.windows.net",
        "aliases": ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
    })];
    if !MICROSOFTS.contains(&own) {
        metadata.push(json!({"preferred_network": own, "preferred_cache": own, "aliases": [own]}));
    }
    let body = json!({
        "tenant_discovery_endpoint": format!("{base}/{tenant}/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": metadata,
    });
    as_json(200, &body)
}
