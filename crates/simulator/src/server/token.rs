//! Entra's token endpoint, as far as an application's own token goes (docs/sign-in.md#every-leg, docs/sign-in.md#application-token, docs/sign-in.md#error-codes).
//!
//! The numbers are those of docs/sign-in.md#error-codes; the texts after them are this simulator's own, because Microsoft's change.
//! What Entra knows and the simulator does not has no number: its error is `NotSimulated`. The status is 400, because sign-in
//! libraries take a 5xx for an outage, try again, and hide its text.

use super::graph::{as_json, whole};
use super::jwt::{self, Claims};
use super::{AppClient, Shared};
use crate::clock;
use crate::directory::SignIn;
use crate::hash::Hash;
use crate::spelling;
use agentuser_core::ObjectId;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use serde_json::json;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

/// The resource whose tokens are asked for by programs that don't know that they speak to a simulator.
pub(super) const GRAPH: &str = spelling::GRAPH;
/// Graph's application id, which names the resource as well.
const GRAPH_ID: &str = "00000003-0000-0000-c000-000000000000";
/// Ends of the hosts of resources that every tenant has.
const RESOURCES: [&str; 7] =
    ["microsoft.com", "microsoft.us", "azure.com", "azure.net", "windows.net", "office.com", "office365.com"];
/// The resource of exchange tokens, which every tenant has.
const EXCHANGE: &str = "api://AzureADTokenExchange";
/// The grants of Entra.
const GRANTS: [&str; 7] = [
    "authorization_code",
    "password",
    "refresh_token",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:saml2-bearer",
    "user_fic",
];

/// Why there is no token.
pub(super) struct Refused {
    status: StatusCode,
    error: &'static str,
    /// The `AADSTS` number, where one is known.
    number: Option<u32>,
    text: String,
}

impl Refused {
    pub(super) fn new(error: &'static str, number: u32, text: impl Into<String>) -> Self {
        // Only a client that did not prove who it is gets a 401.
        let status =
            if error == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
        Self { status, error, number: Some(number), text: text.into() }
    }

    /// In this simulator's own words alone.
    pub(super) fn own(status: StatusCode, error: &'static str, text: impl Into<String>) -> Self {
        Self { status, error, number: None, text: text.into() }
    }

    /// What Entra knows and the simulator does not.
    fn not_simulated(what: &str) -> Self {
        let text = format!("The simulator does not know {what}. Entra does.");
        Self::own(StatusCode::BAD_REQUEST, "NotSimulated", text)
    }

    pub(super) fn tenant(error: &'static str, tenant: &str) -> Self {
        let text = format!("Tenant '{tenant}' not found. Check that it is the right tenant id or domain.");
        Self::new(error, 90_002, text)
    }

    pub(super) fn response(self, shared: &Shared, headers: &HeaderMap) -> Response<Body> {
        let now = shared.now();
        let description = match self.number {
            Some(number) => format!("AADSTS{number}: {}", self.text),
            None => self.text,
        };
        let id = |name: &str| Hash::new(shared.clock.real_ms()).text(name).guid();
        let given = headers.get("client-request-id").and_then(|id| id.to_str().ok()?.parse().ok());
        let correlation: ObjectId = given.unwrap_or_else(|| id("correlation"));
        let body = json!({
            "error": self.error,
            "error_description": description,
            "error_codes": self.number.into_iter().collect::<Vec<_>>(),
            "timestamp": clock::iso(now.unix_ms).replace('T', " "),
            "trace_id": id("trace").to_string(),
            "correlation_id": correlation.to_string(),
        });
        as_json(self.status, &body)
    }
}

/// The two token endpoints, which say the same in different words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Endpoint {
    /// `resource`, and numbers as texts.
    V1,
    /// `scope`.
    V2,
}

/// `POST /{tenant}/oauth2/v2.0/token`.
pub(super) async fn token(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response<Body> {
    answer(&shared, request, Endpoint::V2).await
}

/// `POST /{tenant}/oauth2/token`.
pub(super) async fn token_v1(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response<Body> {
    answer(&shared, request, Endpoint::V1).await
}

async fn answer(shared: &Shared, request: Request<Body>, endpoint: Endpoint) -> Response<Body> {
    let (mut head, body) = request.into_parts();
    let tenant = head.uri.path().split('/').nth(1).unwrap_or_default();
    let body = whole(body).await;
    let result = issue(shared, tenant, &head.headers, &body, endpoint);
    // Some libraries send the id with the address.
    let query = head.uri.query().unwrap_or_default();
    let id = query.split('&').find_map(|pair| pair.strip_prefix("client-request-id="));
    if let Some(id) = id.and_then(|id| HeaderValue::from_str(id).ok()) {
        head.headers.entry("client-request-id").or_insert(id);
    }
    result.unwrap_or_else(|refused| refused.response(shared, &head.headers))
}

pub(super) async fn wrong_method(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response<Body> {
    let text = "The token endpoint takes POST only.";
    Refused::own(StatusCode::METHOD_NOT_ALLOWED, "invalid_request", text).response(&shared, &headers)
}

/// Another endpoint of Entra: `authorize`, `devicecode`, `logout`.
pub(super) async fn not_simulated(
    State(shared): State<Arc<Shared>>,
    request: Request<Body>,
) -> Response<Body> {
    let what = format!("the endpoint {}", request.uri().path());
    Refused::not_simulated(&what).response(&shared, request.headers())
}

fn issue(
    shared: &Shared,
    tenant: &str,
    headers: &HeaderMap,
    body: &[u8],
    endpoint: Endpoint,
) -> Result<Response<Body>, Refused> {
    let mut form = form(headers, body)?;
    if let Some((id, secret)) = basic(headers) {
        form.entry("client_id".to_owned()).or_insert(id);
        form.entry("client_secret".to_owned()).or_insert(secret);
    }
    let field = |name: &str| form.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let required = |name: &str| {
        let text = || format!("The form must have the field '{name}'.");
        field(name).ok_or_else(|| Refused::own(StatusCode::BAD_REQUEST, "invalid_request", text()))
    };
    if !knows_tenant(shared, tenant) {
        return Err(Refused::tenant("invalid_request", tenant));
    }
    let grant = required("grant_type")?;
    if GRANTS.contains(&grant) {
        return Err(Refused::not_simulated(&format!("the grant '{grant}'")));
    }
    if grant != "client_credentials" {
        let text = format!("The grant '{grant}' is not one of Entra's.");
        return Err(Refused::new("unsupported_grant_type", 70_003, text));
    }
    if headers.contains_key(ORIGIN) {
        let text = "Cross-origin requests are for clients of the type 'Single-Page Application' only.";
        return Err(Refused::new("invalid_request", 9_002_326, text));
    }
    for lacking in ["client_assertion", "fmi_path"] {
        if field(lacking).is_some() {
            return Err(Refused::not_simulated(&format!("'{lacking}'")));
        }
    }
    let client = authenticate(shared, required("client_id")?, field("client_secret"))?;
    let resource = match endpoint {
        Endpoint::V2 => resource_of(required("scope")?)?,
        Endpoint::V1 => required("resource")?,
    };
    check_resource(shared, resource)?;
    let token = issue_for(shared, &client).map_err(|error| {
        Refused::own(StatusCode::INTERNAL_SERVER_ERROR, "server_error", error.to_string())
    })?;
    let seconds = client.expires_in.as_secs();
    let body = match endpoint {
        Endpoint::V2 => json!({
            "token_type": "Bearer",
            "expires_in": seconds,
            "ext_expires_in": seconds,
            "access_token": token,
        }),
        Endpoint::V1 => {
            let now = shared.now().unix_ms.div_euclid(1000);
            json!({
                "token_type": "Bearer",
                "expires_in": seconds.to_string(),
                "ext_expires_in": seconds.to_string(),
                "expires_on": now.saturating_add_unsigned(seconds).to_string(),
                "not_before": now.to_string(),
                "resource": resource,
                "access_token": token,
            })
        }
    };
    Ok(as_json(StatusCode::OK, &body))
}

/// Client id and secret by HTTP's own sign-in.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, value) = value.split_once(' ')?;
    let text = STANDARD.decode(value).ok().filter(|_| scheme.eq_ignore_ascii_case("Basic"))?;
    let text = String::from_utf8(text).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decoded = |text| percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned);
    Some((decoded(id)?, decoded(secret)?))
}

/// The fields of the form. A field that comes twice has its last value.
fn form(headers: &HeaderMap, body: &[u8]) -> Result<BTreeMap<String, String>, Refused> {
    let refuse = |text: &str| Refused::own(StatusCode::BAD_REQUEST, "invalid_request", text);
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(refuse("The body must be of the type application/x-www-form-urlencoded."));
    }
    let body = std::str::from_utf8(body).map_err(|_| refuse("The body is not a form."))?;
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8().map(std::borrow::Cow::into_owned)
    };
    body.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?))
        })
        .collect::<Result<_, std::str::Utf8Error>>()
        .map_err(|_| refuse("The body is not a form."))
}

pub(super) fn knows_tenant(shared: &Shared, tenant: &str) -> bool {
    let network = shared.network();
    let directory = network.directory();
    let verified = |domain: &crate::Domain| domain.verified && domain.name.eq_ignore_ascii_case(tenant);
    tenant.eq_ignore_ascii_case(&directory.tenant_id().to_string()) || directory.domains.iter().any(verified)
}

/// The application that signs in: one of the server's, or a blueprint with a secret that Graph gave it.
fn authenticate(shared: &Shared, id: &str, secret: Option<&str>) -> Result<AppClient, Refused> {
    let known = shared.options.clients.iter().find(|client| client.id.to_string().eq_ignore_ascii_case(id));
    let app: Option<ObjectId> = id.parse().ok();
    let network = shared.network();
    let blueprint = app.and_then(|app| network.directory().blueprint_of_app(app));
    if known.is_none() && blueprint.is_none() {
        let text = format!("Application with identifier '{id}' was not found in the directory.");
        return Err(Refused::new("unauthorized_client", 700_016, text));
    }
    let Some(secret) = secret else {
        let text = "The form must have 'client_assertion' or 'client_secret'.";
        return Err(Refused::new("invalid_client", 7_000_216, text));
    };
    if let Some(client) = known.filter(|client| client.secret == secret) {
        return Ok(client.clone());
    }
    let app = app.unwrap_or(ObjectId::from_u128(0));
    match network.directory().sign_in(app, secret, shared.now().unix_ms) {
        SignIn::Good(token) => {
            // What the server says of an application goes before the roles that it was given.
            let token = known.map_or(token, |client| client.token.clone());
            Ok(AppClient::new(app, secret, token))
        }
        SignIn::Expired => {
            let text = format!("The provided client secret keys for the application '{id}' are expired.");
            Err(Refused::new("invalid_client", 7_000_222, text))
        }
        SignIn::WithoutPrincipal => {
            let text = format!("The application '{id}' is missing its service principal in the tenant.");
            Err(Refused::new("unauthorized_client", 7_000_229, text))
        }
        SignIn::Unknown | SignIn::Wrong => {
            let text = format!("Invalid client secret provided for the application '{id}'.");
            Err(Refused::new("invalid_client", 7_000_215, text))
        }
    }
}

/// The resource of a scope of the version 2 endpoint.
fn resource_of(scope: &str) -> Result<&str, Refused> {
    let invalid = |number, text| Err(Refused::new("invalid_scope", number, text));
    if scope.contains(char::is_whitespace) {
        return invalid(70_011, "This grant takes one scope.".to_owned());
    }
    match scope.strip_suffix("/.default") {
        Some(resource) => Ok(resource),
        None => invalid(1_002_012, format!("The scope '{scope}' does not end in /.default.")),
    }
}

fn check_resource(shared: &Shared, resource: &str) -> Result<(), Refused> {
    if is_graph(shared, resource) {
        return Ok(());
    }
    let host = resource.split_once("://").map_or(resource, |(_, rest)| rest).trim_end_matches('/');
    let is_microsofts = resource.starts_with("https://") && RESOURCES.iter().any(|end| host.ends_with(end));
    if is_microsofts || resource.trim_end_matches('/').eq_ignore_ascii_case(EXCHANGE) {
        return Err(Refused::not_simulated(&format!("the resource '{resource}'")));
    }
    let text = format!("The resource '{resource}' was not found in the tenant.");
    Err(Refused::new("invalid_resource", 500_011, text))
}

/// Whether it names Graph: by Microsoft's address or this tenant's, or by its application id.
pub(super) fn is_graph(shared: &Shared, resource: &str) -> bool {
    let resource = resource.trim_end_matches('/');
    [shared.root.as_str(), &shared.address, GRAPH, GRAPH_ID]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(resource))
}

/// A new token for the application.
pub(super) fn issue_for(shared: &Shared, client: &AppClient) -> io::Result<String> {
    let mut issued = shared.issued();
    let mut network = shared.network();
    let now = shared.now();
    let directory = network.directory();
    let token = jwt::token(&Claims {
        audience: GRAPH,
        tenant: directory.tenant_id(),
        app: client.id,
        object: jwt::principal_of(directory, client.id),
        token: &client.token,
        now,
        expires_in: client.expires_in,
    })?;
    let ends = now.mono.saturating_add(shared.clock.scaled(client.expires_in));
    network.directory_mut().add_token(&token, client.token.clone().expires_at(ends));
    issued.push(token.clone());
    Ok(token)
}
